"""Which way a mail of a case went, and whose it is."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Which way a mail went, seen from the house."""

    IN = "in"
    OUT = "out"


class Correspondent(StrEnum):
    """Who wrote a mail that came in, or was written to: whom the case names, by an address on file, or another."""

    CUSTOMER = "customer"
    SOMEBODY_ELSE = "somebody else"
