"""The engine every flow runs on: fills fields, asks what is missing, never loses its place."""
