"""One door: customers' rows leave ``data/customers`` by the gateway and the named services, and SQL stays in ``data``.

Seen to fail: with an import of ``sqlalchemy`` in a screen, with a service nobody named reading customers, with the
closed door's authorizer taken off, and with a read that opens the door as wide as a change. On PostgreSQL the
database's own refusal (row security) comes with a later step.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.tables.log import Opening
from staffdesk.domain.access import Access, Act, Purpose, Role
from staffdesk.domain.errors import LogUnavailable, StaffdeskError, StorageUnavailable
from staffdesk.domain.matters import NewCase
from tests import databases, factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office

ROOT = Path(__file__).resolve().parents[2]
SPEAKS_SQL = {"sqlalchemy", "sqlmodel", "alembic", "sqlcipher3", "psycopg", "sqlite3"}
CUSTOMERS = "staffdesk.data.customers"


@cache
def imports() -> tuple[tuple[str, str], ...]:
    """Return (module, what it imports), everywhere in the program, inside functions too."""
    return tuple(_imports())


def _imports() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "staffdesk").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((module, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield module, node.module
                yield from ((module, f"{node.module}.{alias.name}") for alias in node.names)


def named_importers() -> tuple[str, ...]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = [each for each in contracts if each.get("protected_modules") == [CUSTOMERS]]
    return tuple(contract["allowed_importers"])


def test_customers_are_read_by_those_named_alone() -> None:
    allowed = (*named_importers(), "staffdesk.data")
    found = {module for module, name in imports() if name == CUSTOMERS or name.startswith(f"{CUSTOMERS}.")}
    assert "staffdesk.services.gateway" in found
    assert {module for module in found if not _under(module, allowed)} == set()


def test_no_screen_and_no_command_may_be_named() -> None:
    assert [name for name in named_importers() if not name.startswith("staffdesk.services.")] == []


def test_sql_is_spoken_in_data_alone() -> None:
    found = {(module, name) for module, name in imports() if name.split(".")[0] in SPEAKS_SQL}
    assert {(module, name) for module, name in found if not _under(module, ("staffdesk.data",))} == set()


def _under(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize(("table", "column"), sorted(register.customer_columns()))
def test_the_database_refuses_each_personal_column_while_no_access_is_open(
    table: str, column: str, closed: Database
) -> None:
    for question in (f"SELECT {column} FROM {table}", f"SELECT 1 FROM {table} WHERE {column} IS NULL"):
        with pytest.raises(LogUnavailable), closed.append() as tx:
            tx.rows(sa.text(question))
    if table != Opening.__tablename__:
        with pytest.raises(LogUnavailable), closed.append() as tx:
            tx.write(sa.text(f"UPDATE {table} SET {column} = {column}"))


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A desk that never opened its door; what happens after one was opened is in tests/data/test_closed_door.py."""
    place = databases.fresh_sqlite(tmp_path_factory.mktemp("closed"))
    another = place.open()
    factories.customer(another)
    another.close()
    opened = place.open()
    yield opened
    opened.close()


def test_without_a_committed_entry_no_row_comes_out(database: Database) -> None:
    factories.customer(database)
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_OPENED))
        with pytest.raises(StaffdeskError), database.read(ticket) as open_door:
            open_door.rows(sa.text("SELECT email FROM person"))


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE person SET country = 'NO'",
        "DELETE FROM contact_report",
        "UPDATE head SET seq = seq + 1",
        "CREATE TEMPORARY TABLE leak AS SELECT email FROM person",
    ],
)
def test_a_read_writes_nothing(write: str, database: Database, place: Place) -> None:
    factories.customer(database)
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_OPENED))
    before = _all_of(place)
    with pytest.raises(StorageUnavailable), database.read(ticket) as open_door:
        open_door.write(sa.text(write))
    assert _all_of(place) == before
    with database.read(ticket) as open_door:
        assert open_door.rows(sa.text("SELECT email FROM person"))


def _all_of(place: Place) -> list[object]:
    with place.owner() as owner:
        return [
            owner.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").all()
            for table in ("person", "contact_report", "head")
        ]


def test_lists_that_go_through_no_gateway_name_nobody(office: Office, database: Database, place: Place) -> None:
    del place
    front = Front(office)
    anders = factories.customer(database)
    ana = front.staff("ana", Role.SUPPORT)
    front.cases.open(ana, NewCase("support", "call", caller="Anders Bo", customer=anders.person))
    shown = repr(front.cases.mine(ana.session)) + repr(
        front.requests.open_requests(Access(ana.session, Purpose.SUPPORT))
    )
    assert "Anders" not in shown
    assert f"customer={anders.person}" in shown
