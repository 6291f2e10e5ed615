"""What the readers of all stores do alike: build one record, count what it leaves behind, say where it stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from staffdesk.domain.errors import BadInput, Conflict, StaffdeskError
from staffdesk.domain.imported import Dropped, PaymentState, Place
from staffdesk.domain.imported_lists import AnyRecord, party_of
from staffdesk.domain.read_items import Imported, LeftOut, Reason, Refused
from staffdesk.domain.screening import refuse_forbidden, screen
from staffdesk.services.importing.fields import CORRECT, Fields
from staffdesk.services.importing.profiles import Unfinished
from staffdesk.services.importing.reading import load, parse, pieces, place_in

FASTSPRING = "fastspring"
SHOPIFY = "shopify"

STREET = 240
"""Longest line of a street address taken: two of them make one line."""

_NOTHING: Mapping[Dropped, int] = MappingProxyType({})
_UNFORESEEN = "It cannot be taken in, for a reason that was not foreseen; tell who looks after staffdesk."


def refused(place: Place, error: Exception) -> Refused:
    """Say where a record stood that cannot be taken, why, and the next step.

    What nobody foresaw is told without its own words, which may quote the record. An error that no record causes (a
    parameter file, the database) is raised again.
    """
    if not isinstance(error, StaffdeskError):
        return Refused(place, f"{_UNFORESEEN} {CORRECT}")
    if not isinstance(error, BadInput | Conflict):
        raise error
    sentence = error.sentence if error.sentence.endswith(".") else f"{error.sentence}."
    return Refused(place, f"{sentence} {error.hint or CORRECT}", sentence)


def read_one(place: Place, build: Callable[[], AnyRecord], counted: Iterable[Fields]) -> Imported | Refused | LeftOut:
    """Build one record, then count what was left in ``counted``; what the builder refuses comes with the place.

    A checkout that nobody finished is left out.

    The place names the buyer's account, unless its id looks like what must not be held: a place is printed.
    """
    dropped: Counter[Dropped] = Counter()
    try:
        record = build()
        for fields in counted:
            fields.count_dropped(dropped)
    except Unfinished:
        return LeftOut(place, Reason.UNFINISHED)
    except Exception as error:  # noqa: BLE001 - whatever one record provokes, the others come in
        return refused(place, error)
    party = party_of(record)
    account_id = party.account_id if party else None
    if account_id is not None and screen(account_id) is not None:
        account_id = None
    if account_id is not None:
        place = Place(place.file, place.position, account_id)
    return Imported(place=place, record=record, dropped=MappingProxyType(dict(dropped)) if dropped else _NOTHING)


def json_objects(path: Path, lists: frozenset[str]) -> Iterator[tuple[Place, Fields] | Refused]:
    """Read the objects of a JSON file, each with its place; ``lists`` are the names of lists of them at the top."""
    try:
        content = load(path)
    except BadInput as error:
        yield refused(place_in(path), error)
        return
    for piece in pieces(content, lists):
        place = place_in(path, piece.position)
        if piece.problem:
            yield refused(place, BadInput(*piece.problem))
            continue
        try:
            fields = Fields(parse(piece.content))
        except Exception as error:  # noqa: BLE001 - whatever one record provokes, the others come in
            yield refused(place, error)
            continue
        yield place, fields


def below(place: Place, path: str) -> Place:
    """Name a place inside a record; inside the whole document the path stands alone."""
    return replace(place, position=path if place.position in {"", "$"} else f"{place.position}.{path}")


def joined(*parts: str | None, between: str = ", ") -> str | None:
    """Put the filled parts into one line, and refuse it where they hold together what must not be held."""
    line = between.join(part for part in parts if part)
    refuse_forbidden(line)
    return line or None


def payment_state(fields: Fields, key: str) -> PaymentState | None:
    """Take Shopify's word for whether an order is paid; the list is closed (privacy policy, C.6)."""
    word = fields.word(key)
    if word is None:
        return None
    try:
        return PaymentState(word.casefold())
    except ValueError:
        raise BadInput(f"Field {key}: it is not a payment state that Shopify documents.", CORRECT) from None
