"""What a data subject may ask for, how it comes in, the states it goes through, and how its due date stands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from staffdesk.domain import deadlines, numbers
from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read

_NUMBER: Final = re.compile(r"DSR-[0-9]{4}-[0-9]{4,}")


class RequestType(StrEnum):
    """What is asked for (GDPR Art. 15 to 18, 20, 21(1) and 21(2)); a letter that asks two things is two requests."""

    ACCESS = "access"
    RECTIFY = "rectify"
    ERASE = "erase"
    RESTRICT = "restrict"
    PORT = "port"
    OBJECT = "object"
    OBJECT_MKT = "object_mkt"


class RequestChannel(StrEnum):
    """How a request reached the house; none is refused (privacy policy, preamble)."""

    EMAIL = "email"
    PHONE = "phone"
    WEB_FORM = "web_form"
    POST = "post"
    IN_PERSON = "in_person"
    EVENT = "event"


OF_CASE: Final = {
    "call": RequestChannel.PHONE,
    "email": RequestChannel.EMAIL,
    "visit": RequestChannel.IN_PERSON,
    "event": RequestChannel.EVENT,
    "chat": RequestChannel.WEB_FORM,
}
"""How a request came that was made in a case, by the channel of the case."""


class RequestState(StrEnum):
    """How far a request is."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    IDENTITY = "identity"
    ASSESSMENT = "assessment"
    DECISION = "decision"
    APPROVAL = "approval"
    EXECUTING = "executing"
    NOTIFYING = "notifying"
    REPLYING = "replying"
    COMPLETED = "completed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    NO_DATA = "no_data"
    ARCHIVED = "archived"
    PURGED = "purged"


ANSWERED: Final = frozenset({
    RequestState.COMPLETED, RequestState.REFUSED, RequestState.LAPSED, RequestState.WITHDRAWN, RequestState.NO_DATA,
    RequestState.ARCHIVED, RequestState.PURGED,
})  # fmt: skip
"""The states in which no clock runs any more."""


def may_answer(kind: str, state: str) -> bool:
    """Say whether an answer that is written may be sent; it waits until all it tells is done, but for stopped mail."""
    return state != RequestState.NOTIFYING or kind == RequestType.OBJECT_MKT


CHECKING: Final = frozenset({RequestState.RECEIVED, RequestState.ACKNOWLEDGED, RequestState.IDENTITY})
"""The states in which who asks may still be checked."""

OPEN_TO_CORRECTIONS: Final = frozenset({RequestState.ASSESSMENT, RequestState.DECISION})
"""The states in which it is noted which field is wrong: who asks has shown who he is, and nothing is carried out."""


class Step(StrEnum):
    """How a state of a request's way stands to where the request is."""

    DONE = "done"
    NOW = "now"
    TO_COME = "to come"


class Urgency(StrEnum):
    """How a due date stands."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    DONE = "done"


class IdentityNeed(StrEnum):
    """Whether proof of identity is asked before a request is carried out."""

    ALWAYS = "always"
    ON_DOUBT = "on_doubt"
    NEVER = "never"


class FrontOfCard(StrEnum):
    """Whether types that always wait for proof wait for the front of an identity card, or may be proven otherwise."""

    MANDATORY = "mandatory"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRules(Dated):
    """The front of the identity card as it is shipped; a desk's own change is a row in its database."""

    front: FrontOfCard


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyRules(Dated):
    """After how many days without a sign-in of any officer his deputy is told of due dates."""

    away_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods(Dated):
    """How long a request may wait in a state, and how long its file is kept."""

    lapse_days_before_due: int
    reopen_months: int
    approval_days: int
    archive_days: int
    purge_months: int
    copy_days: int
    spool_days: int
    proof_days: int
    claim_minutes: int
    lift_days: int
    confirm_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRules(Dated):
    """Whether each type waits for proof of identity, and the states it goes through where nothing stops it."""

    periods: Periods
    card: CardRules
    deputy: DeputyRules
    identity: Mapping[RequestType, IdentityNeed]
    steps: Mapping[RequestType, tuple[RequestState, ...]]

    def __post_init__(self) -> None:
        """Refuse a table in which a type is missing, or a way that does not lead from the receipt to the end."""
        for each in RequestType:
            if each not in self.identity:
                raise Misconfigured(f"requests.toml: identity.{each} is missing.")
            if each not in self.steps:
                raise Misconfigured(f"requests.toml: steps.{each} is missing.")
            way = self.steps[each]
            if not way or (way[0], way[-1]) != (RequestState.RECEIVED, RequestState.COMPLETED):
                raise Misconfigured(f"requests.toml: steps.{each} must lead from received to completed.")


@cache
def rules() -> RequestRules:
    """Return the shipped rules."""
    return read("requests", RequestRules)


def identity_needed(request_type: RequestType, *, by: RequestRules | None = None) -> IdentityNeed:
    """Say whether proof of identity is asked for this type (privacy policy, H.4; never to stop marketing, D.5)."""
    return (by or rules()).identity[request_type]


def steps(
    request_type: RequestType, state: RequestState, *, by: RequestRules | None = None
) -> tuple[tuple[RequestState, Step], ...]:
    """Return the states a request goes through and how far it is; one that left the way early ends where it is."""
    way = (by or rules()).steps[request_type]
    if state in {RequestState.COMPLETED, RequestState.ARCHIVED, RequestState.PURGED}:
        return tuple((each, Step.DONE) for each in way)
    if state in ANSWERED:
        return ((RequestState.RECEIVED, Step.DONE), (state, Step.DONE))
    if state not in way:
        # Not on everybody's way: proof of identity on doubt, approval of a refusal. The states stand in their order.
        way = tuple(sorted((*way, state), key=list(RequestState).index))
    at = way.index(state)
    return tuple(
        (each, Step.DONE if place < at else Step.NOW if place == at else Step.TO_COME) for place, each in enumerate(way)
    )


def format_number(year: int, n: int) -> str:
    """Return the number of a request, as ``DSR-2026-0001``."""
    return numbers.format_number(numbers.Series.REQUEST, year, n)


def number_in(text: str) -> str | None:
    """Return the number of a request that stands in a text, as in the name of a file that belongs to one."""
    found = _NUMBER.search(text)
    return None if found is None else found[0]


def urgency(state: str, hard_due: dt.date, today: dt.date) -> Urgency:
    """Say how a request stands to its due date; ``today`` is the day in Brussels."""
    if state in ANSWERED:
        return Urgency.DONE
    days = (hard_due - today).days
    if days < 0:
        return Urgency.OVERDUE
    return Urgency.SOON if days <= max(deadlines.rules().targets.alarm_days_before) else Urgency.LATER


def days_late(hard_due: dt.date, ended_on: dt.date | None) -> int:
    """Return how many days after its due date a request was answered: 0 where in time, or not answered yet."""
    return 0 if ended_on is None else max(0, (ended_on - hard_due).days)


def due_words(state: str, hard_due: dt.date, today: dt.date, ended_on: dt.date | None = None) -> str:
    """Return how a request stands to its due date, as it is said: ``overdue by 3 days``, ``answered 2 days late``."""
    days = (hard_due - today).days
    match urgency(state, hard_due, today):
        case Urgency.DONE:
            late = days_late(hard_due, ended_on)
            return f"answered {_days(late)} late" if late else "done"
        case Urgency.OVERDUE:
            return f"overdue by {_days(-days)}"
        case _:
            return f"due in {_days(days)}" if days else "due today"


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
