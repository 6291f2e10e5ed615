"""Accounts change by two people, in the statement that writes; nobody is left out and nobody left over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest

from staffdesk.data.credentials import Credentials
from staffdesk.data.deciding import Deciding
from staffdesk.data.staff import Accounts
from staffdesk.domain.access import Access, Act, Entity, Outcome, Role
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import (
    BadInput,
    Conflict,
    Denied,
    NotFound,
    SessionEnded,
    SignInFailed,
)
from staffdesk.domain.matters import Account
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import policy
from staffdesk.services.door import Door
from staffdesk.services.staff_accounts import StaffAccounts
from tests.databases import Place
from tests.services.offices import CHEAP, HOST, Office, acts, at_once, entries


@pytest.fixture
def firm(office: Office) -> Office:
    """An admin, two approvers, a colleague."""
    office.hire("ada", Role.ADMIN)
    office.hire("apo", Role.APPROVER, Role.FINANCE)
    office.hire("abe", Role.APPROVER)
    office.hire("sam", Role.SUPPORT)
    return office


def added(office: Office, access: Access, user_name: str = "new", *roles: Role) -> tuple[Account, str]:
    return office.staff.add(
        access,
        user_name=user_name,
        full_name="Nele Nieuw",
        employee_number=f"E-{user_name}",
        entity=Entity.BE,
        roles=roles or (Role.SALES,),
    )


def test_a_new_colleague_comes_in_only_after_a_second_person_and_chooses_a_password(firm: Office, place: Place) -> None:
    account, first = added(firm, firm.access("ada"), "nele", Role.SALES, Role.SUPPORT)
    assert (account.state, account.roles, account.pending) == ("pending", (), (Role.SUPPORT, Role.SALES))
    with pytest.raises(SignInFailed):
        firm.come_in("nele", first)
    assert account.pending_id is not None
    approved = firm.staff.approve(firm.access("apo"), account.pending_id)
    assert (approved.state, approved.roles, approved.pending) == ("in force", (Role.SUPPORT, Role.SALES), None)
    assert firm.come_in("nele", first).must_change_password
    kept = [(entry.act, entry.out, entry.obj) for entry in entries(place) if entry.act.startswith("staff.")]
    assert kept == [
        (act, out, (account.id,))
        for act in (Act.STAFF_ADDED, Act.STAFF_APPROVED)
        for out in (Outcome.INTENT, Outcome.OK)
    ]


def test_no_account_is_added_with_the_address_of_another_in_use(firm: Office) -> None:
    ada = firm.access("ada")
    add = partial(firm.staff.add, ada, full_name="Nele Nieuw", entity=Entity.BE, roles=(Role.SALES,))
    add(user_name="nele", employee_number="E-1", email="nele@softron.example")
    again = partial(add, user_name="nele2", employee_number="E-2", email="Nele@Softron.example")
    with pytest.raises(BadInput, match="would approve each other"):
        again()
    firm.staff.disable(ada, "nele")
    assert again()[0].user_name == "nele2"


def test_a_first_password_ends_after_a_week(firm: Office) -> None:
    account, first = added(firm, firm.access("ada"))
    assert account.pending_id is not None
    firm.staff.approve(firm.access("apo"), account.pending_id)
    firm.clock.forward(days=7)
    with pytest.raises(SignInFailed):
        firm.come_in("new", first)


def test_nobody_approves_what_he_asked_for_or_what_is_about_himself(firm: Office, place: Place) -> None:
    admin = firm.access("ada")
    about_apo = firm.staff.change_roles(admin, "apo", [Role.FINANCE]).pending_id
    asked_by_abe = firm.staff.change_roles(admin, "sam", [Role.SALES]).pending_id
    with place.owner() as connection:
        connection.exec_driver_sql(
            "UPDATE pending_change SET requested_by = (SELECT id FROM staff WHERE user_name = 'abe') "
            f"WHERE id = {asked_by_abe}"
        )
        connection.exec_driver_sql(
            "INSERT INTO staff_role (staff_id, role) SELECT id, 'admin' FROM staff WHERE user_name = 'abe'"
        )
    assert about_apo is not None
    assert asked_by_abe is not None
    with pytest.raises(Denied, match="your own account"):
        firm.staff.approve(firm.access("apo"), about_apo)
    with pytest.raises(Denied, match="You asked for this"):
        firm.staff.approve(firm.access("abe"), asked_by_abe)
    assert firm.staff.approve(firm.access("apo"), asked_by_abe).roles == (Role.SALES,)
    assert firm.staff.approve(firm.access("abe"), about_apo).roles == (Role.FINANCE,)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.APPROVER])
def test_every_other_role_is_refused_approval_with_an_entry(firm: Office, place: Place, role: Role) -> None:
    waits = firm.staff.change_roles(firm.access("ada"), "sam", [Role.SALES]).pending_id
    firm.hire("other", role)
    assert waits is not None
    with pytest.raises(Denied):
        firm.staff.approve(firm.access("other"), waits)
    last = entries(place)[-1]
    assert (last.act, last.out, last.kinds[0]) == (Act.DENIED, Outcome.DENIED, Act.STAFF_APPROVED)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_every_other_role_is_refused_to_manage_accounts(firm: Office, role: Role) -> None:
    firm.hire("other", role)
    other = firm.access("other")
    refused: list[Callable[[], object]] = [
        lambda: added(firm, other),
        lambda: firm.staff.change_roles(other, "sam", [Role.SALES]),
        lambda: firm.staff.disable(other, "sam"),
        lambda: firm.staff.end_session(other, "sam"),
    ]
    for ask in refused:
        with pytest.raises(Denied):
            ask()


def test_of_three_approvers_at_once_exactly_one_decides(firm: Office, place: Place) -> None:
    firm.hire("aya", Role.APPROVER)
    waits = firm.staff.change_roles(firm.access("ada"), "sam", [Role.SALES]).pending_id
    assert waits is not None
    desks = [(Office(place.open(), firm.clock), firm.access(name)) for name in ("apo", "abe", "aya")]
    came = at_once(*(lambda desk=desk, access=access: desk.staff.approve(access, waits) for desk, access in desks))
    for desk, _ in desks:
        desk.database.close()
    assert [type(each) for each in came].count(Account) == 1
    assert [type(each) for each in came].count(Conflict) == 2
    assert acts(place).count((Act.STAFF_APPROVED, Outcome.OK)) == 1


TAKEN_AWAY = {
    "the role": "DELETE FROM staff_role WHERE staff_id = '{who}' AND role = 'approver'",
    "the account": "UPDATE staff SET disabled_at = 1 WHERE id = '{who}'",
    "the account's time": "UPDATE staff SET valid_until = '2021-01-01' WHERE id = '{who}'",
    "the account's beginning": "UPDATE staff SET valid_from = '2999-01-01' WHERE id = '{who}'",
    "the session": "UPDATE session SET ended_at = 1 WHERE staff_id = '{who}'",
    "the open terminal": "UPDATE session SET locked = {true} WHERE staff_id = '{who}'",
}


@pytest.mark.parametrize("change", TAKEN_AWAY.values(), ids=TAKEN_AWAY.keys())
def test_what_is_taken_away_between_the_intent_and_the_change_counts(firm: Office, place: Place, change: str) -> None:
    waits = firm.staff.change_roles(firm.access("ada"), "sam", [Role.SALES]).pending_id
    apo, ada = firm.access("apo"), firm.access("ada")
    accounts = {account.user_name: account for account in firm.staff.accounts(ada)}
    assert waits is not None

    def take_away(_seq: int) -> None:
        with place.owner() as connection:
            connection.exec_driver_sql(
                change.format(who=accounts["apo"].id, true="TRUE" if place.kind == "postgres" else "1")
            )

    door = Door(firm.database, matrix(), policy().version, deadline_seconds=5.0, after=take_away)
    with pytest.raises((Denied, SessionEnded)):
        StaffAccounts(door, firm.database, hashes=CHEAP, clock=firm.clock).approve(apo, waits)
    assert acts(place)[-2:] == [(Act.STAFF_APPROVED, Outcome.INTENT), (Act.DENIED, Outcome.DENIED)]
    now = firm.clock()
    by = Deciding(accounts["apo"].id, apo.session, Role.APPROVER, now, receive_day(dt.datetime.now(dt.UTC)))
    with firm.database.append() as tx:
        Credentials(tx).queue()
        assert Accounts(tx).approve(waits, by, [Role.ADMIN]) == 0, "the statement itself refuses"
    assert firm.staff.approve(firm.access("abe"), waits).roles == (Role.SALES,)


ASKER_GONE = {name: change.replace("'approver'", "'admin'") for name, change in list(TAKEN_AWAY.items())[:4]}


@pytest.mark.parametrize("between", [False, True], ids=["before", "between the intent and the change"])
@pytest.mark.parametrize("change", ASKER_GONE.values(), ids=ASKER_GONE.keys())
def test_what_somebody_asked_who_may_not_ask_any_more_is_not_approved(
    firm: Office, place: Place, change: str, between: bool
) -> None:
    ali = firm.hire("ali", Role.ADMIN)
    waits = firm.staff.change_roles(firm.access("ali"), "sam", [Role.SALES]).pending_id
    apo = firm.access("apo")
    assert waits is not None

    def take_away(_seq: int = 0) -> None:
        with place.owner() as connection:
            connection.exec_driver_sql(change.format(who=ali))

    if not between:
        take_away()
    door = Door(
        firm.database,
        matrix(),
        policy().version,
        deadline_seconds=5.0,
        after=take_away if between else None,
    )
    with pytest.raises(Conflict, match="may not ask any more"):
        StaffAccounts(door, firm.database, hashes=CHEAP, clock=firm.clock).approve(apo, waits)
    accounts = {account.user_name: account for account in firm.staff.accounts(firm.access("ada"))}
    by = Deciding(accounts["apo"].id, apo.session, Role.APPROVER, firm.clock(), receive_day(dt.datetime.now(dt.UTC)))
    with firm.database.append() as tx:
        Credentials(tx).queue()
        assert Accounts(tx).approve(waits, by, [Role.ADMIN]) == 0, "the statement itself refuses"
    assert accounts["sam"].roles == (Role.SUPPORT,)
    again = firm.staff.change_roles(firm.access("ada"), "sam", [Role.SALES]).pending_id
    assert again is not None
    assert firm.staff.approve(apo, again).roles == (Role.SALES,)


def test_what_was_asked_before_gives_way_to_what_is_asked_now(firm: Office) -> None:
    admin = firm.access("ada")
    before = firm.staff.change_roles(admin, "sam", [Role.SALES]).pending_id
    now = firm.staff.change_roles(admin, "sam", [Role.FINANCE]).pending_id
    assert before is not None
    assert now is not None
    approver = firm.access("apo")
    with pytest.raises(Conflict, match="superseded already"):
        firm.staff.approve(approver, before)
    assert firm.staff.approve(approver, now).roles == (Role.FINANCE,)
    with pytest.raises(Conflict, match="approved already"):
        firm.staff.approve(approver, now)
    for nothing in (999, 0, -1, 2**63, 10**20, -(10**20)):
        with pytest.raises(NotFound):
            firm.staff.approve(approver, nothing)


@pytest.mark.parametrize(
    "roles",
    [
        *((Role.ADMIN, other) for other in Role if other is not Role.ADMIN),
        *((Role.AUDITOR, other) for other in (Role.SUPPORT, Role.SALES, Role.FINANCE)),
        (),
    ],
)
def test_roles_nobody_holds_together_are_not_even_asked_for(
    firm: Office, place: Place, roles: tuple[Role, ...]
) -> None:
    admin = firm.access("ada")
    before = len(entries(place))
    with pytest.raises(BadInput):
        firm.staff.change_roles(admin, "sam", roles)
    with pytest.raises(BadInput):
        firm.staff.add(admin, user_name="x", full_name="X", employee_number="1", entity=Entity.BE, roles=roles)
    assert len(entries(place)) == before


def test_who_does_not_manage_accounts_sees_them_masked(firm: Office) -> None:
    whole = {account.user_name: account for account in firm.staff.accounts(firm.access("ada"))}
    masked = {account.user_name: account for account in firm.staff.accounts(firm.access("abe"))}
    assert whole["sam"].full_name == "Sam Holm"
    assert list(whole) == list(masked) == ["abe", "ada", "apo", "sam"]
    assert masked["sam"].full_name == "S•••"
    assert masked["sam"].employee_number != "sam"
    assert masked["sam"].roles == (Role.SUPPORT,)


def test_a_listing_is_an_entry(firm: Office, place: Place) -> None:
    firm.staff.accounts(Access(session=firm.access("ada").session, host=HOST))
    last = entries(place)[-1]
    assert (last.act, last.out, last.n, last.role) == (Act.STAFF_LISTED, Outcome.OK, 4, Role.ADMIN)


def test_a_change_is_refused_by_who_could_approve_it_and_by_nobody_else(firm: Office, place: Place) -> None:
    admin = firm.access("ada")
    waits = firm.staff.change_roles(admin, "sam", [Role.SALES]).pending_id
    about_apo = firm.staff.change_roles(admin, "apo", [Role.FINANCE]).pending_id
    assert waits is not None
    assert about_apo is not None
    apo = firm.access("apo")
    listed = {account.user_name: account for account in firm.staff.accounts(apo)}
    assert (listed["sam"].asked_by, listed["sam"].undecidable) == ("ada", "")
    assert listed["apo"].undecidable == "it is about your own account"
    with pytest.raises(Denied, match="your own account"):
        firm.staff.refuse(apo, about_apo)
    for other in (admin, firm.access("sam")):
        with pytest.raises(Denied):
            firm.staff.refuse(other, waits)
    assert firm.staff.refuse(apo, waits).roles == (Role.SUPPORT,)
    last = entries(place)[-1]
    assert (last.act, last.out, last.kinds) == (Act.STAFF_REFUSED, Outcome.OK, ("sales",))
    for decide in (firm.staff.refuse, firm.staff.approve):
        with pytest.raises(Conflict, match="refused already"):
            decide(firm.access("abe"), waits)
