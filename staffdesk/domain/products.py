"""Which product is meant by what somebody types while a customer talks; another one is taken knowingly only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

OTHER: Final = "other: "
"""Stands before the name of a product that is none of the house's."""


def alike(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names in which each word typed begins a word, in any order; the one typed in full alone."""
    wanted = typed.casefold().split()
    whole = tuple(name for name in names if name.casefold().split() == wanted)
    return whole or tuple(name for name in names if wanted and _begin_words(wanted, name))


def as_other(typed: str) -> str:
    """Return how the name of a product is kept that is none of the house's."""
    said = typed.strip()
    start = OTHER.strip()
    return OTHER + (said[len(start) :] if is_other(said) else said).strip()


def is_other(typed: str) -> bool:
    """Say whether somebody typed that it is another product, and which."""
    said, start = typed.strip().casefold(), OTHER.strip()
    return said.startswith(start) and said != start


def as_shown(kept: str) -> str:
    """Return how a product is shown that is kept as this: ``tape deck (not ours)`` for one of another house."""
    return f"{kept.strip()[len(OTHER.strip()) :].strip()} (not ours)" if is_other(kept) else kept


def _begin_words(wanted: Sequence[str], name: str) -> bool:
    words = name.casefold().split()
    return all(any(word.startswith(each) for word in words) for each in wanted)
