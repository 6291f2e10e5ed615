"""Which single fields are contested: until that is settled, privacy alone reads them (GDPR Art. 18(1)(a))."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.people import Person
from staffdesk.data.transaction import Append, Transaction

_STATUS: Final = register.table(FieldStatus)
_PERSON: Final = register.table(Person)
_IS_CONTESTED: Final = _STATUS.c.contested_under.is_not(None)
_PEOPLE: Final[sa.BindParameter[Any]] = sa.bindparam("people", expanding=True)
_OF_PEOPLE: Final = sa.union_all(
    sa.select(_STATUS.c.person_id.label("person"), sa.literal("person").label("owner"), _STATUS.c.field).where(
        _STATUS.c.person_id.in_(_PEOPLE), _IS_CONTESTED
    ),
    sa.select(_PERSON.c.id.label("person"), sa.literal("organisation").label("owner"), _STATUS.c.field)
    .join(_STATUS, _STATUS.c.organisation_id == _PERSON.c.organisation_id)
    .where(_PERSON.c.id.in_(_PEOPLE), _IS_CONTESTED),
)
_OF_REQUEST: Final = (
    sa.select(_STATUS.c.person_id, _STATUS.c.organisation_id, _STATUS.c.field, _STATUS.c.found_right_on)
    .where(_STATUS.c.contested_under == sa.bindparam("request"))
    .order_by(_STATUS.c.id)
)
_SETTLE: Final = (
    sa.update(_STATUS)
    .where(_STATUS.c.contested_under == sa.bindparam("request"))
    .values(contested_under=None, found_right_on=None)
)
_SETTLE_CORRECTED: Final = _SETTLE.where(_STATUS.c.found_right_on.is_(None))


class ContestedFields:
    """The fields that are contested."""

    def __init__(self, tx: Transaction) -> None:
        """Ask in ``tx``."""
        self._tx = tx

    def of_people(self, people: Collection[int]) -> Mapping[int, frozenset[tuple[str, str]]]:
        """Return of these people which fields are contested, of their own and of their organisation's."""
        found: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for row in self._tx.rows(_OF_PEOPLE, {"people": sorted(people)}) if people else ():
            found[int(row.person)].add((str(row.owner), str(row.field)))
        return {person: frozenset(fields) for person, fields in found.items()}

    def under(self, table: str, number: int, column: str) -> str | None:
        """Return the number of the request under which a field is contested, or nothing."""
        owner = _STATUS.c[f"{table}_id"]
        row = self._tx.row(
            sa.select(_STATUS.c.contested_under).where(owner == number, _STATUS.c.field == column, _IS_CONTESTED)
        )
        return None if row is None else str(row[0])

    def of_request(self, request: str) -> Mapping[tuple[str, int, str], bool]:
        """Return what is contested under a request (table, number, column), and which of it was found right."""
        return {
            ("person", int(row.person_id), str(row.field))
            if row.person_id is not None
            else ("organisation", int(row.organisation_id), str(row.field)): row.found_right_on is not None
            for row in self._tx.rows(_OF_REQUEST, {"request": request})
        }


class SettlingFields:
    """Ends that fields are contested."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def settle(self, request: str) -> int:
        """Let everybody read again what was contested under a request; return how many fields that were."""
        return self._tx.write(_SETTLE, {"request": request})

    def settle_corrected(self, request: str) -> int:
        """Let everybody read again what was contested and is corrected; what was found right waits for the answer."""
        return self._tx.write(_SETTLE_CORRECTED, {"request": request})
