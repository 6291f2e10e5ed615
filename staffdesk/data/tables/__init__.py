"""The tables, split by subject; every column declares whether it is personal and whose."""
