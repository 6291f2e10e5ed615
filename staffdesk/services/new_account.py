"""An account about to be made, by an admin or with the desk itself: the same checks for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from staffdesk.data.relations import relation_keys
from staffdesk.data.tables.staff import Staff
from staffdesk.domain.access import Entity, Role
from staffdesk.domain.accounts import family_name, new_user_name
from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import clean_line, optional_line

_LONGEST_NAME = 200
_LONGEST_NUMBER = 80


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewAccount:
    """A named employee (privacy policy, E.3); dates are days in Brussels on which the account may be used."""

    user_name: str
    full_name: str
    employee_number: str
    entity: Entity
    roles: tuple[Role, ...]
    email: str | None
    valid_from: dt.date
    valid_until: dt.date | None

    def row(
        self, staff_id: str, secret: bytes, *, password_hash: str, expires_at: int | None, in_force: bool, now: int
    ) -> Staff:
        """Return the row; ``expires_at`` (UTC milliseconds) makes the password a first one, to be changed at once."""
        return Staff.checked(
            {
                "id": staff_id,
                "user_name": self.user_name,
                "full_name": self.full_name,
                "employee_number": self.employee_number,
                "email": self.email,
                "entity": self.entity,
                "valid_from": self.valid_from,
                "valid_until": self.valid_until,
                "in_force": in_force,
                "password_hash": password_hash,
                "password_once": expires_at is not None,
                "password_expires_at": expires_at,
                "relation_keys": relation_keys(
                    secret,
                    email=self.email,
                    family_name=family_name(self.full_name),
                    street=None,
                    postal_code=None,
                ),
                "created_at": now,
            }
        )


def checked_account(
    *,
    user_name: str,
    full_name: str,
    employee_number: str,
    entity: Entity,
    roles: Sequence[Role],
    email: str | None,
    valid_from: dt.date,
    valid_until: dt.date | None,
    matrix: AccessMatrix,
) -> NewAccount:
    """Return the account as it will be stored; raises :class:`BadInput` and :class:`MustNotBeHeld`."""
    for text in (user_name, full_name, employee_number, email or ""):
        refuse_forbidden(text)
    if valid_until is not None and valid_until < valid_from:
        raise BadInput("The account would end before it begins.", "Give a later day with --until.")
    mail = optional_line(email, _LONGEST_NAME)
    if mail is not None:
        normal_email(mail)
    return NewAccount(
        user_name=new_user_name(user_name),
        full_name=clean_line(full_name, _LONGEST_NAME),
        employee_number=clean_line(employee_number, _LONGEST_NUMBER),
        entity=entity,
        roles=checked_roles(roles, matrix),
        email=mail,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def checked_roles(roles: Sequence[Role], matrix: AccessMatrix) -> tuple[Role, ...]:
    """Return roles that one person may hold together, each once; raises :class:`BadInput`."""
    if not roles:
        raise BadInput("An account needs a role.", f"One or more of: {', '.join(Role)}.")
    conflict = matrix.role_conflicts(roles)
    if conflict is not None:
        raise BadInput(conflict, "Give them to two people.")
    return tuple(role for role in Role if role in roles)
