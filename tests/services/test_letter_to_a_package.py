"""The letter that goes with a package tells of the same contents what Art. 15 asks for, in its own short form.

Seen to fail: with a table's kind left out, and with consultations of one day not counted together.
"""

from __future__ import annotations

import datetime as dt
import re

from staffdesk.data.database import Database
from staffdesk.data.tables.sharing import Disclosure, Recipient
from staffdesk.domain.access import RecordKind, Role
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.requests import RequestType
from staffdesk.services.letters import Language, LetterFacts, check, write
from staffdesk.services.letters.reply import reply_of
from staffdesk.services.letters.words import tables
from tests import factories
from tests.factories import Customer
from tests.services.front import Front
from tests.services.offices import Office
from tests.services.parcels import collected


def _given(made: Customer, recipient: int) -> Disclosure:
    return Disclosure.checked(
        {
            "recipient_id": recipient, "person_id": made.person, "order_id": made.order, "classes": "identity",
            "purpose": "an order", "disclosed_on": dt.date(2026, 1, 2),
        }
    )  # fmt: skip


def test_the_letter_tells_what_is_held_who_got_it_and_when_it_was_looked_at(office: Office, database: Database) -> None:
    made = factories.customer(database)
    front = Front(office)
    access = front.staff("sofie", Role.SALES, made.order_number)
    for _ in range(2):
        front.gateway.open(access, RecordKind.PERSON, made.person)
    front.gateway.reveal(access, f"person:{made.person}:email")
    carrier, partner = factories.put(
        database,
        Recipient.checked({"code": "CARRIER", "name": "Carrier of the shipment", "country": "ZZ", "purpose": "orders"}),
        Recipient.checked({"code": "OTHER", "name": "Somebody", "country": "BE", "purpose": "orders"}),
    )
    factories.put(database, *(_given(made, each) for each in (carrier, partner)))
    contents = collected(database, made.person)
    reply = reply_of(contents, ("access.json", "access.html"), hidden=3)
    assert {each.name: (each.country, each.unplaced) for each in reply.recipients} == {
        "Carrier of the shipment": ("", True), "Somebody": ("BE", False),
    }  # fmt: skip
    assert {table for table, rows in contents.held.items() if rows} & set(tables(Language.EN)["kinds"]) <= set(
        reply.kinds
    )
    facts = LetterFacts(
        number="DSR-2026-0001", written_on=dt.date(2026, 12, 1), kind=RequestType.ACCESS,
        received_on=dt.date(2026, 11, 26), access=reply,
    )  # fmt: skip
    for language in Language:
        written = write(Letter.ACCESS, language, facts)
        check(written, Letter.ACCESS, language, staff=("Sofie Holm",))
    text = " ".join(written.text.split())
    assert re.search(r"doeleinden: - \d+ \w+ \d{4}: verkoop \(3 keer\) (?!- )", text)
    assert "uw account in onze onlinewinkel" in text
    assert "Carrier of the shipment: het land van deze ontvanger is bij ons niet geregistreerd" in text
    assert "iets over hen is weggelaten: 3." in text
