"""Screens shown with answers made for the purpose: what a service would have given, in values of the domain.

For pictures, whose dates and numbers must not change, and for texts that no entrance of the desk would let in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from staffdesk.domain.access import Access, Basis, Level, Purpose, RecordKind, Role, Standing
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.matters import CaseRow
from staffdesk.domain.records import Cell, Hit, Look, Page, Record, Row
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_pages import Made, RequestPage, Told
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.sharing import Given
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.letters import Language, LetterFacts, write
from staffdesk.services.opening_homes import open_desk
from staffdesk.tui.app import DeskApp
from staffdesk.tui.session import Session
from tests.tui.quiet import waiting_for_quiet
from tests.tui.seat import is_asking, shown
from tests.tui.staged_requests import NOON, standing

_LONG_ADDRESS = "anders.bo.of.the.department.of.post-production@mail.nordlys-post-and-colour-aps.example"


class StageApp(DeskApp):
    """The real application, whose log stands still so that pictures do."""

    def acted(self) -> None:
        """Leave the number of the newest entry as it is."""


@dataclass(frozen=True)
class Stage:
    """The application on a copy of the demo's desk."""

    app: StageApp
    pilot: Pilot[None]
    demo: Demo

    def sign_in(self, role: Role, seq: int = 10_442) -> Session:
        """Sign in the demo's account of a role; the log is said to be ``seq`` entries long."""
        account = next(each for each in self.demo.accounts if each.role == role)
        signed_in = self.app.desk.sign_in.sign_in(account.user, account.password, "desk-01")
        self.app.session = Session(signed_in, host="desk-01", seq=seq)
        return self.app.session


Scene = Callable[[Stage], Awaitable[None]]
"""What brings a stage to a screen."""


@asynccontextmanager
async def stage(home: Home, demo: Demo, size: tuple[int, int]) -> AsyncIterator[Stage]:
    """Open the application on a home with nobody signed in."""
    app = StageApp(lambda: open_desk(home))
    with waiting_for_quiet():
        async with app.run_test(size=size) as pilot:
            while not app.desk_coming.done():
                await pilot.pause(0.01)
            try:
                yield Stage(app, pilot, demo)
            finally:
                app.close_desk()


_LAYOUTS = 3
"""A scrollbar that comes narrows the page, whose lines wrap anew: as often something may be left to paint."""


async def put(at: Stage, screen: Screen[Any]) -> None:
    """Show a screen, and wait until it stands there."""
    await at.app.push_screen(screen)
    await calm(at.app, at.pilot)


async def calm(app: App[None], pilot: Pilot[None]) -> None:
    """Wait until nothing is asked and nothing is left to paint."""
    while is_asking(app):
        await pilot.pause(0.01)
    for _ in range(_LAYOUTS):
        await pilot.pause()


def text(at: Stage) -> str:
    """Return what stands on the screen."""
    return shown(at.app)


def cells(table: str, number: int, values: Mapping[str, tuple[str, object, PrivacyClass | None]]) -> Row:
    """Return a row: by column its label, its value and its class; ``masked:`` and ``none:`` say what the role sees."""
    made: dict[str, Cell] = {}
    for column, (label, value, privacy_class) in values.items():
        text = None if value is None else str(value)
        key = f"{table}:{number}:{column}"
        if text is not None and text.startswith("masked:"):
            made[column] = Cell(key, label, text[7:], Exposure.MASKED, privacy_class, revealable=True)
        elif text == "none:":
            made[column] = Cell(key, label, None, Exposure.NONE, privacy_class, held=False, why="verified reference")
        else:
            made[column] = Cell(key, label, text, Exposure.SHOWN, privacy_class, held=text is not None)
    return Row(table, number, made)


def record(word: str = "Anders") -> Record:
    """Return a record of invented values; ``word`` stands in every text a customer could have written."""
    identity, contact, address = PrivacyClass.IDENTITY, PrivacyClass.CONTACT, PrivacyClass.ADDRESS
    company, purchase, network = PrivacyClass.COMPANY, PrivacyClass.PURCHASE, PrivacyClass.NETWORK
    person = cells("person", 4711, {
        "given_name": ("Given name", word, identity), "family_name": ("Family name", "Bo", identity),
        "job_title": ("Job title", f"Colourist {word}", identity),
        "email": ("E-mail", "masked:b•••@nordlys.example", contact),
        "phone": ("Telephone", "masked:•••42", contact), "street": ("Street", "none:", address),
        "user_name": ("Account user name", "masked:•••••••", network), "country": ("Country", "DK", None),
        "language": ("Language", "da", None), "store": ("Store", "fastspring", None),
        "account_id": ("Store account", word, None), "source": ("Source", "STORE_ACCOUNT", None),
        "obtained_on": ("Obtained on", "2019-05-02", None), "import_id": ("Import", "7", None),
        "is_customer": ("Customer", "yes", None),
        "mark": ("Mark", None, None), "confirmed_on": ("Last confirmed", "2024-03-14", None),
    })  # fmt: skip
    organisation = cells("organisation", 9, {
        "name": ("Company", f"Nordlys Post ApS {word}", company), "vat_number": ("VAT number", "DK00000000", company),
    })  # fmt: skip
    licence = cells("licence", 1, {
        "serial": ("Serial", "MR-4711-••••", PrivacyClass.LICENCE),
        "product_name": ("Product", f"MovieRecorder {word}", None),
        "version": ("Version", "4.1", None), "seats": ("Seats", "2", None), "status": ("Status", "active", None),
    })  # fmt: skip
    seats = [
        cells("activation", number, {
            "licence_id": ("Licence", "1", None), "user_name": ("User name", "masked:•••••••", network),
            "mac": ("MAC address", "masked:AA:BB:CC:••:••:••", network),
            "ip": ("IP address", "masked:192.0.2.•", network),
            "activated_at": ("Activated", f"2026-10-0{number}T09:00:00Z", None), "status": ("Status", "active", None),
        })
        for number in (2, 1)
    ]  # fmt: skip
    order = cells("sales_order", 1, {
        "number": ("Order number", "SO-20418", None), "ordered_at": ("Ordered", "2026-10-02T09:14:00Z", None),
        "currency": ("Currency", "EUR", None), "total": ("Total", "1240.00", purchase),
        "state": ("State", "completed", None),
        "is_test": ("Test order", "no", None),
    })  # fmt: skip
    part = cells("order_line", 1, {
        "order_id": ("Order", "1", None), "description": ("Description", f"MovieRecorder 4, {word}", purchase),
        "quantity": ("Quantity", "3", None), "amount": ("Amount", "1240.00", purchase),
    })  # fmt: skip
    case = cells("support_case", 1, {
        "number": ("Case number", "C-2026-0412", None), "opened_at": ("Opened", "2026-11-22T08:10:00Z", None),
        "closed_at": ("Closed", None, None), "product_name": ("Product", "MovieRecorder", None),
        "channel": ("Channel", "chat", None), "recognised": ("Recognised by", "call-back", None),
        "summary": ("Summary", f"activation refused {word}", PrivacyClass.CASE),
    })  # fmt: skip
    report = cells("contact_report", 1, {
        "channel": ("Channel", "call", None), "contact_at": ("Date", "2026-06-11T12:00:00Z", None),
        "topic": ("Topic", f"asked for a second seat {word}", PrivacyClass.REPORT), "case_id": ("Case", "1", None),
    })  # fmt: skip
    request = cells("request", 1, {
        "number": ("Request number", "DSR-2026-0017", None), "kind": ("Type", "erase", None),
        "state": ("State", "received", None), "hard_due": ("Due", "2026-12-21", None),
    })  # fmt: skip
    return Record(
        kind=RecordKind.PERSON, id=4711, customer=4711, title=f"{word} Bo", role=Role.SUPPORT, purpose=Purpose.SUPPORT,
        reference="C-2026-0412", standing=Standing.VERIFIED, basis=Basis.TICKET, seq=10_442,
        sections={
            "person": (person,), "organisation": (organisation,), "licence": (licence,), "activation": tuple(seats),
            "sales_order": (order,), "order_line": (part,), "support_case": (case,), "contact_report": (report,),
            "request": (request,),
        },
        focus=("person", 4711), given=_given(word), imports={7: ("fastspring", NOON)},
    )  # fmt: skip


def _given(word: str) -> tuple[Given, ...]:
    return tuple(
        Given(
            kind="payment processor", name=name, country=country, purposes=(purpose,), classes=("name", "e-mail"),
            last_on=dt.date(2026, 10, 2), mechanism=mechanism, mechanism_until=dt.date(2031, 12, 27),
        )
        for name, country, purpose, mechanism in (
            ("Payment processor", "", "taking payment", ""), (f"Carrier {word}", "GB", "delivering", "ADEQUACY"),
        )
    )  # fmt: skip


def page(word: str = "Anders") -> Page:
    """Return a list of hits of every kind."""
    company = f"Nordlys Post ApS {word}"
    return Page(
        hits=(
            Hit(RecordKind.PERSON, 1, "s_1", f"{word} Bo", company, "name, company", customer=1),
            Hit(RecordKind.PERSON, 2, "s_2", "Jan Janssens", "Post Nord Studio", "company", "BE · j•••@post.example"),
            Hit(RecordKind.PERSON, 3, "s_3", "Jan Janssens", "Post Nord Studio", "company", "NL · j•••@nord.example"),
            Hit(RecordKind.ORDER, 4, "s_4", "SO-20418", company, "order number"),
            Hit(RecordKind.LICENCE, 5, "s_5", "MovieRecorder MR-4711-••••", company, "serial"),
            Hit(RecordKind.CASE, 6, "s_6", "C-2026-0377", company, "case number", state="closed"),
        ),
        seq=10_442,
    )


def cases() -> tuple[CaseRow, ...]:
    """Return three open cases."""
    return (
        CaseRow(3, "C-2026-0412", "support", "call", "MovieRecorder", NOON, True, 4711),
        CaseRow(2, "C-2026-0399", "sale", "email", "OnTheAir Video Express", NOON - 86_400_000, True, None),
        CaseRow(1, "C-2026-0377", "support", "chat", "", NOON - 10 * 86_400_000, True, 12),
    )


def requests() -> tuple[RequestRow, ...]:
    """Return two requests, due long after any run of the tests."""
    due = dt.date(2099, 12, 21)
    return (
        RequestRow(1, "DSR-2026-0017", "erase", "received", "phone", NOON, due, due, 4711),
        RequestRow(2, "DSR-2026-0018", "access", "received", "in_person", NOON, due, due + dt.timedelta(9), None),
    )


def request_page(word: str = "Anders") -> RequestPage:
    """Return a request in full: mail is stopped, and its letter is ready."""
    lists = LetterFacts(
        number="DSR-2026-0019", written_on=dt.date(2026, 11, 22), effective_on=dt.date(2026, 11, 22), lists=(word,)
    )
    due = dt.date(2026, 12, 22)
    stopped = RequestRow(
        3, "DSR-2026-0019", "object_mkt", "notifying", "phone", NOON, due, due, 4711, carried_out_at=NOON, to_tell=True
    )
    return RequestPage(
        request=stopped,
        registered_at=NOON,
        received_by=f"support · {word} Holm",
        requester=Cell("request:3:requester", "Requester", f"{word} Bo", Exposure.SHOWN, PrivacyClass.REQUEST),
        reply_address=Cell(
            "request:3:reply_address", "Reply address", _LONG_ADDRESS, Exposure.SHOWN, PrivacyClass.CONTACT
        ),
        note=Cell("request:3:note", "What is asked", f"no more mail, {word}", Exposure.SHOWN, PrivacyClass.REQUEST),
        told=(Told("Transpond (MPZMail Limited, Manchester)", "open", NOON, None),),
        letter=write(Letter.MARKETING_STOPPED, Language.EN, lists).text,
        letter_sent=False,
        standing=standing(),
        history=(Made("stop_marketing", "notifying", NOON, by_desk=False),),
        seq=10_442,
    )


def looks() -> tuple[Look, ...]:
    """Return who looked."""
    made = [
        ("customer.revealed", Level.REVEALED, ("contact", "person.phone")),
        ("customer.opened", Level.OPENED, ("person",)),
        ("customer.listed", Level.LISTED, ("person",)),
    ]
    return tuple(
        Look(10_443 - n, NOON - n * 60_000, "support", level, act, "support", "C-2026-0412", "verified", kinds)
        for n, (act, level, kinds) in enumerate(made)
    )


def access() -> Access:
    """Return who asks, in name only."""
    return Access(session="0" * 16, purpose=Purpose.SUPPORT, reference="C-2026-0412", host="desk-01")
