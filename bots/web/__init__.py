"""Door: a browser page on the same dialogs, the embedded default for a machine with no tokens."""
