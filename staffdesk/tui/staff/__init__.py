"""How employees' accounts are laid out, added and changed."""
