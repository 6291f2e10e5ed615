"""However many rows are written in one go, each stands under its number, is found by its words, and is counted.

Seen to fail: with a statement of many rows after which one is left out, and with a cache that is never made smaller.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.database import Database
from staffdesk.data.prepared import Prepared
from staffdesk.data.sqlite import LESS_CACHE_KIB, MAX_CACHE_KIB, _fit_cache, connect
from staffdesk.data.tables.people import Person
from staffdesk.domain.errors import Conflict
from staffdesk.domain.words import words_of
from tests import databases, factories

_PERSON = register.table(Person)
_NAMED = Prepared(
    sa.select(_PERSON.c.id, _PERSON.c.given_name, _PERSON.c.family_name, _PERSON.c.words).order_by(_PERSON.c.id)
)
_ENOUGH = (1, 7, 8, 63, 64, 65, 209)
"""Below, at and past each number of rows that one statement takes."""


def test_each_row_stands_under_its_number_with_its_own_words(database: Database) -> None:
    told: list[tuple[int, str]] = []
    for many in _ENOUGH:
        names = [f"Dalberva {many} {each}" for each in range(many)]
        with factories.writing(database) as pen:
            told += zip(pen.add([factories.person(family_name=name) for name in names]), names, strict=True)
    with factories.writing(database) as pen:
        held = pen._tx.rows(_NAMED)
    assert [(row.id, row.family_name) for row in held] == told
    assert all(row.words == words_of(row.given_name, row.family_name) for row in held)


def test_of_rows_of_which_one_is_refused_none_is_written(database: Database) -> None:
    people = [factories.person() for _ in range(100)]
    people[70] = factories.person(aid=people[3].aid)
    with pytest.raises(Conflict), factories.writing(database) as pen:
        pen.add(people)
    with factories.writing(database) as pen:
        assert pen._tx.rows(_NAMED) == []


def test_who_imports_keeps_less_of_a_large_file_at_hand(tmp_path: Path) -> None:
    place = databases.fresh_sqlite(tmp_path)
    assert place.path is not None
    connection = connect(place.path, place.key)
    for most in (MAX_CACHE_KIB, LESS_CACHE_KIB):
        _fit_cache(connection, 1 << 31, most)
        (kept,) = connection.execute("PRAGMA cache_size").fetchone()
        assert -int(kept) == connection.cache_kib == most
    connection.close()
