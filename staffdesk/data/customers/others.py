"""Who else is known to the desk and may be named in what was written about a person: other people, and employees."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.vocabulary import Vocabulary
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.staff import Staff
from staffdesk.data.transaction import Read

MOST_COLLEAGUES: Final = 1_000
"""Of how many people of one organisation a first or a last name alone is looked for."""

_PERSON: Final = register.table(Person)
_OTHER: Final = _PERSON.alias("other")
_LICENCE: Final = register.table(Licence)
_ACTIVATION: Final = register.table(Activation)
_STAFF: Final = register.table(Staff)
_ID: Final[sa.BindParameter[Any]] = sa.bindparam("id")

_COLLEAGUES: Final = Prepared(
    sa.select(_OTHER.c.given_name, _OTHER.c.family_name)
    .join(_PERSON, _PERSON.c.organisation_id == _OTHER.c.organisation_id)
    .where(_PERSON.c.id == _ID, _OTHER.c.id != _ID)
    .order_by(_OTHER.c.id)
    .limit(MOST_COLLEAGUES)
)
_EMPLOYEES: Final = Prepared(sa.select(_STAFF.c.full_name, _STAFF.c.user_name, _STAFF.c.email))
_BARE_SERIAL: Final[sa.ColumnElement[str]] = reduce(
    lambda written, sign: sa.func.replace(written, sa.literal_column(f"'{sign}'"), sa.literal_column("''")),
    "-/._",
    sa.type_coerce(_LICENCE.c.serial_normal, sa.String()).self_group(),
)
_SOMEBODY_ELSES: Final = sa.or_(_LICENCE.c.person_id.is_(None), _LICENCE.c.person_id != _ID)


@dataclass(frozen=True, slots=True, repr=False)
class Employee:
    """What an employee is called."""

    full_name: str
    user_name: str
    email: str | None


class Others:
    """Asks who else there is; what it returns is for finding them in a text, never for showing."""

    def __init__(self, tx: Read) -> None:
        """Ask in ``tx``."""
        self._tx = tx

    def words_of_names(self, words: Collection[str]) -> frozenset[str]:
        """Return those of these folded words that are in somebody's name."""
        return frozenset(Vocabulary(self._tx, names=True, companies=False).among(words))

    def named(self, words: Collection[str], but: int) -> frozenset[str]:
        """Return those of these names that another person has; a name is as :func:`staffdesk.domain.words.words_of`."""
        return self._among(_named(self._tx.is_postgres), words, but)

    def serials(self, serials: Collection[str], but: int) -> frozenset[str]:
        """Return those of these serials that are of another person's licence, or of nobody's; letters and digits alone.

        It reads the licences one by one: what somebody writes has not the form that is indexed.
        """
        return self._among(_serials(self._tx.is_postgres), serials, but)

    def addresses(self, addresses: Collection[str], but: int) -> frozenset[str]:
        """Return those of these IP addresses from which another person activated a licence."""
        return self._among(_addresses(self._tx.is_postgres), addresses, but)

    def colleagues(self, person_id: int) -> tuple[tuple[str, ...], ...]:
        """Return the given and the family name of the other people of his organisation, as far as they are held."""
        rows = self._tx.rows(_COLLEAGUES, {"id": person_id})
        return tuple(tuple(name for name in row if name) for row in rows)

    def employees(self) -> tuple[Employee, ...]:
        """Return everybody who has or had an account."""
        return tuple(Employee(row.full_name, row.user_name, row.email) for row in self._tx.rows(_EMPLOYEES))

    def _among(self, statement: Prepared, values: Collection[str], but: int) -> frozenset[str]:
        if not values:
            return frozenset()
        asked = sorted(values)
        given: object = asked if self._tx.is_postgres else json.dumps(asked)
        return frozenset(str(row[0]) for row in self._tx.rows(statement, {"values": given, "id": but}))


@cache
def _named(is_postgres: bool) -> Prepared:
    asked = _asked(is_postgres)
    return Prepared(sa.select(_PERSON.c.words).distinct().where(_PERSON.c.words == asked.c.value, _PERSON.c.id != _ID))


@cache
def _serials(is_postgres: bool) -> Prepared:
    asked = _asked(is_postgres)
    return Prepared(
        sa.select(_BARE_SERIAL).distinct().where(_BARE_SERIAL.in_(sa.select(asked.c.value)), _SOMEBODY_ELSES)
    )


@cache
def _addresses(is_postgres: bool) -> Prepared:
    asked = _asked(is_postgres)
    return Prepared(
        sa.select(_ACTIVATION.c.ip)
        .distinct()
        .join(_LICENCE, _LICENCE.c.id == _ACTIVATION.c.licence_id)
        .where(_ACTIVATION.c.ip == asked.c.value, _SOMEBODY_ELSES)
    )


def _asked(is_postgres: bool) -> sa.Subquery:
    """Hand the values over as one: a thousand of them would be as many to bind."""
    if is_postgres:
        array = sa.bindparam("values", type_=sa.ARRAY(sa.String()))
        return sa.select(sa.func.unnest(array).label("value")).subquery("asked")
    text = sa.bindparam("values", type_=sa.String())
    return sa.select(sa.func.json_each(text).table_valued("value").c.value).subquery("asked")
