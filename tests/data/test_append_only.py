"""The log's tables take the next entry and nothing else, from whoever writes: the database itself refuses.

The attacks are made by the database's owner, past the door. Seen to fail: with the trigger ``entry_stays`` left out of
both files, and with the prune-only trigger comparing ``n > seq``.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log, Opened
from staffdesk.domain.access import Act, Outcome
from tests.databases import Place

EMPTIED = ("core", "t", "act", "out", "actor", "purpose", "ref", "standing", "level")
PRUNED = ", ".join(f"{name} = NULL" for name in EMPTIED)

REFUSED = (
    "UPDATE entry SET core = core WHERE seq = 1",
    "UPDATE entry SET act = 'x' WHERE seq = 1",
    "UPDATE entry SET leaf = core WHERE seq = 1",
    "UPDATE entry SET seq = 9 WHERE seq = 1",
    "UPDATE entry SET core = NULL WHERE seq = 1",
    f"UPDATE entry SET {PRUNED} WHERE seq = 1",
    "DELETE FROM entry WHERE seq = 1",
    "DELETE FROM entry",
    "INSERT INTO entry (seq, core, leaf) SELECT seq, core, leaf FROM entry WHERE seq = 2",
    "INSERT INTO entry (seq, core, leaf) SELECT seq + 1, core, leaf FROM entry WHERE seq = 2",
    "INSERT INTO entry (seq, core, leaf) SELECT seq + 5, core, leaf FROM entry WHERE seq = 2",
    "INSERT INTO entry (seq, core, leaf) SELECT 0, core, leaf FROM entry WHERE seq = 2",
    "INSERT INTO entry (seq, leaf) SELECT seq, leaf FROM entry WHERE seq = 2",
    "UPDATE entry_subject SET aid = 'x'",
    "DELETE FROM entry_subject",
    "INSERT INTO entry_subject (seq, aid) VALUES (1, 'x')",
    "INSERT INTO entry_subject (seq, aid) VALUES (3, 'x')",
    "UPDATE opening SET value = 'x'",
    "UPDATE opening SET seq = 2",
    "DELETE FROM opening",
    "INSERT INTO opening (seq, field, kind, salt, value) SELECT 1, 'note', kind, salt, value FROM opening",
    "INSERT INTO opening (seq, field, kind, salt, value) SELECT 3, 'note', kind, salt, value FROM opening",
    "UPDATE head SET seq = seq",
    "UPDATE head SET seq = seq - 1",
    "UPDATE head SET seq = seq + 2",
    "UPDATE head SET seq = NULL",
    "UPDATE head SET seq = seq + 1, origin = 'x'",
    "UPDATE head SET seq = seq + 1, id = 2",
    "DELETE FROM head",
    "INSERT INTO head (id, seq, origin, t) VALUES (1, 0, 'x', 0)",
    "INSERT INTO head (id, seq, origin, t) VALUES (2, 0, 'x', 0)",
    "UPDATE checkpoint SET note = 'x'",
    "DELETE FROM checkpoint",
    "INSERT INTO checkpoint (size, t, note, frontier) SELECT 1, t, note, frontier FROM checkpoint",
    "INSERT INTO checkpoint (size, t, note, frontier) SELECT 3, t, note, frontier FROM checkpoint",
)
REPLACES = (
    "REPLACE INTO entry (seq, core, leaf) SELECT seq, core, leaf FROM entry WHERE seq = 2",
    "REPLACE INTO entry (seq, core, leaf) SELECT 1, core, leaf FROM entry WHERE seq = 2",
    "UPDATE OR REPLACE entry SET seq = 1 WHERE seq = 2",
    "REPLACE INTO entry_subject (seq, aid) VALUES (1, 's_1')",
    "REPLACE INTO opening (seq, field, kind, salt, value) SELECT seq, field, kind, salt, 'x' FROM opening",
    "REPLACE INTO head (id, seq, origin, t) VALUES (1, 0, 'x', 0)",
    "REPLACE INTO checkpoint (size, t, note, frontier) SELECT size, t, 'x', frontier FROM checkpoint",
    "INSERT OR IGNORE INTO entry (seq, core, leaf) SELECT 1, core, leaf FROM entry WHERE seq = 2",
)
TABLES = ("entry", "entry_subject", "opening", "head", "checkpoint")
TRUNCATES = tuple(f"TRUNCATE {name} CASCADE" for name in TABLES)
UPSERTS = (
    "INSERT INTO entry (seq, core, leaf) VALUES (1, 'x', 'x') ON CONFLICT (seq) DO UPDATE SET core = excluded.core",
    "INSERT INTO head (id, seq, origin, t) VALUES (1, 0, 'x', 0) ON CONFLICT (id) DO UPDATE SET seq = 0",
    "INSERT INTO checkpoint VALUES (1, 0, 'x', 'x') ON CONFLICT (size) DO UPDATE SET note = 'x'",
)


def append(database: Database, *events: Event) -> None:
    for event in events:
        with database.append() as tx:
            Log(tx, "2024-10").append(event)


def two_entries(place: Place, database: Database) -> None:
    """The first has a subject and an opening, the second is the last; a checkpoint covers one."""
    seen = Event(act=Act.CUSTOMER_OPENED, obj=("s_1",), openings=(Opened("reason.note", "a call"),))
    append(database, seen, Event(act=Act.AUDIT_LISTED))
    with place.owner() as owner:
        owner.execute(
            sa.text("INSERT INTO checkpoint (size, t, note, frontier) VALUES (1, 0, 'note', :bytes)"), {"bytes": b"\0"}
        )


def everything(place: Place) -> list[tuple[object, ...]]:
    with place.owner() as owner:
        tables = [owner.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2") for name in TABLES]
        return [tuple(row) for rows in tables for row in rows]


def assert_refused(place: Place, attacks: tuple[str, ...]) -> None:
    before = everything(place)
    with place.owner() as owner:
        assert [attack for attack in attacks if not _is_refused(owner, attack)] == []
    assert everything(place) == before


def _is_refused(owner: sa.Connection, attack: str) -> bool:
    try:
        owner.exec_driver_sql(attack)
    except sa.exc.DBAPIError:
        return True
    return False


def test_the_log_is_only_appended_to(place: Place, database: Database) -> None:
    two_entries(place, database)
    assert_refused(place, REFUSED)
    assert_refused(place, TRUNCATES if place.url else REPLACES)
    assert_refused(place, UPSERTS)


def test_an_entry_is_pruned_only_where_a_later_entry_says_so_and_only_whole(place: Place, database: Database) -> None:
    append(database, *[Event(act=Act.AUDIT_LISTED)] * 4, Event(act=Act.AUDIT_PRUNED, n=3))
    update = "UPDATE entry SET {} WHERE seq = {}".format
    kept = [PRUNED.replace(f"{name} = NULL", f"{name} = {name}") for name in ("core", "t", "act", "out")]
    kept += [PRUNED.replace(f"{name} = NULL", f"{name} = 'x'") for name in EMPTIED[4:]]
    assert_refused(place, tuple(update(each, 2) for each in (*kept, f"{PRUNED}, leaf = core", f"{PRUNED}, seq = 9")))
    assert_refused(place, (update(PRUNED, 4), update(PRUNED, 5)))
    with place.owner() as owner:
        leaves = owner.exec_driver_sql("SELECT leaf FROM entry ORDER BY seq").all()
        assert owner.exec_driver_sql(f"UPDATE entry SET {PRUNED} WHERE seq <= 3").rowcount == 3
        assert owner.exec_driver_sql("SELECT leaf FROM entry ORDER BY seq").all() == leaves
        assert owner.exec_driver_sql("SELECT count(*) FROM entry WHERE core IS NULL AND act IS NULL").scalar() == 3
    assert_refused(place, (update(PRUNED, 3), update("core = leaf", 3), update("act = 'x'", 3)))


def test_of_several_prunings_the_newest_opens_the_way_and_only_to_the_numbers_it_names(
    place: Place, database: Database
) -> None:
    update = f"UPDATE entry SET {PRUNED} WHERE seq = {{}}".format
    named = ("technical", "month:2026-01", "2-3", "5", "8-7", "x6", "6-")
    append(database, *[Event(act=Act.AUDIT_LISTED)] * 8, Event(act=Act.AUDIT_PRUNED, kinds=named, n=8))
    assert_refused(place, tuple(map(update, (1, 4, 6, 7, 8, 9))))
    with place.owner() as owner:
        assert sum(owner.exec_driver_sql(update(seq)).rowcount for seq in (3, 5)) == 2
    append(database, Event(act=Act.AUDIT_PRUNED, kinds=("done", "technical"), n=2))
    assert_refused(place, (update(2),))


def test_a_pruning_that_was_denied_or_failed_prunes_nothing(place: Place, database: Database) -> None:
    append(database, Event(act=Act.AUDIT_LISTED), Event(act=Act.AUDIT_PRUNED, n=1, out=Outcome.FAILED))
    assert_refused(place, (f"UPDATE entry SET {PRUNED} WHERE seq = 1",))


def test_a_subject_goes_with_its_pruned_entry_and_an_opening_after_an_erasure(place: Place, database: Database) -> None:
    two_entries(place, database)
    append(database, Event(act=Act.AUDIT_PRUNED, n=1), Event(act=Act.AUDIT_ERASED, obj=("s_1",)))
    with place.owner() as owner:
        assert owner.exec_driver_sql("DELETE FROM opening WHERE seq = 1").rowcount == 1
        owner.exec_driver_sql(f"UPDATE entry SET {PRUNED} WHERE seq = 1")
        assert owner.exec_driver_sql("DELETE FROM entry_subject WHERE seq = 1").rowcount == 1
    assert_refused(place, ("DELETE FROM entry_subject WHERE seq = 4", "DELETE FROM entry WHERE seq = 1"))


def said(database: Database, *events: Event) -> None:
    """The first entry, about s_1, has a reason, a term and a note on a case; the events come after it."""
    seen = Event(
        act=Act.CUSTOMER_SEARCH,
        obj=("s_1",),
        openings=(Opened("reason", "a call"), Opened("reason.case", "he rang"), Opened("term", "ada")),
    )
    append(database, seen, Event(act=Act.AUDIT_LISTED), *events)


EMPTY = "DELETE FROM opening WHERE seq = 1 AND field = '{}'".format


@pytest.mark.parametrize(
    ("event", "stays", "goes"),
    [
        (Event(act=Act.AUDIT_EXPIRED, kinds=("value",), n=2), ("reason", "reason.case"), ("term",)),
        (Event(act=Act.AUDIT_EXPIRED, kinds=("reason",), n=2), ("term",), ("reason", "reason.case")),
        (Event(act=Act.AUDIT_EXPIRED, kinds=("reason", "value"), n=1), (), ("reason", "reason.case", "term")),
        (Event(act=Act.AUDIT_EXPIRED, kinds=("reason", "value"), n=0), ("reason", "reason.case", "term"), ()),
        (Event(act=Act.AUDIT_EXPIRED, kinds=("reason", "value"), n=2, out=Outcome.INTENT), ("reason", "term"), ()),
        (Event(act=Act.AUDIT_ERASED, obj=("s_2",)), ("reason", "reason.case", "term"), ()),
        (Event(act=Act.AUDIT_ERASED, obj=("s_1",)), (), ("reason", "reason.case", "term")),
        (Event(act=Act.AUDIT_ERASED, kinds=("1:reason", "2:term")), ("reason.case", "term"), ("reason",)),
        (Event(act=Act.AUDIT_ERASED, obj=("s_1",), out=Outcome.FAILED), ("reason", "term"), ()),
    ],
    ids=lambda each: "" if isinstance(each, tuple) else f"{each.out}-{'-'.join((*each.kinds, *each.obj))}-{each.n}",
)
def test_an_opening_goes_only_under_an_entry_that_covers_its_kind_its_number_or_whom_it_is_about(
    place: Place, database: Database, event: Event, stays: tuple[str, ...], goes: tuple[str, ...]
) -> None:
    said(database, event)
    assert_refused(place, tuple(map(EMPTY, stays)))
    with place.owner() as owner:
        assert sum(owner.exec_driver_sql(EMPTY(field)).rowcount for field in goes) == len(goes)


def test_an_erasure_in_several_entries_empties_what_each_names(place: Place, database: Database) -> None:
    parts = (("1:reason",), ("1:term",))
    said(database, *[Event(act=Act.AUDIT_ERASED, obj=("s_9",), kinds=kinds) for kinds in parts])
    with place.owner() as owner:
        assert sum(owner.exec_driver_sql(EMPTY(field)).rowcount for field in ("reason", "term")) == 2
    assert_refused(place, (EMPTY("reason.case"),))
