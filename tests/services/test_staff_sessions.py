"""Sessions are listed to who holds them and to who lists accounts; another's is ended by an admin alone.

Seen to fail: with any session ended by whoever names it; with sessions that outlive the role they were opened with.
"""

from __future__ import annotations

import pytest

from staffdesk.domain.access import Act, Outcome, Role
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from tests.databases import Place
from tests.services.offices import Office, acts


@pytest.fixture
def firm(office: Office) -> Office:
    """An admin, an approver, a colleague."""
    office.hire("ada", Role.ADMIN)
    office.hire("abe", Role.APPROVER)
    office.hire("sam", Role.SUPPORT)
    return office


def test_one_session_is_ended_by_who_holds_it_or_by_an_admin(firm: Office, place: Place) -> None:
    forgotten, here, other = (firm.access("sam") for _ in range(3))
    assert [each.current for each in firm.staff.own_sessions(here)].count(True) == 1
    assert {each.sid for each in firm.staff.own_sessions(here)} == {each.session for each in (forgotten, here, other)}
    with pytest.raises(NotFound):
        firm.staff.end_one(firm.access("abe"), forgotten.session)
    with pytest.raises(BadInput):
        firm.staff.end_one(here, here.session)
    firm.staff.end_one(here, forgotten.session)
    with pytest.raises(Conflict):
        firm.staff.end_one(here, forgotten.session)
    ada = firm.access("ada")
    firm.staff.end_one(ada, other.session)
    assert [each.sid for each in firm.staff.sessions(ada, "sam")] == [here.session]
    with pytest.raises(Denied):
        firm.staff.sessions(here, "ada")
    assert acts(place).count((Act.SESSION_ENDED, Outcome.OK)) == 2
    (sam,) = (account for account in firm.staff.accounts(ada) if account.user_name == "sam")
    assert (sam.open_sessions, sam.last_sign_in is not None) == (1, True)


def test_a_role_that_is_taken_away_ends_the_sessions_one_that_is_given_does_not(firm: Office) -> None:
    ada, abe, sam = firm.access("ada"), firm.access("abe"), firm.access("sam")

    def put_in_force(*roles: Role) -> None:
        asked = firm.staff.change_roles(ada, "sam", roles)
        assert asked.pending_id is not None
        firm.staff.approve(abe, asked.pending_id)

    put_in_force(Role.SUPPORT, Role.SALES)
    assert firm.sign_in.still_valid(sam.session)
    put_in_force(Role.SALES)
    assert not firm.sign_in.still_valid(sam.session)
    assert firm.staff.sessions(ada, "sam") == ()
