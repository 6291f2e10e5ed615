"""The log forgets month by month what its time is over for, stays verifiable, and keeps what is needed still.

Seen to fail: with the months taken before they were reviewed; with the first accounts' entry pruned; with a part left
standing by a killed run passed over; with the columns left behind; with a covering entry that names the whole month
for its sign-ins; with an expiry that deletes nothing; with the items of a closed month counted that went with it;
with months taken by their names; with a month over for its sign-ins alone not holding back what lies behind it; and
with a month before counted again where it is only asked.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from staffdesk.audit.entry import leaf_hash
from staffdesk.data.forgetting import Forgets
from staffdesk.data.log import Event
from staffdesk.domain.access import Act, Role
from staffdesk.domain.review_certificates import digest_of
from staffdesk.services.home import Home
from staffdesk.services.proving import prove_entry
from staffdesk.services.pruning import Pruning
from staffdesk.services.review_filling import ReviewFilling
from staffdesk.services.review_months import MonthReviews
from staffdesk.services.sealing import Sealer
from tests.databases import Place
from tests.drills.log_under_way import arrange, under_way
from tests.services.front import Front
from tests.services.offices import Office, entries
from tests.services.pruned_months import KilledError, named_and_gone, sound, standing
from tests.services.reviewed_months import MONTH, a_month, moment
from tests.services.seals import KEY
from tests.services.workflows import due_of


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
    assert pruning.run(dry=True).months == {"2026-02": 2, "2026-03": 2}
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


def test_a_month_behind_which_nothing_was_written_waits_until_its_age_shows(
    work: Callable[..., None], pruning: Pruning, place: Place, folder: Path
) -> None:
    """Seen to fail: with the month's own days believed."""
    work([1], on=dt.date(2029, 2, 15), idle=True)
    done = pruning.run()
    assert (done.months, set(done.waiting)) == ({}, {"2026-01"})
    assert "too young still" in done.waiting["2026-01"]
    work([], on=dt.date(2030, 1, 7))
    assert pruning.run().months == {"2026-01": 4}
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
    assert pruning.run(dry=True).months == {"2026-01": 4}
    done = pruning.run()
    assert done.months == {"2026-01": 4}
    assert done.waiting["2020-01"] == "its entries lie among those of another month: a clock was wrong"
    assert set(done.waiting) == {"2026-02", "2020-01", "2020-02"}
    assert len(standing(place)) == 4
    sound(place, folder)


def test_a_month_whose_sign_ins_alone_are_over_holds_back_what_lies_behind_it(
    work: Callable[..., None], pruning: Pruning, place: Place, folder: Path
) -> None:
    work([1, 2], on=dt.date(2029, 3, 15))
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE review_month SET month = '2027-12' WHERE month = '2026-01'")
    done = pruning.run()
    assert done.months == {"2027-12": 2}
    assert done.waiting == {"2026-02": "a month before it stands still"}
    assert standing(place).count("customer.opened") == 2
    sound(place, folder)


def test_a_run_that_was_killed_is_finished_by_the_next_and_nothing_is_gone_uncovered(
    work: Callable[..., None], pruning: Pruning, place: Place, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work([1, 2], on=dt.date(2029, 3, 15))
    monkeypatch.setattr("staffdesk.services.pruning._AT_FIRST", 1)
    monkeypatch.setattr("staffdesk.services.pruning._FEWEST", 1)
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
    with monkeypatch.context() as patch:
        patch.setattr("time.time_ns", lambda: later * 1_000_000)
        pruned = Pruning(office.door, office.database, lambda: later).run(clock_is_right=True)
        assert pruned.months == {MONTH: certificate.entries}
        sealer.seal()
        assert sound(place, folder) >= certificate.entries
    assert months.certificate(adam, MONTH) == certificate
    (row,) = [each for each in months.months(adam) if each.month == MONTH]
    assert (row.items, row.undecided) == (certificate.items, 0)
    (closing,) = [core for core in entries(place) if core.act == Act.AUDIT_CLOSED and core.out == "ok"]
    assert closing.kinds[-1] == f"sha256:{digest_of(certificate.to_json())}"
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
