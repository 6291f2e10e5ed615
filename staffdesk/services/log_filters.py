"""The filters of the log: what a filter selects, and those that have a name, shipped or kept by an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from staffdesk.data.actors import Actors
from staffdesk.data.entry_pages import Selection
from staffdesk.data.references import LARGEST, References
from staffdesk.data.saved_filters import SavedFilters
from staffdesk.data.sessions import Sessions
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act
from staffdesk.domain.entry_filter import LISTS, MYSELF, EntryFilter, acts_of, normal_text, parse_filter
from staffdesk.domain.errors import BadInput, Conflict, Misconfigured, NotFound, SessionEnded
from staffdesk.domain.names_of_things import refuse_addresses
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import clean_line
from staffdesk.parameters import Dated, read
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.standing import LONGEST_REFERENCE, reference_number

LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 300
LONGEST_TITLE: Final = 40
MOST_KEPT: Final = 50

_KINDS: Final = ("filter",)
_AROUND_MS: Final = 60_000
"""How long before its beginning and after its end a session's own entries are looked for."""


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """A filter under a name; ``own`` is False for one that is shipped."""

    name: str
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How many entries a filter selects; ``more`` where there may be others."""

    name: str
    text: str
    entries: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedFilters(Dated):
    """The filters that everybody finds, by their names."""

    filters: Mapping[str, str]
    review: Mapping[str, str]
    review_days: int

    def __post_init__(self) -> None:
        """Refuse a filter that means nothing."""
        for name, text in (*self.filters.items(), *self.review.items()):
            try:
                parse_filter(text)
            except BadInput as error:
                raise Misconfigured(f"log_filters.toml: {name}: {error.sentence}", error.hint) from error


@cache
def shipped_filters() -> ShippedFilters:
    """Return the shipped filters."""
    return read("log_filters", ShippedFilters)


class LogFilters:
    """What the log can be asked for by a name."""

    def __init__(self, door: Door) -> None:
        """Read and write through ``door``."""
        self._door = door

    def named(self, access: Access) -> tuple[NamedFilter, ...]:
        """Return the shipped filters, then one's own by name."""

        def read_names(tx: Append, cleared: Clearance) -> tuple[tuple[NamedFilter, ...], Result]:
            own = SavedFilters(tx).of(_staff_id(cleared))
            found = (
                *(NamedFilter(name, text, own=False) for name, text in shipped_filters().filters.items()),
                *(NamedFilter(name, text, own=True) for name, text in own),
            )
            return found, Result(act=Act.AUDIT_LISTED, kinds=(*_KINDS, "named"), n=len(found))

        return self._door.act(access, _draft("named"), read_names, intent=False)

    def save(self, access: Access, name: str, text: str) -> None:
        """Keep a filter under a name of one's own; one that has the name gives way.

        Raises :class:`BadInput` for what is no filter or the name of a shipped one, :class:`NotFound` where it names
        an account or a number that is not known, :class:`Conflict` where too many are kept, :class:`MustNotBeHeld` for
        a name with an address in it.
        """
        name, text = _name(name), clean_line(normal_text(text), LONGEST_TEXT)
        refuse_addresses(name)
        if name in shipped_filters().filters:
            raise BadInput("A filter that is shipped has this name.", "Choose another.")

        def write(tx: Append, cleared: Clearance) -> tuple[None, Result]:
            selection(tx, checked(parse_filter(text)), cleared)
            saved, mine = SavedFilters(tx), _staff_id(cleared)
            if len([each for each, _ in saved.of(mine) if each != name]) >= MOST_KEPT:
                raise Conflict(f"{MOST_KEPT} filters are kept already.", "Forget one first.")
            if saved.put(mine, name, text) != 1:
                raise Conflict("The filter was not kept.", "Try again.")
            return None, Result(act=Act.AUDIT_LISTED, kinds=(*_KINDS, "saved"), n=1)

        self._door.act(access, _draft("saved"), write)

    def forget(self, access: Access, name: str) -> None:
        """Forget a filter of one's own; raises :class:`NotFound` where there is none of this name."""
        name = _name(name)

        def write(tx: Append, cleared: Clearance) -> tuple[None, Result]:
            if SavedFilters(tx).drop(_staff_id(cleared), name) != 1:
                raise NotFound("You keep no filter of this name.", "A shipped one is not forgotten.")
            return None, Result(act=Act.AUDIT_LISTED, kinds=(*_KINDS, "forgotten"), n=1)

        self._door.act(access, _draft("forgotten"), write)


def checked(wanted: EntryFilter) -> EntryFilter:
    """Refuse a word that the log does not know: it would find nothing, and look like an answer."""
    for name, value in wanted.closed():
        if value not in LISTS[name]:
            raise BadInput(f"The log knows no such {name}.", f"Choose one of: {', '.join(LISTS[name])}.")
    ref = None if wanted.ref is None else clean_line(wanted.ref, LONGEST_REFERENCE)
    if ref is not None:
        refuse_forbidden(ref)
    return replace(
        wanted,
        who=_line(wanted.who),
        kind=_line(wanted.kind),
        sid=_line(wanted.sid),
        ref=ref,
        since_ms=_within_a_column(wanted.since_ms),
        until_ms=_within_a_column(wanted.until_ms),
    )


def parts_of(wanted: EntryFilter) -> tuple[str, ...]:
    """Name the parts of a filter for the entry of its reading, with the values of closed lists alone."""
    return (*(f"{name}:{value}" for name, value in wanted.closed()), *wanted.others())


def selection(tx: Append, wanted: EntryFilter, cleared: Clearance) -> Selection:
    """Return a filter in the ids of the log; raises :class:`NotFound` for a name or a number that is not known."""
    actor = None if wanted.who is None else _account(tx, wanted.who, cleared)
    since, until, aid, ref = wanted.since_ms, wanted.until_ms, None, None
    if wanted.customer is not None:
        subject = References(tx).subject("person", wanted.customer)
        if subject is None:
            raise NotFound("There is no customer with this number.", "Take it from an entry, where whom says it.")
        aid = subject.aid
    if wanted.ref is not None:
        reference = References(tx).reference(reference_number(wanted.ref))
        if reference is None:
            raise NotFound(
                "The desk knows no case, order, licence or request with this number.",
                "An outside number is in no list; it stands in the entry that is opened.",
            )
        ref = reference.aid
    if wanted.sid is not None:
        whole = Sessions(tx).whole(wanted.sid)
        if whole is None or actor not in {None, whole.staff_id}:
            raise NotFound("There is no such session of this account.", "Take it from an entry: t shows its session.")
        actor = whole.staff_id
        begun = whole.started_at - _AROUND_MS
        since = begun if since is None else max(begun, since)
        if whole.ended_at is not None:
            over = whole.ended_at + _AROUND_MS
            until = over if until is None else min(over, until)
    return Selection(
        actor=actor,
        acts=() if wanted.act is None else acts_of(wanted.act),
        aid=aid,
        out=wanted.out,
        ref=ref,
        purpose=wanted.purpose,
        standing=wanted.standing,
        level=wanted.level,
        rel=wanted.rel,
        role=wanted.role,
        entity=wanted.entity,
        kind=wanted.kind,
        sid=wanted.sid,
        since=since,
        until=until,
        among=None if wanted.entity is None else Actors(tx).employed_by(wanted.entity),
    )


def _account(tx: Append, who: str, cleared: Clearance) -> str:
    if who == MYSELF:
        return _staff_id(cleared)
    known = {name: staff_id for staff_id, name in Actors(tx).user_names().items()}
    if who not in known:
        raise NotFound("There is no account with this user name.", "Look at: staffdesk staff list")
    return known[who]


def _staff_id(cleared: Clearance) -> str:
    if cleared.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    return cleared.actor.staff_id


def _draft(kind: str) -> Draft:
    return Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=(*_KINDS, kind))


def _name(name: str) -> str:
    refuse_forbidden(name)
    return clean_line(name, LONGEST_TITLE)


def _line(value: str | None) -> str | None:
    return None if value is None else clean_line(value, LONGEST_NAME)


def _within_a_column(moment: int | None) -> int | None:
    return None if moment is None else max(-LARGEST, min(moment, LARGEST))
