"""How an opened record is laid out: what of it may be seen now, and in which lines."""
