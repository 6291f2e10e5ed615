"""What the demo's people asked: cases, contact reports, and whether they want product news."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.tables.support import Case, CaseOrigin, ContactReport
from staffdesk.domain.numbers import Series, format_number
from staffdesk.domain.provenance import Source
from staffdesk.services.demo.moments import day_of, moment_since
from staffdesk.services.demo.people import Made, Row, one
from staffdesk.services.demo.rows import Counted, Rows
from staffdesk.services.demo.words import Company, Topic

_CASES: Final = (0, 0, 0, 0, 0, 1, 1, 1, 2)
_REPORTED, _SPOKE, _OPEN, _NEWS, _LEFT = 0.7, 0.3, 0.3, 0.6, 0.2
_DAY_MS: Final = 86_400_000
_LONGEST_MS: Final = 6 * _DAY_MS
_OPEN_MS: Final = 30 * _DAY_MS
_HOUR_MS: Final = 3_600_000
_ORIGINS: Final = (*(CaseOrigin.OWN,) * 7, *(CaseOrigin.TICKET,) * 3, CaseOrigin.MESSAGE)
_CHANNELS: Final = {
    CaseOrigin.OWN: ("call", "call", "chat", "visit"),
    CaseOrigin.TICKET: ("email",),
    CaseOrigin.MESSAGE: ("email",),
}
_RECOGNISED: Final = ("last order", "reply from the address on file", "call-back", "not recognised")


class Calls:
    """Makes what people asked, numbered from 1 and by year; the same dice make the same."""

    def __init__(self, company: Company, dice: random.Random, now_ms: int, numbers: Counted) -> None:
        """Make it with no moment after ``now_ms`` (UTC milliseconds)."""
        self._topics = company.topics
        self._products = [ware.name for ware in company.products]
        self._dice = dice
        self._now = now_ms
        self._numbers = numbers
        self.by_year: dict[int, int] = defaultdict(int)
        """The last case number given out in each year."""

    def verified_case(self, person: Made, product: str, opened_by: str, rows: Rows) -> str:
        """Add an open case made of the person's own ticket, and return its number."""
        case = self._case(person, self._topics[0], product, self._now - 2 * _HOUR_MS, opened_by, CaseOrigin.TICKET)
        case["closed_at"] = case["resolution"] = None
        rows[Case].append(case)
        return str(case["number"])

    def of(self, person: Made, owned: Sequence[str], staff: Sequence[str], rows: Rows) -> None:
        """Add a person's cases, reports and subscription to ``rows``; ``staff`` are the ids of who took the calls."""
        dice = self._dice
        for _ in range(one(dice, _CASES)):
            topic, author = one(dice, self._topics), one(dice, staff)
            product = one(dice, owned or self._products)
            case = self._case(
                person, topic, product, moment_since(person.since, self._now, self._dice), author, one(dice, _ORIGINS)
            )
            rows[Case].append(case)
            if dice.random() < _REPORTED:
                rows[ContactReport].append(self._report(person, topic, product, case, author))
        if dice.random() < _SPOKE:
            topic = one(dice, self._topics)
            product = one(dice, owned or self._products)
            rows[ContactReport].append(self._report(person, topic, product, None, one(dice, staff)))
        if dice.random() < _NEWS:
            rows[Subscription].append(self._subscription(person))

    def _case(self, person: Made, topic: Topic, product: str, at: int, author: str, origin: CaseOrigin) -> Row:
        dice = self._dice
        year = day_of(at).year
        self.by_year[year] += 1
        is_open = self._now - at < _OPEN_MS and dice.random() < _OPEN
        closed = None if is_open else min(at + int(dice.random() * _LONGEST_MS), self._now)
        channel = one(dice, _CHANNELS[origin])
        name = f"{person.row['given_name']} {person.row['family_name']}"
        return {
            "id": self._numbers.next(Case),
            "number": format_number(Series.CASE, year, self.by_year[year]),
            "kind": topic.kind,
            "channel": channel,
            "origin": origin.value,
            "product_name": product,
            "person_id": person.row["id"],
            "organisation_id": person.row["organisation_id"],
            "opened_by": author,
            "opened_at": at,
            "closed_at": closed,
            "recognised": one(dice, _RECOGNISED) if channel != "email" else "reply from the address on file",
            "caller": name,
            "summary": topic.asked.format(product=product),
            "resolution": None if closed is None else topic.answered,
            "source": Source.SUPPORT,
            "obtained_on": day_of(at),
        }

    def _report(self, person: Made, topic: Topic, product: str, case: Row | None, author: str) -> Row:
        opened = None if case is None else case["opened_at"]
        at = opened if isinstance(opened, int) else moment_since(person.since, self._now, self._dice)
        return {
            "id": self._numbers.next(ContactReport),
            "case_id": None if case is None else case["id"],
            "person_id": person.row["id"],
            "organisation_id": person.row["organisation_id"],
            "channel": "call" if case is None else case["channel"],
            "contact_at": at,
            "author_id": author,
            "topic": topic.topic,
            "body": f"{topic.asked.format(product=product)}\n{topic.answered}",
            "source": Source.SUPPORT,
            "obtained_on": day_of(at),
        }

    def _subscription(self, person: Made) -> Row:
        left = self._dice.random() < _LEFT
        return {
            "id": self._numbers.next(Subscription),
            "person_id": person.row["id"],
            "list_name": "product news",
            "status": "unsubscribed" if left else "subscribed",
            "basis": "consent",
            "evidence": "ticked at the first order",
            "started_on": person.since,
            "ended_on": day_of(moment_since(person.since, self._now, self._dice)) if left else None,
            "source": Source.STORE_ACCOUNT,
            "obtained_on": person.since,
        }
