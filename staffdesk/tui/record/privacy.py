"""What the policy promises a person to be told: where data came from, its use, to whom it went, and his rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from textual.content import Content

from staffdesk.domain.records import Record, Row
from staffdesk.domain.request_words import ASKED
from staffdesk.domain.sharing import Given
from staffdesk.domain.uses import NEWS, gets_news, used_for, uses
from staffdesk.tui.phrases import weekday
from staffdesk.tui.plain import HIDDEN, MUTED, NOTHING, STRONG, WARN, fit, joined, plain
from staffdesk.tui.record.currency import whole_source
from staffdesk.tui.record.sight import Sight
from staffdesk.tui.widgets.rows import Line, words

_LABEL: Final = 16
WHY_NEWS: Final = "why-news.0"
"""The line at which it stands why the person gets product news."""
_DONE: Final = frozenset({"completed", "refused", "lapsed", "withdrawn", "no_data", "archived", "purged"})
"""States in which nothing more is to be done, as the view of references knows them too."""

Fact = tuple[str, Content]
"""A label and what is said under it."""


def privacy_lines(record: Record, sight: Sight) -> list[Line]:
    """Return the four parts and why he gets news, each under its head; one that has nothing to tell says so.

    What they tell is hidden with the fields: it is about the same person.
    """
    lines: list[Line] = []
    for head, facts in _PARTS.items():
        lines += [words(NOTHING)] if lines else []
        # The cursor stops at every line, so that keys alone bring all of them into sight.
        told = [("", plain(head, STRONG)), *(list(facts(record)) or [("", plain("None recorded.", MUTED))])]
        lines += [
            Line(f"{head.replace(' ', '-').lower()}.{number}", partial(_draw, label, value))
            for number, (label, value) in enumerate(_away(told) if sight.away else told)
        ]
    return lines


def _away(told: list[Fact]) -> list[Fact]:
    head, *facts = told
    return [head, *((label, plain(HIDDEN, MUTED)) for label, _ in facts)]


def _where_from(record: Record) -> Iterator[Fact]:
    """Yield the person's own source, then that of each kind of record where it is another one."""
    known: set[str] = set()
    for table in record.sections:
        came: dict[str, list[str]] = {}
        for row in record.rows(table):
            if row.text("source"):
                came.setdefault(whole_source(record, row), []).append(row.text("obtained_on"))
        label = uses()[table].label if table in uses() else table
        for source, dates in came.items():
            if source not in known:
                first, last = min(dates), max(dates)
                yield label, plain(f"{source} · {first if first == last else f'{first} to {last}'}")
        known |= came.keys()


def _used_for(record: Record) -> Iterator[Fact]:
    for use in used_for(record):
        yield use.label, joined(plain(use.use), plain(f" · {use.basis} · policy {use.clause}", MUTED))


def _given_to(record: Record) -> Iterator[Fact]:
    for given in record.given:
        yield "", joined(plain(given.label, STRONG), plain(" · ".join(["", *_about(given)]), MUTED))


def _about(given: Given) -> Iterator[str]:
    yield given.country or "country not recorded"
    yield from given.purposes
    yield ", ".join(given.classes)
    yield f"last {given.last_on.isoformat()}"
    if given.name and given.mechanism:
        until = "" if given.mechanism_until is None else f" until {given.mechanism_until.isoformat()}"
        yield f"safeguard {given.mechanism.lower().replace('_', ' ')}{until}"


def _rights(record: Record) -> Iterator[Fact]:
    if record.customer is None:
        return
    if "request" in record.sections:
        requests = sorted(record.rows("request"), key=lambda row: row.text("state") in _DONE)
        for row in requests:
            done = row.text("state") in _DONE
            what = f"{row.text('number')} {ASKED.get(row.text('kind'), row.text('kind')).lower()}"
            due = plain(f" · {row.text('state').replace('_', ' ')} · due {_day(row)}", MUTED if done else WARN)
            yield "Done" if done else "Open", joined(plain(what), due)
        if not requests:
            yield "Requests", plain("None recorded.", MUTED)
    else:
        yield "Requests", plain(f"{record.role} is not told.", MUTED)
    yield "May ask for", plain(", ".join(each.lower() for each in ASKED.values()))
    yield from _mail(record)
    yield "Holds", plain("None recorded.", MUTED)


def _mail(record: Record) -> Iterator[Fact]:
    if NEWS not in record.sections:
        yield "Product news", plain(f"{record.role} is not told.", MUTED)
    for row in record.rows(NEWS):
        gets = gets_news(row)
        since = row.text("started_on") if gets else row.text("ended_on")
        state = f"{'sent' if gets else 'stopped'}{f' since {since}' if since else ''}"
        yield "Product news", joined(plain(state), plain(f" · {row.text('list_name')}", MUTED))
    if not record.rows(NEWS) and NEWS in record.sections:
        yield "Product news", plain("not sent", MUTED)


def _why_news(record: Record) -> Iterator[Fact]:
    """Yield why the person gets product news or not; before somebody asked, how to."""
    told = record.news
    if record.customer is None:
        return
    if NEWS not in record.sections:
        yield "", plain(f"{record.role} is not told.", MUTED)
        return
    if told is None:
        yield "", plain("h says why, or why not; that reading is an entry.", MUTED)
        return
    yield "Gets it", plain("yes") if told.eligible else plain("no", WARN)
    for label, said in (
        ("Contact", told.event or "none"), ("Ground", told.basis or "none"), ("Shown by", "; ".join(told.evidence)),
        ("Against it", "; ".join(told.against)),
        ("Given on", "not now" if told.given_on is None else told.given_on.isoformat()),
    ):  # fmt: skip
        if said:
            yield label, plain(said)


def _day(row: Row) -> str:
    try:
        return weekday(dt.date.fromisoformat(row.text("hard_due")))
    except ValueError:
        return row.text("hard_due")


def _draw(label: str, value: Content, width: int) -> Content:
    head = fit(plain(label, MUTED), _LABEL) if label else NOTHING
    first, *others = value.wrap(max(width - head.cell_length, 1)) or [NOTHING]
    gap = Content(" " * head.cell_length)
    return Content("\n").join([joined(head, first), *(joined(gap, line) for line in others)])


_PARTS: Final[dict[str, Callable[[Record], Iterator[Fact]]]] = {
    "Where from": _where_from,
    "Used for": _used_for,
    "Given to": _given_to,
    "Rights": _rights,
    "Why news": _why_news,
}
