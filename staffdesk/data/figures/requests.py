"""Requests, what they left to do, and the review, in numbers."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.campaign import CampaignAddress
from staffdesk.data.tables.erasure import Destruction, Hold
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.tables.requests import RecipientTask, Request
from staffdesk.data.tables.review import Review
from staffdesk.data.tables.review_months import Breach, ReviewMonth
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.tables.types import BigInt
from staffdesk.data.tables.workflow import RequestMove, RequestProgress
from staffdesk.data.transaction import Read
from staffdesk.domain.campaign import Told
from staffdesk.domain.deadlines import beginning_of
from staffdesk.domain.holds import Ground
from staffdesk.domain.marketing import CAMPAIGN_SERVICE, SubscriptionStatus, TaskState
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.requests import ANSWERED, IdentityNeed, RequestState, RequestType
from staffdesk.domain.requests import rules as request_rules

_REQUEST: Final = register.table(Request)
_PROGRESS: Final = register.table(RequestProgress)
_MOVE: Final = register.table(RequestMove)
_TASK: Final = register.table(RecipientTask)
_HOLD: Final = register.table(Hold)
_DESTRUCTION: Final = register.table(Destruction)
_FIELD: Final = register.table(FieldStatus)
_REVIEW: Final = register.table(Review)
_BREACH: Final = register.table(Breach)
_MONTH: Final = register.table(ReviewMonth)
_ADDRESS: Final = register.table(CampaignAddress)
_SUBSCRIPTION: Final = register.table(Subscription)

_TODAY: Final = sa.bindparam("today", type_=sa.Date())
_DAY: Final = sa.bindparam("day", type_=sa.Date())
_NOW: Final = sa.bindparam("now", type_=BigInt)
_WHOLE: Final = _REQUEST.join(_PROGRESS, _PROGRESS.c.request_id == _REQUEST.c.id)
_COUNT: Final = sa.func.count()


def _many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


_OPEN: Final = sa.select(_COUNT, _many(_REQUEST.c.hard_due < _TODAY), sa.func.min(_REQUEST.c.received_at)).where(
    _REQUEST.c.state.not_in(sorted(state.value for state in ANSWERED))
)
_FILED: Final = (RequestState.ARCHIVED.value, RequestState.PURGED.value)
_END: Final = (
    sa.select(_MOVE.c.state)
    .where(_MOVE.c.request_id == _REQUEST.c.id, _MOVE.c.state.not_in(_FILED))
    .order_by(_MOVE.c.turn.desc())
    .limit(1)
    .correlate(_REQUEST)
    .scalar_subquery()
)
"""How a request ended; once it is archived, its own state tells that no longer."""
_ANSWERS: Final = (RequestState.COMPLETED.value, RequestState.REFUSED.value, RequestState.NO_DATA.value)
_ENDED: Final = (
    sa.select(_COUNT, _many(_PROGRESS.c.ended_on <= _REQUEST.c.hard_due))
    .select_from(_WHOLE)
    .where(_PROGRESS.c.ended_on >= _DAY, _END.in_(_ANSWERS))
)
_REFUSED: Final = (
    sa.select(_COUNT).select_from(_WHOLE).where(_PROGRESS.c.ended_on >= _DAY, _END.in_((RequestState.REFUSED.value,)))
)
_WITHOUT_PROOF: Final = (
    sa.select(_COUNT)
    .select_from(_WHOLE)
    .where(
        _REQUEST.c.carried_out_at.is_not(None),
        _REQUEST.c.kind.in_(sa.bindparam("kinds", expanding=True)),
        _PROGRESS.c.identity != Identity.VERIFIED.value,
    )
)
_ONE_PERSON: Final = (
    sa.select(_COUNT)
    .select_from(_WHOLE)
    .where(
        _REQUEST.c.carried_out_at.is_not(None),
        _REQUEST.c.kind == RequestType.ERASE.value,
        sa.or_(_PROGRESS.c.approved_by.is_(None), _PROGRESS.c.approved_by == _PROGRESS.c.decided_by),
    )
)
_COPIES: Final = sa.select(_COUNT).where(_PROGRESS.c.copy_since < _DAY, _PROGRESS.c.copy_deleted_on.is_(None))
_TASKS: Final = (
    sa.select(_TASK.c.recipient, _COUNT, sa.func.min(_TASK.c.made_at))
    .where(_TASK.c.state == TaskState.OPEN.value)
    .group_by(_TASK.c.recipient)
)
_IN_FORCE: Final = _HOLD.c.ended_at.is_(None)
_HELD: Final = sa.select(_COUNT).where(_IN_FORCE, _HOLD.c.ground != Ground.RESTRICTION.value)
_PAST: Final = sa.select(_COUNT).where(_IN_FORCE, _HOLD.c.until < _TODAY)
_RESTRICTED: Final = sa.select(sa.func.count(_HOLD.c.request_id.distinct())).where(
    _IN_FORCE, _HOLD.c.ground == Ground.RESTRICTION.value
)
_TO_DESTROY: Final = sa.select(_COUNT, sa.func.min(_DESTRUCTION.c.made_at)).where(_DESTRUCTION.c.done_at.is_(None))
_CONTESTED: Final = sa.select(_COUNT).where(_FIELD.c.contested_under.is_not(None))
_FLAGGED: Final = sa.select(_COUNT).where(_REVIEW.c.rule == sa.bindparam("rule"), _REVIEW.c.day >= _DAY)
_BREACHES: Final = sa.select(_COUNT, _many(_BREACH.c.due_at < _NOW)).where(_BREACH.c.closed_at.is_(None))
_UNCERTIFIED: Final = sa.select(_COUNT).where(_MONTH.c.closed_at.is_(None), _MONTH.c.month < sa.bindparam("month"))
_CERTIFIED: Final = sa.select(sa.func.max(_MONTH.c.month)).where(_MONTH.c.closed_at.is_not(None))


_LEFT: Final = (
    sa.select(_ADDRESS.c.person_id, sa.func.max(_SUBSCRIPTION.c.ended_on))
    .join(_SUBSCRIPTION, _SUBSCRIPTION.c.person_id == _ADDRESS.c.person_id)
    .where(
        _ADDRESS.c.told == Told.GIVEN.value,
        ~sa.exists(
            sa.select(_TASK.c.id)
            .join(_REQUEST, _REQUEST.c.id == _TASK.c.request_id)
            .where(
                _REQUEST.c.person_id == _ADDRESS.c.person_id,
                _TASK.c.recipient == CAMPAIGN_SERVICE,
                _TASK.c.state == TaskState.OPEN.value,
            )
        ),
    )
    .group_by(_ADDRESS.c.person_id)
    .having(_many(_SUBSCRIPTION.c.status == SubscriptionStatus.SUBSCRIBED.value) == 0)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait, and since when the oldest of them does, in UTC milliseconds."""

    many: int = 0
    since: int | None = None


def _together(one: Waiting, other: Waiting) -> Waiting:
    known = [each.since for each in (one, other) if each.since is not None]
    return Waiting(one.many + other.many, min(known, default=None))


class RequestFigures:
    """Counts over requests, holds and the review."""

    def __init__(self, tx: Read, today: dt.date, now: int) -> None:
        """Count in ``tx``, as things stand today and now (UTC milliseconds)."""
        self._tx = tx
        self._today = today
        self._now = now

    def open(self) -> tuple[Waiting, int]:
        """Return the requests that are not answered, and how many of them should have been."""
        row = self._tx.row(_OPEN, {"today": self._today})
        return (Waiting(), 0) if row is None else (Waiting(int(row[0]), row[2]), int(row[1]))

    def answered(self, since: dt.date) -> tuple[int, int]:
        """Return how many requests were answered since a day, and how many of them in time."""
        row = self._tx.row(_ENDED, {"day": since})
        return (0, 0) if row is None else (int(row[0]), int(row[1]))

    def refused(self, since: dt.date) -> int:
        """Return how many requests were refused since a day."""
        return self._one(_REFUSED, day=since)

    def without_proof(self) -> int:
        """Return how many were carried out without proof of identity, of the types that always wait for it."""
        always = [kind.value for kind, need in request_rules().identity.items() if need is IdentityNeed.ALWAYS]
        return self._one(_WITHOUT_PROOF, kinds=always)

    def by_one_person(self) -> int:
        """Return how many erasures were carried out that nobody, or who decided himself, had approved."""
        return self._one(_ONE_PERSON)

    def copies_left(self, since: dt.date) -> int:
        """Return how many copies of a proof came before a day and are not confirmed as deleted."""
        return self._one(_COPIES, day=since)

    def untold(self) -> tuple[Waiting, Waiting]:
        """Return what the campaign service is still to be told, and what the other recipients are.

        The first counts whoever left a list by a request, and whose address the service was given and he left since.
        """
        found = {str(row[0]): Waiting(int(row[1]), row[2]) for row in self._tx.rows(_TASKS)}
        stops = _together(found.pop(CAMPAIGN_SERVICE, Waiting()), self._left_since())
        oldest = min((each.since for each in found.values() if each.since is not None), default=None)
        return stops, Waiting(sum(each.many for each in found.values()), oldest)

    def _left_since(self) -> Waiting:
        """Return who left, by no request, since the campaign service was given his address."""
        left = self._tx.rows(_LEFT)
        since = min((row[1] for row in left if row[1] is not None), default=None)
        at = None if since is None else int(beginning_of(since).timestamp() * 1000)
        return Waiting(len(left), at)

    def held(self) -> tuple[int, int]:
        """Return how many rows a law holds, and how many holds and restrictions are past their last day."""
        return self._one(_HELD), self._one(_PAST, today=self._today)

    def restricted(self) -> int:
        """Return how many requests restrict something now."""
        return self._one(_RESTRICTED)

    def to_destroy(self) -> Waiting:
        """Return what erasures left to be destroyed."""
        row = self._tx.row(_TO_DESTROY)
        return Waiting() if row is None else Waiting(int(row[0]), row[1])

    def contested(self) -> int:
        """Return how many fields customers contest now."""
        return self._one(_CONTESTED)

    def flagged(self, rule: str, since: dt.date) -> int:
        """Return how often a rule of the review told of something since a day."""
        return self._one(_FLAGGED, rule=rule, day=since)

    def breaches(self) -> tuple[int, int]:
        """Return how many breaches are open, and of how many the authority should have heard."""
        row = self._tx.row(_BREACHES, {"now": self._now})
        return (0, 0) if row is None else (int(row[0]), int(row[1]))

    def uncertified(self) -> int:
        """Return how many months of the log are over and have no certificate."""
        return self._one(_UNCERTIFIED, month=self._today.isoformat()[:7])

    def certified(self) -> str | None:
        """Return the last month that has a certificate."""
        row = self._tx.row(_CERTIFIED)
        return None if row is None or row[0] is None else str(row[0])

    def _one(self, statement: sa.Executable, **told: object) -> int:
        row = self._tx.row(statement, told)
        return 0 if row is None else int(row[0])
