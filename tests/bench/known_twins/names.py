"""The words people here are made of; unevenly drawn, as real names are."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

_WORDS: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

GIVEN: Final[tuple[str, ...]] = tuple(_WORDS["given"])
FAMILY: Final[tuple[str, ...]] = tuple(_WORDS["family"])
PARTICLES: Final[tuple[str, ...]] = tuple(_WORDS["particles"])
NICKNAMES: Final[dict[str, tuple[str, ...]]] = {name: tuple(others) for name, others in _WORDS["nicknames"].items()}
ALIKE: Final[tuple[tuple[str, str], ...]] = tuple((one, other) for one, other in _WORDS["alike"])
TRADES: Final[tuple[str, ...]] = tuple(_WORDS["trades"])
FORMS: Final[tuple[str, ...]] = tuple(_WORDS["forms"])
PRIVATE: Final[tuple[str, ...]] = tuple(_WORDS["private"])
MAILBOXES: Final[tuple[str, ...]] = tuple(_WORDS["mailboxes"])
SYLLABLES: Final[tuple[str, ...]] = tuple(_WORDS["syllables"])
