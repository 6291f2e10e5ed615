"""Measurements, each printing JSON: ratios within one run are what counts, absolute figures are the machine's."""
