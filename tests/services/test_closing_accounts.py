"""Leavers go at once, and somebody who can manage and somebody who can approve always stay."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from functools import partial

import pytest

from staffdesk.data.deciding import Deciding
from staffdesk.data.staff import Accounts
from staffdesk.domain.access import Act, Entity, Outcome, Role
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import (
    BadInput,
    Conflict,
    Denied,
    NotFound,
    SignInFailed,
)
from staffdesk.domain.matters import Account
from staffdesk.services.password_hashes import PasswordHashes
from staffdesk.services.staff_accounts import StaffAccounts
from tests.databases import Place
from tests.services.offices import CHEAP, Office, at_once, entries


@pytest.fixture
def firm(office: Office) -> Office:
    """An admin, two approvers, a colleague."""
    office.hire("ada", Role.ADMIN)
    office.hire("apo", Role.APPROVER, Role.FINANCE)
    office.hire("abe", Role.APPROVER)
    office.hire("sam", Role.SUPPORT)
    return office


class Unhurried(StaffAccounts):
    """Thinks a moment between the change and the question who is left."""

    def _refuse_nobody_left(self, accounts: Accounts, by: Deciding) -> None:
        time.sleep(0.3)
        super()._refuse_nobody_left(accounts, by)


def test_of_two_admins_who_close_each_other_at_once_one_is_left(firm: Office, place: Place) -> None:
    firm.hire("ali", Role.ADMIN)
    firm.hire("eva", Role.ADMIN)
    jobs: list[Callable[[], object]] = []
    desks = []
    for me, other in (("ada", "ali"), ("ali", "ada")):
        access, desk = firm.access(me), Office(place.open(), firm.clock)
        staff = Unhurried(desk.door, desk.database, hashes=CHEAP, clock=firm.clock)
        jobs.append(partial(staff.disable, access, other))
        desks.append(desk)
    came = [each for each in at_once(*jobs) if isinstance(each, Account)]
    for desk in desks:
        desk.database.close()
    assert [each.state for each in came] == ["disabled"]
    with firm.database.append() as tx:
        assert Accounts(tx).holders([Role.ADMIN], receive_day(dt.datetime.now(dt.UTC))) == 2


def test_nobody_makes_himself_the_only_admin_without_an_approver(firm: Office, place: Place) -> None:
    firm.hire("ali", Role.ADMIN)
    ada, ali = firm.access("ada"), firm.access("ali")
    asked = firm.staff.disable(ada, "ali")
    assert (asked.state, asked.pending, asked.waits_for) == ("in force", (), "closing")
    assert firm.sign_in.still_valid(ali.session)
    refused = firm.staff.disable(ada, "ali").pending_id or 0
    firm.staff.refuse(firm.access("apo"), refused)
    assert [(core.act, core.kinds) for core in entries(place)[-2:]] == [(Act.STAFF_REFUSED, ("closing",))] * 2
    asked = firm.staff.disable(ada, "ali")
    back = firm.staff.disable(ali, "ada").pending_id or 0
    assert firm.staff.approve(firm.access("apo"), asked.pending_id or 0).state == "disabled"
    assert (entries(place)[-1].act, entries(place)[-1].n) == (Act.STAFF_DISABLED, 1)
    assert not firm.sign_in.still_valid(ali.session)
    with pytest.raises(Conflict, match="may not ask any more"):
        firm.staff.approve(firm.access("abe"), back)


def test_a_leavers_account_closes_at_once_with_its_sessions_and_what_waits_for_it(firm: Office, place: Place) -> None:
    admin = firm.access("ada")
    waits = firm.staff.change_roles(admin, "sam", [Role.SALES]).pending_id
    sam = firm.access("sam")
    assert waits is not None
    closed = firm.staff.disable(admin, "SAM")
    assert (closed.state, closed.pending) == ("disabled", None)
    assert not firm.sign_in.still_valid(sam.session)
    assert entries(place)[-1].n == 1
    with place.owner() as connection:
        ended = connection.exec_driver_sql(f"SELECT end_reason FROM session WHERE sid = '{sam.session}'").scalar_one()
    assert ended == "account closed"
    with pytest.raises(SignInFailed):
        firm.come_in("sam")
    with pytest.raises(Conflict):
        firm.staff.approve(firm.access("apo"), waits)
    late: list[Callable[[], Account]] = [
        lambda: firm.staff.disable(admin, "sam"),
        lambda: firm.staff.change_roles(admin, "sam", [Role.SALES]),
    ]
    for again in late:
        with pytest.raises(Conflict):
            again()
    with pytest.raises(BadInput, match="had, this user name"):
        firm.staff.add(
            admin, user_name="sam", full_name="Sam", employee_number="78", entity=Entity.BE, roles=[Role.SALES]
        )


def test_nobody_closes_his_own_account_nor_the_last_that_can_manage_or_approve(firm: Office) -> None:
    admin = firm.access("ada")
    with pytest.raises(Denied, match="his own account"):
        firm.staff.disable(admin, "ada")
    firm.staff.disable(admin, "abe")
    with pytest.raises(Conflict, match="Nobody would be left with the role approver"):
        firm.staff.disable(admin, "apo")
    assert firm.come_in("apo").roles
    waits = firm.staff.change_roles(admin, "ada", [Role.AUDITOR]).pending_id
    assert waits is not None
    with pytest.raises(Conflict, match="Nobody would be left with the role admin"):
        firm.staff.approve(firm.access("apo"), waits)
    assert {account.user_name: account.roles for account in firm.staff.accounts(admin)}["ada"] == (Role.ADMIN,)


def test_an_account_in_name_only_does_not_count_as_somebody_left(firm: Office) -> None:
    today = receive_day(dt.datetime.now(dt.UTC))
    firm.hire("ali", Role.ADMIN, valid_until=today - dt.timedelta(days=3))
    firm.hire("eva", Role.ADMIN, in_force=False)
    firm.hire("eli", Role.ADMIN)
    firm.hire("eda", Role.ADMIN)
    firm.staff.disable(firm.access("ada"), "eli")
    eda = firm.access("eda")
    closing = firm.staff.disable(eda, "ada").pending_id
    firm.staff.approve(firm.access("abe"), closing or 0)
    waits = firm.staff.change_roles(eda, "eda", [Role.AUDITOR]).pending_id
    assert waits is not None
    with pytest.raises(Conflict, match="Nobody would be left with the role admin"):
        firm.staff.approve(firm.access("apo"), waits)


def test_an_admin_ends_anybodys_sessions_and_everybody_ones_own(firm: Office, place: Place) -> None:
    sams = [firm.access("sam") for _ in range(3)]
    assert firm.staff.end_session(firm.access("ada"), "sam") == 3
    last = entries(place)[-1]
    assert (last.act, last.out, last.n) == (Act.SESSION_ENDED, Outcome.OK, 3)
    assert not any(firm.sign_in.still_valid(sam.session) for sam in sams)
    own = firm.access("sam")
    assert firm.staff.end_session(own, "sam") == 1
    with pytest.raises(NotFound):
        firm.staff.end_session(firm.access("ada"), "nobody\x00")


def test_an_account_closed_while_its_password_was_checked_is_not_let_in(office: Office, place: Place) -> None:
    staff_id = office.hire("ana", Role.SUPPORT)

    class Slow(PasswordHashes):
        def matches(self, known: str | None, password: str) -> bool:
            with place.owner() as connection:
                connection.exec_driver_sql(f"UPDATE staff SET disabled_at = 1 WHERE id = '{staff_id}'")
            return super().matches(known, password)

    office.hashes = Slow(time_cost=1, memory_kib=8, lanes=1)
    with pytest.raises(SignInFailed):
        office.come_in("ana")
    with place.owner() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM session").scalar_one() == 0
