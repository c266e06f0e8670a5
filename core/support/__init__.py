"""Tickets: handing a person over to a human."""
