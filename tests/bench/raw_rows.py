"""Finished rows of people, licences and activations that the driver alone writes, for what an import may cost."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from staffdesk.data import postgres, register, sqlite
from staffdesk.data.customers.writing import _DERIVED
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Person
from staffdesk.services.home import Home
from staffdesk.services.settings import read_settings
from tests import factories
from tests.bench.exports import FILES, word

CHUNK: Final = 10_000
"""Rows of one transaction."""

_KINDS: Final[tuple[type[Record], ...]] = (Person, Licence, Activation)


def raw_rows(home: Home, rows: int, when: str) -> list[dict[str, Any]]:
    """Write so many rows, in the proportions of the files, and return what each kind took."""
    return list(_RawRows(home, rows).measured(when))


class _RawRows:
    """Writes rows by a cursor of the driver, on a connection of its own."""

    def __init__(self, home: Home, rows: int) -> None:
        """Connect to the home's database; ``rows`` are written each time, in the proportions of the files."""
        self._many = rows
        url = read_settings(home).postgres_url
        self._is_postgres = url is not None
        self._connection: Any = (
            sqlite.connect(home.database_file, home.read_key())
            if url is None
            else cast("Any", postgres.make_engine(url).raw_connection().driver_connection)
        )

    def measured(self, when: str) -> Iterator[dict[str, Any]]:
        """Write them, and yield what each kind took."""
        dice, owners = random.Random(when), [0]  # noqa: S311 - invented data
        for record, (name, (_, share, _made)) in zip(_KINDS, FILES.items(), strict=True):
            many, wall, cpu = max(1, self._many * share // 100), 0.0, 0.0
            last = self._last(record)
            for first in range(0, many, CHUNK):
                rows = [_row(record, dice, owners) for _ in range(min(CHUNK, many - first))]
                began, spent = time.perf_counter(), time.process_time()
                self._write(record, rows)
                wall, cpu = wall + time.perf_counter() - began, cpu + time.process_time() - spent
            owners = list(range(last + 1, self._last(record) + 1))
            yield {
                "file": name, "stage": f"raw {when}", "rows": many, "wall_s": round(wall, 3), "cpu_s": round(cpu, 3),
                "rows_s": round(many / wall, 1), "rows_cpu_s": round(many / cpu, 1),
            }  # fmt: skip

    def _last(self, record: type[Record]) -> int:
        (row,) = self._connection.execute(f"SELECT coalesce(max(id), 0) FROM {_name(record)}").fetchall()
        self._connection.execute("COMMIT") if self._is_postgres else None
        return int(row[0])

    def _write(self, record: type[Record], rows: Sequence[dict[str, object]]) -> None:
        names = list(rows[0])
        mark = ", ".join(("%s" if self._is_postgres else "?",) * len(names))
        words = f"INSERT INTO {_name(record)} ({', '.join(names)}) VALUES ({mark})"
        cursor = self._connection.cursor()
        cursor.execute("BEGIN" if self._is_postgres else "BEGIN IMMEDIATE")
        cursor.executemany(words, [tuple(row.values()) for row in rows])
        cursor.execute("COMMIT")


def _name(record: type[Record]) -> str:
    return register.table(record).name


def _row(record: type[Record], dice: random.Random, owners: Sequence[int]) -> dict[str, object]:
    n = dice.randrange(10**9)
    made: Record
    if record is Person:
        made = factories.person(
            given_name=word(dice, 2), family_name=word(dice, 3), email=f"{n}@{word(dice, 2).lower()}.example",
            phone=f"+32471{n % 10**6:06d}", street=f"{word(dice, 3)}straat {n % 300}", city=word(dice, 2),
            postal_code=f"{1000 + n % 8999}", country="BE", store="raw", account_id=f"raw-{n}", user_name=f"raw{n}",
        )  # fmt: skip
    elif record is Licence:
        made = factories.licence(person_id=dice.choice(owners), serial=f"RAW{n:09d}-{dice.randrange(10**6):06d}")
    else:
        made = Activation.checked(
            {
                **factories.provenance(), "licence_id": dice.choice(owners), "user_name": word(dice, 3).lower(),
                "mac": ":".join(f"{dice.randrange(256):02X}" for _ in range(6)), "ip": f"203.0.{n % 250}.{n % 199}",
                "activated_at": 1_700_000_000_000 + n, "status": "active",
            }
        )  # fmt: skip
    row = made.values()
    row.pop("id")
    derive = _DERIVED.get(record)
    if derive is not None:
        row.update(derive(row, b"raw"))
    return row
