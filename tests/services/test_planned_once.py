"""A look-up is planned once on the encrypted file, and for few rows it reads few pages: each must be deciphered.

SQLite asks the authorizer while it plans a statement and never while it runs one. Seen to fail with LIMITs bound as
parameters, for which SQLite plans anew at each run; without the index of open cases.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.dialects.sqlite import pysqlite
from sqlcipher3 import dbapi2

from staffdesk.data import case_lists
from staffdesk.domain.access import RecordKind, Role
from tests import databases, factories
from tests.services.front import Front, a_case
from tests.services.offices import Office

TEXTS = ("anders@nordlys.example", "bo@nordlys.example", "+45 55 55 01 42", "+45 55 55 01 43", "anders", "nordlys")
WARM = 3


@pytest.mark.parametrize("what", ["search", "open"])
def test_what_was_looked_up_before_is_not_planned_again(what: str, tmp_path: Path) -> None:
    place = databases.fresh_sqlite(tmp_path)
    database = place.open()
    office = Office(database)
    front = Front(office)
    anders = factories.customer(database)
    number = a_case(database, office.hire("bo", Role.SUPPORT), person_id=anders.person)
    access = front.staff("pia", Role.PRIVACY, number)
    planned: list[object] = []

    def authorize(*asked: object) -> int:
        planned.append(asked)
        return int(dbapi2.SQLITE_OK)

    def look() -> None:
        if what == "open":
            front.gateway.open(access, RecordKind.PERSON, anders.person)
        else:
            for text in TEXTS:
                front.gateway.search(access, text)

    look()
    with database._connected() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_authorizer(authorize)
    for _ in range(WARM):
        look()
    assert planned, "nothing was asked: the connection is another one"
    planned.clear()
    look()
    assert planned == []
    database.close()


def test_open_cases_are_found_among_all_that_somebody_ever_had(tmp_path: Path) -> None:
    place = databases.fresh_sqlite(tmp_path)
    words = case_lists._MINE.compile(dialect=pysqlite.dialect())
    with place.owner() as owner:
        plan = owner.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", ("sid", 200, 0)).all()
    told = " ".join(str(row[-1]) for row in plan)
    assert "case_open (opened_by=?)" in told
    assert "B-TREE FOR ORDER BY" not in told, "they are read in their order, the first of them alone"
