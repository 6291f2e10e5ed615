"""What is recorded while a request is worked on: decisions on rows, places searched, what a move asks to be told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.grounds import ExtensionGround, ProofFault, RefusalGround
from staffdesk.parameters import Dated, read


class Decision(StrEnum):
    """What somebody decides of one row, or of a whole request, under a request of any type.

    What an erasure's plan then does to each row is :class:`staffdesk.domain.erasure.Action`: the desk derives it from
    the rules, and knows of no row that is provided, corrected or refused.
    """

    PROVIDE = "provide"
    REDACT = "redact"
    CORRECT = "correct"
    ERASE = "erase"
    ANONYMISE = "anonymise"
    RESTRICT = "restrict"
    KEEP = "keep"
    DECLINE = "decline"


class Way(StrEnum):
    """How a letter went out."""

    MAIL = "mail"
    HAND = "hand"


class Searched(StrEnum):
    """What was found in a place outside the desk."""

    DONE = "done"
    NOTHING = "nothing"
    EVIDENCE = "evidence"


class Ask(StrEnum):
    """What whoever makes a move must tell; :class:`Answers` holds it under the same name."""

    REASON = "reason"
    DAY = "day"
    DOCUMENT = "document"
    METHOD = "method"
    MASKED = "masked"
    COPY_DELETED = "copy_deleted"
    GROUND = "ground"
    FACTS = "facts"
    FAULT = "fault"
    EXTENSION = "extension"
    BREACH = "breach"
    FIELD = "field"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answers:
    """What was told with a move; ``day`` is a day in Brussels on which it happened, today if left out.

    ``field`` names a field of who asks: ``email`` of his own, ``organisation.name`` of his organisation.
    ``customer`` is the number of whose data it is about.
    ``faults`` are what a proof lacks or has too much of, ``breach`` whether it is one that somebody else's came.
    ``leave`` are the places in a package, by id, that may name others and are not hidden all the same.
    """

    reason: str = ""
    day: dt.date | None = None
    document: str = ""
    method: str = ""
    masked: bool = False
    copy_deleted: bool = False
    ground: RefusalGround | None = None
    facts: str = ""
    faults: tuple[ProofFault, ...] = ()
    extension: ExtensionGround | None = None
    breach: bool | None = None
    field: str = ""
    customer: int | None = None
    leave: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "<Answers>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place outside the desk where a person's data may be."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places(Dated):
    """Every place outside the desk that is searched for a request, and what proves who asks: documents, methods."""

    places: tuple[Place, ...]
    documents: tuple[Place, ...]
    methods: tuple[Place, ...]


@cache
def places() -> Places:
    """Return the shipped places and documents."""
    return read("request_places", Places)


def place(code: str) -> Place:
    """Return a place by its code; raises :class:`BadInput` for none of the list."""
    found = next((each for each in places().places if each.code == code), None)
    if found is None:
        raise BadInput("There is no such place to search.", "Take one of " + _codes(places().places) + ".")
    return found


LET_STAND: Final = "stays as it is, and is used again once the answer is sent"
"""What is said of a contested field that was found right."""
FIRM_STAYS: Final = "! His firm stays (name, VAT number, street), as others belong to it; his letter says so."
"""What is said of the plan of an erasure of a sole trader to whose firm somebody else belongs."""


def clearing_words(outcome: Searched, *, waits: bool) -> str:
    """Say what became of what was found in a place outside the desk since an erasure."""
    if outcome is Searched.NOTHING:
        return "nothing there"
    if waits:
        return "found, still to be deleted there"
    return "deleted there" if outcome is Searched.DONE else "stays there"


def document(code: str) -> Place:
    """Return a kind of document by its code; raises :class:`BadInput` for none of the list."""
    found = next((each for each in places().documents if each.code == code), None)
    if found is None:
        raise BadInput("There is no such document.", "Take one of " + _codes(places().documents) + ".")
    return found


def method(code: str) -> Place:
    """Return a way in which somebody is verified without a card; raises :class:`BadInput` for none of the list."""
    found = next((each for each in places().methods if each.code == code), None)
    if found is None:
        raise BadInput("In no such way is anybody verified.", "Take one of " + _codes(places().methods) + ".")
    return found


def _codes(listed: tuple[Place, ...]) -> str:
    return ", ".join(each.code for each in listed)
