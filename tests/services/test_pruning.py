"""The log forgets month by month what its time is over for, stays verifiable, and keeps what is needed still.

Seen to fail: with the months taken before they were reviewed; with references of open cases left out; with the first
accounts' entry pruned; with a part left standing by a killed run passed over; with the columns left behind; with a
covering entry that names the whole month for its sign-ins; with an expiry that deletes nothing; with the items of
a closed month counted that went with it; with months taken by their names; and with a killed run finished whatever is
needed since.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.audit import ranges
from staffdesk.audit.entry import leaf_hash
from staffdesk.data.database import Database
from staffdesk.data.forgetting import Forgets
from staffdesk.data.log import Event, Opened
from staffdesk.data.references import References
from staffdesk.domain.access import Act, Purpose, Role
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.domain.review_certificates import digest_of
from staffdesk.services.home import Home
from staffdesk.services.proving import prove_entry
from staffdesk.services.pruning import Pruning
from staffdesk.services.review_filling import ReviewFilling
from staffdesk.services.review_months import MonthReviews
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import verify_export, verify_log
from tests import factories
from tests.databases import Place
from tests.drills.log_under_way import arrange, under_way
from tests.services.front import Front
from tests.services.offices import Office, entries
from tests.services.reviewed_months import MONTH, a_month, moment, opened, write
from tests.services.seals import KEY
from tests.services.workflows import due_of
from tests.verifying import export_log, opener

SIGN_IN = Event(act=Act.SESSION_SIGNED_IN, actor="u_1")
SEARCH = Event(act=Act.CUSTOMER_SEARCH, actor="u_1", openings=(Opened("term", "anders"),))
CALLED = replace(opened("u_1", "s_1"), openings=(Opened("reason.reference", "his call"),))


class KilledError(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@pytest.fixture
def pruning(office: Office) -> Pruning:
    return Pruning(office.door, office.database, office.clock)


@pytest.fixture
def work(
    database: Database, sealer: Sealer, place: Place, office: Office, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Return what writes months of 2026, reviews them as told, and moves the clock on to a day."""

    def make(months: Sequence[int], *more: Event, on: dt.date, reviewed: Sequence[int] = (1, 2, 3)) -> None:
        for month in months:
            first = write(database, monkeypatch, moment(month, 5), [SIGN_IN, SEARCH, CALLED, SIGN_IN, *more])
            last = first + 3 + len(more)
            sealer.seal()
            with place.owner() as owner:
                values = {"m": f"2026-{month:02}", "a": first if month > 1 else 1, "b": last, "c": None}
                values["c"] = 1 if month in reviewed else None
                owner.execute(
                    sa.text(
                        "INSERT INTO review_month (month, first_seq, last_seq, entries, opens, closed_at)"
                        " VALUES (:m, :a, :b, 4, 1, :c)"
                    ),
                    values,
                )
        office.clock.now = int(dt.datetime.combine(on, dt.time(12), dt.UTC).timestamp()) * 1000
        sealer.seal()

    return make


def standing(place: Place) -> list[str]:
    """Return the acts of the months' entries that still stand."""
    with place.owner() as owner:
        rows = owner.exec_driver_sql("SELECT act, core FROM entry ORDER BY seq").all()
        stray = owner.exec_driver_sql(
            "SELECT count(*) FROM entry WHERE core IS NULL AND (seq IN (SELECT seq FROM opening) OR seq IN "
            "(SELECT seq FROM entry_subject))"
        ).scalar_one()
    assert stray == 0
    return [act for act, core in rows if core is not None and not str(act).startswith("audit.")]


def named_and_gone(place: Place) -> tuple[set[int], set[int]]:
    """Return the numbers that the prunings name, and those whose entries are gone."""
    kinds = [core.kinds for core in entries(place) if core.act == Act.AUDIT_PRUNED and core.out == "ok"]
    named = {seq for each in kinds for first, last in ranges.read(each) for seq in range(first, last + 1)}
    with place.owner() as owner:
        gone = owner.exec_driver_sql("SELECT seq FROM entry WHERE core IS NULL").all()
    return named, {int(row[0]) for row in gone}


def sound(place: Place, folder: Path) -> int:
    """Verify the log where it is and as an export, and return how many entries are pruned."""
    report = verify_log(opener(place), folder, (KEY,), None)
    assert report.findings == ()
    exported, public = folder.parent / "log.jsonl", folder.parent / "seal.vkey"
    export_log(place, exported)
    public.write_text(KEY)
    again = verify_export(exported, folder, public)
    assert (again.findings, again.pruned) == ((), report.pruned)
    return report.pruned


def test_sign_ins_go_after_a_year_and_the_rest_after_three(
    work: Callable[..., None], pruning: Pruning, place: Place, folder: Path
) -> None:
    work([1, 2, 3], Event(act=Act.SYSTEM_BOOTSTRAP), on=dt.date(2027, 3, 15))
    assert pruning.run(dry=True).months == {"2026-01": 2, "2026-02": 2}
    assert len(standing(place)) == 15
    done = pruning.run()
    assert (done.months, done.expired, done.waiting) == ({"2026-01": 2, "2026-02": 2}, {"value": 3}, {})
    of_a_month = ["customer.search", "customer.opened", "system.bootstrap"]
    assert standing(place)[:6] == [*of_a_month, *of_a_month]
    assert sound(place, folder) == 4
    assert named_and_gone(place) == ({1, 4, 6, 9}, {1, 4, 6, 9}), "a pruning names nothing that still stands"
    with place.owner() as owner:
        assert owner.exec_driver_sql("SELECT DISTINCT kind FROM opening").all() == [("reason",)]
    again = pruning.run()
    assert (again.months, again.expired) == ({}, {})
    work([], on=dt.date(2029, 2, 1))
    assert pruning.run().months == {"2026-01": 2, "2026-03": 2}
    assert standing(place)[:4] == ["system.bootstrap", *of_a_month]
    work([], on=dt.date(2029, 4, 1))
    assert pruning.run().months == {"2026-02": 2, "2026-03": 2}
    assert standing(place) == ["system.bootstrap"] * 3
    assert sound(place, folder) == 12


def test_a_month_that_was_not_reviewed_stands_and_so_does_what_comes_after_it(
    work: Callable[..., None], pruning: Pruning, place: Place, folder: Path
) -> None:
    work([1, 2, 3], on=dt.date(2029, 4, 15), reviewed=[1, 3])
    done = pruning.run()
    assert done.months == {"2026-01": 4}
    assert {month: why[:20] for month, why in done.waiting.items()} == {
        "2026-02": "the review of it is ", "2026-03": "a month before it st",
    }  # fmt: skip
    assert len(standing(place)) == 8
    assert sound(place, folder) == 4


def test_a_month_by_a_wrong_clock_takes_nothing_that_lies_before_or_around_it(
    work: Callable[..., None], pruning: Pruning, place: Place, folder: Path
) -> None:
    work([1, 2], on=dt.date(2029, 4, 15), reviewed=[1])
    with place.owner() as owner:
        (first,) = owner.exec_driver_sql("SELECT first_seq FROM review_month WHERE month = '2026-02'").one()
        for month, a, b in (("2020-01", first + 3, first + 3), ("2020-02", first + 9, first + 9)):
            owner.exec_driver_sql(
                "INSERT INTO review_month (month, first_seq, last_seq, entries, opens, closed_at)"
                f" VALUES ('{month}', {a}, {b}, 1, 1, 1)"
            )
    done = pruning.run()
    assert done.months == {"2026-01": 4}
    assert done.waiting["2020-01"] == "its entries lie among those of another month: a clock was wrong"
    assert set(done.waiting) == {"2026-02", "2020-01", "2020-02"}
    assert len(standing(place)) == 4
    sound(place, folder)


def test_what_is_needed_still_stands_until_it_is_not(
    work: Callable[..., None], pruning: Pruning, office: Office, place: Place, folder: Path
) -> None:
    ana = office.hire("ana", Role.SUPPORT)
    case = factories.case(ana)
    factories.put(office.database, case)
    asked = replace(CALLED, actor=ana)
    work([1], replace(CALLED, ref=case.aid), replace(SIGN_IN, obj=(case.aid,)), asked, asked, on=dt.date(2029, 2, 15))
    with place.owner() as owner:
        last = int(owner.exec_driver_sql("SELECT last_seq FROM review_month").scalar_one())
        _item(owner, ana, 1, last - 1, "not_justified")
        _item(owner, ana, 2, last, "justified")
        owner.exec_driver_sql(
            "INSERT INTO breach (id, number, review_id, opened_at, opened_by, due_at)"
            f" VALUES (1, 'B-2026-01', 1, 0, '{ana}', 1)"
        )
    pruning.run()
    kept = ["customer.opened", "session.signed_in", "customer.opened"]
    assert standing(place) == kept
    sound(place, folder)
    with place.owner() as owner:
        assert owner.exec_driver_sql("SELECT id FROM review").all() == [(1,)], "what was justified went with its month"
        owner.exec_driver_sql("UPDATE support_case SET closed_at = 1")
        owner.exec_driver_sql("UPDATE breach SET outcome = 'no_risk', closed_at = 1")
    work([2], on=dt.date(2029, 3, 15))
    pruning.run()
    assert standing(place) == []
    assert sound(place, folder) >= last + 4


@pytest.mark.parametrize("why", ["his request", "his other record's request", "a complaint"])
def test_looks_at_a_person_stand_while_his_request_is_open(
    why: str, work: Callable[..., None], pruning: Pruning, office: Office, place: Place, front: Front, folder: Path
) -> None:
    anders = factories.customer(office.database).person
    (other,) = factories.put(office.database, factories.person())
    asks = other if why == "his other record's request" else anders
    officer = replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)
    front.requests.receive(officer, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=asks)
    with place.owner() as owner:
        if why == "his other record's request":
            owner.exec_driver_sql(
                "INSERT INTO request_person (id, request_id, person_id, likeness, answer, answered_at, staff_id)"
                f" SELECT 1, id, {anders}, 'email', 'same', 1, received_by FROM request"
            )
        if why == "a complaint":
            owner.exec_driver_sql("UPDATE request SET state = 'completed'")
            owner.exec_driver_sql("UPDATE request_progress SET complaint_on = '2026-02-01'")
    with office.database.append() as tx:
        subject = References(tx).subject("person", anders)
    assert subject is not None
    work([1], opened("u_1", subject.aid), on=dt.date(2029, 2, 15))
    pruning.run()
    assert standing(place).count("customer.opened") == 1
    sound(place, folder)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET state = 'completed'")
        owner.exec_driver_sql("UPDATE request_progress SET complaint_on = NULL")
    work([2], on=dt.date(2029, 3, 15))
    pruning.run()
    assert standing(place) == []


def _item(owner: sa.Connection, actor: str, number: int, seq: int, state: str) -> None:
    owner.exec_driver_sql(
        "INSERT INTO review (id, kind, rule, words, severity, actor, day, month, at, first_seq, state, made_at, own)"
        f" VALUES ({number}, 'random', 'random', 'x', 0, '{actor}', '2026-01-05', '2026-01', 0, {seq}, '{state}', 0,"
        " false)"
    )
    owner.exec_driver_sql(f"INSERT INTO review_entry (review_id, seq) VALUES ({number}, {seq})")


def test_a_run_that_was_killed_is_finished_by_the_next_and_nothing_is_gone_uncovered(
    work: Callable[..., None], pruning: Pruning, place: Place, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work([1, 2], on=dt.date(2029, 3, 15))
    monkeypatch.setattr("staffdesk.services.pruning._FEWEST", 0.125)
    steps: list[int] = []
    prune = Forgets.prune

    def killed_in_the_third(self: Forgets, spans: Sequence[tuple[int, int]]) -> int:
        steps.append(len(spans))
        if len(steps) == 3:
            raise KilledError
        return prune(self, spans)

    with monkeypatch.context() as patch:
        patch.setattr(Forgets, "prune", killed_in_the_third)
        with pytest.raises(KilledError):
            pruning.run()
    assert 0 < sound(place, folder) < 4
    done = pruning.run()
    assert done.finished > 0
    assert done.entries + 2 == 8
    assert standing(place) == []
    assert sound(place, folder) == 8


def test_what_he_asks_for_after_a_run_was_killed_is_not_forgotten_by_the_next(
    work: Callable[..., None], pruning: Pruning, office: Office, place: Place, front: Front, folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    anders = factories.customer(office.database).person
    with office.database.append() as tx:
        subject = References(tx).subject("person", anders)
    assert subject is not None
    officer = replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)
    front.requests.receive(officer, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=anders)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET state = 'completed'")
    work([1], opened("u_1", subject.aid), on=dt.date(2029, 2, 15))

    def killed(_self: Forgets, _spans: Sequence[tuple[int, int]]) -> int:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Forgets, "prune", killed)
        with pytest.raises(KilledError):
            pruning.run()
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET state = 'acknowledged'")
    pruning.run()
    assert standing(place).count("customer.opened") == 1
    sound(place, folder)


def test_a_pruned_month_still_proves_its_certificate(
    office: Office, place: Place, front: Front, sealer: Sealer,
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The entry of the closing holds the certificate's digest; it is proved against a checkpoint long after."""
    a_month(office.database, monkeypatch, office.hire("ana", Role.SUPPORT), "s_1")
    sealer.seal()
    ReviewFilling(office.door, office.database, office.clock).run()
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE review SET state = 'justified', decided_at = 1")
    adam, months = front.staff("adam", Role.ADMIN), MonthReviews(office.door, office.clock)
    certificate = months.close(adam, MONTH)
    sealer.seal()
    later = moment(1, 1) + 1300 * 24 * 3600 * 1000
    assert Pruning(office.door, office.database, lambda: later).run().months == {MONTH: certificate.entries}
    sealer.seal()
    assert months.certificate(adam, MONTH) == certificate
    (row,) = [each for each in months.months(adam) if each.month == MONTH]
    assert (row.items, row.undecided) == (certificate.items, 0)
    (closing,) = [core for core in entries(place) if core.act == Act.AUDIT_CLOSED and core.out == "ok"]
    assert closing.kinds[-1] == f"sha256:{digest_of(certificate.to_json())}"
    assert sound(place, folder) >= certificate.entries
    due_of(office, tmp_path, place)  # its home is one that proves
    public = tmp_path / "seal.vkey"
    proof = prove_entry(Home.locate(tmp_path, {}), closing.seq, max(folder.glob("*.note")), public)
    assert proof.check((KEY,), leaf_hash(closing.encode())).size > closing.seq


@pytest.mark.parametrize("home_kind", ["sqlite"])
def test_it_is_sound_while_desks_append_and_some_are_killed(place: Place, tmp_path: Path) -> None:
    """``python -m tests.drills.log_under_way`` does it with eight desks, on a server too."""
    going = arrange(place, tmp_path, 60)
    dice = random.Random(place.kind)  # noqa: S311 - who is killed when
    found = under_way(place, tmp_path, dice, desks=1, kills=1, patience=0.1)
    assert found.report is not None
    assert found.report.pruned >= going
