"""How long a terminal stays open, who may close it, and what the log keeps of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from staffdesk.data.sessions import Sessions
from staffdesk.domain.access import Access, Act, Outcome, Role
from staffdesk.domain.errors import BadInput, SessionEnded, SignInFailed
from staffdesk.parameters.shapes import sessions
from staffdesk.services.sign_in import SignIn
from tests.databases import Place
from tests.services.offices import CHEAP, HOST, PASSWORD, Office, acts, entries

FRESH = "seven brass kettles sing"


def test_a_lock_opens_with_the_password_alone_and_both_are_entries(office: Office, place: Place) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    office.sign_in.lock(sid)
    office.sign_in.lock(sid)
    with pytest.raises(SessionEnded):
        office.sign_in.seen(sid)
    with pytest.raises(SignInFailed, match="The password is not right"):
        office.sign_in.unlock(sid, "not this one at all")
    office.sign_in.unlock(sid, PASSWORD)
    office.sign_in.seen(sid)
    assert acts(place) == [
        (Act.SESSION_SIGNED_IN, Outcome.OK),
        (Act.SESSION_LOCKED, Outcome.OK),
        (Act.SESSION_REFUSED, Outcome.DENIED),
        (Act.SESSION_UNLOCKED, Outcome.OK),
    ]
    assert {entry.sid for entry in entries(place)} == {sid}
    assert {entry.host for entry in entries(place)} == {HOST}


def test_guesses_at_a_lock_wait_as_those_at_the_door(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    office.sign_in.lock(sid)
    for _ in range(5):
        with pytest.raises(SignInFailed, match="not right"):
            office.sign_in.unlock(sid, "not this one at all")
    with pytest.raises(SignInFailed, match="too many"):
        office.sign_in.unlock(sid, PASSWORD)
    with pytest.raises(SignInFailed, match="too many"):
        office.come_in("ana")
    office.clock.forward(seconds=5)
    office.sign_in.unlock(sid, PASSWORD)
    office.come_in("ana")


def test_fifteen_minutes_without_a_key_lock_by_themselves_and_keys_keep_open(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    for _ in range(4):
        office.clock.forward(minutes=14)
        office.sign_in.seen(sid)
    assert office.sign_in.still_valid(sid)
    office.clock.forward(minutes=16)
    assert not office.sign_in.still_valid(sid)
    with pytest.raises(SessionEnded):
        office.sign_in.seen(sid)
    office.sign_in.unlock(sid, PASSWORD)
    assert office.sign_in.still_valid(sid)


def test_a_terminal_that_locked_itself_still_holds_until_its_time_is_over(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    office.sign_in.lock(sid)
    office.clock.forward(hours=9)
    assert office.sign_in.still_valid(sid)
    office.clock.forward(hours=2)
    assert not office.sign_in.still_valid(sid)


def test_after_ten_hours_nothing_keeps_a_session_open(office: Office, place: Place) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    for _ in range(60):
        office.clock.forward(minutes=10)
        office.sign_in.seen(sid)
    office.clock.forward(minutes=1)
    assert not office.sign_in.still_valid(sid)
    uses: list[Callable[[], None]] = [
        lambda: office.sign_in.seen(sid),
        lambda: office.sign_in.unlock(sid, PASSWORD),
    ]
    for late in uses:
        with pytest.raises(SessionEnded):
            late()
    office.come_in("ana")
    ended = next(entry for entry in entries(place) if entry.act == Act.SESSION_ENDED)
    assert (ended.sid, ended.kinds) == (sid, ("too old",))


def test_a_clock_set_back_locks_and_gives_no_time(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    for _ in range(54):
        office.clock.forward(minutes=10)
        office.sign_in.seen(sid)
    office.clock.forward(hours=-8)
    assert not office.sign_in.still_valid(sid)
    with pytest.raises(SessionEnded):
        office.sign_in.seen(sid)
    office.sign_in.unlock(sid, PASSWORD)
    office.sign_in.lock(sid)
    office.clock.forward(minutes=59)
    assert office.sign_in.still_valid(sid)
    office.clock.forward(minutes=2)
    assert not office.sign_in.still_valid(sid), "nine hours before the clock was set back, one after"
    with pytest.raises(SessionEnded):
        office.sign_in.unlock(sid, PASSWORD)


def test_a_session_that_began_in_the_future_is_over(office: Office, place: Place) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    office.sign_in.lock(sid)
    office.clock.forward(hours=-300)
    assert not office.sign_in.still_valid(sid)
    with pytest.raises(SessionEnded):
        office.sign_in.unlock(sid, PASSWORD)
    now, most = office.clock(), sessions().absolute_hours * 3_600_000
    with office.database.append() as tx:
        assert Sessions(tx).unlock(sid, now, started_from=now - most, started_to=now + 2000) == 0
    with place.owner() as connection:
        connection.exec_driver_sql(f"UPDATE session SET seen_at = {now}, locked = (1 = 0)")
    with pytest.raises(SessionEnded):
        office.sign_in.seen(sid)
    office.come_in("ana")
    ended = next(entry for entry in entries(place) if entry.act == Act.SESSION_ENDED)
    assert (ended.sid, ended.kinds) == (sid, ("too old",))


def test_an_outsider_keeps_no_terminal_locked(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    office.sign_in.lock(sid)
    for _ in range(9):
        with pytest.raises(SignInFailed):
            office.come_in("ana", "not this one at all", host="far away")
    office.sign_in.unlock(sid, PASSWORD)
    with pytest.raises(SignInFailed, match="too many"):
        office.come_in("ana", host="farther away")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff SET disabled_at = 1",
        "UPDATE staff SET valid_until = '2021-01-01'",
        "UPDATE session SET ended_at = 1",
    ],
)
def test_what_another_desk_takes_away_is_gone_at_once(office: Office, place: Place, change: str) -> None:
    office.hire("ana", Role.ADMIN)
    access = office.access("ana")
    assert office.sign_in.still_valid(access.session)
    with place.owner() as connection:
        connection.exec_driver_sql(change)
    assert not office.sign_in.still_valid(access.session)
    with pytest.raises(SessionEnded):
        office.staff.accounts(access)
    with pytest.raises(SessionEnded):
        office.sign_in.unlock(access.session, PASSWORD)


def test_a_session_nobody_has_is_over(office: Office) -> None:
    assert not office.sign_in.still_valid("0" * 16)
    office.sign_in.lock("0" * 16)
    office.sign_in.sign_out("0" * 16)
    uses: list[Callable[[], None]] = [
        lambda: office.sign_in.seen("0" * 16),
        lambda: office.sign_in.unlock("0" * 16, PASSWORD),
    ]
    for use in uses:
        with pytest.raises(SessionEnded):
            use()


def test_signing_out_is_an_entry_with_its_reason_once_and_an_admins_seals_the_log(office: Office, place: Place) -> None:
    office.hire("ada", Role.ADMIN)
    office.hire("sam", Role.SUPPORT)
    sealed: list[int] = []
    written: list[int] = []
    sign_in = SignIn(
        office.door,
        office.database,
        hashes=CHEAP,
        clock=office.clock,
        after=written.append,
        seal=lambda: sealed.append(len(entries(place))),
    )
    sam, ada = (sign_in.sign_in(name, PASSWORD, HOST) for name in ("sam", "ada"))
    sign_in.sign_out(sam.sid, "hung up")
    sign_in.sign_out(sam.sid)
    assert not sealed
    sign_in.sign_out(ada.sid)
    assert sealed == [4]
    assert written == [1, 2, 3, 4]
    assert [entry.kinds for entry in entries(place)[2:]] == [("hung up",), ("signed out",)]
    assert not sign_in.still_valid(sam.sid)


def test_who_has_a_first_password_can_do_nothing_but_choose_another(office: Office, place: Place) -> None:
    office.hire("ada", Role.ADMIN, once_until=office.clock() + 1000)
    signed_in = office.come_in("ada")
    assert signed_in.must_change_password
    access = Access(session=signed_in.sid, host=HOST)
    with pytest.raises(SessionEnded, match="must be changed"):
        office.staff.accounts(access)
    office.sign_in.change_password(signed_in.sid, PASSWORD, FRESH)
    assert office.staff.accounts(access)
    with pytest.raises(SignInFailed):
        office.come_in("ada")
    office.clock.forward(days=400)
    assert not office.come_in("ada", FRESH).must_change_password
    changes = [(entry.act, entry.out) for entry in entries(place) if entry.act == Act.STAFF_PASSWORD]
    assert changes == [(Act.STAFF_PASSWORD, Outcome.INTENT), (Act.STAFF_PASSWORD, Outcome.OK)]


def test_a_one_time_password_opens_one_session_at_a_time(office: Office, place: Place) -> None:
    office.hire("ana", Role.SUPPORT, once_until=office.clock() + 86_400_000)
    lost = office.come_in("ana", host="front desk")
    back = office.come_in("ana", host="back room")
    assert not office.sign_in.still_valid(lost.sid)
    with pytest.raises(SessionEnded):
        office.sign_in.change_password(lost.sid, PASSWORD, FRESH)
    assert any(said.startswith("This one-time password was used at front desk") for said in back.notices)
    ended = next(entry for entry in entries(place) if entry.act == Act.SESSION_ENDED)
    assert (ended.sid, ended.host, ended.kinds) == (lost.sid, "front desk", ("one-time password again",))
    office.sign_in.change_password(back.sid, PASSWORD, FRESH)
    with pytest.raises(SignInFailed):
        office.come_in("ana")
    assert len({office.come_in("ana", FRESH).sid for _ in range(2)} | {back.sid}) == 3
    assert office.sign_in.still_valid(back.sid)


def test_a_new_password_ends_the_sessions_elsewhere(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    here, elsewhere = office.come_in("ana").sid, office.come_in("ana", host="back room").sid
    office.sign_in.change_password(here, PASSWORD, FRESH)
    assert office.sign_in.still_valid(here)
    assert not office.sign_in.still_valid(elsewhere)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("too short", "too short"),
        (PASSWORD, "the old one"),
        ("ana holm ana holm ana holm", "your own name"),
        ("password123456 password", "list of stolen"),
        ("x" * 2000, "too long"),
    ],
)
def test_a_password_that_may_not_be_set_changes_nothing_and_says_why(office: Office, new: str, said: str) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    with pytest.raises(BadInput, match=said):
        office.sign_in.change_password(sid, PASSWORD, new)
    assert office.come_in("ana").user_name == "ana"


def test_changing_needs_the_old_password(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    sid = office.come_in("ana").sid
    with pytest.raises(SignInFailed, match="not right"):
        office.sign_in.change_password(sid, "not this one at all", FRESH)
    office.sign_in.lock(sid)
    with pytest.raises(SessionEnded):
        office.sign_in.change_password(sid, PASSWORD, FRESH)
