"""The screens of whoever reviews the log and looks after the accounts, and of everybody's own entries, as scenes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from staffdesk.audit.report import Finding, FindingKind, Report
from staffdesk.domain.access import Entity, Role
from staffdesk.domain.evidence import Reading, evidence_of
from staffdesk.domain.matters import Account, OpenSession
from staffdesk.domain.measures import Measure
from staffdesk.services.audit_review import EntryDetail, EntryPage
from staffdesk.services.log_filters import Counted, NamedFilter, shipped_filters
from staffdesk.services.log_proof import Exported
from staffdesk.services.log_rows import EntryRow
from staffdesk.services.log_state import LogState
from staffdesk.tui.screens.entry import EntryScreen
from staffdesk.tui.screens.export import ExportScreen
from staffdesk.tui.screens.first_password import FirstPasswordScreen
from staffdesk.tui.screens.log import LogScreen
from staffdesk.tui.screens.log_names import NamesDialog
from staffdesk.tui.screens.own import OwnScreen
from staffdesk.tui.screens.pictures import PicturesScreen
from staffdesk.tui.screens.policy import PolicyScreen
from staffdesk.tui.screens.staff import StaffScreen
from staffdesk.tui.screens.verify import VerifyScreen
from staffdesk.tui.staff.dialogs import AddAccountDialog, RolesDialog
from staffdesk.tui.waiting import account_lines, review_lines
from staffdesk.tui.widgets.rows import Rows
from tests.tui.stage import Scene, Stage, calm, put
from tests.tui.staged_pictures import figures
from tests.tui.staged_requests import NOON


def _row(seq: int, act: str, out: str = "ok", standing: str | None = "verified", **more: object) -> EntryRow:
    fields: dict[str, object] = {
        "v": 1, "log": "staffdesk/0123456789abcdef", "seq": seq, "t": NOON - (10_455 - seq) * 60_000, "act": act,
        "out": out, "actor": "u_1", "role": "support", "entity": "BE", "sid": "3f9c" * 4, "host": "desk-01",
        "purpose": "support", "ref": "c_1", "standing": standing, "basis": "ticket", "rel": (), "level": None,
        "obj": ("s_1",), "kinds": ("person",), "n": 1, "policy": "2024-10", "sec": {}, **more,
    }  # fmt: skip
    return EntryRow(seq, fields, "anna", "C-2026-0412", (4711,) if fields["obj"] else ())


def _entries() -> EntryPage:
    return EntryPage(
        (
            _row(10_455, "customer.revealed", kinds=("contact", "person.phone"), level="revealed"),
            _row(10_454, "customer.opened", level="opened"),
            _row(10_453, "customer.listed", obj=(), n=7, level="listed"),
            _row(10_452, "customer.search", obj=()),
            _row(10_451, "customer.opened", standing="claimed", rel=("same_domain",)),
            _row(10_450, "denied", "denied", "claimed", kinds=("customer.copied", "network")),
            _row(10_449, "request.received", "intent", "claimed"),
        ),
        10_449,
    )


async def _log(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = LogScreen()
    await put(at, screen)
    counted = (Counted("break-glass", "act:customer.break_glass", 1, False), Counted("denied", "out:denied", 50, True))
    waiting = (*account_lines(_accounts(), decides=False), *review_lines(counted, 7))
    screen._show(_entries(), LogState(10_455, 10_400, "", NOON - 180_000, NOON - 60_000, NOON), waiting)


async def _entry(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    row = _entries().entries[0]
    await put(at, EntryScreen(EntryDetail(row, {"reason": "asked for his number to be read back"}, ("term",))))


async def _log_names(at: Stage) -> None:
    await _log(at)
    shipped = [NamedFilter(name, text, own=False) for name, text in shipped_filters().filters.items()]
    await put(at, NamesDialog((*shipped, NamedFilter("anna", "who:anna since:7d", own=True)), "out:denied"))


def _accounts() -> tuple[Account, ...]:
    begun = dt.date(2024, 3, 1)
    return (
        Account("u_1", "anna", "Anna Example", "N-001", Entity.BE, (Role.SUPPORT,), (Role.SUPPORT, Role.SALES), 7,
                begun, None, "in force", "frank", "", NOON, 2),
        Account("u_2", "bruno", "Bruno Example", "N-002", Entity.US, (Role.SALES,), None, None, begun, begun, "over"),
        Account("u_3", "frank", "Frank Example", "N-003", Entity.BE, (Role.ADMIN,), None, None, begun, None, "in force",
                None, "", NOON, 1),
    )  # fmt: skip


def _sessions() -> tuple[OpenSession, ...]:
    return (
        OpenSession("1" * 16, "desk-01", NOON, NOON + 60_000, locked=False, current=True),
        OpenSession("2" * 16, "desk-02", NOON - 3_600_000, NOON, locked=True, current=False),
    )


async def _staff(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = StaffScreen()
    await put(at, screen)
    screen._show(_accounts())
    screen._show_sessions("anna", _sessions())


async def _staff_add(at: Stage) -> None:
    await _staff(at)
    await put(at, AddAccountDialog())
    await at.pilot.press(*"ines", "tab")


async def _staff_roles(at: Stage) -> None:
    await _staff(at)
    await put(at, RolesDialog(_accounts()[0]))


async def _export(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = ExportScreen()
    await put(at, screen)
    screen._show(Exported(Path("exports/log-2026-11-22-10455.jsonl"), 10_455, 10_450, Path("checkpoints")))


async def _first_password(at: Stage) -> None:
    await _staff(at)
    await put(at, FirstPasswordScreen(_accounts()[0], "7hxk-2mqd-9wrt"))


async def _pictures(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = PicturesScreen()
    await put(at, screen)
    screen._show(figures())


async def _pictures_team(at: Stage) -> None:
    await _pictures(at)
    await at.pilot.press("tab", "tab")


async def _own(at: Stage) -> None:
    at.sign_in(Role.SUPPORT, 10_455)
    screen = OwnScreen()
    await put(at, screen)
    screen._show_sessions(_sessions())
    await calm(at.app, at.pilot)
    screen._show(_entries())


async def _verify(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = VerifyScreen()
    await put(at, screen)
    faults = (Finding(kind=FindingKind.ALTERED, seq_from=7, seq_to=7, sentence="Entry 7 was altered."),)
    screen._show(
        Report(entries=10_455, erased_openings=3, pruned=0, newest_checkpoint=None, uncovered=12,
               uncovered_age_ms=60_000, tail_limit_ms=86_400_000, findings=faults)
    )  # fmt: skip


async def _policy(at: Stage) -> None:
    at.sign_in(Role.ADMIN, 10_455)
    screen = PolicyScreen()
    await put(at, screen)
    told = {
        Measure.PEOPLE: Reading(20_412),
        Measure.POLICY_AGE: Reading(25, "in force since 2024-10-01"),
        Measure.POLICY_VERSIONS: Reading(1),
        Measure.REQUESTS_OVERDUE: Reading(2),
        Measure.ANSWERED_IN_TIME: Reading(96.4, "27 of 28"),
        Measure.VERIFIED_SHARE: Reading(83.1, "1,662 of 2,000"),
        Measure.STOPS_WAITING: Reading(1),
        Measure.STOPS_OLDEST: Reading(1),
        Measure.BACKUP_AGO: Reading(None, "the log knows of none"),
    }
    screen.show(evidence_of({each: told.get(each, Reading(0)) for each in Measure}, NOON))
    await calm(at.app, at.pilot)
    screen.query_one(Rows).go_to("D.5")
    await at.pilot.press("enter")


LOG_SCENES: dict[str, Scene] = {
    "log": _log,
    "entry": _entry,
    "log-names": _log_names,
    "staff": _staff,
    "staff-add": _staff_add,
    "staff-roles": _staff_roles,
    "export": _export,
    "first-password": _first_password,
    "own": _own,
    "policy": _policy,
    "log-pictures": _pictures,
    "log-pictures-team": _pictures_team,
    "verify": _verify,
}
