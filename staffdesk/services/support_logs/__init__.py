"""Zips of support logs: asked for in a case, sealed one by one, looked through without being unpacked, destroyed."""
