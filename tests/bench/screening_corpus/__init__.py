"""What must not be held, as people write it, and what only looks like it: made and written without the rules."""
