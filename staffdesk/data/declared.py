"""Whom employees declared to be close to; read while the door is closed, by keys alone."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.references import LARGEST, Subject
from staffdesk.data.tables.declared import DeclaredRelation
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.staff import Staff
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import Change, Transaction, padded
from staffdesk.domain.access import Relation
from staffdesk.domain.declared import Declaration, Whom
from staffdesk.domain.holds import Ground

_DECLARED: Final = register.table(DeclaredRelation)
_HOLD: Final = register.table(Hold)
_PERSON: Final = register.table(Person)
_STAFF: Final = register.table(Staff)
_NOBODY: Final = 0
"""A number that no person and no company has."""

_COUNTS: Final = sa.or_(
    _DECLARED.c.withdrawn_at.is_(None), _DECLARED.c.withdrawn_at > sa.bindparam("since", type_=BigInt)
)
_HIS: Final = sa.and_(
    _COUNTS,
    _DECLARED.c.staff_id == sa.bindparam("staff"),
    sa.or_(
        _DECLARED.c.person_id == sa.bindparam("person"), _DECLARED.c.organisation_id == sa.bindparam("organisation")
    ),
)
_RESTRICTED: Final = sa.select(_HOLD.c.id).where(
    _HOLD.c.record_table == sa.literal_column(f"'{Person.__tablename__}'"),
    _HOLD.c.ended_at.is_(None),
    _HOLD.c.ground == sa.literal_column(f"'{Ground.RESTRICTION.value}'"),
)
_STANDS: Final = Prepared(
    sa.select(
        sa.exists(sa.select(_DECLARED.c.id).where(_HIS)).label("declared"),
        sa.exists(_RESTRICTED.where(_HOLD.c.record_id == sa.bindparam("person"))).label("restricted"),
    )
)
_PEOPLE: Final[sa.BindParameter[int]] = sa.bindparam("people", expanding=True)
_AMONG: Final = Prepared(
    sa.select(
        sa.exists(
            sa.select(_DECLARED.c.id).where(
                _COUNTS,
                _DECLARED.c.staff_id == sa.bindparam("staff"),
                sa.or_(
                    _DECLARED.c.person_id.in_(_PEOPLE),
                    _DECLARED.c.organisation_id.in_(
                        sa.select(_PERSON.c.organisation_id).where(_PERSON.c.id.in_(_PEOPLE))
                    ),
                ),
            )
        ).label("declared"),
        sa.exists(_RESTRICTED.where(_HOLD.c.record_id.in_(_PEOPLE))).label("restricted"),
    )
)
_ROWS: Final = (
    sa.select(
        _DECLARED.c.id, _DECLARED.c.kind, _DECLARED.c.person_id, _DECLARED.c.organisation_id, _DECLARED.c.declared_at,
        _DECLARED.c.withdrawn_at, _STAFF.c.user_name,
    )
    .join(_STAFF, _STAFF.c.id == _DECLARED.c.staff_id)
    .where(_COUNTS, sa.or_(_DECLARED.c.person_id.is_not(None), _DECLARED.c.organisation_id.is_not(None)))
    .order_by(_DECLARED.c.id)
)  # fmt: skip
_OF: Final = _ROWS.where(_DECLARED.c.staff_id == sa.bindparam("staff"))
_SAME: Final = sa.select(_DECLARED.c.id, _DECLARED.c.withdrawn_at).where(
    _HIS, _DECLARED.c.kind == sa.bindparam("which")
)
_ADD: Final = sa.insert(_DECLARED)
_ONE: Final = (_DECLARED.c.id == sa.bindparam("number"), _DECLARED.c.staff_id == sa.bindparam("whose"))
_TAKE_BACK: Final = (
    sa.update(_DECLARED).where(*_ONE, _DECLARED.c.withdrawn_at.is_(None)).values(withdrawn_at=sa.bindparam("now"))
)
_AGAIN: Final = sa.update(_DECLARED).where(*_ONE, _DECLARED.c.withdrawn_at.is_not(None)).values(withdrawn_at=None)
_OVER: Final = _DECLARED.c.withdrawn_at <= sa.bindparam("since", type_=BigInt)
_COUNT_OVER: Final = sa.select(sa.func.count()).select_from(_DECLARED).where(_OVER)
_FORGET: Final = sa.delete(_DECLARED).where(_OVER)


class Declarations:
    """The declarations that count: those that stand, and those taken back not before ``since``."""

    def __init__(self, tx: Transaction, since: int) -> None:
        """Read in ``tx``; ``since`` is UTC milliseconds."""
        self._tx = tx
        self._since = since

    def relations(self, staff_id: str, subject: Subject) -> frozenset[Relation]:
        """Say whether an employee declared this person or his company, and whether the person's data are restricted."""
        whom = {"staff": staff_id, "person": subject.person_id, "organisation": subject.organisation_id}
        values = {name: _NOBODY if number is None else number for name, number in whom.items()}
        return _stands(self._tx.row(_STANDS, {**values, "since": self._since}))

    def relations_among(self, staff_id: str, people: Collection[int]) -> frozenset[Relation]:
        """Say the same of several people, taken together."""
        if not people:
            return frozenset()
        return _stands(
            self._tx.row(_AMONG, {"staff": staff_id, "people": padded(sorted(people)), "since": self._since})
        )

    def of(self, staff_id: str) -> tuple[Declaration, ...]:
        """Return what an employee declared, as he did."""
        return tuple(map(_declaration, self._tx.rows(_OF, {"staff": staff_id, "since": self._since})))

    def all(self) -> tuple[Declaration, ...]:
        """Return everybody's."""
        return tuple(map(_declaration, self._tx.rows(_ROWS, {"since": self._since})))

    def over(self) -> int:
        """Return how many were taken back before and count no more."""
        row = self._tx.row(_COUNT_OVER, {"since": self._since})
        return 0 if row is None else int(row[0])


class DeclarationChanges:
    """Writing them; the table leads to a person, so the door is open."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def add(self, staff_id: str, kind: str, whom: tuple[Whom, int], now: int, since: int) -> int:
        """Add a declaration and return how many rows that made: none where he declared the same before.

        One taken back not before ``since`` stands again.
        """
        named = {"person": _NOBODY, "organisation": _NOBODY}
        column = "person" if whom[0] is Whom.PERSON else "organisation"
        named[column] = whom[1]
        same = self._tx.row(_SAME, {"staff": staff_id, "which": kind, "since": since, **named})
        if same is not None:
            return self._tx.write(_AGAIN, {"number": same.id, "whose": staff_id})
        row = DeclaredRelation.checked(
            {"staff_id": staff_id, f"{column}_id": whom[1], "kind": kind, "declared_at": now}
        ).values()
        del row["id"]
        return self._tx.write(_ADD, row)

    def take_back(self, staff_id: str, number: int, now: int) -> int:
        """Take one's own declaration back; returns how many rows that was."""
        values = {"whose": staff_id, "number": number, "now": now}
        return self._tx.write(_TAKE_BACK, values) if 0 < number <= LARGEST else 0

    def forget(self, since: int) -> int:
        """Delete what was taken back before and counts no more; returns how many rows that was."""
        return self._tx.write(_FORGET, {"since": since})


def _stands(row: sa.Row[tuple[bool, bool]] | None) -> frozenset[Relation]:
    if row is None:
        return frozenset()
    found = ((Relation.DECLARED, row.declared), (Relation.RESTRICTED, row.restricted))
    return frozenset(relation for relation, stands in found if stands)


def _declaration(row: sa.Row[tuple[int, str, int | None, int | None, int, int | None, str]]) -> Declaration:
    person = row.person_id is not None
    return Declaration(
        id=row.id,
        who=row.user_name,
        kind=row.kind,
        whom=Whom.PERSON if person else Whom.COMPANY,
        number=row.person_id if person else row.organisation_id,
        declared_at=row.declared_at,
        withdrawn_at=row.withdrawn_at,
    )
