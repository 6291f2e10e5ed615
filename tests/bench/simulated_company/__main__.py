"""Writes a simulated company's log as JSON lines, one entry's canonical bytes a line, and its labels beside it.

``python -m tests.bench.simulated_company --months 3 --staff 15 --seed 1 --log FILE.jsonl --labels FILE.json``
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.simulated_company import Simulated, simulate
from tests.bench.simulated_company.employees import SIZES


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate and write; return 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.simulated_company", description=__doc__)
    parser.add_argument("--months", type=int, default=3)
    parser.add_argument("--staff", type=int, choices=SIZES, default=SIZES[1])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, required=True, help="the entries, one a line")
    parser.add_argument("--labels", type=Path, required=True, help="misuse, what is explained, staff and numbers")
    asked = parser.parse_args(arguments)
    done = simulate(months=asked.months, staff=asked.staff, seed=asked.seed)
    with asked.log.open("wb") as log:
        for entry in done.entries:
            log.write(entry.encode() + b"\n")
    asked.labels.write_text(json.dumps(labels(done), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(done.entries)} entries, {len(done.incidents)} incidents\n")
    return 0


def labels(done: Simulated) -> dict[str, object]:
    """Return all but the entries, as JSON holds it."""
    return {
        "incidents": [
            {"kind": each.kind.value, "actor": each.actor, "variant": each.variant, "seqs": each.seqs}
            for each in done.incidents
        ],
        "explained": [{"kind": each.kind.value, "actor": each.actor, "seqs": each.seqs} for each in done.explained],
        "staff": [
            {
                "id": each.staff_id,
                "roles": [role.value for role in each.roles],
                "entity": each.entity.value,
                "first_day": each.first_day.isoformat(),
                "last_day": None if each.last_day is None else each.last_day.isoformat(),
            }
            for each in done.staff
        ],
        "numbers": dict(done.numbers),
    }


if __name__ == "__main__":
    raise SystemExit(main())
