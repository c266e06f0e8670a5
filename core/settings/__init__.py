"""Settings of the trade, with their defaults."""
