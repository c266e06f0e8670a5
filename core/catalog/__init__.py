"""Services and options, regions and places, answers: what can be booked and where."""
