"""A number that somebody had is given to nobody else: papers, letters and the rows of an import may still name it.

Seen to fail: on the encrypted file, with the number after the newest row's.
"""

from __future__ import annotations

from pathlib import Path

from staffdesk.data.database import Database
from staffdesk.data.tables.people import Person
from tests import databases, factories


def test_the_number_of_a_customer_who_went_is_given_to_nobody_else(database: Database) -> None:
    with factories.writing(database) as pen:
        numbers = pen.add([factories.person(), factories.person(), factories.person()])
    assert len({*numbers}) == len(numbers)
    with factories.writing(database) as pen:
        assert pen.remove(Person, "id", numbers[-1]) == 1
    with factories.writing(database) as pen:
        (after,) = pen.add([factories.person()])
    assert after > max(numbers)


def test_on_the_file_whoever_came_with_a_number_is_counted_with_the_next_one(tmp_path: Path) -> None:
    database = databases.fresh_sqlite(tmp_path).open()
    with factories.writing(database) as pen:
        (number,) = pen.add([factories.person()])
        pen.add([factories.person(id=number + 70)])
        assert pen.add([factories.person()]) == (number + 71,)
    database.close()
