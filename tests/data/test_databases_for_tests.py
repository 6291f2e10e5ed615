"""A test is given a database as the template is, whoever had it before.

Seen to fail: with the columns left out of the catalogue that is compared, and with the sequences left where they were.
"""

from __future__ import annotations

import sqlalchemy as sa

from tests import databases, factories

ALTERATIONS = (
    "CREATE TABLE extra (id integer)",
    "ALTER TABLE person ADD COLUMN note text",
    "ALTER TABLE person ALTER COLUMN words DROP NOT NULL",
    "ALTER TABLE entry DISABLE TRIGGER entry_stays",
    "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
    "DROP TRIGGER entry_stays ON entry",
    "DROP INDEX entry_act",
    "CREATE OR REPLACE FUNCTION desk.entry_is_next() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "GRANT SELECT ON person TO public",
    "GRANT SELECT (email) ON person TO public",
    "GRANT USAGE ON SCHEMA desk TO public",
    "UPDATE alembic_version SET version_num = '0000'",
    "TRUNCATE person CASCADE",
    "ANALYZE head",
)


def test_rows_are_undone_and_what_else_was_altered_is_found() -> None:
    with databases.fresh_postgres() as place, place.owner() as owner:
        fresh, name = _held(owner), owner.exec_driver_sql("SELECT current_database()").scalar_one()
        database = place.open()
        factories.customer(database)
        database.close()
        assert _held(owner) != fresh
    with databases.fresh_postgres() as again, again.owner() as owner:
        assert owner.exec_driver_sql("SELECT current_database()").scalar_one() == name, "it was dropped"
        assert _held(owner) == fresh
        for alteration in ALTERATIONS:
            owner.exec_driver_sql("BEGIN")
            owner.exec_driver_sql(alteration)
            assert not databases.is_as_made(owner), alteration
            owner.exec_driver_sql("ROLLBACK")
        assert databases.is_as_made(owner)


def _held(owner: sa.Connection) -> dict[str, list[str]]:
    """Return every row of every table, and how far every sequence has come."""
    names = sa.inspect(owner).get_table_names()
    rows = {name: sorted(map(str, owner.exec_driver_sql(f"SELECT * FROM {name}"))) for name in names}
    return rows | {"": sorted(map(str, owner.exec_driver_sql("SELECT sequencename, last_value FROM pg_sequences")))}
