"""How the log is asked for and laid out."""
