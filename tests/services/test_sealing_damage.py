"""Upon what was damaged or taken away no checkpoint is signed, and a desk that is killed leaves no damage.

Seen to fail: with the tree's error let through.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.audit.checkpoint import Checkpoint, CheckpointError, parse, sign, verify
from staffdesk.audit.tree import Frontier
from staffdesk.data.database import Database
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.parameters.shapes import sessions
from staffdesk.services.sealing import Sealer, notes_outside
from staffdesk.services.verification import verify_log
from tests.databases import Place
from tests.services.seals import KEY, SEED, append, past_the_triggers, sizes
from tests.verifying import opener


class KilledError(BaseException):
    """Nothing catches it, as nothing catches a kill."""


DAMAGED = "The stored checkpoint or the log was damaged, so nothing was signed."


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


def test_no_link_is_followed_in_place_of_the_folder_of_checkpoints(
    database: Database, sealer: Sealer, folder: Path, place: Place
) -> None:
    """Seen to fail: with the folder opened as any other."""
    append(database, sealer, 3)
    sealer.seal()
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(elsewhere)
    append(database, sealer, 2)
    sealer.seal_quietly()
    assert sealer.trouble == "The folder of checkpoints is a link, and none is followed."
    assert [each.name for each in elsewhere.iterdir()] == ["000000000003.note"]
    with pytest.raises(StorageUnavailable, match="is a link"):
        verify_log(opener(place), folder, (KEY,), None)


def test_what_is_no_file_among_the_notes_is_told_of_and_holds_nobody_up(folder: Path) -> None:
    """Seen to fail: waiting for the first byte of a pipe."""
    folder.mkdir()
    os.mkfifo(folder / "000000000007.note")
    (note,) = notes_outside(folder)
    with pytest.raises(CheckpointError):
        parse(note)
    (folder / "000000000007.note").unlink()
    (folder / "000000000007.note").symlink_to("/dev/zero")
    (note,) = notes_outside(folder)
    with pytest.raises(CheckpointError):
        parse(note)
