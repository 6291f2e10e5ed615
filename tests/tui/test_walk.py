"""Nothing anybody wrote acts on any screen: markup stands as it was written, control characters are badges.

Seen to fail: with ``plain`` leaving control characters to the guard, with a title given as a text, and with a screen
that no scene shows.
"""

from __future__ import annotations

import pytest

from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from tests.tui.payloads import every, recorded
from tests.tui.seat import LARGE, SMALL
from tests.tui.walk import screens, walk


@pytest.mark.parametrize("size", [SMALL, (60, 20), LARGE], ids=["80x24", "60x20", "120x40"])
async def test_no_text_acts_on_any_screen(home: Home, company: Demo, size: tuple[int, int]) -> None:
    payloads = every()
    first = {SMALL: 0, (60, 20): len(payloads) // 3, LARGE: 2 * len(payloads) // 3}[size]
    walked = await walk(home, company, size, (*payloads[first:], *payloads[:first]))
    assert not walked.wrong, "\n".join(sorted(set(walked.wrong)))
    unseen = sorted(screen.__qualname__ for screen in screens() - walked.screens)
    assert not unseen, f"no scene shows {unseen}: add one to SCENES in tests/tui/scenes.py"
    assert walked.texts > len(payloads)


def test_what_real_programs_wrote_is_among_the_texts() -> None:
    if not recorded():
        pytest.skip("the recorded sequences are not beside the project")
    assert any("\x1b[?1049h" in text for text in recorded())
