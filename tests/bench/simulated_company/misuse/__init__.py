"""The misuse, kind by kind, as the page describes it."""
