"""The due dates of requests as a calendar that any calendar program reads (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.requests import ANSWERED

_LINE = "\r\n"


def calendar_of(requests: Sequence[RequestRow], made: dt.datetime) -> str:
    """Return one all-day event for each open request, on its last day, with a reminder two days before.

    Numbers and types alone stand in it, so that it may lie where others see it.
    """
    return _LINE.join(
        (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Softron//staffdesk//EN",
            *(line for each in requests if each.state not in ANSWERED for line in _event(each, made)),
            "END:VCALENDAR",
            "",
        )
    )


def _event(request: RequestRow, made: dt.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{request.number}@staffdesk"
    yield f"DTSTAMP:{made.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{request.hard_due:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{request.hard_due + dt.timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{request.number} · {request.kind} · due"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{request.number} is due"
    yield "TRIGGER:-P2D"
    yield "END:VALARM"
    yield "END:VEVENT"
