"""Offers: asking technicians to take an order."""
