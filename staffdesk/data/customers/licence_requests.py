"""Licence requests of cases: their steps, the seats of their licence, who holds it."""

from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.reading import Values
from staffdesk.data.references import LARGEST
from staffdesk.data.tables.licence_requests import LicenceRequest, LicenceStep
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.staff import Staff
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.licence_requests import Checklist, Seat, Ticked, rules

_REQUEST: Final = register.table(LicenceRequest)
_STEP: Final = register.table(LicenceStep)
_LICENCE: Final = register.table(Licence)
_ACTIVATION: Final = register.table(Activation)
_STAFF: Final = register.table(Staff)
_ACTIVE: Final = "active"
_RELEASED: Final = "released"
_CASE_ID: Final[sa.BindParameter[Any]] = sa.bindparam("case_id")
_OF_LICENCE: Final = _ACTIVATION.c.licence_id == sa.bindparam("licence")

_OF_CASE: Final = (
    sa.select(_REQUEST.c.id, _REQUEST.c.kind, _REQUEST.c.licence_id, _LICENCE.c.product_name)
    .join(_LICENCE, _LICENCE.c.id == _REQUEST.c.licence_id)
    .where(_REQUEST.c.case_id == _CASE_ID)
)
_STEPS: Final = (
    sa.select(_STEP.c.step, _STEP.c.done_at, _STEP.c.note, _STAFF.c.user_name)
    .join(_STAFF, _STAFF.c.id == _STEP.c.done_by)
    .join(_REQUEST, _REQUEST.c.id == _STEP.c.request_id)
    .where(_REQUEST.c.case_id == _CASE_ID)
)
_SEATS: Final = (
    sa.select(_ACTIVATION.c.id, _ACTIVATION.c.activated_at, _ACTIVATION.c.status)
    .where(_OF_LICENCE)
    .order_by(_ACTIVATION.c.activated_at, _ACTIVATION.c.id)
)
_COMPUTERS: Final = sa.select(_ACTIVATION).where(_OF_LICENCE)
_HOLDER: Final = sa.select(_LICENCE.c.aid, _LICENCE.c.person_id, _LICENCE.c.organisation_id).where(
    _LICENCE.c.id == sa.bindparam("licence")
)
_UNTICK: Final = sa.delete(_STEP).where(
    _STEP.c.step == sa.bindparam("step_id"),
    _STEP.c.request_id.in_(sa.select(_REQUEST.c.id).where(_REQUEST.c.case_id == _CASE_ID)),
)
_FREE: Final = (
    sa.update(_ACTIVATION)
    .where(_OF_LICENCE, _ACTIVATION.c.id == sa.bindparam("seat"), _ACTIVATION.c.status == _ACTIVE)
    .values(status=_RELEASED)
)
_MOVE: Final = (
    sa.update(_LICENCE)
    .where(
        _LICENCE.c.id == sa.bindparam("licence"),
        _LICENCE.c.person_id.is_not_distinct_from(sa.bindparam("holder", type_=sa.BigInteger)),
        ~sa.exists(sa.select(_ACTIVATION.c.id).where(_OF_LICENCE, _ACTIVATION.c.status == _ACTIVE)),
    )
    .values(
        person_id=sa.bindparam("to", type_=sa.BigInteger),
        organisation_id=sa.bindparam("organisation", type_=sa.BigInteger),
    )
)
_EMPTY: Final = sa.update(_ACTIVATION).where(_OF_LICENCE).values(user_name=None, mac=None, ip=None)


class LicenceRequests:
    """The request of a case, and what it is about."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def of_case(self, case_id: int, number: str) -> Checklist | None:
        """Return the request of a case with its steps in their order, or None where there is none."""
        row = self._tx.row(_OF_CASE, {"case_id": case_id})
        if row is None:
            return None
        kind = rules().kind(row.kind)
        done = {each.step: each for each in self._tx.rows(_STEPS, {"case_id": case_id})}
        steps = (
            Ticked(step, done[step.id].done_at, done[step.id].user_name, done[step.id].note or "")
            if step.id in done
            else Ticked(step)
            for step in kind.steps
        )
        seats = self._tx.rows(_SEATS, {"licence": row.licence_id})
        return Checklist(
            number=number,
            kind=row.kind,
            title=kind.title,
            licence=int(row.licence_id),
            product=row.product_name,
            steps=tuple(steps),
            seats=tuple(Seat(int(each.id), int(each.activated_at), each.status == _ACTIVE) for each in seats),
        )

    def computers(self, licence_id: int) -> dict[int, Values]:
        """Return the activations of a licence by their numbers, which are its seats'."""
        rows = self._tx.rows(_COMPUTERS, {"licence": licence_id})
        return {int(row.id): row._asdict() for row in rows}

    def id_of(self, case_id: int) -> int | None:
        """Return the number of the request of a case, or None."""
        row = self._tx.row(_OF_CASE, {"case_id": case_id})
        return None if row is None else int(row.id)

    def holder(self, licence_id: int) -> tuple[str, int | None, int | None] | None:
        """Return a licence's audit id and the numbers of its person and organisation, or None for no licence."""
        row = self._tx.row(_HOLDER, {"licence": licence_id}) if 0 < licence_id <= LARGEST else None
        return None if row is None else (str(row.aid), row.person_id, row.organisation_id)


class ChangingLicences:
    """Ticks steps, frees seats and moves licences; each returns how many rows were touched."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def untick(self, case_id: int, step: str) -> int:
        """Take a tick back: 1, or 0 where there was none."""
        return self._tx.write(_UNTICK, {"case_id": case_id, "step_id": step})

    def free(self, licence_id: int, seat: int) -> int:
        """Free a seat that is taken: 1, or 0 where it is no such seat, or free."""
        return self._tx.write(_FREE, {"licence": licence_id, "seat": seat}) if 0 < seat <= LARGEST else 0

    def move(self, licence_id: int, holder: int | None, to: int, organisation: int | None) -> int:
        """Register a licence to another person: 1, or 0 where its holder is another by now, or a seat is taken.

        What the computers of the one before were called, and their addresses, are emptied: they are not the next one's.
        """
        moved = self._tx.write(_MOVE, {"licence": licence_id, "holder": holder, "to": to, "organisation": organisation})
        if moved:
            self._tx.write(_EMPTY, {"licence": licence_id})
        return moved
