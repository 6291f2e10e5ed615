"""A home with a long log that really verifies, and what is measured on it; asked by ``tests.bench.audit``."""
