"""Repairs and confirmations: which fields an employee may repair, and when one is to be confirmed again.

A customer's own request to correct is a request with its identity check. A repair sets right what an employee or an
import typed wrong, against evidence already on file (``correction.toml``; privacy policy, H.1).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Final

from staffdesk.domain.errors import BadInput, Misconfigured, NotFound
from staffdesk.parameters import Dated, read

_COMPANY: Final = "organisation"
_KEY_PARTS: Final = 3
_LONGEST_NUMBER: Final = 18


@dataclass(frozen=True, slots=True)
class RepairedFields:
    """Columns of a person and of an organisation that may be repaired; ``contact`` are those he is reached by."""

    contact: tuple[str, ...]
    person: tuple[str, ...]
    organisation: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRules(Dated):
    """What may be repaired, and after how many months a field is to be confirmed again."""

    contact_fields_on_call: bool
    reason: str
    confirm_after_months: int
    fields: RepairedFields

    def __post_init__(self) -> None:
        """Refuse more than the default without a reason, a time of nothing, and a contact field that is no field."""
        if self.contact_fields_on_call and not self.reason.strip():
            raise Misconfigured("correction.toml: contact_fields_on_call needs a reason.")
        if self.confirm_after_months <= 0:
            raise Misconfigured("correction.toml: confirm_after_months must be more than 0.")
        if not set(self.fields.contact) <= set(self.fields.person):
            raise Misconfigured("correction.toml: fields.contact names a field that fields.person does not.")


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """One field as it stood on the screen: its key, and the text; None where nothing was held."""

    key: str
    text: str | None

    def __repr__(self) -> str:
        return f"<Seen {self.key}>"


@dataclass(frozen=True, slots=True, repr=False)
class Repair:
    """What is to be set right: a field as it was seen, the new value, the number of the evidence on file."""

    seen: Seen
    new: str
    evidence: str

    def __repr__(self) -> str:
        return f"<Repair {self.seen.key}>"


@cache
def rules() -> CorrectionRules:
    """Return the shipped rules."""
    return read("correction", CorrectionRules)


def known_fields(table: str, by: CorrectionRules | None = None) -> tuple[str, ...]:
    """Return the fields of a table that are repaired and confirmed one by one; none where the table has none."""
    fields = (by or rules()).fields
    return {"person": fields.person, "organisation": fields.organisation}.get(table, ())


def check_field(table: str, column: str, by: CorrectionRules | None = None) -> None:
    """Raise :class:`NotFound` for what is no field of a person or an organisation that is kept by itself."""
    if column not in known_fields(table, by):
        raise NotFound("This is not repaired or confirmed here.", "It comes from its own source alone.")


def corrected_fields(by: CorrectionRules | None = None) -> tuple[str, ...]:
    """Return what a customer may have corrected, by name: ``email`` of his own, ``organisation.name`` of his firm's."""
    asked = by or rules()
    return (*asked.fields.person, *(f"{_COMPANY}.{column}" for column in asked.fields.organisation))


def named_field(named: str, by: CorrectionRules | None = None) -> tuple[str, int | None, str]:
    """Return table, number and column of a field that is named so, or by its key, ``person:12:email``.

    The number is None where a name alone is given. Raises :class:`BadInput`, which tells the names there are.
    """
    parts = named.strip().replace(":", ".").split(".")
    table, column = (parts[0], parts[-1]) if len(parts) > 1 else ("person", parts[0])
    number = parts[1] if len(parts) == _KEY_PARTS else None
    is_number = number is None or (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER)
    if len(parts) > _KEY_PARTS or column not in known_fields(table, by) or not is_number:
        raise BadInput("There is no such field to correct.", f"Take one of {', '.join(corrected_fields(by))}.")
    return table, None if number is None else int(number), column


def check_repairable(table: str, column: str, by: CorrectionRules | None = None) -> None:
    """Raise :class:`NotFound` for no field, :class:`BadInput` for one that a call may not change."""
    asked = by or rules()
    check_field(table, column, asked)
    if table == "person" and column in asked.fields.contact and not asked.contact_fields_on_call:
        raise BadInput(
            "E-mail and telephone are not repaired on a call: by them the customer is recognised.",
            "Start a request to correct (e): it comes with its identity check.",
        )


def confirm_due(last: dt.date, today: dt.date, by: CorrectionRules | None = None) -> bool:
    """Say whether a field that was obtained or confirmed on a day is to be confirmed again."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - read behind the first frame

    return last + relativedelta(months=(by or rules()).confirm_after_months) <= today
