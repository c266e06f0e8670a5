"""Pictures people send."""
