"""Building the home once: a demo's desk whose log is exchanged for a long one, with its openings and checkpoints.

The triggers are away meanwhile and put back; indexes are made when all rows stand. Every checkpoint is signed and
copied outside as the desk does it, one for each hundred entries.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

import sqlalchemy as sa

from staffdesk.audit.checkpoint import Checkpoint, sign
from staffdesk.audit.entry import Core
from staffdesk.audit.opening import commit, kind_of, new_salt
from staffdesk.audit.tree import Frontier
from staffdesk.data import maintenance, register
from staffdesk.domain.access import Act, Role
from staffdesk.services.demo import make_demo
from staffdesk.services.home import Home, read_seal_key
from staffdesk.services.sealing import KEY_NAME
from tests.bench.audit_log.patterns import QUARTER_MS, Line, Pattern, line, quarter, session_of
from tests.bench.postgres_copy import indexes_away
from tests.bench.simulated_company.shapes import Account

CUSTOMERS: Final = 2_000
CHECKPOINT_EVERY: Final = 100
_BATCH: Final = 20_000
_DAY_MS: Final = 86_400_000
_TABLES: Final = ("entry", "entry_subject", "opening", "checkpoint", "head")
_ENTRY: Final = ("seq", "core", "leaf", "t", "act", "out", "actor", "purpose", "ref", "standing", "level")
_TERM: Final = "invented"
_ADMIN: Final = "admin"


@dataclass(frozen=True, slots=True)
class LongLog:
    """A home with a long log, who reviews it, and how long it was when it was built."""

    home: Home
    user: str
    password: str
    entries: int
    built_seconds: float


def long_log(folder: Path, entries: int, url: str | None) -> LongLog:
    """Return the home in a folder, built when it is not there yet; one of another length is refused."""
    told = folder / "bench.json"
    home = Home.locate(folder, {})
    if not told.exists():
        began = time.monotonic()
        demo = make_demo(home, people=CUSTOMERS, seed=1, database_url=url)
        admin = next(each for each in demo.accounts if each.role is Role.ADMIN)
        with _owner(home, url) as owner:
            _Building(home, owner, entries, is_postgres=url is not None).build()
        seconds = round(time.monotonic() - began, 1)
        told.write_text(json.dumps([admin.user, admin.password, entries, seconds]), encoding="ascii")
    user, password, length, seconds = json.loads(told.read_text(encoding="ascii"))
    if length != entries:
        raise SystemExit(f"{folder} was built with {length} entries.")
    return LongLog(home, user, password, length, seconds)


@contextmanager
def _owner(home: Home, url: str | None) -> Iterator[sa.Connection]:
    if url is not None:
        with maintenance.postgres_owner(url) as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
            connection.exec_driver_sql("SET synchronous_commit = off")
            yield connection
        return
    with maintenance.sqlite_owner(home.database_file, home.read_key()) as connection:
        for pragma in ("wal_checkpoint(TRUNCATE)", "journal_mode = OFF", "synchronous = OFF", "secure_delete = OFF"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("PRAGMA cache_size = -524288")
        yield connection
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")


class _Building:
    def __init__(self, home: Home, owner: sa.Connection, entries: int, *, is_postgres: bool) -> None:
        self._home = home
        self._owner = owner
        self._entries = entries
        self._is_postgres = is_postgres
        self._driver: Any = cast("Any", owner.connection.driver_connection)
        self._seed = read_seal_key(home) or b""
        self._frontier = Frontier()
        self._origin = str(owner.exec_driver_sql("SELECT origin FROM head").scalar())

    def build(self) -> None:
        """Exchange the log."""
        people = [str(aid) for (aid,) in self._owner.exec_driver_sql("SELECT aid FROM person ORDER BY id")]
        patterns, accounts = quarter(self._origin, people)
        _say(f"{len(patterns):,} patterns of {len(accounts)} accounts")
        for note in self._home.checkpoints.glob("*.note"):
            note.unlink()
        again = self._put_away()
        self._hire(accounts)
        last = 0
        for batch in self._batches(patterns):
            last = batch[-1][0].t
            self._write(batch)
        self._put("head", ("id", "seq", "origin", "t"), [(1, self._entries, self._origin, last)])
        for words in again:
            self._owner.exec_driver_sql(words)
        _say("indexes made")
        if self._is_postgres:
            self._owner.exec_driver_sql("VACUUM ANALYZE")

    def _put_away(self) -> list[str]:
        """Empty the log and drop what slows its filling; return the words that make it again."""
        listed = ", ".join(f"'{each}'" for each in _TABLES)
        if self._is_postgres:
            self._owner.exec_driver_sql(f"TRUNCATE {', '.join(_TABLES)}")
            return list(indexes_away(self._owner, [register.metadata.tables[each] for each in _TABLES]))
        found = self._owner.exec_driver_sql(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
            f" AND tbl_name IN ({listed})"
        ).all()
        for kind, name, _ in found:
            self._owner.exec_driver_sql(f"DROP {kind} {name}")
        for table in _TABLES:
            self._owner.exec_driver_sql(f"DELETE FROM {table}")
        return [words for *_, words in sorted(found, key=lambda each: each[0])]

    def _hire(self, accounts: tuple[Account, ...]) -> None:
        table = register.metadata.tables["staff"]
        like = dict(self._owner.execute(sa.select(table).limit(1)).mappings().one())
        for number, account in enumerate(accounts):
            names = {"user_name": f"employee{number}", "employee_number": f"E{number:05}", "email": None}
            named = {**names, "full_name": f"Employee {number}", "id": account.staff_id}
            self._owner.execute(sa.insert(table), {**like, **named, "entity": account.entity.value})

    def _batches(
        self, patterns: tuple[Pattern, ...]
    ) -> Iterator[list[tuple[Line, list[tuple[str, bytes]], Pattern, str]]]:
        turns = -(-self._entries // len(patterns))
        ends = time.time_ns() // 1_000_000 - _DAY_MS
        weeks = (ends - patterns[-1].t) // (7 * _DAY_MS) * 7 * _DAY_MS
        skipped = turns * len(patterns) - self._entries
        seq, batch = 0, list[tuple[Line, list[tuple[str, bytes]], Pattern, str]]()
        for number in range(turns):
            after, turn = weeks - (turns - 1 - number) * QUARTER_MS, f"{number:03x}"
            for pattern in patterns[skipped if number == 0 else 0 :]:
                seq += 1
                salted = [(field, new_salt()) for field in pattern.fields]
                commitments = {field: commit(seq, field, salt, _TERM).hex() for field, salt in salted}
                batch.append((line(pattern, seq, after, turn, commitments), salted, pattern, turn))
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
            _say(f"{seq:,} entries")
        if batch:
            yield batch

    def _write(self, batch: list[tuple[Line, list[tuple[str, bytes]], Pattern, str]]) -> None:
        first = batch[0][0]
        if Core.decode(first.core).encode() != first.core or Core.decode(first.core).obj != first.obj:
            raise AssertionError("an entry was put together that no desk would write")
        rows, subjects, openings, notes, sessions = [], list[Any](), list[Any](), list[Any](), list[Any]()
        for each, salted, pattern, turn in batch:
            leaf = sha256(b"\x00" + each.core).digest()
            self._frontier.append(leaf)
            rows.append((each.seq, each.core, leaf, each.t, *each.copies))
            subjects += [(each.seq, aid) for aid in dict.fromkeys(each.obj)]
            openings += [(each.seq, field, kind_of(field).value, salt, _TERM) for field, salt in salted]
            if each.seq % CHECKPOINT_EVERY == 0 or each.seq == self._entries:
                notes.append(self._seal(each.t))
            if each.copies[0] == Act.SESSION_SIGNED_IN and each.copies[1] == "ok":
                ended = each.t + _DAY_MS // 3
                signed = (session_of(pattern, turn), each.copies[2], pattern.host, each.t, ended, False, ended)
                sessions.append(signed)
        self._owner.exec_driver_sql("BEGIN")
        self._put("entry", _ENTRY, rows)
        self._put("entry_subject", ("seq", "aid"), subjects)
        self._put("opening", ("seq", "field", "kind", "salt", "value"), openings)
        self._put("checkpoint", ("size", "t", "note", "frontier"), notes)
        columns = ("sid", "staff_id", "host", "started_at", "seen_at", "locked", "ended_at")
        self._put("session", columns, sessions)
        self._owner.exec_driver_sql("COMMIT")

    def _seal(self, t: int) -> tuple[int, int, str, bytes]:
        size = self._frontier.size
        note = sign(Checkpoint(origin=self._origin, size=size, root=self._frontier.root()), KEY_NAME, self._seed)
        (self._home.checkpoints / f"{size:012d}.note").write_text(note, encoding="utf-8")
        return size, t, note, self._frontier.to_bytes()

    def _put(self, table: str, columns: tuple[str, ...], rows: list[Any]) -> None:
        named = ", ".join(f'"{each}"' for each in columns)
        if self._is_postgres:
            with self._driver.cursor().copy(f'COPY "{table}" ({named}) FROM STDIN') as into:
                for row in rows:
                    into.write_row(row)
            return
        places = ", ".join("?" for _ in columns)
        self._driver.executemany(f'INSERT INTO "{table}" ({named}) VALUES ({places})', rows)


def _say(words: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {words}\n")
