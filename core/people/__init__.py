"""Persons, identities, addresses: who somebody is, on which channel, and where they live."""
