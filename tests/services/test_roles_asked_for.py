"""What an admin asks for waits for an approver, where it changes anything."""

from __future__ import annotations

import pytest

from staffdesk.domain.access import Role
from staffdesk.domain.errors import Conflict
from tests.services.offices import Office


def test_the_roles_an_account_has_already_are_no_change_for_an_approver_to_decide_on(office: Office) -> None:
    office.hire("ada", Role.ADMIN)
    office.hire("sam", Role.SUPPORT)
    admin = office.access("ada")
    with pytest.raises(Conflict, match="exactly these roles"):
        office.staff.change_roles(admin, "sam", [Role.SUPPORT])
    sam = next(each for each in office.staff.accounts(admin) if each.user_name == "sam")
    assert sam.pending is None
    office.staff.change_roles(admin, "sam", [Role.SALES])
    asked = office.staff.change_roles(admin, "sam", [Role.SUPPORT])
    assert asked.pending == (Role.SUPPORT,), "by which what was asked for before is taken back"
