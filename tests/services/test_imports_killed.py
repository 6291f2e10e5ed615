"""An import whose process was killed is run again, and ends with the rows of one that nothing disturbed.

Both parts have one number, and are undone as one.

Seen to fail: with a second run that has a number of its own, and with one that never ends.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from staffdesk.data.import_runs import Run
from staffdesk.services.import_runs import RunsOfImports
from staffdesk.services.importing import going_on
from staffdesk.services.importing.going_on import RunState, state_of
from staffdesk.services.imports import Imports
from staffdesk.services.sessions import utc_ms
from tests import databases
from tests.databases import Place
from tests.services.lists import MET, table, taken
from tests.services.offices import Office
from tests.services.store_files import column, held, order, seller, taken_in, written
from tests.services.test_imports_again import small_batches

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
    assert len(_killed(place, office, file)["person"]) == 4, "two batches stand, and nothing of the third"
    (stopped,) = _runs(office)
    assert (state_of(stopped), stopped.continued_at) == (RunState.RUNNING, None), "it wrote a moment ago"
    report = taken(office, office.access("sam"), file)
    assert report.of("people") == {"new": 5, "changed": 0, "unchanged": 4}
    (whole_run,) = _runs(office)
    assert (report.number, whole_run.id, state_of(whole_run)) == (1, 1, RunState.FINISHED)
    assert whole_run.continued_at is not None
    with _another(place.kind, tmp_path / "whole") as whole:
        undisturbed = Office(whole.open())
        taken(undisturbed, seller(undisturbed), file)
        undisturbed.database.close()
        people_there, reports_there = _rows(whole)
    people_here, reports_here = _rows(place)
    assert people_here == people_there, "also which run brought them"
    assert [row[1:] for row in reports_here] == [row[1:] for row in reports_there]
    undone = RunsOfImports(office.door).undo(office.access("sam"), 1)
    assert (undone.removed["person"], undone.stays, held(place)["person"]) == (MANY, [], [])
    assert taken(office, office.access("sam"), file).number == 2, "what was undone is not gone on with"


def _killed(place: Place, office: Office, file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Let an import of a list be killed in its third batch, and return what is held then."""
    office.database.close()
    died = subprocess.run(
        [sys.executable, "-c", _KILLED, place.kind, str(place.path or place.url), file],
        check=False,
        timeout=120,
        cwd=ROOT,
    )
    assert died.returncode == -9
    return held(place)


def _runs(office: Office) -> tuple[Run, ...]:
    return RunsOfImports(office.door).all(office.access("sam"))


class _StoppedError(Exception):
    """What ends an import in these tests where a kill would."""


def _stopped_after(records: int) -> Callable[[int], None]:
    def stop(read: int) -> None:
        if read >= records:
            raise _StoppedError

    return stop


def test_an_order_that_both_parts_of_an_import_tell_goes_with_it_and_one_from_before_is_put_back(
    place: Place, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-1 was there before, B-1 came with the first part; both are told again by the second."""
    small_batches(monkeypatch, 1)
    access = seller(office)
    taken_in(office, access, [written(tmp_path, order("A-1", total=10), name="before.json")])
    (before,) = held(place)["sales_order"]
    states = (order("A-1", total=20), order("B-1", total=5), order("B-1", total=6))
    file = written(tmp_path, *states)
    with pytest.raises(_StoppedError):
        Imports(office.door).run(access, "fastspring", [file], test_orders=True, progress=_stopped_after(2))
    report = taken_in(office, access, [file])
    assert (report.number, [state_of(run) for run in _runs(office)]) == (2, [RunState.FINISHED] * 2)
    undone = RunsOfImports(office.door).undo(access, 2)
    assert (undone.removed["sales_order"], undone.restored["sales_order"], undone.stays) == (1, 1, [])
    assert held(place)["sales_order"] == [before]


@pytest.mark.parametrize(
    "said", [{"evidence": "another card box"}, {"event": "NAB 2026"}, {"obtained": "2026-09-15"}, None]
)
def test_it_goes_on_only_where_the_same_files_were_obtained_in_the_same_way(
    said: dict[str, str] | None, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 1)
    access = seller(office)
    file = table(tmp_path, *[(f"Given{n}", f"Family{n}", f"p{n}@many.example", "", "", "BE", "") for n in range(3)])
    with pytest.raises(_StoppedError):
        Imports(office.door).run(access, "leads", [file], said=MET, progress=_stopped_after(1))
    other = table(tmp_path, ("Ada", "Smith", "ada@smith.example", "", "", "GB", ""), name="other.csv")
    again = taken(office, access, other if said is None else file, said={**MET, **(said or {})})
    assert (again.number, len(_runs(office))) == (2, 2)
    assert taken(office, access, file).number == 1
    monkeypatch.setattr(going_on, "utc_ms", lambda: utc_ms() + 61_000)
    assert [state_of(run) for run in _runs(office)] == [RunState.FINISHED] * 2


def test_the_list_tells_an_import_that_was_stopped_from_one_that_runs(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 1)
    access = seller(office)
    file = table(tmp_path, *[(f"Given{n}", f"Family{n}", f"p{n}@many.example", "", "", "BE", "") for n in range(3)])
    with pytest.raises(_StoppedError):
        Imports(office.door).run(access, "leads", [file], said=MET, progress=_stopped_after(1))
    (run,) = _runs(office)
    assert state_of(run) is RunState.RUNNING
    monkeypatch.setattr(going_on, "utc_ms", lambda: utc_ms() + 61_000)
    assert state_of(run) is RunState.STOPPED
