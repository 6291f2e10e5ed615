"""Nothing anybody wrote acts on any screen: markup stands as it was written, control characters are badges.

Seen to fail: with ``plain`` leaving control characters to the guard, with a title given as a text, and with a screen
that no scene shows.
"""

from __future__ import annotations

import pytest

from staffdesk.domain.access import Role
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.screens.search import SearchScreen
from tests.tui import stage
from tests.tui.payloads import LONG, MARKUP, recorded, short
from tests.tui.scenes import SCENES
from tests.tui.seat import LARGE, SMALL, shown
from tests.tui.stage import calm, put
from tests.tui.walk import screens, walk


@pytest.mark.long
@pytest.mark.timeout(600)  # every scene there is
async def test_no_text_acts_on_any_screen_and_every_screen_is_shown(home: Home, company: Demo) -> None:
    payloads = short()
    walked = await walk(home, company, (LARGE, (60, 20)), payloads)
    assert not walked.wrong, "\n".join(sorted(set(walked.wrong)))
    assert walked.texts > len(payloads)
    unseen = sorted(screen.__qualname__ for screen in screens() - walked.screens)
    assert not unseen, f"no scene shows {unseen}: add one to SCENES in tests/tui/scenes.py"


async def test_no_text_is_too_long_for_a_record(home: Home, company: Demo) -> None:
    walked = await walk(home, company, (SMALL,), (*LONG, *MARKUP * 3), {"record": SCENES["record"]})
    assert not walked.wrong, "\n".join(sorted(set(walked.wrong)))


@pytest.mark.parametrize("text", ["[/a", "[red]x", "[@click=app.quit]x", "?:/-_+\\@"])
async def test_what_is_typed_into_the_search_box_is_text(home: Home, company: Demo, text: str) -> None:
    async with stage.stage(home, company, SMALL) as at:
        at.sign_in(Role.SUPPORT).take(stage.cases()[0])
        await put(at, SearchScreen())
        await at.pilot.press(*text, "enter")
        await calm(at.app, at.pilot)
        assert text in shown(at.app)
        assert at.app.is_running


def test_what_real_programs_wrote_is_among_the_texts() -> None:
    if not recorded():
        pytest.skip("the recorded sequences are not beside the project")
    assert any("\x1b[?1049h" in text for text in recorded())
