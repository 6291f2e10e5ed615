"""Whoever reviews the log reads a customer's number where staff wrote who he is.

Seen to fail: with short names let through, with names compared one by one, and with names found within words.
"""

import time

import pytest

from staffdesk.audit.entry import Core
from staffdesk.data.customers.reading import Reading
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.references import References
from staffdesk.data.ticket import Ticket
from staffdesk.domain.access import Act
from staffdesk.services.redaction import identifiers_of, redacted, shown_beside
from tests import factories
from tests.databases import Place
from tests.services.offices import entries
from tests.services.reviewed_months import opened, write


@pytest.mark.parametrize(
    ("names", "text", "read"),
    [
        (("王", "伟"), "asked by 王伟", "asked by customer 1"),
        (("王", "伟"), "伟 called", "customer 1 called"),
        (("김", "수"), "김수 called", "customer 1 called"),
        (("Bo", "Li"), "Bo called about robots", "customer 1 called about robots"),
        (("Bo", "Li"), "BoLi", "customer 1"),
        (("Bo", "Li"), "Li, Bo", "customer 1"),
        (("Élodie", "Ng"), "ELODIE NG asked, then ng-2", "customer 1 asked, then customer 1-2"),
        (("Bo", None), "Bob and robot", "Bob and robot"),
        (("A", None), "a caller", "a caller"),
        (("Dee", None), "he made every effort and indeed", "he made every effort and indeed"),
        (("Dee", None), "Dee's, (DEE) and de-e", "customer 1's, (customer 1) and de-e"),
        (("Asa", "Ona"), "as a rule on a Monday; asa ona", "as a rule on a Monday; customer 1"),
        (("Jean-Luc", "Vandenberghe"), "Jean Luc Van den Berghe", "customer 1"),
        (("Dee", None), "wrote from dee.x@dee-family.example.", "wrote from customer 1."),
        (("Dee", "Ron"), "deeron@old.example, info@softron.be", "customer 1, info@softron.be"),
        (("Dee", "Kowalski"), "office@kowalskihome.example", "customer 1"),
    ],
)
def test_a_short_name_gives_way_where_it_is_one(
    names: tuple[str, str | None], text: str, read: str, database: Database
) -> None:
    given, family = names
    (number,) = factories.put(
        database, factories.person(given_name=given, family_name=family, email=None, user_name=None, phone=None)
    )
    with database.read(_ticket(database)) as tx:
        known = Reading(tx).identifiers(number)
    assert redacted(text, {1: known}) == read


def test_whom_an_employee_was_shown_shortly_before_is_known_in_whatever_session_that_was(
    database: Database, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, soon, elses = (factories.customer(database).person for _ in range(3))
    answered = time.time_ns() // 1_000_000
    for minutes, actor, person in ((180, "u_ana", early), (90, "u_ana", soon), (1, "u_bo", elses)):
        write(database, monkeypatch, answered - minutes * 60_000, [opened(actor, _aid(database, person))])
    write(database, monkeypatch, answered, [Event(act=Act.AUDIT_ANSWERED, actor="u_ana", sid="another")])
    assert list(_beside(database, entries(place)[-1])) == [soon]


def test_the_numbers_of_his_licences_and_computers_give_way_in_any_notation(database: Database) -> None:
    customer = factories.customer(database)
    number, serial = customer.person, customer.serial
    with database.read(_ticket(database)) as tx:
        known = identifiers_of(tx, [number])
    written = f"0200 5e10 2030, {serial.replace('-', ' ').lower()}, 192.0.2.17; on 19 20 217"
    assert redacted(written, known) == f"{', '.join([f'customer {number}'] * 3)}; on 19 20 217"


def _beside(database: Database, answer: Core) -> dict[int, tuple[str, ...]]:
    with database.read(_ticket(database)) as tx:
        return shown_beside(tx, [answer], ())


def _ticket(database: Database) -> Ticket:
    with database.append() as tx:
        return Log(tx, "2024-10").append(Event(act=Act.AUDIT_LISTED))


def _aid(database: Database, person: int) -> str:
    with database.append() as tx:
        subject = References(tx).subject("person", person)
    assert subject is not None
    return subject.aid
