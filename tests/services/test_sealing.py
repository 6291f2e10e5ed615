"""Checkpoints are signed when they are due, kept outside, and without them being made nobody is stopped.

Seen to fail: with the count of entries never due, with the note not copied, and with each desk signing by its own
count.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.audit.checkpoint import verify
from staffdesk.data.checkpoints import Sealed, add_checkpoint
from staffdesk.data.database import Database
from staffdesk.data.maintenance import postgres_owner
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Purpose, RecordKind, Role
from staffdesk.domain.errors import LogUnavailable, NotSound, StorageUnavailable
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import policy, sessions
from staffdesk.services.door import Door
from staffdesk.services.gateway import Gateway
from staffdesk.services.note_folder import NoteFolder
from staffdesk.services.seal_service import NOTES, seal_once
from staffdesk.services.sealing import Sealer, notes_outside
from staffdesk.services.signing_keys import make_key
from staffdesk.services.verification import verify_log
from tests import factories
from tests.databases import Place, fresh_postgres
from tests.services.offices import Office
from tests.services.seals import (
    KEY,
    SEED,
    a_sealers_user,
    append,
    as_the_sealer_reads,
    past_the_triggers,
    sizes,
)
from tests.verifying import opener

_OURS = "n.nspname IN ('public', 'desk') AND c.relkind IN ('r', 'v', 'm', 'p', 'S')"
_READABLE = f"""
SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE {_OURS} AND has_column_privilege(c.oid, a.attnum, 'SELECT')
"""
_WRITABLE = f"""
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_OURS} AND (c.relkind = 'S' AND has_sequence_privilege(c.oid, 'USAGE, UPDATE') OR c.relkind <> 'S'
AND (has_table_privilege(c.oid, 'DELETE, TRUNCATE') OR has_any_column_privilege(c.oid, 'INSERT, UPDATE')))
"""


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


def test_a_sealer_of_its_own_signs_what_extends_what_it_signed_and_nothing_else(
    place: Place, database: Database, sealer: Sealer, tmp_path: Path
) -> None:
    """Seen to fail: with the tree not held against what was signed, and with a right left out of the help's."""
    key, state = make_key(tmp_path / "own.key", "seal.example"), tmp_path / "state"
    append(database, sealer, 7)
    with as_the_sealer_reads(place, tmp_path) as leaves:
        first = seal_once(leaves(), key, state)
        assert (verify(first.note, (key.vkey,)).size, first.new) == (7, True)
        assert seal_once(leaves(), key, state).new is False
        append(database, sealer, 4)
        assert seal_once(leaves(), key, state).checkpoint.size == 11
        with past_the_triggers(place) as owner:
            owner.execute(sa.text("UPDATE entry SET leaf = :leaf WHERE seq = 2"), {"leaf": bytes(32)})
        with pytest.raises(NotSound, match="was rewritten"):
            seal_once(leaves(), key, state)
        with past_the_triggers(place) as owner:
            owner.exec_driver_sql("DELETE FROM entry WHERE seq > 5")
            owner.exec_driver_sql("UPDATE head SET seq = 5")
        with pytest.raises(NotSound, match="was cut off"):
            seal_once(leaves(), key, state)
    assert NoteFolder(state / NOTES).sizes() == (7, 11)


def test_the_sealers_user_of_postgresql_reads_numbers_and_hashes_and_nothing_else() -> None:
    """Seen to fail: with all of the entries' columns granted."""
    with fresh_postgres() as place, a_sealers_user(place) as url, postgres_owner(url) as connection:
        asked = connection.exec_driver_sql(_READABLE).all()
        assert sorted(map(tuple, asked)) == [
            ("entry", "leaf"), ("entry", "seq"), ("head", "id"), ("head", "origin"), ("head", "seq"),
        ]  # fmt: skip
        assert connection.exec_driver_sql(_WRITABLE).scalar_one() == 0
        for words in (
            "SELECT core FROM entry",
            "SELECT email FROM person",
            "SELECT * FROM opening",
            "INSERT INTO head (id, seq, origin, t) VALUES (2, 0, 'x', 0)",
            "UPDATE head SET seq = seq",
            "DELETE FROM entry",
            "SELECT * FROM desk.find_people(ARRAY['a'], ARRAY['a'], NULL, NULL, 20)",
            "CREATE TABLE mine (a int)",
        ):
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                connection.exec_driver_sql(words)


def test_without_the_rights_the_sealer_is_told_that_they_are_missing(tmp_path: Path) -> None:
    """Seen to fail: with a table said to be gone."""
    key = make_key(tmp_path / "own.key", "seal.example")
    with (
        fresh_postgres() as place,
        as_the_sealer_reads(place, tmp_path, granted=False) as leaves,
        pytest.raises(StorageUnavailable, match="may not read"),
    ):
        seal_once(leaves(), key, tmp_path / "state")
