"""A support service's files as records: bare lists, lists by name, one record alone, and one to a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import Place
from staffdesk.services.importing.fields import CORRECT
from staffdesk.services.importing.files import Form, form_of
from staffdesk.services.importing.reading import Problem, load, parse, pieces, place_in
from staffdesk.services.importing.ticket_words import TicketWords

_NOT_JSON: Final[Problem] = ("The file is not JSON.", "Import what the service's API or its JSON export gives.")
_ALONE: Final = re.compile(rb'\{\s*"(?:helpdesk_)?ticket"\s*:')


@dataclass(frozen=True, slots=True)
class Found:
    """One record and where it stands, or why it cannot be read."""

    place: Place
    record: Mapping[str, object]
    problem: Exception | None = None


def records(path: Path, words: TicketWords) -> Iterator[Found]:
    """Yield the records of a file; one that is malformed is told with its place and stops nothing else."""
    try:
        content = load(path) if form_of(path) is Form.JSON else b""
    except BadInput as error:
        yield Found(place_in(path), {}, error)
        return
    if not content:
        yield Found(place_in(path), {}, BadInput(*_NOT_JSON))
        return
    if _is_one_to_a_line(content):
        for number, line in enumerate(content.split(b"\n"), 1):
            if line.strip():
                yield _found(place_in(path, f"line {number}"), line, words)
        return
    if _ALONE.match(content.lstrip()):
        yield from _alone(path, content, words)
        return
    for piece in pieces(content, frozenset(words.lists)):
        place = place_in(path, piece.position)
        if piece.problem:
            yield Found(place, {}, BadInput(*piece.problem))
        else:
            yield _found(place, piece.content, words)


def _is_one_to_a_line(content: bytes) -> bool:
    first, _, rest = content.lstrip().partition(b"\n")
    if not (first.startswith(b"{") and rest.lstrip().startswith(b"{")):
        return False
    try:
        parse(first)
    except BadInput:
        return False
    return True


def _alone(path: Path, content: bytes, words: TicketWords) -> Iterator[Found]:
    """Yield a ticket that stands alone, with the comments beside it, then what was side-loaded with it."""
    place = place_in(path, "$")
    try:
        document = parse(content)
    except Exception as error:  # noqa: BLE001 - whatever one file provokes, the others come in
        yield Found(place, {}, error)
        return
    if not isinstance(document, dict):
        yield _of(place, document, words)
        return
    for name in words.lists:
        listed = document.get(name)
        if isinstance(listed, list):
            for index, each in enumerate(listed):
                yield _of(place_in(path, f"{name}[{index}]"), each, words)
    ticket = document.get("ticket", document.get("helpdesk_ticket"))
    if isinstance(ticket, dict) and isinstance(document.get("comments"), list):
        ticket = {**ticket, "comments": document["comments"]}
    yield _of(place, ticket, words)


def _found(place: Place, content: bytes, words: TicketWords) -> Found:
    try:
        return _of(place, parse(content), words)
    except Exception as error:  # noqa: BLE001 - whatever one record provokes, the others come in
        return Found(place, {}, error)


def _of(place: Place, record: object, words: TicketWords) -> Found:
    if isinstance(record, dict) and len(record) == 1:
        ((name, inside),) = record.items()
        if name in words.wrapped and isinstance(inside, dict):
            record = inside
    if not isinstance(record, dict):
        return Found(place, {}, BadInput("It is not an object with named fields.", CORRECT))
    return Found(place, record)
