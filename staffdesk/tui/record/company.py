"""The panes of a company: its fields with where they came from, its licences, and its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.company_history import MOST, CompanyPage, Happening
from staffdesk.domain.records import Record
from staffdesk.tui.phrases import count, day
from staffdesk.tui.plain import HIDDEN, MUTED, NOTHING, STRONG, fit, joined, plain
from staffdesk.tui.record.currency import origin_of
from staffdesk.tui.record.fields import fact
from staffdesk.tui.record.panes import person_lines
from staffdesk.tui.record.sight import Sight
from staffdesk.tui.widgets.rows import Line, words

HISTORY: Final = "history"
LICENCES: Final = "licences"
COMPANY: Final = "company"
TITLES: Final = {COMPANY: "1 Company", LICENCES: "2 Licences", HISTORY: "3 History"}

_DAY, _WHAT, _STATE, _WHO, _LEAST = 11, 17, 9, 16, 12
_SPARE: Final = 46
"""From what width on a row says by whom it is."""
_KINDS: Final = (
    ("is_customer", "customer"), ("is_supplier", "supplier"), ("is_partner", "partner"), ("sole_trader", "sole trader"),
)  # fmt: skip


def company_lines(record: Record, sight: Sight) -> list[Line]:
    """Return the company's fields, what it is, and where it came from."""
    lines: list[Line] = []
    for company in record.rows("organisation"):
        kinds = " · ".join(word for column, word in _KINDS if company.text(column) == "yes")
        lines.append(fact("Company no.", " · ".join(part for part in (str(company.id), kinds) if part)))
        lines += person_lines(record, sight)[1:]
        if origin_of(company):
            lines.append(fact("From", origin_of(company)))
        if company.text("country"):
            lines.append(fact("Country", company.text("country")))
    return lines


def history_lines(page: CompanyPage, sight: Sight) -> list[Line]:
    """Return a page of the history, and what is not told."""
    rows = [*_rows(page.happenings, sight)]
    if not rows:
        rows = [words(plain("Nothing is on file of anybody there." if page.page == 1 else "No more.", MUTED))]
    return [*rows, *(words(plain(each, MUTED)) for each in _not_told(page))]


def licence_lines(page: CompanyPage, sight: Sight) -> list[Line]:
    """Return the company's newest licences."""
    rows = [replace(each, what=each.what.removeprefix("licence, ")) for each in page.licences]
    return [*_rows(rows, sight, _STATE)] or [words(plain("No licences.", MUTED))]


def key_of(each: Happening) -> str:
    """Return the key of a row's line."""
    return f"{each.row.table}:{each.row.id}"


def _rows(happenings: Sequence[Happening], sight: Sight, what: int = _WHAT) -> Iterator[Line]:
    return (Line(key_of(each), partial(_draw, each, sight, what)) for each in happenings)


def _not_told(page: CompanyPage) -> Iterator[str]:
    for each in page.missing:
        yield f"Left out of the newest {MOST}: {each}."
    if page.older and not page.more:
        yield f"What is older than the newest {count(MOST, 'row')} stands in the records of the people."


def _draw(each: Happening, sight: Sight, what: int, width: int) -> Content:
    about = plain(each.about, MUTED) if isinstance(each.about, str) else sight.value(each.about).first_line
    number = plain(each.number, STRONG)
    middle = joined(*(part for part in (number, about) if part), by=" ")
    who = _WHO if width >= _SPARE else 0
    return fit(
        joined(
            fit(plain(day(each.at), MUTED), _DAY),
            fit(plain(each.what), what),
            fit(plain(HIDDEN if sight.away and each.who else each.who), who) if who else NOTHING,
            plain(" ") if who else NOTHING,
            fit(middle, max(width - _DAY - what - who - 1, _LEAST)),
        ),
        width,
    )
