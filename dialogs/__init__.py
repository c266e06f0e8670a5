"""Conversations: flows, the engine that runs them, the texts. Knows no platform."""
