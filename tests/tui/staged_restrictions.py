"""A record and a request with fields whose accuracy is contested, as screens are staged with them."""

from __future__ import annotations

from dataclasses import replace

from staffdesk.domain.classes import Exposure
from staffdesk.domain.records import CONTESTED, Record
from staffdesk.domain.request_pages import Contested, RequestPage
from staffdesk.domain.requests import RequestState, RequestType
from tests.tui.stage import request_page
from tests.tui.staged_requests import standing


def contested(record: Record) -> Record:
    """Return a record whose family name and e-mail its person says are wrong."""
    (person,) = record.rows("person")
    hidden = {
        column: person.cells[column]._replace(
            text=None, exposure=Exposure.MASKED, revealable=False, why=CONTESTED, contested=True
        )
        for column in ("family_name", "email")
    }
    return replace(record, sections={**record.sections, "person": (replace(person, cells={**person.cells, **hidden}),)})


def contested_page() -> RequestPage:
    """Return a request to correct: one field is settled, another is not."""
    page, number = request_page(), "DSR-2026-0019"
    fields = (
        Contested("person:4711:email", "E-mail", "b@nordlys.example", "bo@nordlys.example", "his letter", ("Carrier",)),
        Contested("person:4711:city", "City", "Copenhagen"),
    )
    asked = replace(page.request, kind="rectify", state="decision", number=number, carried_out_at=None)
    stands = standing(RequestType.RECTIFY, RequestState.DECISION)
    return replace(page, request=asked, letter="", told=(), contested=fields, standing=stands, history=())
