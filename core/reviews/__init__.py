"""Reviews of finished visits."""
