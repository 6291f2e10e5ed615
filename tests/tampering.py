"""Ways to tamper with a stored log for whoever owns the database and has not the key, each with its sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from staffdesk.audit.checkpoint import verifier_key
from staffdesk.audit.report import Report
from staffdesk.data.database import Database
from staffdesk.data.forgetting import Forgets
from staffdesk.data.log import Event, Log, Opened
from staffdesk.data.ticket import Ticket
from staffdesk.domain.access import Act, Purpose
from staffdesk.parameters.shapes import sessions
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import verify_log
from tests.databases import Place
from tests.verifying import opener

SEED = bytes(range(32))
KEY = verifier_key("staffdesk", SEED)
ENTRIES = 24
RULES = replace(sessions().log, checkpoint_entries=8)
SEEN = Event(
    act=Act.CUSTOMER_SEARCH, actor="u_1", purpose=Purpose.SUPPORT, obj=("s_1",), openings=(Opened("term", "anders"),)
)
HOUR_MS = 60 * 60 * 1000
COLUMNS = "core, leaf, t, act, out, actor, purpose, ref, standing, level"


@dataclass(frozen=True)
class Kept:
    """A log of a day, checkpoints at 8, 16 and 24, and the folder that keeps a copy of each."""

    place: Place
    folder: Path

    def verify(self) -> Report:
        return verify_log(opener(self.place), self.folder, (KEY,), None)

    def tamper(self, *statements: str) -> None:
        """Do what the owner can: drop what guards the log, then write."""
        with self.place.owner() as owner:
            if self.place.url:
                owner.exec_driver_sql("SET session_replication_role = replica")
            else:
                for (name,) in owner.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                    owner.exec_driver_sql(f"DROP TRIGGER {name}")
            for statement in statements:
                assert owner.exec_driver_sql(statement).rowcount, statement

    def flip(self, table: str, column: str, where: str) -> None:
        """Change the last byte of a value but one."""
        with self.place.owner() as owner:
            value = bytes(owner.exec_driver_sql(f"SELECT {column} FROM {table} WHERE {where}").scalar_one())
        changed = (value[:-2] + bytes([value[-2] ^ 1]) + value[-1:]).hex()
        self.tamper(f"UPDATE {table} SET {column} = {self.bytes_of(changed)} WHERE {where}")

    def bytes_of(self, digits: str) -> str:
        return f"'\\x{digits}'::bytea" if self.place.url else f"x'{digits}'"


def _entry(kept: Kept) -> None:
    kept.flip("entry", "core", "seq = 11")


def _copy(kept: Kept) -> None:
    kept.tamper("UPDATE entry SET actor = 'u_2' WHERE seq = 11")


def _subject(kept: Kept) -> None:
    kept.tamper("DELETE FROM entry_subject WHERE seq = 11")


def _opening(kept: Kept) -> None:
    kept.tamper("UPDATE opening SET value = 'andres' WHERE seq = 11")


def _opening_gone(kept: Kept) -> None:
    kept.tamper("DELETE FROM opening WHERE seq = 11")


def _checkpoint(kept: Kept) -> None:
    kept.tamper("UPDATE checkpoint SET note = replace(note, '16', '17') WHERE size = 16")


def _checkpoint_outside(kept: Kept) -> None:
    note = kept.folder / f"{8:012d}.note"
    note.write_text(note.read_text().replace("staffdesk/0", "staffdesk/1"))


def _checkpoint_row(kept: Kept) -> None:
    kept.tamper("UPDATE checkpoint SET size = 900000000 WHERE size = 24")


def _checkpoint_in_another_row(kept: Kept) -> None:
    kept.tamper("UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 8) WHERE size = 24")


def _peaks(kept: Kept) -> None:
    kept.flip("checkpoint", "frontier", "size = 24")


def _checkpoint_rows_gone(kept: Kept) -> None:
    kept.tamper("DELETE FROM checkpoint")


def _subject_before_the_first(kept: Kept) -> None:
    kept.tamper("INSERT INTO entry_subject (seq, aid) VALUES (-7, 's_1')")


def _subject_of_nothing(kept: Kept) -> None:
    kept.tamper("INSERT INTO entry_subject (seq, aid) VALUES (0, 's_1')")


def _subject_to_come(kept: Kept) -> None:
    kept.tamper("INSERT INTO entry_subject (seq, aid) VALUES (25, 's_1'), (26, 's_1'), (26, 's_2')")


def _removed(kept: Kept) -> None:
    kept.tamper(*(f"DELETE FROM {name} WHERE seq = 11" for name in ("entry", "entry_subject", "opening")))


def _swapped(kept: Kept) -> None:
    tables = ("entry", "entry_subject", "opening")
    moves = ((11, -1), (12, 11), (-1, 12))
    kept.tamper(*(f"UPDATE {name} SET seq = {to} WHERE seq = {of}" for name in tables for of, to in moves))


def _cut(kept: Kept) -> None:
    kept.tamper(*(f"DELETE FROM {name} WHERE seq > 21" for name in ("entry", "entry_subject", "opening")))


def _cut_with_head_and_checkpoint(kept: Kept) -> None:
    _cut(kept)
    kept.tamper("UPDATE head SET seq = 21", "DELETE FROM checkpoint WHERE size > 21")


def _older_folder(kept: Kept) -> None:
    (kept.folder / f"{24:012d}.note").unlink()


def _rewritten(kept: Kept) -> None:
    """Another entry, its leaf and copies made to fit: only the checkpoints tell."""
    database = kept.place.open()
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(replace(SEEN, actor="u_2", openings=()))
    database.close()
    forged = _renumbered(kept.place, ticket.seq, 11)
    kept.tamper("DELETE FROM opening WHERE seq = 11", forged, "UPDATE head SET seq = 24")
    kept.tamper(*(f"DELETE FROM {name} WHERE seq = 25" for name in ("entry", "entry_subject")))


def _renumbered(place: Place, of: int, to: int) -> str:
    from staffdesk.audit.entry import Core, leaf_hash  # noqa: PLC0415 - the forger's tools

    with place.owner() as owner:
        core = Core.decode(bytes(owner.exec_driver_sql(f"SELECT core FROM entry WHERE seq = {of}").scalar_one()))
    core = replace(core, seq=to)
    kept = Kept(place, Path())
    data, leaf = core.encode().hex(), leaf_hash(core.encode()).hex()
    return (
        f"UPDATE entry SET core = {kept.bytes_of(data)}, leaf = {kept.bytes_of(leaf)}, actor = 'u_2', t = {core.t} "
        f"WHERE seq = {to}"
    )


def _prune(kept: Kept) -> None:
    """Prune the first eight as the desk does, and seal the entry that names them."""
    database = kept.place.open()
    with database.append() as tx:
        Log(tx, "2024-10").append(Event(act=Act.AUDIT_PRUNED, kinds=("all", "month:2026-01", "1-5", "6-8"), n=8))
    with database.change(_ticket(database)) as change:
        assert Forgets(change).prune([(1, 8)]) == 8
    Sealer(database, SEED, kept.folder, RULES).seal()
    database.close()
    report = kept.verify()
    assert (report.findings, report.pruned) == ((), 8)


def _ticket(database: Database) -> Ticket:
    with database.append() as tx:
        return Log(tx, "2024-10").append(Event(act=Act.AUDIT_LISTED))


def _leaf_of_a_pruned(kept: Kept) -> None:
    _prune(kept)
    kept.flip("entry", "leaf", "seq = 3")


def _emptied_beside_a_pruning(kept: Kept) -> None:
    _prune(kept)
    emptied = ", ".join(f"{name} = NULL" for name in COLUMNS.split(", ") if name != "leaf")
    kept.tamper(f"UPDATE entry SET {emptied} WHERE seq = 11", *(
        f"DELETE FROM {name} WHERE seq = 11" for name in ("entry_subject", "opening")
    ))  # fmt: skip


def _put_back_under_a_pruned(kept: Kept) -> None:
    _prune(kept)
    kept.tamper("INSERT INTO opening (seq, field, kind, salt, value) SELECT 3, field, kind, salt, value FROM opening"
                " WHERE seq = 11")  # fmt: skip


NO_UTF_8 = "CAST(x'ff41' AS TEXT)"
NO_TEXT: dict[str, tuple[tuple[str, ...], str]] = {
    "an indexed copy": (
        (f"UPDATE entry SET act = {NO_UTF_8} WHERE seq = 11",),
        "The indexed copy of act is not what entry 11 says.",
    ),
    "copies beside one another": (
        (f"UPDATE entry SET actor = {NO_UTF_8}, out = {NO_UTF_8} WHERE seq = 11",),
        "The indexed copy of out, actor is not what entry 11 says.",
    ),
    "an entry": (
        (f"UPDATE entry SET core = {NO_UTF_8} WHERE seq = 11",),
        "Entry 11 was altered: its bytes do not give its leaf hash.",
    ),
    "a leaf": (
        ("UPDATE entry SET leaf = CAST(leaf AS TEXT) WHERE seq = 11",),
        "Entry 11 was altered: its bytes do not give its leaf hash.",
    ),
    "a subject": (
        (f"UPDATE entry_subject SET aid = {NO_UTF_8} WHERE seq = 11",),
        "The indexed copy of obj is not what entry 11 says.",
    ),
    "an opening": (
        (f"UPDATE opening SET value = {NO_UTF_8} WHERE seq = 11",),
        "The opening term of entry 11 was altered",
    ),
    "an opening's kind": (
        (f"UPDATE opening SET kind = {NO_UTF_8} WHERE seq = 11",),
        "The opening term of entry 11 was altered",
    ),
    "a checkpoint": (
        (f"UPDATE checkpoint SET note = {NO_UTF_8} WHERE size = 16",),
        "Checkpoint number 2 in the database was altered",
    ),
    "the head": (
        ("UPDATE head SET seq = 'abc'",),
        "The head row has given the number -1, but the log ends at entry 24",
    ),
}
"""What SQLite keeps in a column though it is no text, and no number: it must hide nothing else of the log."""


TAMPERING: dict[str, tuple[Callable[[Kept], None], str]] = {
    "one byte of an entry": (_entry, "Entry 11 was altered: its bytes do not give its leaf hash."),
    "an indexed copy": (_copy, "The indexed copy of actor is not what entry 11 says."),
    "a subject's row": (_subject, "The indexed copy of obj is not what entry 11 says."),
    "an opening": (_opening, "The opening term of entry 11 was altered: it does not give the commitment."),
    "an opening gone": (_opening_gone, "The opening term of entry 11 is missing, and no later entry says why."),
    "a checkpoint": (_checkpoint, "The checkpoint in the database that names 17 entries was altered."),
    "a checkpoint outside": (_checkpoint_outside, "The checkpoint kept outside that names 8 entries was altered."),
    "a checkpoint's row": (
        _checkpoint_row,
        "The row for 900000000 entries in the database holds the checkpoint over 24",
    ),
    "a checkpoint in another's row": (_checkpoint_in_another_row, "The row for 24 entries in the database holds the"),
    "the peaks of the tree": (_peaks, "The peaks stored with the checkpoint over 24 entries do not give its root"),
    "every checkpoint's row gone": (_checkpoint_rows_gone, "holds 3 checkpoints that the database lost"),
    "a subject before the first": (_subject_before_the_first, "A row of subjects stands under the number -7, but"),
    "a subject of nothing": (_subject_of_nothing, "A row of subjects stands under the number 0, but no entry has it"),
    "a subject to come": (_subject_to_come, "Rows of subjects stand under the numbers 25 to 26, but no entry has them"),
    "one entry removed": (_removed, "Entry 11 is missing."),
    "two entries swapped": (_swapped, "Entries 11 and 12 stand in each other's place."),
    "the last three cut": (_cut, "entries 22 to 24 were cut off."),
    "the last three cut, with head and checkpoint": (_cut_with_head_and_checkpoint, "a checkpoint kept outside covers"),
    "an older folder put back": (_older_folder, "The folder of checkpoints outside ends at 16 entries"),
    "the leaf of a pruned entry": (_leaf_of_a_pruned, "Entries 1 to 8 do not give the root of the checkpoint over 8"),
    "an entry emptied beside a pruning": (_emptied_beside_a_pruning, "Entry 11 has lost its content, and no later"),
    "an opening put under a pruned entry": (_put_back_under_a_pruned, "An opening term stands under the number 3"),
    "an entry rewritten": (_rewritten, "Entries 9 to 16 do not give the root of the checkpoint over 16 entries"),
}
