"""Where a key leads: the other case, the new one, help in a dialog; and what the key line and a dialog offer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from staffdesk.domain.access import Purpose, Role
from staffdesk.services.audit_review import EntryPage
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.services.log_state import LogState
from staffdesk.tui.record.panes import order_lines, person_lines
from staffdesk.tui.record.sight import Sight
from staffdesk.tui.screens.cases import CasesScreen
from staffdesk.tui.screens.help import HelpScreen
from staffdesk.tui.screens.log import LogScreen
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.purpose import PurposeDialog
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.request import RequestScreen
from staffdesk.tui.screens.requests import RequestsScreen
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.widgets.bars import KeyLine
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows
from tests.tui import stage
from tests.tui.conftest import SitDown
from tests.tui.seat import LARGE, SMALL, record_of, together
from tests.tui.stage import calm, put


async def test_the_other_case_leads_to_its_customer_from_wherever_one_is(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        first = record_of(seat)
        await seat.press("escape", "ctrl+n")
        await seat.type("caption", "enter")
        await seat.press("ctrl+t")
        assert record_of(seat).id == first.id
        assert record_of(seat).reference == first.reference
        await seat.press("ctrl+t")
        assert isinstance(seat.screen, SearchScreen)
        await seat.press("ctrl+t")
        assert record_of(seat).id == first.id
        await seat.press("escape")
        assert isinstance(seat.screen, SearchScreen)


async def test_the_cursor_goes_to_the_case_that_was_just_started(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+n")
        await seat.type("caption", "enter")
        assert seat.app.session is not None
        await seat.press("escape")
        assert seat.desk_screen.query_one(Rows).current == seat.app.session.reference


async def test_a_case_for_which_the_role_looks_at_nobody_is_not_taken_in_hand(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        session = at.sign_in(Role.SUPPORT)
        screen = CasesScreen()
        await put(at, screen)
        screen.show([stage.cases()[1]])
        await at.pilot.press("enter")
        await calm(at.app, at.pilot)
        assert at.app.screen is screen
        assert "C-2026-0399 is a case of sale" in stage.text(at)
        assert session.reference == ""


async def test_what_is_typed_replaces_the_product_a_new_case_begins_with(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT)
        await put(at, NewCaseDialog(stage.record()))
        box = at.app.screen.query_one("#product", Field)
        assert box.value == "MovieRecorder"
        await at.pilot.press(*"Tally")
        assert box.value == "Tally"


async def test_a_case_about_nothing_and_nobody_is_not_opened(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        before = seat.newest
        await seat.press("ctrl+n", "enter")
        assert isinstance(seat.screen, NewCaseDialog)
        assert "Say which product, who is calling, or what it is about." in together(seat.lines())
        assert seat.newest == before
        await seat.press("tab")
        await seat.type("Zephyrine", "enter")
        assert ("case.opened", "ok") in seat.acts(before)


async def test_a_new_case_answers_why_one_looks(sit_down: SitDown) -> None:
    async with sit_down((80, 24)) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        answers: list[bool | None] = []
        seat.app.push_screen(PurposeDialog(needs_reference=True), answers.append)
        await seat.settle()
        assert isinstance(seat.desk_screen.focused, Field)
        await seat.press("enter")
        assert "Ctrl+N starts a case for a call that has none." in together(seat.lines())
        await seat.press("ctrl+n")
        assert isinstance(seat.screen, NewCaseDialog)
        assert "Why do you look?" not in seat.text()
        await seat.type("caption", "enter")
        assert isinstance(seat.screen, SearchScreen)
        assert answers == [True]
        assert seat.app.session is not None
        assert seat.app.session.purpose is Purpose.SUPPORT


async def test_leaving_the_new_case_leaves_the_question_too(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("p", "ctrl+n", "escape")
        assert isinstance(seat.screen, CasesScreen)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("ctrl+n",), "the kind of the case is the purpose"),
        (("p",), "A search needs a purpose"),
        (("ctrl+p",), "Typing narrows the list"),
        (("enter", "d"), "Answer to"),
        (("enter", "i", "tab"), "A line of what it was about"),
        (("enter", "P"), "For a caller who is not on file"),
        (("enter", "down", "f"), "an employee or an import typed wrong"),
    ],
)
async def test_every_dialog_has_its_help_and_is_there_again_after_it(
    sit_down: SitDown, keys: tuple[str, ...], told: str
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press(*keys)
        dialog = seat.screen
        await seat.press("f1")
        assert isinstance(seat.screen, HelpScreen)
        assert told in together(seat.lines())
        await seat.press("escape")
        assert seat.screen is dialog


async def test_a_second_deletion_is_told_of_before_it_is_started(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT)
        await put(at, RecordScreen(stage.record(), stage.access()))
        await at.pilot.press("d")
        await calm(at.app, at.pilot)
        assert "A deletion is already asked: DSR-2026-0017 due Mon 2026-12-21." in together(stage.text(at).splitlines())
        await at.pilot.press("escape", "e")
        await calm(at.app, at.pilot)
        assert "already asked" not in stage.text(at)


def _keys(at: stage.Stage) -> set[str]:
    return {command.id for command in at.app.screen.query_one(KeyLine).commands}


async def test_the_key_line_offers_what_does_something_now(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        session = at.sign_in(Role.SUPPORT)
        screen = CasesScreen()
        await put(at, screen)
        screen.show(())
        assert not _keys(at) & {"list.open", "case.close", "case.switch"}
        session.take(stage.cases()[2])
        session.take(stage.cases()[0])
        screen.show(stage.cases())
        assert {"list.open", "case.close", "case.switch"} <= _keys(at)


async def test_the_key_line_of_a_record_offers_what_a_call_needs(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        session = at.sign_in(Role.SUPPORT)
        await put(at, RecordScreen(stage.record(), stage.access()))
        assert {"record.reveal", "record.copy", "case.new", "app.help"} <= _keys(at)
        session.take(replace(stage.cases()[0], customer=None))
        await put(at, RecordScreen(stage.record(), stage.access()))
        of_a_call = {"record.reveal", "record.confirm", "case.note", "record.close-case", "app.help"}
        assert _keys(at) == of_a_call | {"record.caller"}
        session.take(stage.cases()[0])
        await put(at, RecordScreen(stage.record(), stage.access()))
        assert _keys(at) == of_a_call | {"record.unsubscribe"}


@pytest.mark.parametrize(("role", "opens"), [(Role.PRIVACY, True), (Role.APPROVER, False)])
async def test_a_request_is_offered_to_be_opened_by_whom_it_opens_for(
    home: Home, company: Demo, role: Role, opens: bool
) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(role)
        screen = RequestsScreen()
        await put(at, screen)
        assert ("a starts one, here or on a record" in stage.text(at)) is opens
        assert "list.open" not in _keys(at)
        screen._show(stage.requests())
        assert "list.open" in _keys(at)
        await put(at, RequestScreen(stage.request_page(), stage.access()))
        assert ("request.customer" in _keys(at)) is opens


async def test_equal_due_dates_stand_there_once(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, LARGE) as at:
        at.sign_in(Role.PRIVACY)
        screen = RequestsScreen()
        await put(at, screen)
        screen._show(stage.requests())
        await calm(at.app, at.pilot)
        (first,) = (line for line in stage.text(at).splitlines() if "DSR-2026-0017" in line)
        assert first.count("2099-12-21") == 1


async def test_a_started_request_is_told_on_the_record_with_its_due_date(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT)
        screen = RecordScreen(stage.record(), stage.access())
        await put(at, screen)
        screen._note_request(stage.requests()[0])
        await calm(at.app, at.pilot)
        shown = together(stage.text(at).splitlines())
        assert "✓ DSR-2026-0017 is registered, due Mon 2099-12-21." in shown


async def test_the_palette_offers_to_do_again_only_what_failed_and_says_what_to_type(sit_down: SitDown) -> None:
    async with sit_down(LARGE) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+p")
        assert "type what you want to do" in seat.text()
        assert "Do again what just failed." not in seat.text()


async def test_no_match_says_by_what_the_role_searches(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("sales")
        await seat.press("S")
        await seat.type("xyzzyplugh", "enter", "enter")
        shown = together(seat.lines())
        assert "Sales searches by name, company, e-mail address, order number, case number." in shown


async def test_the_filter_in_force_stands_in_the_box_again(home: Home, company: Demo) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.ADMIN)
        screen = LogScreen()
        await put(at, screen)
        await at.pilot.press("f", *"who:anna", "enter")
        await calm(at.app, at.pilot)
        await at.pilot.press("f", *" act:x", "escape")
        await calm(at.app, at.pilot)
        assert screen.query_one(Field).value == "who:anna"


@pytest.mark.parametrize(
    ("text", "advice"), [("who:anna", "Change the filter (f)."), ("until:2026-11-01", "dates (f).")]
)
async def test_no_entry_says_what_could_be_changed(home: Home, company: Demo, text: str, advice: str) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.ADMIN)
        screen = LogScreen()
        await put(at, screen)
        await at.pilot.press("f", *text, "enter")
        await calm(at.app, at.pilot)
        screen._show(EntryPage((), None), LogState(1, 0, ""))
        await calm(at.app, at.pilot)
        assert advice in stage.text(at)


def _drawn(lines: Iterable[Line]) -> str:
    return "\n".join(line.draw(60).plain for line in lines)


def test_the_address_of_the_company_is_called_so() -> None:
    record = stage.record()
    closed = record.rows("person")[0].cells["street"]
    company = record.rows("organisation")[0]
    company = replace(company, cells={**company.cells, "street": closed._replace(key="organisation:9:street")})
    shown = _drawn(person_lines(replace(record, sections={**record.sections, "organisation": (company,)}), Sight()))
    assert "Company address not shown" in shown
    assert shown.count("\nAddress ") == 1


def test_of_an_order_that_is_no_test_it_is_not_said_that_it_is_none_and_its_number_takes_what_it_needs() -> None:
    sight = Sight(unfolded={"sales_order:1"})
    shown = _drawn(order_lines(stage.record(), sight))
    assert "Test order" not in shown
    assert "SO-20418 2026-10-02" in shown
