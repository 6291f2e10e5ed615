"""The key file lost, the password lost: how one gets in again, and who is told."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffdesk.domain.access import Access, Act, Outcome, Role
from staffdesk.domain.errors import BadInput, NotFound, SignInFailed, StorageUnavailable
from staffdesk.services.backups import restore
from staffdesk.services.bootstrap import Initialised, initialise
from staffdesk.services.home import Home, new_key
from staffdesk.services.init_answers import Answers, Person
from staffdesk.services.journal import Journal
from staffdesk.services.opening_homes import open_desk
from staffdesk.services.recovery import give_one_time_password, recover
from staffdesk.services.recovery_key import RecoveryKey, put_back, read_recovery_file, write_recovery_file
from staffdesk.services.verification import verify_home
from tests.databases import Place
from tests.services.offices import CHEAP, HOST, PASSWORD, Office, entries

pytestmark = pytest.mark.usefixtures("migrated_once")

FOUR = Answers(firm=4, people=tuple(Person(full_name=name) for name in ("Ana Holm", "Bo Berg", "Cem Can", "Dee Doe")))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    return "sqlite" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


def made(home: Home, *, url: str = "sqlite", **passwords: str) -> Initialised:
    passwords_given = {name.replace("_", "."): password for name, password in passwords.items()}
    return initialise(home, FOUR, database_url=url, passwords_given=passwords_given, hashes=CHEAP)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=100, deadline=None)
def test_the_recovery_key_comes_back_from_what_was_written_down(raw: bytes) -> None:
    recovery = RecoveryKey.of(raw.hex())
    assert len(recovery.groups) == 14
    assert {len(group) for group in recovery.groups} == {4}
    by_hand = str(recovery).lower().replace(" ", "-").replace("0", "o").replace("1", "l")
    assert RecoveryKey.typed(by_hand).key == recovery.key == raw.hex()
    assert recovery.ends_with(f" {recovery.groups[-1].lower()} ")
    assert raw.hex() not in repr(recovery)
    assert str(recovery) not in repr(recovery)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
@settings(max_examples=100, deadline=None)
def test_one_wrong_letter_in_a_recovery_key_is_noticed(raw: bytes, place: int, letter: str) -> None:
    right = "".join(RecoveryKey.of(raw.hex()).groups)
    wrong = right[:place] + letter + right[place + 1 :]
    if wrong != right:
        with pytest.raises(BadInput):
            RecoveryKey.typed(wrong)
    for cut in (right[:-1], right + "0", "", "!" * 56):
        with pytest.raises(BadInput):
            RecoveryKey.typed(cut)


def test_a_lost_key_file_is_put_back_and_the_desk_opens_again(home: Home) -> None:
    new = made(home, dee_doe=PASSWORD)
    written_down = str(new.recovery)
    home.key_file.unlink()
    with pytest.raises(StorageUnavailable):
        open_desk(home)
    put_back(home, RecoveryKey.typed(written_down))
    assert mode(home.key_file) == 0o600
    desk = open_desk(home)
    desk.sign_in.sign_in("dee.doe", PASSWORD, HOST)
    desk.close()
    with pytest.raises(StorageUnavailable):
        put_back(home, RecoveryKey.typed(written_down))


def test_a_recovery_file_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    recovery, file = RecoveryKey.of(new_key()), tmp_path / "recovery"
    with pytest.raises(BadInput):
        write_recovery_file(file, recovery, "short")
    assert not file.exists()
    write_recovery_file(file, recovery, PASSWORD)
    assert mode(file) == 0o600
    assert recovery.key not in file.read_text(encoding="ascii")
    assert read_recovery_file(file, PASSWORD) == recovery
    with pytest.raises(BadInput):
        read_recovery_file(file, "another sentence of words")
    for damaged in ("", "xx", file.read_text(encoding="ascii")[:-8] + "AAAAAAA="):
        file.write_text(damaged, encoding="ascii")
        with pytest.raises(BadInput):
            read_recovery_file(file, PASSWORD)
    with pytest.raises(StorageUnavailable):
        read_recovery_file(tmp_path / "none", PASSWORD)


def test_who_holds_the_key_file_lets_the_only_admin_in_again(home: Home, database_url: str) -> None:
    made(home, url=database_url, dee_doe=PASSWORD)
    desk = open_desk(home)
    open_before = desk.sign_in.sign_in("dee.doe", PASSWORD, HOST).sid
    fresh = recover(home, "Dee.Doe")
    assert not desk.sign_in.still_valid(open_before)
    with pytest.raises(SignInFailed):
        desk.sign_in.sign_in("dee.doe", PASSWORD, HOST)
    back = desk.sign_in.sign_in("dee.doe", fresh, HOST)
    assert back.must_change_password
    assert any("one-time password" in said for said in back.notices)
    desk.close()
    with pytest.raises(NotFound):
        recover(home, "nobody")
    home.key_file.unlink()
    with pytest.raises(StorageUnavailable):
        recover(home, "dee.doe")


def test_a_recovery_is_in_the_log_before_and_after(home: Home) -> None:
    made(home)
    recover(home, "dee.doe")
    last = entries(Place("sqlite", path=home.database_file, key=home.read_key()))[-2:]
    assert [(entry.act, entry.out, entry.actor) for entry in last] == [
        (Act.SYSTEM_RECOVERED, Outcome.INTENT, None),
        (Act.SYSTEM_RECOVERED, Outcome.OK, None),
    ]
    assert len({entry.obj for entry in last}) == 1
    assert verify_home(home).uncovered == 0


def test_a_desk_whose_checkpoints_another_user_signs_is_restored_unsealed(home: Home, tmp_path: Path) -> None:
    made(home, dee_doe=PASSWORD)
    home.seal_key_file.unlink()
    desk = open_desk(home)
    admin = Access(session=desk.sign_in.sign_in("dee.doe", PASSWORD, HOST).sid, host=HOST)
    desk.backups.make(admin, tmp_path / "backup", lambda: "seven brass kettles sing")
    desk.close()
    again = Home.locate(tmp_path / "again", {})
    restore(again, tmp_path / "backup", "seven brass kettles sing", None)
    assert not again.seal_key_file.exists()
    assert verify_home(again).uncovered > 0


def test_admins_and_auditors_are_told_that_the_key_file_was_used_and_nobody_else(office: Office) -> None:
    office.hire("ada", Role.ADMIN)
    office.hire("aud", Role.AUDITOR)
    office.hire("sam", Role.SUPPORT)
    office.hire("sue", Role.SUPPORT)
    office.come_in("aud")
    give_one_time_password(Journal(office.database, "2024-10"), "sam", CHEAP, clock=office.clock)

    def told(user_name: str) -> bool:
        return any("give sam a one-time password" in said for said in office.come_in(user_name).notices)

    assert told("ada")
    assert not told("sue")
    office.clock.forward(days=3)
    assert told("ada")
    office.clock.forward(days=10)
    assert not told("ada"), "once told, and a week is over"
    assert told("aud"), "who was away is told however long ago it was"
