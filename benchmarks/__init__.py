"""How fast we are, beside a peer and a floor measured in the same run."""
