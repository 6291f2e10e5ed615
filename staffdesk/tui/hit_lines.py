"""A hit as a line of a list: what it is, what it is called, where, and which field matched; and how many there are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from staffdesk.domain.access import Act, RecordKind, Role
from staffdesk.domain.access_table import SearchKey
from staffdesk.domain.policy import matrix
from staffdesk.domain.search_text import KINDS
from staffdesk.tui.plain import DASH, HIDDEN, MUTED, STRONG, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, words

if TYPE_CHECKING:
    from staffdesk.domain.records import Hit
    from staffdesk.tui.session import Session

_KIND = 11
_WORDS = {RecordKind.ORGANISATION: "company"}
"""Kinds that people call otherwise."""
_SIZES = ((90, (34, 34)), (70, (26, 20)), (0, (20, 12)))
"""Least width of the list, and there the widths of title and company."""


def hit_line(hit: Hit, hidden: bool, width: int) -> Content:
    """Return the line; ``hidden`` while nobody has pressed a key for a while."""
    size, other = next(sizes for least, sizes in _SIZES if width >= least)
    kind = joined(plain(_WORDS.get(hit.kind, hit.kind.value), MUTED))
    title = joined(plain(HIDDEN if hidden else hit.title, STRONG), plain(f"  {hit.state}" if hit.state else "", MUTED))
    found = plain(" · ".join(part for part in ("" if hidden else hit.detail, hit.found_by) if part), MUTED)
    return fit(
        joined(
            fit(kind, _KIND),
            fit(title, size),
            plain(" "),
            fit(plain(HIDDEN if hidden else hit.company or DASH), other),
            plain(" "),
            found,
        ),
        width,
    )


def matching(number: int, most: int, kind: RecordKind | None) -> str:
    """Return how many match: ``1 person matches``, ``1,240 orders match``, ``1000+ people match``, ``none match``."""
    one = kind or RecordKind.PERSON
    many = next(word for word, each in KINDS.items() if each is one)
    if not number:
        return "none match"
    if number == 1:
        return f"1 {_WORDS.get(one, one.value)} matches"
    return f"{most}+ {many} match" if number > most else f"{number:,} {many} match"


def what_to_type(session: Session) -> str:
    """Say what may stand in the box: to a role that does not search by names, what it searches by."""
    purposes = session.purposes() if session.purpose is None else (session.purpose,)
    held = session.signed_in.roles
    roles = {matrix().role_in_force(held, each, Act.CUSTOMER_SEARCH) for each in purposes}
    told = [matrix().searched_by(each) for each in roles if each is not None and not _by_name(each)]
    return told[0] if len(told) == len(roles) == 1 else "Type a name, a company, an e-mail address or an order number."


def _by_name(role: Role) -> bool:
    return matrix().searches(role, SearchKey.NAME)


def no_match(text: str, searched_by: str) -> list[Line]:
    """Return the lines that say that nothing matches a text, and by what is searched."""
    hint = " ".join(part for part in (searched_by, "Try fewer letters, or another of its numbers.") if part)
    return [words(plain(f"No match for “{text}”.")), words(plain(hint, MUTED))]


def offer_line(key: str, question: str, does: str) -> Line:
    """Return the line that offers another way where nothing was found: a question, and what Enter on it does."""
    return Line(key, partial(fit, joined(plain(question, STRONG), plain(f"  {does}", MUTED))))
