"""Every state of every screen: each question a screen asks, refused, not logged, lost and late, with real faults.

Seen to fail: …
"""

from __future__ import annotations

import pytest

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.tui import asking, sentinel
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL
from tests.tui.states import QUESTIONS, questions, walk


def test_every_question_of_a_screen_has_its_states() -> None:
    assert questions().keys() == QUESTIONS.keys(), "add the question to QUESTIONS in tests/tui/states.py"


async def test_what_is_refused_lost_or_late_is_said_with_the_next_key_and_shows_nobody(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_BUSY_AFTER", 0.03)
    monkeypatch.setattr(asking, "_STILL_BUSY_AFTER", 0.25)
    monkeypatch.setattr(sentinel, "_PULSE", 3600.0)
    async with sit_down(SMALL) as seat:
        with sqlite_owner(seat.home.database_file, seat.home.read_key()) as owner:
            rows = owner.exec_driver_sql("SELECT family_name, email, phone FROM person").all()
        names = {text for row in rows for text in row if text and len(text) > 4}
        wrong = await walk(seat, names)
    assert not wrong, "\n\n".join(wrong)
