"""Accounts change by two people, in the statement that writes; nobody is left out and nobody left over."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from staffdesk.data.credentials import Credentials
from staffdesk.data.staff import Accounts, Deciding
from staffdesk.domain.access import Access, Act, Entity, Outcome, Role
from staffdesk.domain.errors import (
    BadInput,
    Conflict,
    Denied,
    MustNotBeHeld,
    NotFound,
    SessionEnded,
    SignInFailed,
    StaffdeskError,
)
from staffdesk.domain.matters import Account
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import policy
from staffdesk.services.door import Door
from staffdesk.services.staff_accounts import StaffAccounts
from tests.databases import Place
from tests.services.offices import CHEAP, HOST, Office, acts, entries


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


def test_a_first_password_ends_after_a_week(firm: Office) -> None:
    account, first = added(firm, firm.access("ada"))
    assert account.pending_id is not None
    firm.staff.approve(firm.access("apo"), account.pending_id)
    firm.clock.forward(days=7)
    with pytest.raises(SignInFailed):
        firm.come_in("new", first)


def test_nobody_approves_what_he_asked_for_or_what_is_about_himself(firm: Office, place: Place) -> None:
    admin = firm.access("ada")
    about_apo = firm.staff.change_roles(admin, "apo", [Role.APPROVER]).pending_id
    asked_by_abe = firm.staff.change_roles(admin, "sam", [Role.SALES]).pending_id
    with place.owner() as connection:
        connection.exec_driver_sql(
            "UPDATE pending_change SET requested_by = (SELECT id FROM staff WHERE user_name = 'abe') "
            f"WHERE id = {asked_by_abe}"
        )
    assert about_apo is not None
    assert asked_by_abe is not None
    with pytest.raises(Denied, match="your own account"):
        firm.staff.approve(firm.access("apo"), about_apo)
    with pytest.raises(Denied, match="You asked for this"):
        firm.staff.approve(firm.access("abe"), asked_by_abe)
    assert firm.staff.approve(firm.access("apo"), asked_by_abe).roles == (Role.SALES,)
    assert firm.staff.approve(firm.access("abe"), about_apo).roles == (Role.APPROVER,)


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


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs together and return what each returned or raised."""
    together = threading.Barrier(len(jobs))
    came: list[object] = []

    def run(job: Callable[[], object]) -> None:
        together.wait()
        try:
            came.append(job())
        except StaffdeskError as error:
            came.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


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


class Unhurried(StaffAccounts):
    """Thinks a moment between the change and the question who is left."""

    def _refuse_nobody_left(self, accounts: Accounts, by: Deciding) -> None:
        time.sleep(0.3)
        super()._refuse_nobody_left(accounts, by)


def test_two_admins_who_close_each_other_at_once_leave_one(firm: Office, place: Place) -> None:
    firm.hire("ali", Role.ADMIN)
    jobs: list[Callable[[], object]] = []
    desks = []
    for me, other in (("ada", "ali"), ("ali", "ada")):
        access, desk = firm.access(me), Office(place.open(), firm.clock)
        staff = Unhurried(desk.door, desk.database, hashes=CHEAP, clock=firm.clock)
        jobs.append(partial(staff.disable, access, other))
        desks.append(desk)
    came = at_once(*jobs)
    for desk in desks:
        desk.database.close()
    assert [type(each) for each in came].count(Account) == 1
    with firm.database.append() as tx:
        assert Accounts(tx).holders([Role.ADMIN], dt.datetime.now(dt.UTC).date()) == 1


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
    by = Deciding(accounts["apo"].id, apo.session, Role.APPROVER, now, dt.datetime.now(dt.UTC).date())
    with firm.database.append() as tx:
        Credentials(tx).queue()
        assert Accounts(tx).approve(waits, by) == 0, "the statement itself refuses"
    assert firm.staff.approve(firm.access("abe"), waits).roles == (Role.SALES,)


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
    with pytest.raises(NotFound):
        firm.staff.approve(approver, 999)


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
        added(firm, admin, "sam")


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
    today = dt.datetime.now(dt.UTC).date()
    firm.hire("ali", Role.ADMIN, valid_until=today - dt.timedelta(days=3))
    firm.hire("eva", Role.ADMIN, in_force=False)
    firm.hire("eli", Role.ADMIN)
    firm.staff.disable(firm.access("ada"), "eli")
    firm.hire("eda", Role.ADMIN)
    eda = firm.access("eda")
    firm.staff.disable(eda, "ada")
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


def test_who_does_not_manage_accounts_sees_them_masked(firm: Office) -> None:
    whole = {account.user_name: account for account in firm.staff.accounts(firm.access("ada"))}
    masked = {account.user_name: account for account in firm.staff.accounts(firm.access("abe"))}
    assert whole["sam"].full_name == "Sam Holm"
    assert list(whole) == list(masked) == ["abe", "ada", "apo", "sam"]
    assert masked["sam"].full_name == "S•••"
    assert masked["sam"].employee_number != "sam"
    assert masked["sam"].roles == (Role.SUPPORT,)


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("user_name", "a na", BadInput),
        ("user_name", "\u0430na", BadInput),
        ("full_name", " ", BadInput),
        ("full_name", "Ana\x1b[31m", BadInput),
        ("employee_number", "85.07.30-033.28", MustNotBeHeld),
        ("email", "not an address", BadInput),
        ("valid_until", dt.date(2020, 1, 1), BadInput),
        ("employee_number", "sam", BadInput),
        ("user_name", "sam", BadInput),
    ],
)
def test_an_account_that_may_not_be_is_refused_and_leaves_nothing(
    firm: Office, field: str, value: str | dt.date, kind: type[StaffdeskError]
) -> None:
    admin = firm.access("ada")
    given = {"user_name": "nele", "full_name": "Nele Nieuw", "employee_number": "77", "email": None, field: value}
    with pytest.raises(kind) as caught:
        firm.staff.add(admin, entity=Entity.US, roles=[Role.SALES], **given)  # type: ignore[arg-type] # by name
    assert value == " " or str(value) not in f"{caught.value.sentence} {caught.value.hint}"
    assert len(firm.staff.accounts(admin)) == 4


def test_the_employing_company_and_the_days_are_kept(firm: Office) -> None:
    account, _ = firm.staff.add(
        firm.access("ada"),
        user_name="Nele.N",
        full_name="Nele Nieuw",
        employee_number="77",
        entity=Entity.US,
        roles=[Role.SALES],
        email="nele@softron.example",
        valid_from=dt.date(2999, 1, 1),
        valid_until=dt.date(2999, 12, 31),
    )
    assert (account.user_name, account.entity) == ("nele.n", Entity.US)
    assert (account.valid_from, account.valid_until) == (dt.date(2999, 1, 1), dt.date(2999, 12, 31))
    assert account.pending_id is not None
    assert firm.staff.approve(firm.access("apo"), account.pending_id).state == "not yet"


def test_a_colleague_among_the_customers_is_known_by_digests_without_a_name(firm: Office, place: Place) -> None:
    added(firm, firm.access("ada"), "nele")
    with place.owner() as connection:
        keys = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT user_name, relation_keys FROM staff")}
    letters = {key[0] for key in keys["sam"].split()}
    assert letters == {"e", "d", "n"}
    assert "holm" not in keys["sam"]
    shared = set(keys["sam"].split()) & set(keys["ada"].split())
    assert {key[0] for key in shared} == {"d", "n"}
    assert {key[0] for key in keys["nele"].split()} == {"n"}


def test_a_listing_is_an_entry(firm: Office, place: Place) -> None:
    firm.staff.accounts(Access(session=firm.access("ada").session, host=HOST))
    last = entries(place)[-1]
    assert (last.act, last.out, last.n, last.role) == (Act.STAFF_LISTED, Outcome.OK, 4, Role.ADMIN)
