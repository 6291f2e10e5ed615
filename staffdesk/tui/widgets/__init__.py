"""Widgets shared by screens; each shows plain text only."""
