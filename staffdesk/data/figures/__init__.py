"""Counts that show how the desk keeps to the privacy policy: numbers and dates alone, never a value of anybody."""
