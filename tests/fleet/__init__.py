"""Several real processes on one database: what they lose, repeat and delay while they are killed."""
