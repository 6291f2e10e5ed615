"""Who outside the house was given a person's data, and who of them is to be told of a request (GDPR Art. 19)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.campaign import CampaignAddress
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.requests import RecipientTask, Request
from staffdesk.data.tables.sales import Order
from staffdesk.data.tables.sharing import Disclosure, Recipient, Subscription
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.campaign import Told
from staffdesk.domain.grounds import ExemptionGround
from staffdesk.domain.holds import Ground
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.requests import RequestState, RequestType

_HOLD: Final = register.table(Hold)
_TASK: Final = register.table(RecipientTask)
_REQUEST: Final = register.table(Request)
_DISCLOSURE: Final = register.table(Disclosure)
_RECIPIENT: Final = register.table(Recipient)
_ORDER: Final = register.table(Order)
_SUBSCRIPTION: Final = register.table(Subscription)
_ADDRESS: Final = register.table(CampaignAddress)
_MOST_ORDERS: Final = 20
"""Orders that are named to a recipient, the newest: he finds the person by any one of them."""

_GIVEN: Final = (
    sa.select(_RECIPIENT.c.code, _RECIPIENT.c.name, _DISCLOSURE.c.classes, _ORDER.c.number)
    .join(_DISCLOSURE, _DISCLOSURE.c.recipient_id == _RECIPIENT.c.id)
    .outerjoin(_ORDER, _ORDER.c.id == _DISCLOSURE.c.order_id)
    .where(_DISCLOSURE.c.person_id == sa.bindparam("person"))
    .order_by(_RECIPIENT.c.code, _DISCLOSURE.c.disclosed_on.desc(), _DISCLOSURE.c.id.desc())
)
_MAILED: Final = sa.union_all(
    sa.select(_SUBSCRIPTION.c.id).where(_SUBSCRIPTION.c.person_id == sa.bindparam("person")),
    sa.select(_ADDRESS.c.id).where(_ADDRESS.c.person_id == sa.bindparam("person")),
).limit(1)
_AS_GIVEN: Final = (
    sa.select(_ADDRESS.c.email)
    .where(_ADDRESS.c.person_id == sa.bindparam("person"), _ADDRESS.c.told == Told.GIVEN.value)
    .order_by(_ADDRESS.c.id)
)
_NAMED: Final = sa.select(_RECIPIENT.c.name, _RECIPIENT.c.contact).where(_RECIPIENT.c.code == sa.bindparam("who"))
_TASKS: Final = sa.select(_TASK.c.recipient).where(_TASK.c.request_id == sa.bindparam("which"))
_ONE: Final = sa.select(_TASK.c.state, _TASK.c.orders).where(
    _TASK.c.request_id == sa.bindparam("which"), _TASK.c.recipient == sa.bindparam("who")
)
_TELL: Final = sa.insert(_TASK)
_ENDED_AT: Final = (
    sa.select(sa.func.max(_HOLD.c.ended_at))
    .where(_HOLD.c.request_id == _TASK.c.request_id, _HOLD.c.ground == Ground.RESTRICTION.value)
    .scalar_subquery()
)
_TELL_AGAIN: Final = (
    sa.update(_TASK)
    .where(
        _TASK.c.request_id.in_(sa.bindparam("requests", expanding=True)),
        _TASK.c.made_at < _ENDED_AT,
        _TASK.c.state.in_([TaskState.SENT.value, TaskState.CONFIRMED.value]),
    )
    .values(state=TaskState.OPEN.value, made_at=sa.bindparam("now"), sent_at=None, confirmed_at=None)
)
_SETTLED: Final = (TaskState.CONFIRMED.value, TaskState.EXEMPT.value)
_OF_ANSWERED_ERASURE: Final = sa.exists(
    sa.select(_REQUEST.c.id).where(
        _REQUEST.c.id == _TASK.c.request_id,
        _REQUEST.c.kind == RequestType.ERASE.value,
        _REQUEST.c.state != RequestState.NOTIFYING.value,
    )
)
"""Whether nobody is set back to be told any more of somebody who is erased."""
_TOLD: Final = (
    sa.update(_TASK)
    .where(
        _TASK.c.request_id == sa.bindparam("which"),
        _TASK.c.recipient == sa.bindparam("who"),
        sa.or_(
            _TASK.c.state != sa.bindparam("new_state"),
            _TASK.c.ground.is_distinct_from(sa.bindparam("new_ground", type_=sa.String())),
        ),
    )
    .values(
        state=sa.bindparam("new_state"),
        orders=sa.case(
            (sa.and_(sa.bindparam("new_state").in_(_SETTLED), _OF_ANSWERED_ERASURE), sa.null()), else_=_TASK.c.orders
        ),
        sent_at=sa.func.coalesce(sa.bindparam("sent", type_=sa.BigInteger), _TASK.c.sent_at),
        confirmed_at=sa.func.coalesce(sa.bindparam("confirmed", type_=sa.BigInteger), _TASK.c.confirmed_at),
        ground=sa.bindparam("new_ground", type_=sa.String()),
        reason=sa.bindparam("new_reason"),
    )
)
_REACHED_BY: Final = (
    sa.update(_RECIPIENT).where(_RECIPIENT.c.code == sa.bindparam("who")).values(contact=sa.bindparam("address"))
)


@dataclass(slots=True)
class GivenTo:
    """A recipient: which classes of data of one person he was given, and with which orders."""

    code: str
    name: str
    classes: set[str] = field(default_factory=set)
    orders: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Task:
    """How far a recipient has been told, and by what he knows the person: orders; of one erased also addresses."""

    state: TaskState
    orders: tuple[str, ...]


class RecipientTasks:
    """Who was given a person's data, and how far each has been told."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def given(self, person_id: int) -> tuple[GivenTo, ...]:
        """Return everybody to whom data of a person was given, as the disclosures say."""
        found: dict[str, GivenTo] = {}
        orders: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self._tx.rows(_GIVEN, {"person": person_id}):
            who = found.setdefault(row.code, GivenTo(row.code, row.name))
            who.classes |= {word.strip() for word in row.classes.split(",") if word.strip()}
            if row.number is not None:
                orders[row.code][str(row.number)] = None
        for code, who in found.items():
            who.orders = list(orders[code])[:_MOST_ORDERS]
        return tuple(found.values())

    def is_mailed(self, person_id: int) -> bool:
        """Say whether the campaign service was told of a person."""
        return self._tx.row(_MAILED, {"person": person_id}) is not None

    def given_addresses(self, person_id: int) -> tuple[str, ...]:
        """Return the addresses of a person that the campaign service has, as it was given them."""
        return tuple(str(row[0]) for row in self._tx.rows(_AS_GIVEN, {"person": person_id}))

    def task(self, request_id: int, recipient: str) -> Task | None:
        """Return how far a recipient has been told of a request; nothing where he is not to be."""
        row = self._tx.row(_ONE, {"which": request_id, "who": recipient})
        return None if row is None else Task(TaskState(row.state), tuple((row.orders or "").splitlines()))

    def reached(self, recipient: str) -> tuple[str, str]:
        """Return the name of a recipient and the mailbox where he takes notices; empty where none is on file."""
        row = self._tx.row(_NAMED, {"who": recipient})
        return (recipient, "") if row is None else (str(row.name), row.contact or "")


class TellingRecipients:
    """Notes who is to be told, and where."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def tell(self, request_id: int, orders: Mapping[str, Iterable[str]], now: int) -> int:
        """Let these recipients be told of a request, each with the orders he knows; return how many came to it."""
        codes = orders.keys() - {str(row[0]) for row in self._tx.rows(_TASKS, {"which": request_id})}
        rows = [
            {
                "request_id": request_id, "recipient": code, "state": TaskState.OPEN.value, "made_at": now,
                "orders": "\n".join(orders[code]) or None,
            }
            for code in sorted(codes)
        ]  # fmt: skip
        return self._tx.write(_TELL, rows) if rows else 0

    def tell_again(self, requests: Collection[int], now: int) -> int:
        """Let who was told of a restriction be told that it ended, where he was not yet; return how many are.

        Who was exempt stays so.
        """
        return self._tx.write(_TELL_AGAIN, {"requests": sorted(requests), "now": now})

    def told(
        self, request_id: int, recipient: str, state: TaskState, ground: ExemptionGround | None, reason: str, now: int
    ) -> int:
        """Note that a recipient was told, confirmed it or need not be; return how many rows were touched (1, or 0).

        By what he knew somebody who is erased goes, once nothing more is to be written to him.
        """
        return self._tx.write(
            _TOLD,
            {
                "which": request_id,
                "who": recipient,
                "new_state": state.value,
                "sent": now if state is TaskState.SENT else None,
                "confirmed": now if state is TaskState.CONFIRMED else None,
                "new_ground": None if ground is None else ground.value,
                "new_reason": reason or None,
            },
        )

    def reached_by(self, recipient: str, address: str) -> int:
        """Keep where a recipient takes notices; return how many rows were touched."""
        return self._tx.write(_REACHED_BY, {"who": recipient, "address": address})
