"""Who is let in, what a wrong password costs, and what is said about it."""

from __future__ import annotations

import datetime as dt
import statistics
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from staffdesk.data.credentials import Credential, Credentials
from staffdesk.domain.access import Act, Outcome, Role
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import StaffdeskError
from staffdesk.parameters.shapes import policy
from staffdesk.services.password_hashes import PasswordHashes
from tests.databases import Place
from tests.services.offices import CHEAP, HOST, PASSWORD, WRONG, Clock, Office, entries, refusal


def test_who_comes_in_is_told_first_that_everything_is_logged_and_the_policys_date(
    office: Office, place: Place
) -> None:
    staff_id = office.hire("ana", Role.SUPPORT, Role.PRIVACY)
    signed_in = office.come_in("ana")
    assert signed_in.notices == (policy().notice,)
    assert "October 2024" in signed_in.notices[0]
    assert signed_in.roles == (Role.SUPPORT, Role.PRIVACY) or set(signed_in.roles) == {Role.SUPPORT, Role.PRIVACY}
    (entry,) = entries(place)
    assert (entry.act, entry.out, entry.actor, entry.sid) == (
        Act.SESSION_SIGNED_IN,
        Outcome.OK,
        staff_id,
        signed_in.sid,
    )
    assert (entry.entity, entry.host, entry.n) == ("BE", HOST, 0)


def test_the_words_never_tell_why_somebody_is_not_let_in(office: Office, place: Place) -> None:
    today = receive_day(dt.datetime.now(dt.UTC))
    day = dt.timedelta(days=2)
    office.hire("right", Role.SUPPORT)
    office.hire("waits", Role.SUPPORT, in_force=False)
    office.hire("early", Role.SUPPORT, valid_from=today + day)
    office.hire("late", Role.SUPPORT, valid_until=today - day)
    office.hire("stale", Role.SUPPORT, once_until=office.clock() - 1)
    closed = office.hire("closed", Role.SUPPORT)
    with place.owner() as connection:
        connection.exec_driver_sql(f"UPDATE staff SET disabled_at = 1 WHERE id = '{closed}'")
    tried = [("right", WRONG), *((name, PASSWORD) for name in ("waits", "early", "late", "stale", "closed", "nobody"))]
    assert len({refusal(office, name, password) for name, password in tried}) == 1
    refused = entries(place)
    assert [(entry.act, entry.out) for entry in refused] == [(Act.SESSION_REFUSED, Outcome.DENIED)] * len(tried)
    assert [entry.kinds for entry in refused] == [
        ("password",), ("pending",), ("not yet",), ("over",), ("first password too old",), ("disabled",), ("password",)
    ]  # fmt: skip
    assert refused[-1].actor is None


@pytest.mark.parametrize("name", ["ana", "AnA ", "\uff41na", "ana\x00", "\ud800", "a" * 100_000, "", "ana'--"])
def test_any_name_and_any_password_is_refused_in_the_same_words(office: Office, name: str) -> None:
    office.hire("ana", Role.SUPPORT)
    assert {refusal(office, name, password) for password in ("", "\ud800", "x\x00", "é" * 600)} == {
        refusal(office, "nobody")
    }


def test_a_name_is_taken_however_its_letters_are_cased(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    assert office.come_in(" ANA ").user_name == "ana"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
@example("é" * 512)
@example("é" * 512 + "e")
@settings(max_examples=60, deadline=None)
def test_any_password_up_to_1024_bytes_opens_its_own_hash_composed_or_not(password: str) -> None:
    known = CHEAP.hash(password)
    fits = len(unicodedata.normalize("NFC", password).encode()) <= 1024
    for form in ("NFC", "NFD"):
        assert CHEAP.matches(known, unicodedata.normalize(form, password)) is fits
    assert not CHEAP.matches(known, password + "x")
    assert not CHEAP.matches(None, password)


def test_hashes_cost_what_rfc_9106_asks_for_and_older_ones_are_replaced_at_sign_in(
    office: Office, place: Place
) -> None:
    full = PasswordHashes()
    assert full.hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert full.hash(PASSWORD) != full.hash(PASSWORD)
    office.hire("ana", Role.SUPPORT)
    office.hashes = PasswordHashes(time_cost=2, memory_kib=16, lanes=1)
    office.come_in("ana")
    with place.owner() as connection:
        stored = str(connection.exec_driver_sql("SELECT password_hash FROM staff").scalar_one())
    assert stored.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert office.come_in("ana").user_name == "ana"


def test_an_unknown_name_costs_the_same_work_as_a_wrong_password(place: Place) -> None:
    office = Office(place.open(), Clock(), PasswordHashes(time_cost=1, memory_kib=16 * 1024, lanes=1))
    office.hire("ana", Role.SUPPORT)

    def cost(name: str) -> float:
        office.clock.forward(hours=1)
        start = time.thread_time()
        refusal(office, name)
        return time.thread_time() - start

    pairs = [(cost("ana"), cost("nobody")) for _ in range(25)]
    office.database.close()
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert 0.8 < unknown / known < 1.25


def test_a_password_typed_in_the_wrong_box_stands_nowhere(office: Office, place: Place) -> None:
    office.hire("ana", Role.SUPPORT)
    refusal(office, PASSWORD)
    refusal(office, "ana", WRONG)
    office.come_in("ana")
    with place.owner() as connection:
        held = " ".join(
            str(bytes(value) if isinstance(value, memoryview) else value)
            for table in ("entry", "opening", "throttle", "session", "staff")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
            for value in row
        )
    assert "ana" in held
    for secret in (PASSWORD, WRONG):
        assert secret not in held
    assert PASSWORD not in repr(Credential.__mro__)
    with office.database.append() as tx:
        assert "argon2" not in repr(Credentials(tx).of_name("ana"))


def test_a_second_sign_in_is_told_of_the_first_and_both_are_marked(office: Office, place: Place) -> None:
    office.hire("ana", Role.SUPPORT)
    first = office.come_in("ana", host="front desk")
    office.clock.forward(minutes=1)
    second = office.come_in("ana", host="back room")
    assert any(said.startswith("Also signed in at front desk since") for said in second.notices)
    assert [entry.n for entry in entries(place)] == [0, 1]
    office.sign_in.sign_out(first.sid)
    office.clock.forward(minutes=1)
    third = office.come_in("ana", host="front desk")
    assert any(said.startswith("Last sign-in:") and said.endswith("at back room.") for said in third.notices)
    assert any(said.startswith("Also signed in at back room since") for said in third.notices)


def test_what_is_raised_holds_no_name_and_no_password(office: Office) -> None:
    office.hire("ana", Role.SUPPORT)
    for name, password in (("ana", WRONG), ("xaverius", PASSWORD)):
        with pytest.raises(StaffdeskError) as caught:
            office.come_in(name, password)
        said = f"{caught.value!r} {caught.value.hint}"
        assert not any(text in said for text in (name, password))
