"""The admin's month in pictures: counted by what the log says, for reviewers alone, and each look at it an entry.

Seen to fail: with the month's end taken in UTC; with entries that were refused counted; with the act left to everybody;
with the certificate left out; with an empty list counted, the press of break-glass, and a request as a record; with a
pruned month that does not say so; with a report that meets an older one; with the first files left behind where the
last could not be written; with any folder said to lie in the desk's own; and with a link to itself that was no error.
"""

from __future__ import annotations

import datetime as dt
import errno
import itertools
import stat
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from staffdesk.data.database import Database
from staffdesk.data.log import Event
from staffdesk.domain.access import Access, Act, Entity, Level, Outcome, Purpose, Role, Standing
from staffdesk.domain.errors import BadInput, Denied, StorageUnavailable
from staffdesk.domain.pictures import Levels, Standings
from staffdesk.domain.policy import matrix
from staffdesk.domain.reviews import ItemState
from staffdesk.services.pictures import Pictures
from staffdesk.services.pruning import Pruning
from staffdesk.services.review_filling import ReviewFilling
from staffdesk.services.review_items import ItemFilter
from staffdesk.services.review_months import MonthReviews
from staffdesk.services.reviews import Reviews
from staffdesk.services.sealing import Sealer
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office, entries
from tests.services.reviewed_months import MONTH, OPENS, a_month, granted, moment, write

BRUSSELS = ZoneInfo("Europe/Brussels")


def shown(actor: str, level: Level, standing: Standing | None = None, out: Outcome = Outcome.OK) -> Event:
    """Return an entry by which somebody in support was shown something."""
    acts = {Level.LISTED: Act.CUSTOMER_LISTED, Level.OPENED: Act.CUSTOMER_OPENED, Level.REVEALED: Act.CUSTOMER_REVEALED}
    return Event(
        act=acts[level], out=out, actor=actor, role=Role.SUPPORT, entity=Entity.BE, purpose=Purpose.SUPPORT,
        standing=standing, level=level, obj=("s_1",), kinds=("person",), n=1,
    )  # fmt: skip


def at(*when: int) -> int:
    """Return a moment in Brussels in UTC milliseconds."""
    return int(dt.datetime(*when, tzinfo=BRUSSELS).timestamp()) * 1000  # type: ignore[arg-type,misc] # year to minute


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return tmp_path / "reports"


@pytest.fixture
def pictures(office: Office, reports: Path) -> Pictures:
    return Pictures(office.door, matrix(), reports, office.clock)


def test_a_month_of_the_house_is_counted_by_hour_employee_level_and_team(
    office: Office, database: Database, place: Place, front: Front, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = [office.hire(f"s{number}", Role.SUPPORT) for number in range(5)]
    each_opens = [shown(each, Level.OPENED, Standing.VERIFIED) for each in staff]
    busy = [
        *[shown(staff[0], Level.OPENED, Standing.CLAIMED)] * 6, shown(staff[0], Level.REVEALED, Standing.VERIFIED),
        *[shown(staff[0], Level.LISTED)] * 3, shown(staff[0], Level.OPENED, Standing.VERIFIED, Outcome.DENIED),
    ]  # fmt: skip
    nobody = replace(shown(staff[0], Level.LISTED), obj=(), kinds=(), n=0)
    # Found nobody, and was granted break-glass, behind which the open is an entry of its own: no access.
    busy += [nobody, replace(nobody, n=0, kinds=("suggestion",)), granted(staff[0], "s_1")]
    # A request is shown something of, and is no record that a certificate counts.
    busy.append(replace(shown(staff[1], Level.OPENED), act=Act.REQUEST_OPENED, kinds=("request",)))
    for when, events in (
        (at(2026, 2, 28, 23, 59), each_opens), (at(2026, 3, 1, 0), each_opens), (at(2026, 3, 29, 9, 30), busy),
        (at(2026, 3, 31, 23, 59), each_opens), (at(2026, 4, 1, 0), each_opens),
    ):  # fmt: skip
        write(database, monkeypatch, when, events)
    admin = front.staff("adam", Role.ADMIN)
    found = pictures.month(admin, "2026-03")

    assert (found.hours.counts[0][0], found.hours.counts[30][23], found.hours.counts[28][9]) == (5, 5, 11)
    assert found.hours.total == 21
    assert found.first == "2026-02"
    assert found.standings == Standings(verified=11, claimed=6)
    assert [(each.who, each.total, dict(each.purposes)) for each in found.employees[:2]] == [
        ("s0", 12, {"support": 12}), ("s1", 3, {"support": 3}),
    ]  # fmt: skip
    (team,) = found.teams
    assert (team.role, len(team.members), team.members[0].levels) == (Role.SUPPORT, 5, Levels(3, 8, 1))
    assert team.times(team.members[0], Level.OPENED) == 4
    assert found.opened == sum(each.levels.opened for each in team.members) == 16
    entry = entries(place)[-1]
    assert (entry.act, entry.out, entry.kinds) == ("audit.listed", "ok", ("pictures", "month:2026-03"))
    assert pictures.month(admin, "2026-01").hours.total == 0


def test_nobody_but_a_reviewer_sees_them_and_the_refusal_is_an_entry(
    front: Front, place: Place, pictures: Pictures, reports: Path
) -> None:
    for role in (Role.SUPPORT, Role.PRIVACY, Role.APPROVER):
        with pytest.raises(Denied):
            pictures.month(front.staff(f"one.{role}", role), MONTH)
        assert (entries(place)[-1].act, entries(place)[-1].kinds[0]) == ("denied", "audit.listed")
    with pytest.raises(Denied):
        pictures.report(front.staff("sam", Role.SUPPORT), MONTH)
    with pytest.raises(BadInput):
        pictures.month(front.staff("adam", Role.ADMIN), "2026-3")
    assert not reports.exists()


def test_a_report_is_new_files_of_ones_own_with_the_certificate_of_a_closed_month_and_nobody_elses_data(
    office: Office, database: Database, place: Place, front: Front, pictures: Pictures, reports: Path, sealer: Sealer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    a_month(database, monkeypatch, office.hire("ana", Role.SUPPORT), "s_4711")
    sealer.seal()
    ReviewFilling(office.door, database, office.clock).run()
    auditor = front.staff("uma", Role.AUDITOR)
    open_month = pictures.report(auditor, MONTH, reports / "open")
    assert not open_month.certified
    assert "no certificate yet" in open_month.page.read_text(encoding="utf-8")
    entry = entries(place)[-1]
    assert (entry.act, entry.kinds) == ("audit.exported", ("report", f"month:{MONTH}"))

    digest = _closed(office, place, front.staff("adam", Role.ADMIN))
    made = pictures.report(auditor, MONTH)
    assert made.certified
    assert {stat.S_IMODE(each.stat().st_mode) for each in made.files} == {0o600}
    page = made.page.read_text(encoding="utf-8")
    assert digest in page
    assert "ana" in page
    for each in made.files:
        assert "s_" not in each.read_text(encoding="utf-8")

    kept = {each: each.read_bytes() for each in made.files}
    made.page.with_name(f"report-{MONTH}-2-teams.svg").touch()
    again = pictures.report(auditor, MONTH)
    assert [each.name for each in again.files] == [each.name.replace(MONTH, f"{MONTH}-3") for each in made.files]
    assert len(list(reports.glob("report-*"))) == 2 * len(made.files) + 1
    assert {each: each.read_bytes() for each in made.files} == kept

    assert pictures.month(auditor, MONTH).opened == OPENS
    later = moment(1, 1) + 1300 * 24 * 3600 * 1000
    Pruning(office.door, database, lambda: later).run(clock_is_right=True)
    pruned = pictures.month(auditor, MONTH)
    assert (pruned.opened, pruned.pruned_at) == (0, later)
    assert "pruned on 2029-07-24" in pictures.report(auditor, MONTH).page.read_text(encoding="utf-8")

    calls = itertools.count(1)
    monkeypatch.setattr("os.fsync", lambda _file: _full() if next(calls) == len(made.files) else None)
    with pytest.raises(StorageUnavailable):
        pictures.report(auditor, MONTH, reports / "full")
    assert list((reports / "full").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named_without_saying_where_it_ought_to_be(
    front: Front, pictures: Pictures, tmp_path: Path
) -> None:
    auditor = front.staff("uma", Role.AUDITOR)
    (tmp_path / "file").touch()
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for name, said in (("file", "cannot be written"), ("round", "leads back to itself|is a link")):
        with pytest.raises(StorageUnavailable, match=said) as refused:
            pictures.report(auditor, MONTH, tmp_path / name)
        assert "data folder" not in refused.value.hint


def _full() -> None:
    raise OSError(errno.ENOSPC, "no space")


def _closed(office: Office, place: Place, admin: Access) -> str:
    """Decide all of the month, close it, and return the digest of its certificate."""
    reviews = Reviews(office.door, matrix(), office.clock)
    for item in reviews.list(admin, ItemFilter(month=MONTH), limit=500).items:
        reviews.decide(admin, item.id, ItemState.JUSTIFIED, "")
    MonthReviews(office.door, office.clock).close(admin, MONTH)
    return entries(place)[-1].kinds[-1].removeprefix("sha256:")
