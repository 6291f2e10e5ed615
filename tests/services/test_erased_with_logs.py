"""Somebody with support logs, a second record and a lead is erased: nothing of him is left, the problems are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.file_bytes import pieces
from staffdesk.domain.access import Role
from staffdesk.domain.policy import matrix
from staffdesk.domain.provenance import Source
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.merging import Merging
from staffdesk.services.support_logs.log_spool import LogSpool
from staffdesk.services.support_logs.service import SupportLogs
from tests import factories
from tests.databases import Place
from tests.services.erasures import NOW, TODAY, Somebody, erased, planned, rows
from tests.services.front import Front
from tests.services.log_zips import AT_HOME, CLEAN, TOKEN, zipped
from tests.services.offices import Office

PROBLEM = "With two inputs the recording stops after an hour, at 25 fps alone."
SOLVED = "The driver of the card was two years old; the new one helped."
HIS = b"registered to Xylorimba Quetzalbrot at quetzalbrot-imac\n"
TWIN, LEAD = "q.xylorimba@zuhause.example", "quetzalbrot@messe.example"
GONE = (
    "quetzalbrot-imac", "acc-87654321", "02:00:5E:AB:CD:EF", TWIN, LEAD, "Kabeljau-Halle 4711", "zipmarke.log",
    "weil er es so sagt",
)  # fmt: skip


def test_nothing_is_left_of_him_but_the_problems_and_how_they_ended(
    him: Somebody, storage: Storage, office: Office, place: Place, tmp_path: Path
) -> None:
    folder = storage.ledger_file.parent / "logs"
    storage, database, front = replace(storage, logs=folder), office.database, Front(office)
    twin, lead = factories.put(
        database,
        factories.person(given_name="Q.", family_name="Xylorimba", email=TWIN, phone="+32 470 55 51 42"),
        factories.person(
            given_name="Xylorimba", family_name="Quetzalbrot", email=LEAD, source=Source.EVENT_OWN,
            event="IBC 2026, Kabeljau-Halle 4711",
        ),
    )  # fmt: skip
    staff_id = office.hire("tom", Role.SUPPORT)
    solved, told, hidden = factories.put(
        database,
        factories.case(staff_id, person_id=twin, summary=PROBLEM, resolution=SOLVED, caller="Q. Xylorimba"),
        factories.case(staff_id, person_id=him.person, summary="Xylorimba cannot activate.", resolution=SOLVED),
        factories.case(staff_id, person_id=lead, summary=PROBLEM, resolution="Sent to q%2Exylorimba%40zuhause.example"),
    )  # fmt: skip
    support = front.again("ana", Role.SUPPORT, "T-1182")
    # Nobody merges whose request is being answered: they were one before he asked.
    _is(place, him, "completed")
    Merging(office.door, matrix(), clock=office.clock).merge(support, him.person, twin)
    _is(place, him, "executing")
    logs = SupportLogs(office.door, LogSpool(folder))
    for case in (him.case, told):
        ((number,),) = rows(place, f"SELECT number FROM support_case WHERE id = {case}")
        logs.ask(support, str(number), "weil er es so sagt")
        for content in (AT_HOME + HIS, CLEAN + TOKEN, CLEAN):
            sent = tmp_path / "sent.zip"
            sent.write_bytes(zipped({"Users/quetzalbrot/zipmarke.log": content}))
            bundle = logs.intake.add(support, str(number), sent).bundle
            sent.unlink()
    logs.intake.scrub(support, str(number), bundle.id)
    held = rows(place, "SELECT key FROM log_bundle WHERE key IS NOT NULL")
    keys = [bytes(key) for (key,) in held if isinstance(key, bytes | memoryview)]
    assert (len(keys), len(list(folder.iterdir()))) == (6, 6)

    erased(storage, planned(database, him.person, lead, request=him.request), him.request)
    assert rows(place, "SELECT count(*) FROM log_bundle") == [(0,)]
    assert rows(place, "SELECT count(*) FROM log_bundle_file") == [(0,)]
    done = finish(storage, "2024-10", TODAY, NOW)
    assert (done.open, [found.left for found in done.swept]) == (0, [{}])
    assert list(folder.iterdir()) == []

    cases = rows(place, f"SELECT id, person_id, caller, summary, resolution FROM support_case WHERE id >= {solved}")
    assert sorted(cases) == [
        (solved, None, None, PROBLEM, SOLVED), (told, None, None, None, SOLVED), (hidden, None, None, PROBLEM, None),
    ]  # fmt: skip
    left = _bytes_of(place, storage.ledger_file.parent)
    assert [each for each in GONE if each.lower().encode() in left] == []
    assert not any(key.lower() in left for key in keys)
    assert place.path is None or PROBLEM.lower().encode() in left, "what was searched is what there is"


def _is(place: Place, him: Somebody, state: str) -> None:
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE request SET state = '{state}' WHERE id = {him.request}")


def _bytes_of(place: Place, folder: Path) -> bytes:
    """Return every byte the desk has, in small letters: the file, its journal, and what lies beside it."""
    beside = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    held = b"" if place.path is None else b"".join(piece for piece, _ in pieces(place.path, place.key))
    return (held + beside).lower()


@pytest.mark.parametrize("of", [SOLVED, PROBLEM])
def test_what_tells_of_nobody_is_shown_to_a_colleague_afterwards(of: str) -> None:
    from staffdesk.domain.impersonal import is_impersonal  # noqa: PLC0415 - one test's
    from staffdesk.domain.traces import Identity, Trace  # noqa: PLC0415 - one test's

    bo = Identity({Trace.NAME: ("Anders Bo", "Bo Anders"), Trace.EMAIL: ("a@b.example",)})
    assert is_impersonal(of, bo)
    for told in (
        "Bo says",
        "for anders",
        "call 0470 55 51 42",
        "to a@b.example",
        "/Users/somebody/x",
        "he is catholic",
    ):
        assert not is_impersonal(f"{of} {told}", bo), told
