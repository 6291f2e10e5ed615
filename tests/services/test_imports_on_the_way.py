"""An import, or its undoing, that a database stops on the way never says that nothing was changed.

Where another import keeps the database from it, that one is named, since when, and what is to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staffdesk.domain.errors import (
    DiskFull,
    LogBusy,
    LogUnavailable,
    StaffdeskError,
    StorageBusy,
    StorageUnavailable,
)
from staffdesk.services.importing import going_on
from staffdesk.services.importing.going_on import beside_another
from staffdesk.services.importing.on_the_way import standing
from staffdesk.services.imports import Imports
from staffdesk.services.sessions import utc_ms
from tests.services.lists import MET, table
from tests.services.offices import Office
from tests.services.store_files import seller
from tests.services.test_imports_again import small_batches

NOTHING = "Nothing was changed: the database was busy."


@pytest.mark.parametrize("kind", [LogUnavailable, StorageUnavailable])
@pytest.mark.parametrize("began", [True, False])
def test_what_was_done_before_is_said_to_stand(kind: type[StaffdeskError], began: bool) -> None:
    with pytest.raises(kind) as caught, standing(lambda: began):
        raise kind(NOTHING, "Try again.")
    assert (caught.value.sentence == NOTHING) is not began


def test_a_full_disk_is_told_as_one_and_not_as_busy() -> None:
    """Seen to fail with the sentence of a database that was busy, which says to run it again."""
    with pytest.raises(DiskFull) as caught, standing(lambda: True):
        raise DiskFull(NOTHING, "Free some space there, then try again.")
    assert "is full, or cannot be written to; what was done before stands" in caught.value.sentence
    assert caught.value.hint.startswith("Free some space there, then run it again")


@pytest.mark.parametrize("kind", [LogBusy, StorageBusy])
def test_who_is_kept_from_it_by_another_import_hears_which_since_when_and_what_to_do(
    kind: type[StaffdeskError], office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 1)
    access = seller(office)
    file = table(tmp_path, *[(f"Given{n}", f"Family{n}", f"p{n}@many.example", "", "", "BE", "") for n in range(3)])

    def said(own: int | None = None, broke: type[StaffdeskError] = kind) -> StaffdeskError:
        with pytest.raises(broke) as caught, beside_another(office.door, access, lambda: own):
            raise broke(NOTHING, "Try again.")
        return caught.value

    def meanwhile(_read: int) -> None:
        error = said()
        assert error.sentence.startswith(f"{NOTHING} Another import is running since ")
        assert error.sentence.endswith(" UTC: number 1, leads.")
        assert error.hint.endswith("run this again: it goes on.")
        assert said(own=1).sentence == NOTHING, "itself"
        for other in (LogUnavailable, StorageUnavailable):
            assert said(broke=other).sentence == NOTHING, "no other import keeps what broke for another reason"

    assert said().sentence == NOTHING
    Imports(office.door).run(access, "leads", [file], said=MET, progress=_once(meanwhile))
    assert said().sentence == NOTHING, "it is finished"
    with pytest.raises(InterruptedError):
        Imports(office.door).run(access, "leads", [_another(tmp_path)], said=MET, progress=_stop)
    assert "number 2" in said().sentence
    monkeypatch.setattr(going_on, "utc_ms", lambda: utc_ms() + 61_000)
    assert said().sentence == NOTHING, "it was stopped"


def _once(do: Callable[[int], None]) -> Callable[[int], None]:
    """Return what does this the first time alone: the last is called when the import is finished."""
    left = [do]

    def progress(read: int) -> None:
        if left:
            left.pop()(read)

    return progress


def _stop(_read: int) -> None:
    raise InterruptedError


def _another(folder: Path) -> Path:
    return table(folder, ("Ada", "Smith", "ada@smith.example", "", "", "GB", ""), name="other.csv")
