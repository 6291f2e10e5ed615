"""The people of each country that searches by words are held against: those who are there, whatever is written.

Seen to fail: without the trigger of a changed row, with one that leaves the country before, without the one of a row
that goes, without the people of who was there before an upgrade, and with bits of 61 people where 60 are counted.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from staffdesk.data import maintenance, migrate, register, schema
from staffdesk.data.tables.people import Person
from tests import databases, factories
from tests.databases import KEY

MANY = 125


def kept(owner: sa.Connection) -> list[tuple[str, int]]:
    found = owner.exec_driver_sql("SELECT country, sixty, people FROM person_words_by_country")
    return sorted((row[0], row[1] * 60 + at) for row in found for at in range(63) if row[2] >> at & 1)


def of_the_rows(owner: sa.Connection) -> list[tuple[str, int]]:
    found = owner.exec_driver_sql("SELECT country, id FROM person WHERE country IS NOT NULL")
    return sorted((row[0], row[1]) for row in found)


def test_after_any_writing_they_are_the_people_of_the_country(tmp_path: Path) -> None:
    place = databases.fresh_sqlite(tmp_path)
    database = place.open()

    def somebody(country: str | None, **values: object) -> Person:
        return factories.person(country=country, **values)

    numbers = factories.put(database, *(somebody(("BE", "NL", None)[n % 3]) for n in range(MANY)))
    with place.owner() as owner:
        assert len(kept(owner)) > MANY / 2
        assert kept(owner) == of_the_rows(owner)
        for at, number in enumerate(numbers):
            with factories.writing(database) as pen:
                assert pen.replace(somebody((None, "NL", "BE", "LU")[at % 4], id=number)) == 1
        assert kept(owner) == of_the_rows(owner)
        for number in numbers[1:]:
            with factories.writing(database) as pen:
                assert pen.remove(Person, "id", number) == 1
        assert kept(owner) == of_the_rows(owner)
        with factories.writing(database) as pen:
            assert pen.replace(somebody(None, id=numbers[0])) == 1
        assert owner.exec_driver_sql("SELECT * FROM person_words_by_country").all() == []
    database.close()


def test_a_desk_that_is_upgraded_has_those_who_were_there(tmp_path: Path) -> None:
    people = [
        {**factories.person(country=country).values(), "id": number, "words": "anna", "sort_name": "anna"}
        for number, country in ((1, "BE"), (59, "BE"), (60, "BE"), (61, None), (62, "NL"))
    ]
    with maintenance.sqlite_owner(tmp_path / "desk.db", KEY, create=True) as owner:
        owner.exec_driver_sql("BEGIN")
        migrate.upgrade(owner, "0048")
        owner.execute(sa.insert(register.table(Person)), people)
        migrate.upgrade(owner)
        owner.exec_driver_sql("COMMIT")
        schema.check_tables(owner)
        assert kept(owner) == [("BE", 1), ("BE", 59), ("BE", 60), ("NL", 62)]
        found = owner.exec_driver_sql("SELECT rowid FROM person_words WHERE person_words MATCH 'anna' ORDER BY rowid")
        assert [row[0] for row in found] == [1, 59, 60, 61, 62]
