"""Both databases find the same people alike, and those that the rule by itself would find among everybody."""

from __future__ import annotations

from staffdesk.data.customers.twins import Twins
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act
from staffdesk.domain.twin_features import features_of
from staffdesk.domain.twins import pairs
from tests import factories
from tests.bench.known_twins.making import People
from tests.bench.twins import compared


def test_the_look_ups_find_whom_the_rule_finds(database: Database) -> None:
    entries = list(People(7).all(120))
    firms: dict[str, int] = {}
    for name in sorted({entry.company for entry in entries if entry.company}):
        (firms[name],) = factories.put(database, factories.organisation(name, country="BE"))
    people = [
        factories.person(
            given_name=entry.given or None, family_name=entry.family or None, email=entry.email.lower() or None,
            phone=entry.phone or None, country=entry.country, organisation_id=firms.get(entry.company),
        )
        for entry in entries
    ]  # fmt: skip
    with factories.writing(database) as pen:
        numbers = pen.add(people)
    wanted = {
        (one, other)
        for one, other, _ in pairs(
            {number: features_of(compared(entry)) for number, entry in zip(numbers, entries, strict=True)}
        )
    }
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_SEARCH))
    with database.read(ticket, Deadline(30)) as read:  # it looks up everybody in one, as no desk does
        twins = Twins(read)
        found = {(min(number, other), max(number, other)) for number in numbers for other in twins.of(number)}
    assert len(wanted) > 15
    assert found <= wanted
    assert len(wanted - found) <= 1, "of one firm by their addresses alone, or an address with a tag"
