"""A company's screen in states worth a picture: the newest page of its history, an older one, and while masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from unittest import mock

from staffdesk.domain.access import RecordKind, Role
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.company_history import CompanyPage, Happening, LeftOut
from staffdesk.domain.records import Cell, Row
from staffdesk.tui.screens.organisation import OrganisationScreen
from tests.tui import stage
from tests.tui.stage import Scene, Stage, put

_ROWS: Sequence[tuple[str, str, str, str, str, bool]] = (
    (
        "2026-11-20T09:12:00Z",
        "support_case",
        "licence request",
        "C-2026-0412",
        "Transfer to another computer, open",
        True,
    ),
    ("2026-11-19T14:40:00Z", "contact_report", "email in", "", "still no sound on the second channel", False),
    ("2026-11-19T08:02:00Z", "person", "mail came back", "", "", True),
    ("2026-11-18T16:05:00Z", "support_case", "case, closed", "C-2026-0399", "no sound after the update", True),
    ("2026-10-02T11:30:00Z", "sales_order", "order, completed", "SO-20418", "MovieRecorder 4", True),
    ("2026-06-11T12:00:00Z", "contact_report", "call", "", "asked for a second seat", False),
)
_LICENCE = ("2025-01-07T00:00:00Z", "licence", "licence, active", "MovieRecorder 4.3", "MR4-•••", True)
_PEOPLE = ("Bo", "Janssens", "Verstraeten-Vandenbroucke")


def company_page(word: str = "Anders", page: int = 1) -> CompanyPage:
    """Return a page of a company's history."""
    return CompanyPage(
        organisation=12,
        page=page,
        happenings=tuple(_happening(at, row, word) for at, row in enumerate(_ROWS)),
        licences=(_happening(7, _LICENCE, word),),
        left_out={LeftOut.RESTRICTED: 3, LeftOut.NOBODY: 1},
        more=page == 1,
        older=page > 1,
        seq=10_445,
    )  # fmt: skip


def _happening(number: int, row: tuple[str, str, str, str, str, bool], word: str) -> Happening:
    at, table, what, called, about, is_shown = row
    exposure = Exposure.SHOWN if is_shown else Exposure.MASKED
    text = about if is_shown else "•••••••"
    cell = Cell(f"{table}:{number}:about", "About", text, exposure, PrivacyClass.CASE, why="case of the same product")
    who = f"{word} {_PEOPLE[number % len(_PEOPLE)]}"
    return Happening(at, what, called, cell if about else "", who, 4711 + number, Row(table, number, {}))


async def company(at: Stage, word: str = "Anders", page: int = 1) -> OrganisationScreen:
    """Show a company."""
    at.sign_in(Role.SUPPORT).take(stage.cases()[0])
    record = stage.record(word)
    firm = record.rows("organisation")
    known = replace(
        record, kind=RecordKind.ORGANISATION, id=firm[0].id, customer=None, title=firm[0].text("name"),
        sections={"organisation": firm}, focus=("organisation", firm[0].id), given=(),
    )  # fmt: skip
    screen = OrganisationScreen(known, stage.access())
    with mock.patch.object(OrganisationScreen, "_read"):
        await put(at, screen)
    screen._take(company_page(word, page))
    return screen


async def _newest(at: Stage) -> None:
    await company(at)


async def _older(at: Stage) -> None:
    await company(at, page=2)


async def _fields(at: Stage) -> None:
    await company(at)
    await at.pilot.press("ampersand")


COMPANY_SCENES: dict[str, Scene] = {"company": _newest, "company-older": _older, "company-fields": _fields}
