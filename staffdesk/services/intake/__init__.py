"""Requests that arrive as mail: read apart, matched, proposed, and taken in by whoever confirms it."""
