"""What the words mean and what the rules say: enums, frozen dataclasses, pure functions; no I/O."""
