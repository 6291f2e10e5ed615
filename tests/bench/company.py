"""A large company for measuring, built once and kept: a small demo, and its rows over and over under other numbers.

The services write some thousand people in a minute or two; a million would take them most of an hour. So they write a
demo of :data:`BLOCK` people, and the rest is inserted below them in bulk: indexes, full-text tables, vocabularies and
triggers are taken away first and made again from the schema's own words. Names are blended, a third of them, so that
the vocabulary grows with the people as real ones do. On PostgreSQL the rows are copied from the encrypted file.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, Final

from staffdesk.data import register, sqlite
from staffdesk.data.assets import sql
from staffdesk.data.references import serial_key
from staffdesk.data.relations import relation_keys
from staffdesk.domain.words import sort_name, words_of
from staffdesk.services.demo import Demo, make_demo
from staffdesk.services.home import Home, secret_of

BLOCK: Final = 10_000
"""People in the demo that is repeated."""
SEED: Final = 8319

_BLENDED: Final = 0.35
_CACHE_KIB: Final = 2 * 1024 * 1024
_CHUNK: Final = 5_000
_SERIAL: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

_NEW_AID: Final = "substr(aid, 1, 2) || printf('%010x', id + {up}) || lower(hex(randomblob(5)))"
_NUMBERED: Final[dict[str, dict[str, str]]] = {
    "sales_order": {
        "aid": _NEW_AID,
        "number": "printf('NV-%06d', id + {up})",
        "number_normal": "printf('NV-%06d', id + {up})",
        "store_order_id": "CAST(id + {up} AS TEXT)",
    },
    "order_line": {},
    "invoice": {
        "number": "substr(number, 1, 6) || printf('%06d', id + {up})",
        "number_normal": "substr(number, 1, 6) || printf('%06d', id + {up})",
    },
    "shipment": {"tracking": "printf('NVT%09d', id + {up})"},
    "disclosure": {},
    "licence": {
        "aid": _NEW_AID,
        "serial": "serial_of(serial, id + {up})",
        "serial_normal": "serial_of(serial, id + {up})",
        "serial_key": "key_of(serial_of(serial, id + {up}))",
    },
    "activation": {"mac": "mac_of(mac, id + {up})", "ip": "ip_of(ip, id + {up})"},
    "product_subscription": {"store_subscription_id": "CAST(id + {up} AS TEXT)"},
    "support_case": {"aid": _NEW_AID, "number": "substr(number, 1, 7) || printf('%07d', id + {up})"},
    "contact_report": {},
    "subscription": {},
}
"""The tables that are repeated, what others refer to first, and what in them is another value in each block."""

_REFERRING: Final = {
    "person_id": "person",
    "organisation_id": "organisation",
    "order_id": "sales_order",
    "licence_id": "licence",
    "case_id": "support_case",
    "partner_id": "organisation",
}
REPEATED: Final = ("organisation", "person", *_NUMBERED)


def build_sqlite(home: Home, people: int) -> Demo:
    """Make a desk of so many people in a new home, a multiple of :data:`BLOCK` where it is more."""
    demo = make_demo(home, people=min(people, BLOCK), seed=SEED)
    if people > BLOCK:
        if people % BLOCK:
            raise ValueError(f"more people come in blocks of {BLOCK:,}")
        _repeat(home, people // BLOCK)
    return demo


def _repeat(home: Home, blocks: int) -> None:
    connection: Any = sqlite.connect(home.database_file, home.read_key())
    for pragma in (
        "journal_mode = OFF", "synchronous = OFF", "secure_delete = OFF", "foreign_keys = OFF",
        f"cache_size = -{_CACHE_KIB}",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    size = {name: connection.execute(f"SELECT max(id) FROM {name}").fetchone()[0] for name in REPEATED}
    with_schema_away = _schema_away(connection)
    secret = secret_of(home.read_key())
    connection.execute("BEGIN")
    _repeat_names(connection, "organisation", size, blocks, _houses(secret))
    _repeat_names(connection, "person", size, blocks, _people(secret))
    _functions(connection, secret)
    for name, values in _NUMBERED.items():
        _repeat_table(connection, name, size, blocks, values)
    with_schema_away()
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _schema_away(connection: Any) -> Callable[[], None]:  # noqa: ANN401 - the driver has no types
    """Drop what is written with each row, and return what makes it again from the rows."""
    of_ours = ", ".join(f"'{name}'" for name in REPEATED)
    dropped = connection.execute(
        f"SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        f" AND tbl_name IN ({of_ours}) ORDER BY type"
    ).fetchall()
    for kind, name, _ in dropped:
        connection.execute(f"DROP {kind} {name}")

    def again() -> None:
        for kind, _, words in dropped:
            if kind == "index":
                connection.execute(words)
        for name in register.WORD_INDEXES:
            connection.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")
        for name in ("person", "organisation"):
            connection.execute(
                f"INSERT OR IGNORE INTO {name}_vocabulary (word) SELECT DISTINCT value FROM {name},"
                f" json_each('[\"' || replace({name}.words, ' ', '\",\"') || '\"]') WHERE value <> '' ORDER BY value"
            )
        for name in ("words_with_organisation", "words_by_country"):
            connection.execute(f"DELETE FROM person_{name}")
            connection.execute(sql("sqlite", name)[-1])
        for kind, _, words in dropped:
            if kind == "trigger":
                connection.execute(words)

    return again


def _repeat_names(
    connection: Any,  # noqa: ANN401 - as above
    name: str,
    size: dict[str, int],
    blocks: int,
    vary: Callable[[dict[str, Any], int, random.Random], None],
) -> None:
    cursor = connection.execute(f"SELECT * FROM {name} ORDER BY id")
    columns = [each[0] for each in cursor.description]
    base = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    marks = ", ".join("?" for _ in columns)
    dice = random.Random(SEED)  # noqa: S311 - invented people

    def rows() -> Iterator[tuple[Any, ...]]:
        for block in range(1, blocks):
            for each in base:
                row = dict(each)
                row["id"] += block * size[name]
                row["aid"] = f"{row['aid'][:2]}{row['id']:010x}{dice.getrandbits(40):010x}"
                for column, target in _REFERRING.items():
                    if row.get(column) is not None:
                        row[column] += block * size[target]
                vary(row, block, dice)
                yield tuple(row.values())

    connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", rows())


def _people(secret: bytes) -> Callable[[dict[str, Any], int, random.Random], None]:
    blend = _Blend()

    def vary(row: dict[str, Any], block: int, dice: random.Random) -> None:
        row["family_name"] = blend.of(row["family_name"], dice)
        row["account_id"] = f"A{row['id']:07d}"
        if row["user_name"]:
            row["user_name"] += f"x{block}"
        if row["email"]:
            row["email"] = row["email_normal"] = row["email_normal"].replace("@", f"x{block}@")
        if row["phone_normal"]:
            row["phone_normal"] = row["phone_normal"][:-6] + f"{dice.randrange(1_000_000):06d}"
            row["phone"] = f"+{row['phone_normal']}"
        row["words"] = words_of(row["given_name"], row["family_name"])
        row["sort_name"] = sort_name(f"{row['family_name'] or ''} {row['given_name'] or ''}")
        row["relation_keys"] = relation_keys(
            secret,
            email=row["email"],
            family_name=row["family_name"],
            street=row["street"],
            postal_code=row["postal_code"],
        )

    return vary


def _houses(secret: bytes) -> Callable[[dict[str, Any], int, random.Random], None]:
    del secret
    blend = _Blend()

    def vary(row: dict[str, Any], block: int, dice: random.Random) -> None:
        del block
        first, _, rest = row["name"].partition(" ")
        row["name"] = f"{blend.of(first, dice)} {rest}".strip()
        row["vat_number"] = f"XX{row['id']:010d}"
        row["words"], row["sort_name"] = words_of(row["name"]), sort_name(row["name"])

    return vary


class _Blend:
    """Names made of the beginning of one and the end of another, in the same script, for some that are asked for."""

    def __init__(self) -> None:
        self._ends: dict[bool, list[str]] = {True: [], False: []}

    def of(self, name: str | None, dice: random.Random) -> str | None:
        """Return a name, most often as it is."""
        if name is None or len(name) < 4 or not name[0].isalpha() or ord(name[0]) > 0x24F:
            return name
        ends = self._ends[name.isascii()]
        if len(ends) < 3_000:
            ends.append(name[len(name) // 2 :])
        if dice.random() >= _BLENDED:
            return name
        return name[: dice.randint(2, 4)] + ends[int(dice.random() * len(ends))]


def _functions(connection: Any, secret: bytes) -> None:  # noqa: ANN401 - as above
    def serial_of(serial: str, number: int) -> str:
        return "".join(_SERIAL[number >> place & 31] for place in (20, 15, 10, 5, 0)) + serial[5:]

    def mac_of(mac: str | None, number: int) -> str | None:
        if mac is None:
            return None
        low = f"{number & 0xFFFFFFF:07x}"
        return f"{low[0]}{mac[1]}:{low[1:3]}:{low[3:5]}:{low[5:]}:{mac[12:]}"

    def ip_of(ip: str | None, number: int) -> str | None:
        if ip is None:
            return None
        if ":" in ip:
            return f"2001:db8:{0x1000 + (number >> 12 & 0xFFF):x}:{0x1000 + (number & 0xFFF):x}::1"
        return f"10.{number >> 20 & 255}.{number >> 12 & 255}.{1 + (number >> 4) % 254}"

    connection.create_function("serial_of", 2, serial_of)
    connection.create_function("key_of", 1, lambda serial: serial_key(secret, serial))
    connection.create_function("mac_of", 2, mac_of)
    connection.create_function("ip_of", 2, ip_of)


def _repeat_table(
    connection: Any,  # noqa: ANN401 - as above
    name: str,
    size: dict[str, int],
    blocks: int,
    values: dict[str, str],
) -> None:
    columns = [each[0] for each in connection.execute(f"SELECT * FROM {name} LIMIT 0").description]
    connection.execute(f"CREATE TEMP TABLE base AS SELECT * FROM {name} ORDER BY id")

    def value(column: str) -> str:
        if column == "id":
            return f"id + n * {size[name]}"
        if column in _REFERRING:
            return f"{column} + n * {size[_REFERRING[column]]}"
        return values.get(column, column).format(up=f"n * {size[name]}")

    picked = ", ".join(value(column) for column in columns)
    connection.execute(
        f"WITH block (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM block WHERE n < {blocks - 1})"
        f" INSERT INTO {name} ({', '.join(columns)}) SELECT {picked} FROM block CROSS JOIN base"
    )
    connection.execute("DROP TABLE temp.base")
