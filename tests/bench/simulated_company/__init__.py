"""A company simulated for measuring the rules of the review: see README.md beside this file."""

from tests.bench.simulated_company.shapes import Account, Explained, Honest, Incident, Misuse, Simulated
from tests.bench.simulated_company.simulation import simulate

__all__ = ["Account", "Explained", "Honest", "Incident", "Misuse", "Simulated", "simulate"]
