"""The calendar: a slot is sold once."""
