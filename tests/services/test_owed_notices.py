"""Whom a partner named is told in time where his data come from; and who left a list stays gone in a restored copy."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from staffdesk.data.database import Database
from staffdesk.data.tables.sharing import ImportRun
from staffdesk.domain.access import Purpose, Role
from staffdesk.domain.measures import Measure
from staffdesk.domain.policy import matrix
from staffdesk.services.backups import restore
from staffdesk.services.clearance import today_in_brussels
from staffdesk.services.import_runs import RunsOfImports
from staffdesk.services.opening_homes import open_desk
from staffdesk.services.policy_evidence import PolicyEvidence
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.kept import PASSPHRASE, home_in, kept_in, place_of
from tests.services.lists import table
from tests.services.offices import Office
from tests.services.workflows import due_of


def _import(database: Database, office: Office, due_on: dt.date, **values: object) -> int:
    run = {
        "store": "partners", "digest": "0", "started_at": 1, "staff_id": office.hire(f"s{due_on.day}", Role.PRIVACY),
        "source": "PARTNER", "partner_id": 7, "notice_due_on": due_on, **values,
    }  # fmt: skip
    (number,) = factories.put(database, ImportRun.checked(run))
    factories.put(database, factories.person(import_id=number, is_customer=False))
    return number


def test_a_notice_is_told_of_until_it_was_given(
    office: Office, database: Database, place: Place, tmp_path: Path
) -> None:
    today = today_in_brussels()
    late = _import(database, office, today - dt.timedelta(days=1))
    soon = _import(database, office, today)
    _import(database, office, today + dt.timedelta(days=8))
    _import(database, office, today - dt.timedelta(days=2), noticed_on=today)
    _import(database, office, today - dt.timedelta(days=3), noticed_on=today, undone_at=1)
    pia, runs = Front(office).staff("pia", Role.PRIVACY), RunsOfImports(office.door)
    assert [(each.run, each.people, each.late) for each in runs.owed(pia)] == [(late, 1, True), (soon, 1, False)]
    report = due_of(office, tmp_path / "home", place).run()
    assert report.failed == []
    assert [each.run for each in report.notices] == [late, soon]
    assert "partner 7 to be told where their data come from, overdue since" in report.notices[0].sentence
    evidence = PolicyEvidence(office.door, matrix(), None).read(pia)
    figures = {figure.measure: figure.reading.value for each in evidence.clauses for figure in each.figures}
    assert figures[Measure.NOTICES_OVERDUE] == 1
    runs.told(pia, late)
    assert [each.run for each in runs.owed(pia)] == [soon]


def test_to_whom_an_undone_import_leaves_on_file_the_notice_is_owed_still(office: Office, database: Database) -> None:
    """Somebody it brought was set right since, so he stayed; seen to fail: whoever undid it was told of no notice."""
    today = today_in_brussels()
    undone = _import(database, office, today, undone_at=1)
    pia, runs = Front(office).staff("pia", Role.PRIVACY), RunsOfImports(office.door)
    assert [(each.run, each.people) for each in runs.owed(pia)] == [(undone, 1)]
    runs.told(pia, undone)
    assert runs.owed(pia) == ()


def test_a_restored_backup_lets_no_mail_go_to_who_left_a_list_since(tmp_path: Path) -> None:
    made = kept_in(tmp_path / "kept")
    desk, by = open_desk(made.home), replace(made.other, purpose=Purpose.RIGHTS)
    left = table(tmp_path, ("lindqvist5@else.example", "X", "UNSUBSCRIBED"), header=("Email", "First name", "Status"))
    said = {"source": "STORE_ACCOUNT", "obtained": "2026-10-01", "evidence": "the service's own export"}
    report = desk.imports.run(by, "transpond", [left], said=said)
    desk.close()
    assert report.of("news")["changed"] == 1
    assert "else" not in made.home.ledger_file.read_text("ascii"), "nobody's address"
    held = "SELECT kind, digest, no_mail, no_return FROM suppression ORDER BY kind"
    with place_of(made.home).owner() as owner:
        before = owner.exec_driver_sql(held).all()
    assert len(before) == 1
    home = home_in(tmp_path / "back")
    restore(home, made.file, PASSPHRASE, made.home.ledger_file)
    with place_of(home).owner() as owner:
        assert owner.exec_driver_sql(held).all() == before
    again = open_desk(made.home)
    entries = again.due.run()
    again.close()
    assert entries.failed == []
    with place_of(made.home).owner() as owner:
        kinds = "SELECT count(*) FROM entry WHERE CAST(core AS TEXT) LIKE '%objection.replayed%'"
        assert owner.exec_driver_sql(kinds.replace("%", "%%")).scalar() == 0, "what this desk knows is not done again"
