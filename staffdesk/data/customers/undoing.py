"""Taking away again what an import brought, as far as nothing has come of it since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.came_by_merge import forget_came_by
from staffdesk.data.customers.changed_orders import PARTS
from staffdesk.data.customers.fields import Fields
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.sales import Order, ProductSubscription
from staffdesk.data.tables.sharing import Disclosure, ImportChange, ImportRun, OrderBefore, Subscription
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.data.transaction import Change

TABLES: Final[Sequence[type[Record]]] = (
    FieldStatus, ContactReport, Subscription, Activation, Licence, ProductSubscription, Order, Case, Person,
    Organisation,
)  # fmt: skip
"""What imports bring, in the order in which it goes: nothing that is still belonged to."""

_PARTS: Final[Sequence[type[Record]]] = (*PARTS, Disclosure, OrderBefore)
"""What is a part of an order, and goes with it."""

_CHANGE: Final = register.table(ImportChange)
_HOLD: Final = register.table(Hold)
_STATUS: Final = register.table(FieldStatus)
_PERSON: Final = register.table(Person)
_CASE: Final = register.table(Case)
_ORDER: Final = register.table(Order)
_RUN: Final = register.table(ImportRun)
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)


@dataclass(frozen=True, slots=True)
class Stays:
    """A row that stays, by its table and number, and why; ``field`` is the one of it that is meant alone."""

    table: str
    number: int
    reason: str
    field: str = ""


CHANGED: Final = "changed by another import since"
CHANGES: Final = "was there before and was changed by this import; what it said before is not held"
EDITED: Final = "was set right, confirmed or contested since"
BELONGED_TO: Final = "something that this import did not bring belongs to it"
HELD: Final = "a law or a request holds it"


class Undoing:
    """Undoes one import, some rows at a time."""

    def __init__(self, tx: Change, import_id: int) -> None:
        """Work in ``tx`` on what an import brought."""
        self._tx = tx
        self._import_id = import_id

    def rows(self, record: type[Record], after: int, most: int) -> list[int]:
        """Return the numbers of the next rows that came by this import, above ``after``."""
        table = register.table(record)
        statement = (
            sa.select(table.c.id)
            .where(table.c.import_id == self._import_id, table.c.id > after)
            .order_by(table.c.id)
            .limit(most)
        )
        return [int(row[0]) for row in self._tx.rows(statement)]

    def changed_before(self) -> list[Stays]:
        """Return what this import found and changed, which stays as it is now."""
        overtaken = sa.and_(_CHANGE.c.record_table == _ORDER.name, _ORDER.c.import_id != self._import_id)
        statement = (
            sa.select(_CHANGE.c.record_table, _CHANGE.c.record_id, _ORDER.c.id)
            .outerjoin(_ORDER, sa.and_(overtaken, _ORDER.c.id == _CHANGE.c.record_id))
            .where(_CHANGE.c.import_id == self._import_id, _CHANGE.c.record_id > 0)
        )
        found = {
            Stays(str(row[0]), int(row[1]), CHANGES if row[2] is None else CHANGED) for row in self._tx.rows(statement)
        }
        return sorted(found, key=_place)

    def staying(self, record: type[Record], ids: Collection[int]) -> dict[int, Stays]:
        """Return which of these rows stay, with the first reason there is."""
        table, found = register.table(record), dict[int, Stays]()
        for reason, statement in (
            (CHANGED, self._named_in(_CHANGE, table).where(_CHANGE.c.import_id != self._import_id)),
            (CHANGES, self._named_in(_CHANGE, table).where(_CHANGE.c.import_id == self._import_id)),
            *((HELD, statement) for statement in self._holds(table)),
            *((EDITED, statement) for statement in _edits(record)),
            *((BELONGED_TO, statement) for statement in _belongings(table)),
        ):
            for row in self._tx.rows(statement, {"ids": list(ids)}):
                number = int(row[0])
                found.setdefault(number, Stays(table.name, number, reason))
        return self._by_owner(found) if record is FieldStatus and found else found

    def held(self, record: type[Record], ids: Collection[int]) -> dict[int, Stays]:
        """Return which of these rows a law or a request holds."""
        table = register.table(record)
        rows = [row for statement in self._holds(table) for row in self._tx.rows(statement, {"ids": list(ids)})]
        return {int(row[0]): Stays(table.name, int(row[0]), HELD) for row in rows}

    def remove(self, record: type[Record], ids: Collection[int]) -> int:
        """Take rows away, an order with its parts, a filled field from the person; return how many rows."""
        if not ids:
            return 0
        if record is FieldStatus:
            self._empty(ids)
        if record is Order:
            for part in _PARTS:
                parts = register.table(part)
                self._tx.write(sa.delete(parts).where(parts.c.order_id.in_(_IDS)), {"ids": list(ids)})
        table = register.table(record)
        forget_came_by(self._tx, record, ids)
        return self._tx.write(sa.delete(table).where(table.c.id.in_(_IDS)), {"ids": list(ids)})

    def aids(self, record: type[Record], ids: Collection[int]) -> tuple[str, ...]:
        """Return the audit ids of rows that have one."""
        table = register.table(record)
        if "aid" not in table.c or not ids:
            return ()
        return tuple(
            str(row[0]) for row in self._tx.rows(sa.select(table.c.aid).where(table.c.id.in_(_IDS)), {"ids": list(ids)})
        )

    def _by_owner(self, found: Mapping[int, Stays]) -> dict[int, Stays]:
        """Name fields by whose they are: the number of what is kept of a field is on no screen."""
        owners = sa.select(_STATUS.c.id, _STATUS.c.person_id, _STATUS.c.organisation_id, _STATUS.c.field)
        named = dict[int, Stays]()
        for row in self._tx.rows(owners.where(_STATUS.c.id.in_(_IDS)), {"ids": list(found)}):
            table, number = ("organisation", row[2]) if row[1] is None else (_PERSON.name, row[1])
            named[int(row[0])] = Stays(table, int(number), found[int(row[0])].reason, str(row[3]))
        return named

    def _holds(self, table: sa.Table) -> list[sa.Select[Any]]:
        """Select which of some rows are held, or a part of them that would go along."""
        parts = [register.table(each) for each in _PARTS] if table.name == Order.__tablename__ else []
        in_force = _HOLD.c.ended_at.is_(None)
        return [
            self._named_in(_HOLD, table).where(in_force),
            *(
                sa.select(part.c.order_id)
                .join(_HOLD, sa.and_(_HOLD.c.record_table == part.name, _HOLD.c.record_id == part.c.id))
                .where(part.c.order_id.in_(_IDS), in_force)
                for part in parts
            ),
        ]

    def _named_in(self, naming: sa.Table, table: sa.Table) -> sa.Select[Any]:
        return sa.select(naming.c.record_id).where(naming.c.record_table == table.name, naming.c.record_id.in_(_IDS))

    def _empty(self, statuses: Collection[int]) -> None:
        """Empty the fields this import filled, of people who were there before it."""
        statement = (
            sa.select(_STATUS.c.person_id, _STATUS.c.field)
            .join(_PERSON, _PERSON.c.id == _STATUS.c.person_id)
            .where(_STATUS.c.id.in_(_IDS), _PERSON.c.import_id.is_distinct_from(self._import_id))
        )
        fields = Fields(self._tx)
        for row in self._tx.rows(statement, {"ids": list(statuses)}):
            person = fields.row("person", int(row.person_id))
            if person is not None and person[row.field] is not None:
                emptied = fields.checked("person", person, row.field, None)
                fields.change(emptied, row.field, person[row.field])


def _place(stays: Stays) -> tuple[str, int]:
    return stays.table, stays.number


def _edits(record: type[Record]) -> list[sa.Select[Any]]:
    """Select what was said of a row by hand since: the status of one of its fields."""
    hand = sa.or_(
        _STATUS.c.evidence.is_not(None), _STATUS.c.confirmed_on.is_not(None), _STATUS.c.contested_under.is_not(None)
    )
    if record is FieldStatus:
        return [sa.select(_STATUS.c.id).where(_STATUS.c.id.in_(_IDS), hand)]
    if record is Person:
        return [
            sa.select(_STATUS.c.person_id).where(_STATUS.c.person_id.in_(_IDS), hand),
            sa.select(_PERSON.c.id).where(_PERSON.c.id.in_(_IDS), _PERSON.c.confirmed_on.is_not(None)),
        ]
    if record is Case:
        return [
            sa.select(_CASE.c.id)
            .join(_RUN, _RUN.c.id == _CASE.c.import_id)
            .where(_CASE.c.id.in_(_IDS), _CASE.c.closed_at >= _RUN.c.started_at)
        ]
    if record is Organisation:
        return [sa.select(_STATUS.c.organisation_id).where(_STATUS.c.organisation_id.in_(_IDS), hand)]
    return []


def _belongings(table: sa.Table) -> list[sa.Select[Any]]:
    """Select what has a key to a row and does not go with it."""
    parts = {register.table(part).name for part in _PARTS} if table.name == Order.__tablename__ else set[str]()
    return [
        sa.select(key.parent).where(key.parent.in_(_IDS)).distinct()
        for other in register.metadata.sorted_tables
        if other.name not in parts
        for key in other.foreign_keys
        if key.column.table is table
    ]
