"""An import whose process was killed is run again, and ends with the rows of one that nothing disturbed.

Seen to fail: with people who are not looked for before they are written.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests import databases
from tests.databases import Place
from tests.services.lists import table, taken
from tests.services.offices import Office
from tests.services.store_files import column, held, seller

ROOT: Final = Path(__file__).parents[2]
MANY: Final = 9
_KILLED: Final = """
import os, sys
from pathlib import Path
from staffdesk.services import imports
from staffdesk.services.importing import batch_sizes
from staffdesk.services.importing.lists import ListBatch
from tests.databases import Place
from tests.services import lists
from tests.services.offices import Office
imports.FIRST_BATCH, batch_sizes._LARGEST_BATCH, batch_sizes._HOLD_SECONDS = 2, 2, 60.0
write, left = ListBatch.write, [3]
def dying(self, tx, items):
    left[0] -= 1
    outcome = write(self, tx, items)
    if left[0] == 0:
        os.kill(os.getpid(), 9)
    return outcome
ListBatch.write = dying
kind, where, file = sys.argv[1:]
place = Place(kind, path=Path(where)) if kind == "sqlite" else Place(kind, url=where)
office = Office(place.open())
lists.taken(office, office.access("sam"), Path(file))
"""
"""Dies inside its third batch, after its rows and before its entry."""


@contextmanager
def _another(kind: str, folder: Path) -> Iterator[Place]:
    if kind == "sqlite":
        folder.mkdir()
        yield databases.fresh_sqlite(folder)
        return
    with databases.fresh_postgres() as place:
        yield place


def _rows(place: Place) -> list[list[tuple[object, ...]]]:
    return [
        column(
            place, "SELECT given_name, family_name, email, words, account_id, event, import_id FROM person ORDER BY 1"
        ),
        column(place, "SELECT person_id, channel, topic, body, import_id FROM contact_report ORDER BY 1"),
    ]


def test_an_import_that_was_killed_goes_on_and_ends_with_equal_rows(
    place: Place, office: Office, tmp_path: Path
) -> None:
    people = [(f"Given{n}", f"Family{n}", f"p{n}@many.example", "", "", "BE", "") for n in range(MANY)]
    file = table(tmp_path, *people)
    seller(office)
    office.database.close()
    died = subprocess.run(
        [sys.executable, "-c", _KILLED, place.kind, str(place.path or place.url), file],
        check=False,
        timeout=120,
        cwd=ROOT,
    )
    assert died.returncode == -9
    assert len(held(place)["person"]) == 4, "two batches stand, and nothing of the third"
    report = taken(office, office.access("sam"), file)
    assert report.of("people") == {"new": 5, "changed": 0, "unchanged": 4}
    with _another(place.kind, tmp_path / "whole") as whole:
        undisturbed = Office(whole.open())
        taken(undisturbed, seller(undisturbed), file)
        undisturbed.database.close()
        people_there, reports_there = _rows(whole)
    people_here, reports_here = _rows(place)
    assert [row[:-1] for row in people_here] == [row[:-1] for row in people_there], "but for which run brought them"
    assert [row[1:-1] for row in reports_here] == [row[1:-1] for row in reports_there]
    assert {row[-1] for row in people_here} == {1, 2}
