"""What privacy and the customer have of support logs: a notice with its day, the zip itself, and what came."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import pyzipper

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.errors import BadInput, Denied
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.domain.support_logs import LogState
from staffdesk.services.support_logs.expiry import LogExpiry
from staffdesk.services.support_logs.sealed_stream import Altered
from tests.databases import Place
from tests.services.front import Front
from tests.services.log_zips import AT_HOME, CARD, CLEAN, TOKEN, LogDesk, log_desk
from tests.services.offices import Office, entries
from tests.services.test_answers import WHY
from tests.services.workflows import search, workflow_of

DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
def desk(office: Office, database: Database, tmp_path: Path) -> LogDesk:
    (tmp_path / "data" / "spool").mkdir(parents=True)
    return log_desk(Front(office), database, tmp_path / "data" / "spool")


@pytest.fixture
def pia(desk: LogDesk) -> Access:
    return replace(desk.front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)


def taken(desk: LogDesk, content: bytes) -> int:
    return desk.logs.intake.add(desk.support, desk.case, desk.sent({"a.log": content})).bundle.id


def test_privacy_is_told_of_what_must_not_be_held_and_until_when(desk: LogDesk, pia: Access) -> None:
    assert desk.logs.not_to_be_held(pia) == ()
    taken(desk, AT_HOME)
    number = taken(desk, CLEAN + TOKEN)
    (held,) = (each for each in desk.logs.of_case(desk.support, desk.case) if each.id == number)
    (told,) = desk.logs.not_to_be_held(pia)
    assert (told.zip, told.case, dict(told.found)) == (number, desk.case, {"google_token": 1})
    assert told.ends == (held.received_at or 0) + 7 * DAY_MS
    for role in (Role.SUPPORT, Role.ADMIN):
        other = desk.front.staff(f"{role.value}-other", role)
        with pytest.raises(Denied):
            desk.logs.not_to_be_held(other)
    clock = desk.front.office.clock
    expiry = LogExpiry(desk.front.office.door, desk.database, desk.spool, clock=clock)
    assert [each.zip for each in expiry.run().waiting] == [number]
    clock.forward(days=8)
    assert expiry.run().waiting == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_bundle SET digest = 'x'", "UPDATE log_bundle_file SET digest = 'x'",
        "UPDATE log_bundle_file SET name = 'b.log'", "UPDATE log_bundle_file SET size = size + 1",
    ],
)  # fmt: skip
def test_a_manifest_that_is_not_what_came_raises_an_alarm(
    change: str, desk: LogDesk, pia: Access, place: Place
) -> None:
    number = taken(desk, CLEAN)
    with place.owner() as owner:
        owner.exec_driver_sql(change)
    with pytest.raises(Altered, match="not what came"):
        desk.logs.read(desk.support, desk.case, number, 1)
    (held,) = desk.logs.of_case(desk.support, desk.case)
    assert (held.state, held.found) == (LogState.QUARANTINED, {"altered": 1})
    assert [each.zip for each in desk.logs.not_to_be_held(pia)] == [number]
    (alarm,) = (core for core in entries(place) if "altered" in core.kinds and core.out == "ok")
    assert (alarm.act, alarm.actor, alarm.n, len(alarm.obj)) == ("case.logs_kept", None, 1, 1)
    with pytest.raises(BadInput, match="in quarantine"):
        desk.logs.read(desk.support, desk.case, number, 1)
    with pytest.raises(BadInput, match="must not be held"):
        desk.logs.intake.scrub(desk.support, desk.case, number)


def test_every_night_finds_a_zip_that_was_changed_where_it_lies(desk: LogDesk) -> None:
    number, other = taken(desk, CLEAN), taken(desk, CLEAN * 2)
    expiry = LogExpiry(desk.front.office.door, desk.database, desk.spool)
    assert expiry.run().waiting == ()
    file = max(desk.files, key=lambda each: each.stat().st_mtime_ns)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert [each.zip for each in expiry.run().waiting] == [other]
    assert desk.logs.read(desk.support, desk.case, number, 1).text.encode() == CLEAN


def test_every_night_finds_a_zip_whose_file_was_taken_away_and_says_so_once(
    desk: LogDesk, pia: Access, place: Place
) -> None:
    number, other = taken(desk, CLEAN), taken(desk, CLEAN * 2)
    max(desk.files, key=lambda each: each.stat().st_mtime_ns).unlink()
    expiry = LogExpiry(desk.front.office.door, desk.database, desk.spool)
    alone = place.kind == "sqlite"
    for _ in range(2):
        assert [each.zip for each in expiry.run().waiting] == [other] * alone, "it may lie at another desk of the team"
    assert [each.zip for each in desk.logs.not_to_be_held(pia)] == [other] * alone
    alarms = [core for core in entries(place) if "missing" in core.kinds and core.out == "ok"]
    assert [(each.act, each.actor, each.n, len(each.obj)) for each in alarms] == [
        ("case.logs_kept", None, 1, 1)
    ] * alone
    assert desk.logs.read(desk.support, desk.case, number, 1).text.encode() == CLEAN


def test_a_zip_that_is_destroyed_while_it_is_read_is_no_alarm(desk: LogDesk, pia: Access) -> None:
    from staffdesk.data.customers.log_bundles import LogBundles  # noqa: PLC0415 - one test's
    from staffdesk.domain.access import Act  # noqa: PLC0415 - one test's
    from staffdesk.domain.support_log_rules import rules  # noqa: PLC0415 - one test's
    from staffdesk.services.door import Result  # noqa: PLC0415 - one test's
    from staffdesk.services.support_logs.checking import LogCheck, altered  # noqa: PLC0415 - one test's

    number = taken(desk, CLEAN * 9_000)
    door = desk.front.office.door
    (held,) = door.scheduled_look(Result(act=Act.CASE_LOGS_LISTED), lambda tx: LogBundles(tx).held([number]))
    check = LogCheck(door, desk.spool, rules())

    def read() -> None:
        with check.opened(held):
            desk.logs.destroy(desk.support, desk.case, number)
            raise altered()  # as whoever reads what is being overwritten finds out

    with pytest.raises(Altered):
        read()
    assert desk.logs.not_to_be_held(pia) == ()
    assert [each.state for each in desk.logs.of_case(desk.support, desk.case)] == [LogState.DESTROYED]


@pytest.mark.parametrize("kind", [RequestType.ACCESS, RequestType.PORT])
def test_the_customers_copy_holds_each_zip_as_it_is_held_and_an_answer_to_take_along_none(
    kind: RequestType, desk: LogDesk, pia: Access, tmp_path: Path
) -> None:
    first, clean, card, home = (taken(desk, each) for each in (CLEAN * 3, CLEAN, CARD, AT_HOME))
    desk.logs.destroy(desk.support, desk.case, first)
    copy = desk.logs.intake.scrub(desk.support, desk.case, home).bundle
    came = {each.id: each.digest for each in desk.logs.of_case(desk.support, desk.case)}
    front, workflow = desk.front, workflow_of(desk.front.office, tmp_path)
    number = front.requests.receive(pia, kind=kind, channel=RequestChannel.EMAIL, customer=desk.person).number
    for name, answers in (
        ("acknowledge", None), ("ask_identity", WHY), ("proof_arrived", Answers(document="passport")),
        ("verify", Answers(copy_deleted=True)),
    ):  # fmt: skip
        workflow.make(pia, number, name, answers)
    search(front.office, pia, number)
    decided = workflow.make(pia, number, "decide")
    workflow.send(pia, number)
    with pyzipper.AESZipFile(tmp_path / "data" / "letters" / f"{number}.zip") as outer:
        outer.setpassword(decided.passphrase.encode())
        with zipfile.ZipFile(io.BytesIO(outer.read("package.zip"))) as inner:
            files = {name: inner.read(name) for name in inner.namelist()}
    logs = {name: content for name, content in files.items() if name.startswith("logs/")}
    if kind is RequestType.PORT:
        assert logs == {}
        return
    assert {name: hashlib.sha256(content).hexdigest() for name, content in logs.items() if name.endswith(".zip")} == {
        f"logs/{desk.case}-{each}.zip": came[each] for each in (clean, card, copy.id)
    }
    assert "a.log" in logs[f"logs/{desk.case}-{clean}.txt"].decode()
    assert not any(b"4111 1111" in content for name, content in files.items() if not name.endswith(".zip"))


@pytest.mark.parametrize(
    ("language", "words"), [("en", "It is yours"), ("fr", "Il est à vous\u00a0:"), ("nl", "Hij is van u")]
)
def test_the_manifest_is_printed_for_the_customer_in_his_language(desk: LogDesk, language: str, words: str) -> None:
    number = taken(desk, CLEAN)
    (digest,) = (each.digest for each in desk.logs.manifest(desk.support, desk.case, number).files)
    told = desk.logs.told_to(desk.support, desk.case, number, language)
    assert all(each in told for each in (words, "a.log", digest, desk.case))
    with pytest.raises(BadInput, match="en, fr, nl"):
        desk.logs.told_to(desk.support, desk.case, number, "de")


def test_the_name_of_a_home_folder_gives_way_wherever_it_stands_and_what_turns_binary_is_left_out(
    desk: LogDesk,
) -> None:
    sent = desk.sent(
        {
            "Users/zebulon/Zebulon.log": b"/Users/zebulon/x\nowner zebulon:staff\nZEBULON-pc, zebulons iPhone\n",
            "admin.log": b"/Users/admin/x is of admin\n",
            "late.log": CLEAN * 2_000 + b"\x89PNG\0\0zebulon",
            "ips.log": b'{"path":"\\/Users\\/zebulon\\/a"}\n',
        }
    )
    bundle = desk.logs.intake.add(desk.support, desk.case, sent).bundle
    assert bundle.found["unread"] == 1
    copied = desk.logs.intake.scrub(desk.support, desk.case, bundle.id)
    assert (copied.left_out, copied.bundle.found) == (1, {})
    texts = {
        text.name: text.text
        for place in range(1, (copied.bundle.files or 0) + 1)
        if (text := desk.logs.read(desk.support, desk.case, copied.bundle.id, place))
    }
    assert texts == {
        "Users/(user)/(user).log": "/Users/(user)/x\nowner (user):staff\n(user)-pc, (user)s iPhone\n",
        "admin.log": "/Users/(user)/x is of admin\n",
        "ips.log": '{"path":"\\/Users\\/(user)\\/a"}\n',
    }
