"""Finding organisations as such, by the beginning of their names or by words in it: also those nobody belongs to."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.people_by_words import MOST_EXAMINED
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.people import Organisation
from staffdesk.data.transaction import AnyRow, Read
from staffdesk.domain.access import RecordKind
from staffdesk.domain.records import Match
from staffdesk.domain.search_text import Asked
from staffdesk.domain.words import Inside, entries_query, fts5_query

_ORGANISATION: Final = register.table(Organisation)
_STATUS: Final = register.table(FieldStatus)
_AFTER_ALL: Final = "\U0010ffff"
_COUNTRY: Final = sa.bindparam("country", type_=sa.String())
_SINCE: Final = sa.bindparam("since", type_=sa.Date())
_CONTESTED: Final = sa.exists(
    sa.select(_STATUS.c.id).where(
        _STATUS.c.organisation_id == _ORGANISATION.c.id,
        _STATUS.c.field == "name",
        _STATUS.c.contested_under.is_not(None),
    )
)


def _listed(*found: sa.ColumnElement[bool]) -> Prepared:
    return Prepared(
        sa.select(_ORGANISATION.c.id, _ORGANISATION.c.aid, _ORGANISATION.c.name, _ORGANISATION.c.country)
        .where(
            *found,
            sa.or_(_COUNTRY.is_(None), _ORGANISATION.c.country == _COUNTRY),
            sa.or_(_SINCE.is_(None), _ORGANISATION.c.obtained_on >= _SINCE),
            sa.or_(sa.bindparam("contested", type_=sa.Boolean()), ~_CONTESTED),
        )
        .order_by(_ORGANISATION.c.sort_name, _ORGANISATION.c.id)
        .limit(sa.bindparam("most", type_=sa.Integer()))
    )


_NAMED: Final = _listed(
    _ORGANISATION.c.sort_name >= sa.bindparam("first"), _ORGANISATION.c.sort_name < sa.bindparam("after")
)


@cache
def _worded(*, is_postgres: bool) -> Prepared:
    found = (
        "SELECT id FROM desk.find_organisations(:asked, :looked)"
        if is_postgres
        else "SELECT rowid AS id FROM organisation_words"
        " WHERE organisation_words MATCH :asked ORDER BY rowid LIMIT :looked"
    )
    typed: list[sa.BindParameter[Any]] = [sa.bindparam("asked", type_=sa.String())]
    numbers = sa.text(found).bindparams(*typed, sa.bindparam("looked", type_=sa.Integer())).columns(id=sa.BigInteger)
    return _listed(_ORGANISATION.c.id.in_(numbers.subquery().select()))


class Companies:
    """Organisations as matches, by folded name; whoever does not settle what is contested finds none by such a name."""

    def __init__(self, tx: Read, asked: Asked, most: int, *, contested: bool) -> None:
        """Search in ``tx`` for at most ``most``, narrowed as ``asked``."""
        self._tx = tx
        self._narrowed = {"most": most, "contested": contested, "country": asked.country, "since": asked.since}
        self._looked = MOST_EXAMINED if asked.country or asked.since else most

    def named(self, sort_name: str) -> tuple[Match, ...]:
        """Return those whose folded name begins so."""
        bounds = {"first": sort_name, "after": sort_name + _AFTER_ALL}
        return _matches(self._tx.rows(_NAMED, {**bounds, **self._narrowed}))

    def worded(self, terms: Sequence[str], inside: Inside, looked_at: int) -> tuple[Match, ...]:
        """Return those of whose name each folded term begins a word, or is in one that ``inside`` gives for it.

        The first ``looked_at`` by number are looked at; with filters the first ``MOST_EXAMINED``.
        """
        query = entries_query if self._tx.is_postgres else fts5_query
        asked = {"asked": query(terms, inside), "looked": max(self._looked, looked_at)}
        return _matches(self._tx.rows(_worded(is_postgres=self._tx.is_postgres), {**asked, **self._narrowed}))


def _matches(rows: Sequence[AnyRow]) -> tuple[Match, ...]:
    return tuple(
        Match(
            kind=RecordKind.ORGANISATION,
            id=row.id,
            aid=row.aid,
            customer=None,
            given_name=None,
            family_name=None,
            email=None,
            company=row.name,
            country=row.country,
            company_country=row.country,
        )
        for row in rows
    )
