"""Mails of customers as a mailbox's server hands them on, and what became of them in cases."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

from staffdesk.domain.access import Access, RecordKind
from staffdesk.domain.matters import NewCase
from staffdesk.domain.request_mail import RequestMail
from staffdesk.services.intake.reading import read_mail
from tests import mails
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import entries

OURS = "mx.softron.example"
PASS = f"{OURS}; spf=pass smtp.mailfrom=nordlys.example; dmarc=pass (p=reject) header.from=nordlys.example"
FORGED = (
    'spf=pass smtp.mailfrom="x; dmarc=pass header.from=nordlys.example"@evil.example; dmarc=fail',
    'dkim=pass header.i="a header.d=nordlys.example "@evil.example header.d=evil.example',
    'dkim=pass reason="header.d=nordlys.example" header.d=evil.example',
    r"dkim=fail (bad \) ; dmarc=pass header.from=nordlys.example ) header.d=evil.example",
    'spf=pass (of "x) smtp.mailfrom=") ; dmarc=pass header.from=nordlys.example ;"@evil.example; dmarc=fail',
)
"""What a sender of evil.example makes an honest server write, which proves nothing of nordlys.example."""
WORDS = "The red key does nothing since the update.\n\nAnders\n\nOn Monday Softron wrote:\n> Which key?\n"


def written(
    text: str = WORDS,
    *,
    results: str = "",
    sender: str = "Anders Bo <anders@nordlys.example>",
    message_id: str = "<1@nordlys.example>",
    days_ago: int | None = None,
) -> RequestMail:
    """Return a mail of November 2026, or of so many days ago; one with results comes today where nothing is said."""
    headers = {"Authentication_Results": results} if results else {}
    raw = mails.mail(text, subject="The red key", sender=sender, message_id=message_id, card=None, **headers)
    if results or days_ago is not None:
        came = dt.datetime.now(dt.UTC) - dt.timedelta(days=days_ago or 0)
        raw = raw.replace(mails.SENT_ON.encode(), format_datetime(came).encode())
    return read_mail(raw, names=True)


def reports(place: Place) -> list[dict[str, object]]:
    with place.owner() as owner:
        rows = owner.exec_driver_sql("SELECT * FROM contact_report WHERE direction IS NOT NULL ORDER BY id")
        return [dict(row._mapping) for row in rows]


def a_case(front: Front, access: Access, customer: int | None) -> str:
    return front.cases.open(access, NewCase("support", "call", product="MovieRecorder", customer=customer)).number


def standing(front: Front, access: Access, number: str, customer: int, place: Place) -> str | None:
    front.gateway.open(Access(access.session, access.purpose, number), RecordKind.PERSON, customer)
    return entries(place)[-1].standing
