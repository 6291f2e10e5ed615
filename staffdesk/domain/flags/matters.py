"""What the log says of each case and request, and by it what explains a look without asking anybody.

A matter is found by the random ids that an entry names together: the ``obj`` and ``ref`` of ``case.*``, ``request.*``,
``import.run`` and of what was changed, added or confirmed under a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from staffdesk.domain.access import Act, Outcome, Purpose
from staffdesk.domain.case_mail import OF_CUSTOMER
from staffdesk.domain.flags.entry import DAY_MS, HOUR_MS, Entry, Look
from staffdesk.domain.flags.rules import FlagRules

_WORK: Final = frozenset(
    {
        Act.CASE_OPENED,
        Act.CASE_NOTED,
        Act.CASE_TIED,
        Act.CASE_CLOSED,
        Act.REQUEST_RECEIVED,
        Act.REQUEST_MOVED,
        Act.REQUEST_APPROVED,
        Act.CUSTOMER_ADDED,
        Act.CUSTOMER_CHANGED,
        Act.CUSTOMER_CONFIRMED,
        Act.IMPORT_RUN,
    }
)
_NAMES: Final = frozenset({Act.CASE_OPENED, Act.CASE_TIED, Act.REQUEST_RECEIVED})
"""The acts that say whom a matter is about, or bring it into being."""

_EMPTY: Final = _NAMES | {Act.CASE_CLOSED}
"""What whoever looks can do without having worked: the matter says nothing by it of why he did."""

_SUBJECT: Final = "s_"
"""How the random id of a person begins."""

_REQUEST: Final = "r_"
"""How the random id of a request begins."""


class Ground(StrEnum):
    """What explains a look without asking anybody."""

    VERIFIED = "verified"
    CORROBORATED = "corroborated"
    AGAIN = "again"
    ORDER = "order"
    SALE = "sale"


class Grade(StrEnum):
    """How much is known of the reference of a look that nothing explains, from the least on."""

    UNKNOWN = "unknown"
    BARE = "bare"
    OTHERS = "others"
    SALE = "sale"
    NAMED = "named"
    WORKED = "worked"


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody did in a matter: whom he named by it, and whether it says more than that there is a matter."""

    t: int
    actor: str
    subjects: tuple[str, ...]
    said: bool


@dataclass(slots=True)
class Matter:
    """One number: who brought it in, whom it names, who worked on it when, and when it was closed.

    ``opened_by`` is nobody where no entry says who did.
    """

    opened_by: str | None = None
    named: tuple[str, ...] = ()
    work: list[Work] = field(default_factory=list)
    closed_at: int | None = None
    last: int = 0


@dataclass(slots=True)
class Matters:
    """All numbers the log has told of lately, and whom imports touched."""

    of: dict[str, Matter] = field(default_factory=dict)
    imported: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Learn from an entry; one that is no finished work teaches nothing."""
        if entry.act not in _WORK or entry.out != Outcome.OK:
            return
        # What a server proved to be the customer's own mail is nobody's work here: it stands for any look.
        actor = "" if entry.kinds[-1:] == (OF_CUSTOMER,) else entry.actor or ""
        if entry.act == Act.IMPORT_RUN:
            self._imported(entry, actor)
            return
        ids = {*entry.obj, *(() if entry.ref is None else (entry.ref,))}
        subjects = tuple(each for each in entry.obj if each.startswith(_SUBJECT))
        work = Work(entry.t, actor, subjects, said=entry.act not in _EMPTY)
        for each in ids:
            matter = self.of.setdefault(each, Matter())
            matter.last = entry.t
            if entry.act in _NAMES:
                matter.named = tuple({*matter.named, *(ids - {each})})
            if entry.act == Act.CASE_OPENED:
                matter.opened_by, matter.closed_at = actor, None
                continue
            if entry.act == Act.REQUEST_RECEIVED and each != entry.ref and is_request(each):
                matter.opened_by = actor
            matter.work.append(work)
            del matter.work[:-_MOST_WORK]
            if entry.act == Act.CASE_CLOSED:
                matter.closed_at = entry.t

    def forget(self, before: int) -> None:
        """Drop what had nothing new since a moment."""
        self.of = {key: each for key, each in self.of.items() if each.last >= before}
        self.imported = {key: each for key, each in self.imported.items() if each[-1][0] >= before}

    def named_by(self, ids: Iterable[str]) -> Iterator[str]:
        """Yield ids, and whom the matters of these ids name."""
        for each in ids:
            yield each
            if each in self.of:
                yield from self.of[each].named

    def own(self, look: Look) -> bool:
        """Say whether the number of a look is a case that the looker opened, or a request that he took in himself."""
        matter = self.of.get(look.ref or "")
        return matter is not None and matter.opened_by == look.actor

    def ended(self, look: Look, hours: int) -> bool:
        """Say whether the number of a look was closed more than ``hours`` before it."""
        matter = self.of.get(look.ref or "")
        return matter is not None and matter.closed_at is not None and look.t > matter.closed_at + hours * HOUR_MS

    def _imported(self, entry: Entry, actor: str) -> None:
        for each in {*entry.obj, *(() if entry.ref is None else (entry.ref,))}:
            if each in self.of:
                self.of[each].work.append(Work(entry.t, actor, (), said=True))
                self.of[each].last = entry.t
            else:
                self.imported.setdefault(each, []).append((entry.t, actor))
                del self.imported[each][:-_MOST_IMPORTS]


def is_request(aid: str | None) -> bool:
    """Say whether a random id is a request's."""
    return aid is not None and aid.startswith(_REQUEST)


_ORDER: Final = "order"
_MOST_WORK: Final = 64
_MOST_IMPORTS: Final = 8


def explained(look: Look, matters: Matters, rules: FlagRules) -> Ground | None:
    """Return what explains a look by data alone, as far as the log goes: else nothing."""
    if look.verified:
        return Ground.VERIFIED
    if look.order and look.kind == _ORDER and look.purpose == Purpose.LEGAL:
        return Ground.ORDER
    matter = matters.of.get(look.ref or "")
    if matter is None:
        return None
    over = matters.ended(look, rules.rules.closed.grace_hours)
    since, until = look.t if over else 0, look.t + rules.corroboration_days * DAY_MS
    if not matter.named or look.subject in matter.named:
        messages = matters.imported.get(look.subject, []) if look.subject in matter.named else []
        others = (each for each in matter.work if each.actor != look.actor and since <= each.t <= until)
        by_others = any(not each.subjects or look.subject in each.subjects for each in others)
        if by_others or any(who != look.actor and look.t <= t <= until for t, who in messages):
            return Ground.CORROBORATED
    declared = look.purpose == Purpose.SALE and matter.opened_by == look.actor and not over
    if declared and look.subject in matter.named and _worked(look, matter, until):
        return Ground.SALE
    return None


def grade_of(look: Look, matters: Matters, rules: FlagRules) -> Grade:
    """Return how much is known of the reference of a look that nothing explains."""
    if look.ref is None:
        return Grade.UNKNOWN
    matter = matters.of.get(look.ref)
    if matter is None:
        return Grade.BARE if look.own else Grade.OTHERS
    if matters.ended(look, rules.rules.closed.grace_hours):
        return Grade.BARE
    if not look.own and matter.opened_by != look.actor:
        return Grade.OTHERS
    worked = _worked(look, matter, look.t + rules.corroboration_days * DAY_MS)
    if look.subject in matter.named:
        return Grade.WORKED if worked else Grade.NAMED
    if look.purpose == Purpose.SALE and matter.opened_by == look.actor:
        return Grade.SALE
    return Grade.NAMED if worked and not matter.named else Grade.BARE


def worth_of_grade(grade: Grade, rules: FlagRules) -> float:
    """Return what a look of this grade counts."""
    worth: Mapping[Grade, float] = {
        Grade.UNKNOWN: rules.worth.bare,
        Grade.BARE: rules.worth.bare,
        Grade.OTHERS: rules.worth.others,
        Grade.SALE: rules.worth.sale,
        Grade.NAMED: rules.worth.named,
        Grade.WORKED: rules.worth.worked,
    }
    return worth[grade]


def _worked(look: Look, matter: Matter, until: int) -> bool:
    """Say whether the looker left more than an empty case, from a day before the look on."""
    return any(each.said and each.actor == look.actor and look.t - DAY_MS <= each.t <= until for each in matter.work)
