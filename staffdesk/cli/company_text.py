"""The history of a company in plain lines, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.record_text import cell_as_text
from staffdesk.domain.company_history import MOST, CompanyPage, Happening


def put_company(page: CompanyPage, *, as_data: bool) -> None:
    """Print a page of a company's history, the newest first; as JSON where ``as_data`` says so."""
    if as_data:
        put_json(
            {
                "organisation": page.organisation,
                "page": page.page,
                "history": [_as_json(each) for each in page.happenings],
                "licences": [_as_json(each) for each in page.licences],
                "left_out": {why.name.lower(): n for why, n in page.left_out.items()},
                "more": page.more,
                "older": page.older,
                "entry": page.seq,
            }
        )
        return
    _put(page.happenings)
    if page.licences:
        put()
        put("Licences")
        _put(page.licences)
    if not page.happenings:
        say("Nothing is on file of anybody there." if page.page == 1 else "There is no older page.")
    for each in page.missing:
        say(f"Left out of the newest {MOST}: {each}.")
    if page.more:
        say(f"There is more: --page {page.page + 1}.")


def _put(happenings: Sequence[Happening]) -> None:
    if happenings:
        heads = ("At", "What", "Number", "Who", "Customer", "About")
        put_table(heads, ((e.at, e.what, e.number, e.who, str(e.customer or "-"), _about(e)) for e in happenings))


def _about(happening: Happening) -> str:
    return happening.about if isinstance(happening.about, str) else cell_as_text(happening.about)


def _as_json(happening: Happening) -> dict[str, object]:
    return {
        "at": happening.at,
        "what": happening.what,
        "number": happening.number or None,
        "about": _about(happening),
        "who": happening.who or None,
        "customer": happening.customer,
    }
