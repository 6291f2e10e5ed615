"""Checkpoints are signed when they are due, kept outside, and without them being made nobody is stopped.

Seen to fail: with the count of entries never due, with the note not copied, and with each desk signing by its own
count.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from staffdesk.audit.checkpoint import verify
from staffdesk.data.checkpoints import Sealed, add_checkpoint
from staffdesk.data.database import Database
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Purpose, RecordKind, Role
from staffdesk.domain.errors import LogUnavailable, StorageUnavailable
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import policy, sessions
from staffdesk.services.door import Door
from staffdesk.services.gateway import Gateway
from staffdesk.services.sealing import Sealer, notes_outside
from staffdesk.services.verification import verify_log
from tests import factories
from tests.databases import Place
from tests.services.offices import Office
from tests.services.seals import KEY, SEED, append, sizes
from tests.verifying import opener


def test_a_checkpoint_is_signed_every_hundred_entries(
    place: Place, database: Database, sealer: Sealer, folder: Path
) -> None:
    append(database, sealer, 99)
    assert sizes(place) == []
    append(database, sealer, 151)
    assert sizes(place) == [100, 200]
    outside = notes_outside(folder)
    assert outside is not None
    assert [verify(note, (KEY,)).size for note in outside] == [100, 200]
    assert oct(folder.stat().st_mode)[-3:] == "700"
    assert {oct(path.stat().st_mode)[-3:] for path in folder.iterdir()} == {"600"}


def test_of_two_desks_that_count_the_same_entries_one_signs(
    place: Place, database: Database, sealer: Sealer, folder: Path
) -> None:
    other = Sealer(database, SEED, folder, sessions().log)
    other.after(1)
    append(database, sealer, 150)
    other.after(150)
    assert sizes(place) == [100]
    append(database, other, 50)
    assert sizes(place) == [100, 200]


def test_a_checkpoint_is_signed_when_the_process_ends(
    place: Place, database: Database, sealer: Sealer, folder: Path
) -> None:
    append(database, sealer, 7)
    sealer.close()
    assert sizes(place) == [7]
    report = verify_log(opener(place), folder, (KEY,), None)
    assert (report.exit_code, report.entries, report.uncovered) == (0, 7, 0)
    sealer.close()
    assert sizes(place) == [7]


def test_what_an_earlier_process_left_is_covered_too(
    place: Place, database: Database, sealer: Sealer, folder: Path
) -> None:
    append(database, Sealer(database, None, folder, sessions().log), 250)
    append(database, sealer, 1)
    assert sizes(place) == []
    sealer.close()
    assert sizes(place) == [251]


def test_without_the_key_nothing_is_signed(place: Place, database: Database, folder: Path) -> None:
    without = Sealer(database, None, folder, sessions().log)
    append(database, without, 120)
    without.close()
    assert sizes(place) == []
    assert without.seal() is None


def test_a_checkpoint_that_cannot_be_made_stops_nobody_and_says_why(
    place: Place, database: Database, office: Office, sealer: Sealer
) -> None:
    number = factories.customer(database).person
    office.hire("ana", Role.SUPPORT)
    access = office.access("ana")
    append(database, sealer, 10)
    sealer.seal()
    with place.owner() as owner:
        owner.exec_driver_sql("DROP TRIGGER checkpoint_stays_as_it_is" + (" ON checkpoint" if place.url else ""))
        owner.exec_driver_sql("UPDATE checkpoint SET frontier = " + ("'damage'::bytea" if place.url else "x'00'"))
    append(database, sealer, 99)
    door = Door(database, matrix(), policy().version, deadline_seconds=2.0, after=sealer.after)
    asked = type(access)(access.session, Purpose.SUPPORT, "T-1", "desk")
    assert Gateway(door, matrix(), sessions()).open(asked, RecordKind.PERSON, number).customer == number
    assert sealer.trouble == "The stored checkpoint or the log was damaged, so nothing was signed."
    with pytest.raises(StorageUnavailable):
        sealer.seal()


def test_a_folder_that_cannot_be_written_is_trouble_not_silence(
    database: Database, sealer: Sealer, folder: Path
) -> None:
    folder.write_text("a file stands where the folder should be")
    append(database, sealer, 100)
    assert sealer.trouble == "The checkpoint could not be copied outside the database."


def test_a_note_is_there_whole_or_not_at_all(
    database: Database, sealer: Sealer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(database, sealer, 5)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda _file: (_ for _ in ()).throw(OSError("the disk is full")))
        with pytest.raises(StorageUnavailable):
            sealer.seal()
    assert notes_outside(folder) == ()


def test_a_checkpoint_of_another_history_is_kept_and_told_of(database: Database, sealer: Sealer, folder: Path) -> None:
    folder.mkdir()
    kept = folder / f"{5:012d}.note"
    kept.write_text("another history")
    append(database, sealer, 5)
    with pytest.raises(StorageUnavailable, match="another history"):
        sealer.seal()
    assert kept.read_text() == "another history"


def test_one_desk_seals_at_a_time(
    place: Place, database: Database, sealer: Sealer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(database, sealer, 3)
    other = place.open()
    refused: list[str] = []

    def meanwhile(tx: Append, sealed: Sealed) -> None:
        monkeypatch.undo()
        monkeypatch.setattr("staffdesk.services.sealing._SECONDS", 0.2)
        try:
            Sealer(other, SEED, folder, sessions().log).seal()
        except LogUnavailable as error:
            refused.append(error.sentence)
        add_checkpoint(tx, sealed)

    monkeypatch.setattr("staffdesk.services.sealing.add_checkpoint", meanwhile)
    sealer.seal()
    other.close()
    assert len(refused) == 1
    assert sizes(place) == [3]
