"""How many wrong passwords are taken, and who has to wait for it.

Seen to fail: with tries counted after the check alone.
"""

from __future__ import annotations

import threading

import pytest

from staffdesk.domain.access import Role
from staffdesk.parameters.shapes import sessions
from staffdesk.services.journal import Journal
from staffdesk.services.password_hashes import PasswordHashes
from staffdesk.services.recovery import give_one_time_password
from tests.databases import Place
from tests.services.offices import CHEAP, PASSWORD, Office, refusal


def test_after_five_failures_every_try_waits_longer_for_a_known_name_as_for_an_unknown_one(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    rules = sessions().throttle
    waited: dict[str, list[str]] = {"ana": [], "nobody": []}
    for name, said in waited.items():
        for failures in range(1, rules.free_failures + len(rules.delays_seconds) + 2):
            said.append(refusal(office, name)[0])
            wait = rules.delay(failures)
            if wait:
                said.append(refusal(office, name, PASSWORD)[1])
                office.clock.forward(seconds=wait)
    assert waited["ana"] == waited["nobody"]
    assert len(set(waited["ana"][: rules.free_failures])) == 1
    waits = [hint for hint in waited["ana"] if hint.startswith("Wait")]
    assert waits == [f"Wait {seconds} seconds, then try again." for seconds in (*rules.delays_seconds, 900, 900)]
    assert office.come_in("ana").user_name == "ana"


def test_a_restart_forgets_no_failure_and_nobody_else_waits(office: Office, place: Place) -> None:
    office.hire("ana", Role.SUPPORT)
    office.hire("bo", Role.SUPPORT)
    for _ in range(5):
        refusal(office, "ana")
    restarted = Office(place.open(), office.clock)
    try:
        assert refusal(restarted, "ana", PASSWORD)[0] == "There were too many failures in a row."
        assert restarted.come_in("bo").user_name == "bo"
    finally:
        restarted.database.close()


@pytest.mark.parametrize(("before", "at_once", "taken"), [(5, 4, 1), (0, 8, 5)])
def test_tries_at_the_same_moment_gain_nothing(
    before: int, at_once: int, taken: int, office: Office, place: Place
) -> None:
    office.hire("ana", Role.SUPPORT)
    for _ in range(before):
        refusal(office, "ana")
    office.clock.forward(seconds=6)
    slow = PasswordHashes(time_cost=3, memory_kib=16_384, lanes=1)
    desks = [Office(place.open(), office.clock, slow) for _ in range(at_once)]
    said: list[str] = []
    together = threading.Barrier(len(desks))

    def try_one(desk: Office) -> None:
        together.wait()
        said.append(refusal(desk, "ana")[0])

    threads = [threading.Thread(target=try_one, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for desk in desks:
        desk.database.close()
    refused = at_once - taken
    assert sorted(said)[:refused] == ["There were too many failures in a row."] * refused
    assert all(each.startswith("User name and password do not match") for each in sorted(said)[refused:])


def test_a_success_forgets_the_failures_and_tells_of_them(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    office.come_in("ana")
    for _ in range(4):
        refusal(office, "ana")
    told, told_again = (" ".join(office.come_in("ana").notices) for _ in range(2))
    assert ("since then: 4." in told, "Failed sign-ins" in told_again) == (True, False)
    for _ in range(5):
        assert refusal(office, "ana")[0].startswith("User name and password do not match")


def test_a_clock_set_back_locks_nobody_out(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    for _ in range(6):
        refusal(office, "ana")
        office.clock.forward(seconds=5)
    office.clock.forward(days=-30)
    assert refusal(office, "ana", PASSWORD)[1] == "Wait 15 seconds, then try again."
    office.clock.forward(seconds=15)
    assert office.come_in("ana").user_name == "ana"


def test_after_a_hundred_failures_a_day_passes_or_a_new_password_is_given(office: Office, place: Place) -> None:
    most, rest = sessions().throttle.most_failures, sessions().sources.rest_hours
    office.hire("ana", Role.SUPPORT)
    office.hire("bo", Role.SUPPORT)
    for name in ("ana", "bo", "nobody"):
        refusal(office, name)
    with place.owner() as connection:
        assert connection.exec_driver_sql(f"UPDATE throttle SET failures = {most - 1}").rowcount == 3
    for name in ("ana", "bo", "nobody"):
        assert refusal(office, name)[0].startswith("User name and password do not match")
        assert refusal(office, name, PASSWORD) == (
            "After 100 failures in a row no password is taken here for a while.",
            f"Wait {rest} hours, or who holds the key file gives a new password: staffdesk staff recover",
        )
    fresh = give_one_time_password(Journal(office.database, "2024-10"), "bo", CHEAP, clock=office.clock)
    assert office.come_in("bo", fresh).must_change_password
    office.clock.forward(hours=rest - 1)
    assert refusal(office, "ana", PASSWORD)[1].startswith("Wait 1 hour,")
    office.clock.forward(hours=1)
    for _ in range(4):
        assert refusal(office, "ana")[0].startswith("User name and password do not match")
    assert office.come_in("ana").user_name == "ana"


def test_an_outsider_keeps_nobody_out_of_a_terminal_where_he_has_signed_in_lately(office: Office) -> None:
    office.hire("ada", Role.ADMIN)
    office.come_in("ada", host="her own desk")
    for tries in range(sessions().throttle.most_failures):
        office.clock.forward(minutes=15)
        refusal(office, "ada", host="far away")
        if tries % 10 == 9:
            office.come_in("ada", host="her own desk")
    assert refusal(office, "ada", PASSWORD, host="far away")[0].startswith("After 100 failures in a row")
    office.clock.forward(days=sessions().sources.known_days + 1)
    for _ in range(6):
        refusal(office, "ada", host="far away")
    assert refusal(office, "ada", PASSWORD, host="her own desk")[0] == "There were too many failures in a row."


def test_many_host_names_give_no_more_than_a_hundred_tries_a_day(office: Office) -> None:
    office.hire("ada", Role.ADMIN)
    office.come_in("ada", host="her own desk")
    checked: list[int] = []
    for each in range(240):
        said, _ = refusal(office, "ada", host=f"far away {each}")
        checked += [office.clock()] if said.startswith("User name and password do not match") else []
        office.clock.forward(minutes=7.5)
    assert 90 < max(sum(at <= other < at + 86_400_000 for other in checked) for at in checked) <= 100
