"""What was typed of somebody new, each field as it would be kept, and which one cannot be taken."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, Final, TypeVar

from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.new_people import NewPerson
from staffdesk.domain.provenance import Source

OF_PERSON: Final = ("given_name", "family_name", "email", "phone", "job_title")
"""What makes a person more than a company's name."""

_ANY_SOURCE: Final = Source.CALL_IN
_COUNTRY, _LANGUAGE = re.compile(r"[A-Z]{2}"), re.compile(r"[a-z]{2}")

R = TypeVar("R")


def checked(new: NewPerson) -> NewPerson:
    """Return what was typed as it would be kept; raises :class:`BadInput` whose ``field`` names the one of the form."""
    typed = {each.name: getattr(new, each.name) for each in fields(new)}
    typed = {name: (text.strip() or None) if isinstance(text, str) else text for name, text in typed.items()}
    if typed["country"] is not None:
        typed["country"] = typed["country"].upper()
    if typed["language"] is not None:
        typed["language"] = typed["language"].lower()
    for name in (*OF_PERSON, "country", "language", "event"):
        typed[name] = _for_field(name, partial(_probe, Person, {"user_name": "-", name: typed[name]}, name))
    if typed["company"] is not None:
        typed["company"] = _for_field("company", partial(_probe, Organisation, {"name": typed["company"]}, "name"))
    for name, pattern in (("country", _COUNTRY), ("language", _LANGUAGE)):
        if typed[name] is not None and not pattern.fullmatch(typed[name]):
            raise of_field(name, BadInput(f"A {name} is written in two letters.", "For example: BE, or nl."))
    if typed["email"] is not None:
        _for_field("email", partial(normal_email, typed["email"]))
    made = NewPerson(**typed)
    if not (made.company or made.given_name or made.family_name or made.email):
        raise of_field("given_name", BadInput("Nobody is named.", "Give a name, an e-mail address or a company."))
    if made.names_a_person:
        whole = {name: typed[name] for name in OF_PERSON}
        _for_field("given_name", partial(_probe, Person, whole, "given_name"))
    return made


def _probe(record: type[Record], values: Mapping[str, object], column: str) -> Any:  # noqa: ANN401 - a column's own type
    """Return one column as a record of these values would hold it; raises what the record's class refuses."""
    origin = {"source": _ANY_SOURCE, "obtained_on": dt.date.min, "aid": "-"}
    return record.checked({**origin, **values}).values()[column]


def _for_field(name: str, check: Callable[[], R]) -> R:
    try:
        return check()
    except BadInput as error:
        raise of_field(name, error) from None


def of_field(name: str, error: BadInput) -> BadInput:
    """Return the error, which names the field of the form from here on."""
    error.field = name
    return error
