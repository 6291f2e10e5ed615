"""Whether the same person is found: precision and recall on people made up twice, overall and by kind.

python -m tests.bench.twins --people 20000 --seed 1 --json

The rule judges all of them. Of the first ``--listed`` the desk's own list of everybody is read too, to its last page.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from staffdesk.domain.phone_numbers import normal_phone
from staffdesk.domain.twin_features import Compared, features_of
from staffdesk.domain.twins import pairs
from tests import run_folder
from tests.bench.figures import machine
from tests.bench.known_twins.drawing import Entry
from tests.bench.known_twins.making import People
from tests.bench.twins_on_file import listed_pairs

PRECISION, RECALL = 0.98, 0.9
"""What is to be reached on people never seen before."""


def compared(entry: Entry) -> Compared:
    """Return a record as the desk holds it."""
    return Compared(
        given_name=entry.given or None,
        family_name=entry.family or None,
        email=entry.email.lower() or None,
        phone=normal_phone(entry.phone, entry.country) if entry.phone else None,
        company=entry.company or None,
        country=entry.country,
    )


def measured(people: int, seed: int) -> dict[str, object]:
    """Make people, look for the same, and return how right that was."""
    entries = dict(enumerate(People(seed).all(people)))
    began = time.process_time()
    features = {number: features_of(compared(entry)) for number, entry in entries.items()}
    proposed = {(one, other) for one, other, _ in pairs(features)}
    seconds = time.process_time() - began
    known = _known(entries)
    right = proposed & known
    of_kind = Counter(_kind(entries, pair) for pair in known)
    found = Counter(_kind(entries, pair) for pair in right)
    wrong = Counter(" and ".join(sorted({entries[one].kind for one in pair})) for pair in proposed - known)
    return {
        "people": people,
        "records": len(entries),
        "seed": seed,
        "pairs": len(known),
        "proposed": len(proposed),
        "precision": round(len(right) / len(proposed), 4) if proposed else 1.0,
        "recall": round(len(right) / len(known), 4) if known else 1.0,
        "recall_by_kind": {kind: round(found[kind] / n, 3) for kind, n in sorted(of_kind.items())},
        "pairs_by_kind": dict(sorted(of_kind.items())),
        "wrong_by_kind": dict(wrong.most_common()),
        "cpu_seconds": round(seconds, 2),
        "machine": machine(),
    }


def listed(people: int, seed: int) -> dict[str, object]:
    """Put people on file, read the list of everybody to its end, and return how right that was."""
    entries = dict(enumerate(People(seed).all(people)))
    began = time.process_time()
    run_folder.begin()
    try:
        told = listed_pairs(entries)
    finally:
        run_folder.end()
    seconds = time.process_time() - began
    known = _known(entries)
    right = told & known
    return {
        "listed_records": len(entries),
        "listed_pairs": len(told),
        "listed_precision": round(len(right) / len(told), 4) if told else 1.0,
        "listed_recall": round(len(right) / len(known), 4) if known else 1.0,
        "listed_cpu_seconds": round(seconds, 2),
    }


def _known(entries: dict[int, Entry]) -> set[tuple[int, int]]:
    whose: dict[int, list[int]] = {}
    for number, entry in entries.items():
        whose.setdefault(entry.who, []).append(number)
    return {pair for numbers in whose.values() for pair in combinations(sorted(numbers), 2)}


def _kind(entries: dict[int, Entry], pair: tuple[int, int]) -> str:
    """Return by what a pair is hard: the later record's way, or that it was changed twice."""
    kinds = {entries[number].kind for number in pair} - {"first"}
    return kinds.pop() if len(kinds) == 1 else "twice over"


def main(arguments: Sequence[str]) -> int:
    """Print what was measured; return 1 where it is less than it is to be."""
    parser = argparse.ArgumentParser(prog="tests.bench.twins", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--listed", type=int, default=4_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    found = {**measured(asked.people, asked.seed), **listed(asked.listed, asked.seed)}
    if asked.json:
        print(json.dumps(found, indent=2))  # noqa: T201 - a bench prints
    else:
        for name, value in found.items():
            print(f"{name:16} {value}")  # noqa: T201 - as above
    precise = all(found[each] >= PRECISION for each in ("precision", "listed_precision"))  # type: ignore[operator] # numbers
    whole = all(found[each] >= RECALL for each in ("recall", "listed_recall"))  # type: ignore[operator] # as above
    return 0 if precise and whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
