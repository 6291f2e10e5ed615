"""Checkpoints are signed when they are due, kept outside, and without them being made nobody is stopped.

Seen to fail: with the count of entries never due, with the note not copied, and with the tree's error let through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.audit.checkpoint import Checkpoint, sign, verifier_key, verify
from staffdesk.audit.tree import Frontier
from staffdesk.data.checkpoints import Sealed, add_checkpoint
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Act, Purpose, RecordKind, Role
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
from tests.verifying import opener

SEED = bytes(range(32))
KEY = verifier_key("staffdesk", SEED)


class KilledError(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


@pytest.fixture
def sealer(database: Database, folder: Path) -> Sealer:
    return Sealer(database, SEED, folder, sessions().log)


def append(database: Database, sealer: Sealer, n: int) -> None:
    for _ in range(n):
        with database.append() as tx:
            ticket = Log(tx, "2024-10").append(Event(act=Act.AUDIT_LISTED))
        sealer.after(ticket.seq)


def sizes(place: Place) -> list[int]:
    with place.owner() as owner:
        return [row[0] for row in owner.exec_driver_sql("SELECT size FROM checkpoint ORDER BY size")]


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


DAMAGED = "The stored checkpoint or the log was damaged, so nothing was signed."


@contextmanager
def past_the_triggers(place: Place) -> Iterator[sa.Connection]:
    with place.owner() as owner:
        if place.url:
            owner.exec_driver_sql("SET session_replication_role = replica")
        else:
            for (name,) in owner.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                owner.exec_driver_sql(f"DROP TRIGGER {name}")
        yield owner


def _other_peaks(owner: sa.Connection) -> None:
    frontier = bytes(owner.exec_driver_sql("SELECT frontier FROM checkpoint").scalar_one())
    changed = frontier[:8] + bytes([frontier[8] ^ 1]) + frontier[9:]
    owner.execute(sa.text("UPDATE checkpoint SET frontier = :changed"), {"changed": changed})


def _other_size(owner: sa.Connection) -> None:
    owner.exec_driver_sql("UPDATE checkpoint SET size = 900000000")


def _peaks_of_another_size(owner: sa.Connection) -> None:
    owner.execute(sa.text("UPDATE checkpoint SET frontier = :empty"), {"empty": Frontier().to_bytes()})


def _the_root_as_the_peak_of_another_size(owner: sa.Connection) -> None:
    peaks = bytes(owner.exec_driver_sql("SELECT frontier FROM checkpoint").scalar_one())
    owner.execute(
        sa.text("UPDATE checkpoint SET frontier = :one"),
        {"one": Frontier(8, [Frontier.from_bytes(peaks).root()]).to_bytes()},
    )


def _no_note(owner: sa.Connection) -> None:
    owner.exec_driver_sql("UPDATE checkpoint SET note = 'note'")


def _forged_whole(owner: sa.Connection) -> None:
    """Peaks, size and note agree; only the signature is not the key's."""
    tree = Frontier()
    tree.extend([bytes(32)] * 10)
    origin = str(owner.exec_driver_sql("SELECT origin FROM head").scalar_one())
    note = sign(Checkpoint(origin=origin, size=10, root=tree.root()), "staffdesk", bytes(32))
    owner.execute(
        sa.text("UPDATE checkpoint SET note = :note, frontier = :peaks"), {"note": note, "peaks": tree.to_bytes()}
    )


@pytest.mark.parametrize(
    "tamper",
    [
        _other_peaks,
        _other_size,
        _peaks_of_another_size,
        _the_root_as_the_peak_of_another_size,
        _no_note,
        _forged_whole,
    ],
)
def test_upon_a_checkpoint_that_was_tampered_with_nothing_is_signed(
    tamper: Callable[[sa.Connection], None], place: Place, database: Database, sealer: Sealer, folder: Path
) -> None:
    append(database, sealer, 10)
    sealer.seal()
    with past_the_triggers(place) as owner:
        tamper(owner)
    before, outside = sizes(place), notes_outside(folder)
    append(database, sealer, 5)
    with pytest.raises(StorageUnavailable, match=DAMAGED):
        sealer.seal()
    with pytest.raises(StorageUnavailable, match=DAMAGED):
        Sealer(database, SEED, folder, sessions().log).seal()
    assert (sizes(place), notes_outside(folder)) == (before, outside)


def test_copies_that_did_not_get_into_the_database_are_taken_in_one_by_one(
    place: Place, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sealing_is_killed() -> None:
        desk = Sealer(database, SEED, folder, sessions().log)
        append(database, desk, 4)
        with monkeypatch.context() as patch:
            patch.setattr("staffdesk.services.sealing.add_checkpoint", lambda *_: (_ for _ in ()).throw(KilledError))
            with pytest.raises(KilledError):
                desk.seal()

    for _ in range(3):
        sealing_is_killed()
        report = verify_log(opener(place), folder, (KEY,), None)
        assert (report.exit_code, report.findings) == (0, ())
    assert sizes(place) == []
    Sealer(database, SEED, folder, sessions().log).seal()
    assert sizes(place) == [4, 12]
    sealing_is_killed()
    note = Sealer(database, SEED, folder, sessions().log).seal()
    assert note is not None
    assert verify(note, (KEY,)).size == 16
    assert sizes(place) == [4, 12, 16]


def test_two_desks_killed_while_others_go_on_leave_nothing_that_looks_removed(
    place: Place, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = [Sealer(database, SEED, folder, sessions().log) for _ in range(4)]
    for desk in desks:
        append(database, desk, 1)
        desk.seal()
    for killed in desks[:2]:
        append(database, killed, 4)
        with monkeypatch.context() as patch:
            patch.setattr("staffdesk.services.sealing.add_checkpoint", lambda *_: (_ for _ in ()).throw(KilledError))
            with pytest.raises(KilledError):
                killed.seal()
        report = verify_log(opener(place), folder, (KEY,), None)
        assert (report.exit_code, report.findings) == (0, ())
    for desk in desks[2:]:
        append(database, desk, 1)
        desk.seal()
    report = verify_log(opener(place), folder, (KEY,), None)
    assert (report.exit_code, report.findings) == (0, ())


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


def test_a_desk_whose_checkpoints_were_taken_away_does_not_sign_another_history(
    place: Place, database: Database, sealer: Sealer, folder: Path
) -> None:
    for _ in range(3):
        append(database, sealer, 4)
        sealer.seal()
    with past_the_triggers(place) as owner:
        owner.execute(sa.text("UPDATE entry SET leaf = :leaf WHERE seq = 2"), {"leaf": bytes(32)})
        owner.exec_driver_sql("DELETE FROM checkpoint")
    outside = notes_outside(folder)
    append(database, sealer, 1)
    for desk in (sealer, Sealer(database, SEED, folder, sessions().log)):
        with pytest.raises(StorageUnavailable):
            desk.seal()
    assert (sizes(place), notes_outside(folder)) == ([], outside)
