"""Drills: what is promised of a whole machine, tried on a real one that is thrown away.

One that cannot run fails.
"""
