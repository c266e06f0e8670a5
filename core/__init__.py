"""The business. Knows no chat, no HTTP, no platform, no sentence shown to a user."""
