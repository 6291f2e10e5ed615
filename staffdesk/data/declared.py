"""Whom employees declared to be close to; read while the door is closed, by keys alone."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.references import LARGEST, Subject
from staffdesk.data.tables.declared import DeclaredRelation
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.staff import Staff
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.access import Relation
from staffdesk.domain.declared import Declaration, Whom
from staffdesk.domain.holds import Ground

_DECLARED: Final = register.table(DeclaredRelation)
_HOLD: Final = register.table(Hold)
_STAFF: Final = register.table(Staff)
_NOBODY: Final = 0
"""A number that no person and no company has."""

_HIS: Final = sa.and_(
    _DECLARED.c.staff_id == sa.bindparam("staff"),
    sa.or_(
        _DECLARED.c.person_id == sa.bindparam("person"), _DECLARED.c.organisation_id == sa.bindparam("organisation")
    ),
)
_STANDS: Final = Prepared(
    sa.select(
        sa.exists(sa.select(_DECLARED.c.id).where(_HIS)).label("declared"),
        sa.exists(
            sa.select(_HOLD.c.id).where(
                _HOLD.c.record_table == sa.literal_column(f"'{Person.__tablename__}'"),
                _HOLD.c.record_id == sa.bindparam("person"),
                _HOLD.c.ended_at.is_(None),
                _HOLD.c.ground == sa.literal_column(f"'{Ground.RESTRICTION.value}'"),
            )
        ).label("restricted"),
    )
)
_ROWS: Final = (
    sa.select(
        _DECLARED.c.id, _DECLARED.c.kind, _DECLARED.c.person_id, _DECLARED.c.organisation_id, _DECLARED.c.declared_at,
        _STAFF.c.user_name,
    )
    .join(_STAFF, _STAFF.c.id == _DECLARED.c.staff_id)
    .where(sa.or_(_DECLARED.c.person_id.is_not(None), _DECLARED.c.organisation_id.is_not(None)))
    .order_by(_DECLARED.c.id)
)  # fmt: skip
_OF: Final = _ROWS.where(_DECLARED.c.staff_id == sa.bindparam("staff"))
_SAME: Final = sa.select(_DECLARED.c.id).where(_HIS, _DECLARED.c.kind == sa.bindparam("which"))
_ADD: Final = sa.insert(_DECLARED)
_TAKE_BACK: Final = sa.delete(_DECLARED).where(
    _DECLARED.c.id == sa.bindparam("number"), _DECLARED.c.staff_id == sa.bindparam("staff")
)


class Declarations:
    """The declarations that stand."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def relations(self, staff_id: str, subject: Subject) -> frozenset[Relation]:
        """Say whether an employee declared this person or his company, and whether the person's data are restricted."""
        whom = {"staff": staff_id, "person": subject.person_id, "organisation": subject.organisation_id}
        row = self._tx.row(_STANDS, {name: _NOBODY if number is None else number for name, number in whom.items()})
        if row is None:
            return frozenset()
        found = ((Relation.DECLARED, row.declared), (Relation.RESTRICTED, row.restricted))
        return frozenset(relation for relation, stands in found if stands)

    def of(self, staff_id: str) -> tuple[Declaration, ...]:
        """Return what an employee declared, as he did."""
        return tuple(map(_declaration, self._tx.rows(_OF, {"staff": staff_id})))

    def all(self) -> tuple[Declaration, ...]:
        """Return everybody's."""
        return tuple(map(_declaration, self._tx.rows(_ROWS)))


class DeclarationChanges:
    """Writing them; the table leads to a person, so the door is open."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def add(self, staff_id: str, kind: str, whom: tuple[Whom, int], now: int) -> int:
        """Add a declaration and return how many rows that made: none where he declared the same before."""
        named = {"person": _NOBODY, "organisation": _NOBODY}
        column = "person" if whom[0] is Whom.PERSON else "organisation"
        named[column] = whom[1]
        if self._tx.row(_SAME, {"staff": staff_id, "which": kind, **named}) is not None:
            return 0
        row = DeclaredRelation.checked(
            {"staff_id": staff_id, f"{column}_id": whom[1], "kind": kind, "declared_at": now}
        ).values()
        del row["id"]
        return self._tx.write(_ADD, row)

    def take_back(self, staff_id: str, number: int) -> int:
        """Take one's own declaration back; returns how many rows that was."""
        return self._tx.write(_TAKE_BACK, {"staff": staff_id, "number": number}) if 0 < number <= LARGEST else 0


def _declaration(row: sa.Row[tuple[int, str, int | None, int | None, int, str]]) -> Declaration:
    person = row.person_id is not None
    return Declaration(
        id=row.id,
        who=row.user_name,
        kind=row.kind,
        whom=Whom.PERSON if person else Whom.COMPANY,
        number=row.person_id if person else row.organisation_id,
        declared_at=row.declared_at,
    )
