"""Two thousand invented people in several scripts, and five hundred queries about them, the same at every run.

``python -m tests.data.search_corpus`` writes ``queries.json`` again; it is kept, so that a change of the cut is seen
as a change of the answers, not of the questions.
"""

from __future__ import annotations

import json
import random
import tomllib
from pathlib import Path
from typing import Final

PEOPLE: Final = 2_000
COMPANIES: Final = 150
QUERIES: Final = 500
QUERIES_FILE: Final = Path(__file__).with_name("queries.json")

_NAMES: Final = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
_GIVEN, _FAMILY, _HOUSES, _FORMS = (_NAMES[kind].split() for kind in ("given", "family", "houses", "forms"))


def companies() -> tuple[str, ...]:
    """Return the names of the organisations, some of them twice."""
    dice = random.Random(1)  # noqa: S311 - a corpus, not a secret
    return tuple(f"{dice.choice(_HOUSES)} {dice.choice(_HOUSES)} {dice.choice(_FORMS)}" for _ in range(COMPANIES))


def people() -> tuple[tuple[str | None, str | None, int | None], ...]:
    """Return given name, family name and the place in :func:`companies`; many are called the same."""
    dice = random.Random(2)  # noqa: S311 - as above
    found: list[tuple[str | None, str | None, int | None]] = []
    for _ in range(PEOPLE):
        given = dice.choice(_GIVEN) if dice.random() < 0.95 else None
        family = dice.choice(_FAMILY) if given is None or dice.random() < 0.97 else None
        if family and dice.random() < 0.1:
            family = f"{family} {dice.choice(_FAMILY)}"
        found.append((given, family, dice.randrange(COMPANIES) if dice.random() < 0.5 else None))
    return tuple(found)


def make_queries() -> tuple[str, ...]:
    """Return the queries: prefixes and whole words, one or several, in any case, and what looks like syntax."""
    dice = random.Random(3)  # noqa: S311 - as above
    words = [*_GIVEN, *_FAMILY, *_HOUSES, *_FORMS]
    odd = ('"', "*", "'", "AND", "OR", "NOT", "NEAR(", ":", "&", "|", "!", "\\", "%", "_", "-", "^", "(", "words:")
    found: dict[str, None] = {}
    while len(found) < QUERIES:
        chosen = [dice.choice(words) for _ in range(dice.choice((1, 1, 1, 2, 2, 3)))]
        parts = [word[: dice.randint(1, len(word))] if dice.random() < 0.5 else word for word in chosen]
        query = " ".join(dice.choice((str, str.upper, str.lower))(part) for part in parts)
        if dice.random() < 0.12:
            query = f"{query}{dice.choice((' ', ''))}{dice.choice(odd)}"
        found.setdefault(query)
    return tuple(found)


def kept_queries() -> tuple[str, ...]:
    """Return the queries as they are kept."""
    found: list[str] = json.loads(QUERIES_FILE.read_text(encoding="utf-8"))
    return tuple(found)


if __name__ == "__main__":
    QUERIES_FILE.write_text(json.dumps(make_queries(), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
