"""Fields whose accuracy a customer contests: restricted from the moment they are named until it is settled.

That is once who asks has proven who he is: until then anybody could take a customer's address out of use (GDPR Art.
18(1)(a); privacy policy, H). What is found right stays out of use until the answer has told so (Art. 18(3)).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from staffdesk.data import register
from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.fields import Fields
from staffdesk.data.customers.request_decisions import Deciding, Decisions
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.correction import named_field
from staffdesk.domain.errors import BadInput, Conflict, NotFound
from staffdesk.domain.request_progress import Progress

Place = tuple[str, int, str]
"""Table, number and column of a field."""

_OWN: Final = "person"


def contest(tx: Change, request: str, place: Place) -> None:
    """Restrict a field under a request; raises :class:`Conflict` where it is contested under another one."""
    before = ContestedFields(tx).under(*place)
    if before not in {None, request}:
        raise Conflict(f"This field is contested under {before} already.", "Settle that request first.")
    _put(tx, place, {"contested_under": request, "found_right_on": None})


def field_of(named: str, person: int, fields: Fields) -> Place:
    """Return the field that is named by its column, ``organisation.name``, or its key, ``person:12:email``.

    Raises :class:`BadInput` for what is no such field, :class:`NotFound` for one that is not of this person or of his
    organisation.
    """
    table, given, column = named_field(named)
    row = fields.row(_OWN, person)
    number = None if row is None else person if table == _OWN else row["organisation_id"]
    if number is None or given not in {None, number}:
        raise NotFound("This field is not of who asks.", "Name one of his own, or of his organisation.")
    return table, int(number), column


def check_settled(tx: Read, progress: Progress) -> None:
    """Raise :class:`BadInput` while something of a request to correct is undecided: none is dropped in silence."""
    error = unsettled(tx, progress)
    if error is not None:
        raise error


def unsettled(tx: Read, progress: Progress) -> BadInput | None:
    """Return what is said while something of a request to correct is undecided, or nothing is to be corrected."""
    wanted = {(each.table, each.number, each.field) for each in Decisions(tx).corrections(progress.id)}
    named = ContestedFields(tx).of_request(progress.number).items()
    contested = [each for each, right in named if not right and each not in wanted]
    if contested:
        names = ", ".join(register.of_table(table)[column].label for table, _, column in contested)
        return BadInput(
            f"It is contested, and nothing is decided on it yet: {names}.",
            "Note what is to stand there (c), or say that it stays (m, Stays as it is).",
        )
    if not wanted:
        return BadInput(
            "Nothing is to be corrected yet.",
            "Note which field is wrong (c, or requests correction); where all of it is right, refuse it: accurate.",
        )
    return None


def let_stand(tx: Change, progress: Progress, place: Place, today: dt.date) -> None:
    """Leave a contested field as it is, out of use until the answer tells so.

    Raises :class:`BadInput` for one that is not contested under this request, or that is let stand already.
    """
    if ContestedFields(tx).of_request(progress.number).get(place) is not False:
        raise BadInput("This field is not contested under this request.", "Its page names those that are.")
    Deciding(tx).unwant(progress.id, *place)
    _put(tx, place, {"found_right_on": today})


def uncontest(tx: Change, request: str, place: Place) -> None:
    """Let everybody read a field again that was contested under a request and is not any more."""
    if ContestedFields(tx).under(*place) == request:
        _put(tx, place, {"contested_under": None, "found_right_on": None})


def _put(tx: Change, place: Place, status: Mapping[str, object]) -> None:
    table, number, column = place
    fields = Fields(tx)
    row = fields.row(table, number)
    if row is None or fields.put_status(table, number, column, fields.origin_of(row), status) != 1:
        raise Conflict("A record that is contested is not there any more.", "Open the request again.")
