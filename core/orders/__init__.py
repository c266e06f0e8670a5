"""Orders and visits: one table of edges, one line for every move."""
