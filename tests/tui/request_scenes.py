"""The list of requests, the page of one and everything that is asked there, as scenes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from staffdesk.domain.access import Role
from staffdesk.domain.erasure import Action as Fate
from staffdesk.domain.errors import SignInFailed
from staffdesk.domain.likely_same import Likeness
from staffdesk.domain.local_settings import CardRule, Changed
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_pages import Made
from staffdesk.domain.request_work import Way
from staffdesk.domain.requests import FrontOfCard, RequestState, RequestType
from staffdesk.domain.twin_pairs import BEGINNING, PairPage, TwinPair
from staffdesk.services.corrections import Correction, CorrectionSheet
from staffdesk.services.letters import Language
from staffdesk.services.request_letters import Drafted
from staffdesk.services.request_plans import Decided, ErasurePlan, PlannedKind
from staffdesk.tui.screens.card_rule import CardRuleDialog
from staffdesk.tui.screens.correction import CorrectionDialog
from staffdesk.tui.screens.duplicates import DuplicatesDialog
from staffdesk.tui.screens.letter import LetterDialog
from staffdesk.tui.screens.move import MoveDialog
from staffdesk.tui.screens.name_employee import NameEmployeeDialog
from staffdesk.tui.screens.others import OthersDialog
from staffdesk.tui.screens.pairs import PairsDialog
from staffdesk.tui.screens.passphrase import PassphraseDialog
from staffdesk.tui.screens.password_again import PasswordAgainDialog
from staffdesk.tui.screens.plan import PlanDialog
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.request import RequestScreen
from staffdesk.tui.screens.requests import RequestsScreen
from staffdesk.tui.screens.searched import SearchedDialog
from staffdesk.tui.screens.told import ToldDialog
from tests.tui import stage, staged_requests, staged_restrictions
from tests.tui.stage import Scene, Stage, put
from tests.tui.staged_requests import NOON


async def _requests(at: Stage) -> None:
    at.sign_in(Role.PRIVACY)
    screen = RequestsScreen()
    await put(at, screen)
    late, later = stage.requests()
    days = [dt.date(2026, 11, 19), dt.date(2026, 11, 24), dt.date(2026, 12, 4), dt.date(2026, 11, 2)]
    kinds, states = ("erase", "object_mkt", "access", "rectify"), ("executing", "notifying", "identity", "completed")
    screen._show([
        replace(
            late if n % 2 else later, number=f"DSR-2026-00{17 + n}", hard_due=day, soft_due=day, kind=kind, state=state,
            to_tell=True,
        )
        for n, (day, kind, state) in enumerate(zip(days, kinds, states, strict=True))
    ])  # fmt: skip


async def _pairs(at: Stage) -> None:
    await _requests(at)
    one = stage.page().hits[0]
    pairs = (
        TwinPair(one, replace(one, id=6612, detail="BE · a•••@h•••.example"), "e-mail, telephone, name"),
        TwinPair(
            replace(one, id=5120, title="Ada Smith", company=""), replace(one, id=7003, title="A. Smith"), "e-mail"
        ),
    )
    left_out = {Likeness.EMAIL: 1, Likeness.COMPANY: 2}
    await put(at, PairsDialog(PairPage(pairs, BEGINNING, 421, left_out, 5, 10_444), stage.access()))


async def _request_new(at: Stage) -> None:
    await _requests(at)
    await at.pilot.press("a")


async def _request_page(at: Stage) -> None:
    at.sign_in(Role.PRIVACY)
    await put(at, RequestScreen(stage.request_page(), stage.access()))


async def _move(at: Stage) -> None:
    await _request_page(at)
    stands = staged_requests.standing(RequestType.ACCESS, RequestState.DECISION)
    await put(at, MoveDialog(stands, stage.access()))
    await at.pilot.press("right", "tab", *"eleven boxes of paper")


async def _searched(at: Stage) -> None:
    await _request_page(at)
    await put(at, SearchedDialog(staged_requests.standing(RequestType.ACCESS, RequestState.ASSESSMENT), stage.access()))
    await at.pilot.press("right", "tab", "right", "right")


async def _duplicates(at: Stage) -> None:
    await _request_page(at)
    await put(at, DuplicatesDialog("DSR-2026-0019", staged_requests.likely(), stage.access()))
    await at.pilot.press("right")


async def _name_employee(at: Stage) -> None:
    await _request_page(at)
    await put(at, NameEmployeeDialog("DSR-2026-0019", staged_requests.consulted(), stage.access()))
    await at.pilot.press("tab", "tab", *"he was threatened by one who knew")


async def _told(at: Stage) -> None:
    await _request_page(at)
    page = stage.request_page()
    await put(at, ToldDialog(page.request.number, page.told, stage.access()))
    await at.pilot.press("tab", "right", "right", "tab", "right", "tab", *"gone out of business")


async def _told_by_notice(at: Stage) -> None:
    await _request_page(at)
    page = stage.request_page()
    await put(at, ToldDialog(page.request.number, page.told, stage.access(), by_notice=True))
    await at.pilot.press("tab", "tab", *"privacy@carrier.example")


async def _contested(at: Stage) -> None:
    at.sign_in(Role.SUPPORT)
    await put(at, RecordScreen(staged_restrictions.contested(stage.record()), stage.access()))


async def _request_contested(at: Stage) -> None:
    at.sign_in(Role.PRIVACY)
    await put(at, RequestScreen(staged_restrictions.contested_page(), stage.access()))


async def _letter(at: Stage) -> None:
    await _request_page(at)
    drafted = Drafted(
        "DSR-2026-0019", 3, Letter.ACKNOWLEDGED, Language.EN, staged_requests.letter(), "anders.bo@nordlys.example"
    )
    await put(at, LetterDialog(drafted, Way.MAIL, stage.access()))


async def _passphrase(at: Stage) -> None:
    await _request_page(at)
    await put(at, PassphraseDialog("DSR-2026-0019", "jatet-ribis-depix-pimoh-jopes-rovom", stage.access()))


async def _correction(at: Stage) -> None:
    await _request_page(at)
    noted = (Correction("person:4711:email", "E-mail", "bo@old.example", "bo@nordlys.example", "his letter"),)
    sheet = CorrectionSheet({"email": "person:4711:email", "city": "person:4711:city"}, noted)
    await put(at, CorrectionDialog("DSR-2026-0019", sheet, stage.access()))
    await at.pilot.press("tab", "tab", *"Aarhus")


async def _others(at: Stage) -> None:
    await _request_page(at)
    await put(at, OthersDialog("DSR-2026-0019", staged_requests.others(), stage.access(), closed=None))
    await at.pilot.press("down", "enter")


async def _plan(at: Stage) -> None:
    await _request_page(at)
    kinds = (
        (PlannedKind("invoice", Fate.RESTRICT, "accounting", "Art. 60 VAT Code", dt.date(2036, 12, 31)), 4),
        (PlannedKind("licence", Fate.ANONYMISE), 1),
        (PlannedKind("sales_order", Fate.ERASE), 11),
        (PlannedKind("person", Fate.ERASE), 1),
    )
    by = ("Pia Holm", "Pia Holm", "")
    why = Made(
        "submit", "approval", NOON, by_desk=False, who="Pia Holm", reason="He buys nothing any more; the invoices stay."
    )
    plan = ErasurePlan(kinds, "5a", changed=False)
    decided = Decided(
        "DSR-2026-0017", RequestType.ERASE, RequestState.APPROVAL, plan, None, *by, "Delete all of it.", (why,)
    )  # fmt: skip
    await put(at, PlanDialog(decided))


async def _password_again(at: Stage) -> None:
    await _move(at)
    await stage.calm(at.app, at.pilot)  # what was typed has moved what lies beneath
    dialog = PasswordAgainDialog("Approve refusal: DSR-2026-0019?", len)
    await put(at, dialog)
    dialog.failed(SignInFailed("The password is not right.", "Type it again."))
    await at.pilot.press(*"four")


async def _card_rule(at: Stage) -> None:
    await _requests(at)
    changed = Changed("otherwise", NOON, "david", "the authority finds a copy too much")
    await put(at, CardRuleDialog(CardRule(FrontOfCard.OTHERWISE, changed), stage.access()))
    await at.pilot.press(*"our policy says so", "enter")


REQUEST_SCENES: dict[str, Scene] = {
    "requests": _requests, "request-new": _request_new, "pairs": _pairs, "request-page": _request_page,
    "move": _move, "duplicates": _duplicates, "name-employee": _name_employee,
    "searched": _searched, "told": _told, "told-by-notice": _told_by_notice, "contested": _contested,
    "request-contested": _request_contested, "letter": _letter, "passphrase": _passphrase,
    "correction": _correction, "plan": _plan, "others": _others,
    "password-again": _password_again, "card-rule": _card_rule,
}  # fmt: skip
