"""Cases while calls go on: started in one line, two at once, closed; a customer's next begins as his last one was."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual import events
from textual.widgets import Input

from staffdesk.domain.access import Role
from staffdesk.domain.matters import CaseRow, NewCase
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.screens.new_case import NewCaseDialog
from staffdesk.tui.screens.record import RecordScreen
from staffdesk.tui.screens.search import SearchScreen
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Rows
from tests.tui import stage
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, SMALL, record_of, stand_on_a_masked_value, together
from tests.tui.stage import calm, put


@pytest.mark.parametrize("size", BOTH)
async def test_a_case_is_started_in_one_line_while_something_is_being_typed(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        await seat.press("S")
        await seat.type("nord")
        await seat.press("ctrl+n")
        assert "New case" in seat.text()
        assert seat.lines()[-1].split() == ["f1", "Help", "esc", "Back", "^q", "Quit"]
        await seat.type("caption", "tab")
        await seat.type("Anders Bo", "tab")
        await seat.press("c", "tab")
        await seat.type("activation refused", "enter")
        session = seat.app.session
        assert session is not None
        assert session.case is not None
        assert session.case.number in seat.lines()[0]
        assert session.case.product == "Norvand Caption"
        assert session.purpose == "support"
        assert seat.desk_screen.query_one(Input).value == "nord"
        assert seat.desk_screen.query_one(Input).has_focus
        assert "Search box" in seat.lines()[-1]


async def test_ctrl_t_goes_between_two_calls(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+t")
        assert "No other call waits." in seat.text()
        for product in ("caption", "playout"):
            await seat.press("ctrl+n")
            await seat.type(product, "enter")
        session = seat.app.session
        assert session is not None
        assert session.case is not None
        second = session.case.number
        await seat.press("ctrl+t")
        assert session.reference != second
        await seat.press("ctrl+t")
        assert session.reference == second


async def test_a_product_is_one_of_the_house_or_another_one_knowingly(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+n")
        await seat.type("norvand", "enter")
        assert "Which one? Norvand Archive · " in together(seat.lines())
        await seat.press(*["backspace"] * 7)
        before = seat.newest
        await seat.type("tape deck", "enter")
        assert "“tape deck” is none of our products. Open the case all the same?" in together(seat.lines())
        await seat.press("escape")
        assert isinstance(seat.screen, NewCaseDialog)
        assert seat.newest == before
        await seat.press("enter", "enter")
        session = seat.app.session
        assert session is not None
        assert session.case is not None
        assert session.case.product == "other: tape deck"
        await seat.press("escape")
        assert any("tape deck (not ours)" in line and "other:" not in line for line in seat.lines())


async def test_a_case_is_noted_in_and_closed_by_a_key_and_enter(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("i")
        await seat.type("asked for a seat", "enter", "tab", "enter")
        assert "✓ Noted in C-" in seat.text()
        await seat.press("x")
        assert "enter closes it · esc leaves it" in seat.text()
        await seat.type("seat freed", "enter")
        assert ("case.closed", "ok") in seat.acts()


@pytest.mark.parametrize(
    ("whose", "has_cases", "product"), [(1, True, "MovieRecorder"), (1, False, ""), (None, True, ""), (4711, True, "")]
)
async def test_a_case_begins_as_the_newest_one_of_the_customer_on_the_screen_not_as_the_one_in_hand(
    home: Home, company: Demo, whose: int | None, has_cases: bool, product: str
) -> None:
    """While a call is in hand that is his, or nobody's by name, the next one is somebody else's."""
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT).take(replace(stage.cases()[1], customer=whose))
        record = stage.record()
        if not has_cases:
            record = replace(record, sections={**record.sections, "support_case": ()})
        await put(at, RecordScreen(record, stage.access()))
        await at.pilot.press("ctrl+n")
        await calm(at.app, at.pilot)
        dialog = at.app.screen
        assert isinstance(dialog, NewCaseDialog)
        assert dialog.query_one("#product", Field).value == product
        assert dialog.query_one("#channel", Choice).value == "call"
        assert dialog.query_one("#recognised", Choice).value == "not recognised"
        assert dialog.query_one("#whose", Choice).value == ("this customer" if whose == 1 else "somebody else")


async def test_a_case_holds_what_stood_in_its_field_at_enter(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+n")
        await seat.type("Norvand Caption", "tab")
        await seat.type("Bo")
        opened: list[NewCase] = []

        def open_case(_access: object, new: NewCase) -> CaseRow:
            opened.append(new)
            return stage.cases()[0]

        monkeypatch.setattr(seat.app.desk.cases, "open", open_case)
        box = seat.desk_screen.query_one("#caller", Field)
        box.post_message(Field.Submitted(box, "Bo"))
        box.value = "BoS"
        await seat.settle()
        assert [(each.product, each.caller) for each in opened] == [("Norvand Caption", "Bo")]


async def test_a_reference_is_what_stood_in_its_field_at_enter(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("p", "tab")
        box = seat.desk_screen.query_one(Field)
        box.post_message(Field.Submitted(box, "C-2026-0001"))
        box.value = "C-2026-0001v"
        await seat.settle()
        assert seat.app.session is not None
        assert seat.app.session.reference == "C-2026-0001"


async def test_a_call_that_comes_while_somebodys_case_is_in_hand_is_not_filed_under_him(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        assert seat.app.session is not None
        first = seat.app.session.case
        assert first is not None
        before, name = seat.newest, record_of(seat).rows("person")[0].text("family_name")
        await seat.press("ctrl+n")
        assert "somebody else" in seat.text()
        await seat.type("caption", "tab")
        await seat.type(name, "enter")
        second = seat.app.session.case
        assert second is not None
        assert second.number != first.number
        assert (first.customer is not None, second.customer) == (True, None)
        assert isinstance(seat.screen, SearchScreen)
        assert seat.screen.query_one(Input).value == name
        assert [act for act, _ in seat.acts(before) if act.startswith("customer.")] == []
        await seat.press("enter", "slash", "ctrl+n")
        await seat.type("Norvand Ingest", "enter")
        assert isinstance(seat.screen.focused, Rows)
        await seat.press("ctrl+t")
        assert seat.screen.query_one(Input).value == name
        await seat.type("x")
        assert seat.screen.query_one(Input).value == "x"


async def test_where_it_is_said_the_second_call_is_his_too(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        assert seat.app.session is not None
        await seat.press("ctrl+n")
        seat.desk_screen.query_one("#whose", Choice).choose("this customer")
        await seat.type("caption", "enter")
        case = seat.app.session.case
        assert case is not None
        assert case.customer == record_of(seat).customer


async def test_a_third_call_says_which_one_waits_no_more(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        numbers = []
        for product in ("Norvand Ingest", "Norvand Remote"):
            await seat.press("ctrl+n")
            assert "waits no more" not in seat.text()
            await seat.type(product, "enter")
            assert seat.app.session is not None
            numbers.append(seat.app.session.reference)
        await seat.press("ctrl+n")
        assert f"Two calls are in hand: {numbers[0]} waits no more once a third is opened" in together(seat.lines())
        assert "but stays in My cases." in together(seat.lines())


async def test_what_was_shown_for_a_call_is_hidden_as_its_case_is_closed(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("enter")
        await stand_on_a_masked_value(seat)
        await seat.press("v")
        assert "● shown" in seat.text()
        await seat.press("x")
        await seat.type("seat freed", "enter")
        assert " is closed." in seat.text()
        assert "● shown" not in seat.text()


@pytest.mark.parametrize("place", [("O",), ("R",)])
async def test_a_call_can_come_in_among_own_entries_and_requests(sit_down: SitDown, place: tuple[str, ...]) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press(*place, "ctrl+n")
        await seat.type("Norvand Ingest", "enter")
        assert seat.acts()[-1] == ("case.opened", "ok")


@pytest.mark.parametrize(
    "over", [(), ("f1",), ("ctrl+p",), ("ctrl+n",), ("a",)], ids=["cases", "help", "palette", "form", "list"]
)
async def test_with_a_case_in_hand_the_desk_is_left_only_once_that_is_confirmed(
    sit_down: SitDown, over: tuple[str, ...]
) -> None:
    """Seen to fail: with ^q in the help, which another program closes by it, ending the desk."""
    async with sit_down(SMALL) as seat:
        await seat.sign_in("support")
        await seat.press("ctrl+n", *"caption", "enter", "f5", *over)
        above = seat.screen
        assert seat.app.session is not None
        assert seat.app.session.case is not None
        number = seat.app.session.case.number
        await seat.press("ctrl+q")
        assert f"? {number} is in hand. Sign out and leave?" in together(seat.lines())
        await seat.press("escape")
        assert seat.screen is above
        assert "Sign out and leave?" not in seat.text()
        await seat.press("ctrl+q")
        # Whoever presses a key of the pilot's waits for screens that are gone by then.
        seat.app.post_message(events.Key("enter", "\r"))
        async with asyncio.timeout(5):
            while not seat.app.leaving:  # noqa: ASYNC110 - it is no event
                await asyncio.sleep(0.01)
