"""Doors: each turns one platform's events into Incoming and our messages into that platform's calls."""
