"""The log as a format: entry, canonical bytes, tree, checkpoint, verifier; usable alone and offline."""
