"""Stores: zone, currency, hours."""
