"""Two desks import, or one undoes what the other takes in, at the same time.

Seen to fail: with two imports that read before either wrote, on a server; with one that goes on after it was undone.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from staffdesk.services.import_runs import RunsOfImports
from staffdesk.services.importing.going_on import RunState, UndoneMeanwhile, state_of
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.imports import Imports
from tests.databases import Place
from tests.services.lists import MET, table
from tests.services.offices import Office, at_once
from tests.services.store_files import held, seller
from tests.services.test_imports_again import small_batches

_PEOPLE = 24


def _list(folder: Path) -> Path:
    rows = [(f"Given{n}", f"Family{n}", f"p{n}@many.example", "", "", "BE", "") for n in range(_PEOPLE)]
    return table(folder, *rows)


def test_two_desks_that_import_one_list_at_once_bring_everybody_once(
    office: Office, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 4)
    access, file = seller(office), _list(tmp_path)
    other = Office(place.open())
    try:
        came = at_once(
            *(partial(Imports(each.door).run, access, "leads", [file], said=MET) for each in (office, other))
        )
    finally:
        other.database.close()
    assert all(isinstance(each, ImportReport) for each in came), came
    assert len(held(place)["person"]) == _PEOPLE


def test_an_import_that_another_desk_undoes_on_the_way_brings_nothing_more(
    office: Office, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 4)
    access, file = seller(office), _list(tmp_path)
    runs = RunsOfImports(office.door)

    def undo_at(read: int) -> None:
        if read == 8:
            assert runs.undo(access, 1).removed["person"] == 8

    with pytest.raises(UndoneMeanwhile, match="Import 1 was undone"):
        Imports(office.door).run(access, "leads", [file], said=MET, progress=undo_at)
    assert held(place)["person"] == []
    assert [state_of(run) for run in runs.all(access)] == [RunState.UNDONE]
    again = Imports(office.door).run(access, "leads", [file], said=MET)
    assert (again.number, len(held(place)["person"])) == (2, _PEOPLE)
