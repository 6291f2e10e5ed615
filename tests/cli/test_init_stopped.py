"""What ``init`` asks stands whole on a narrow terminal, and whoever stops there is told that nothing was made.

Seen to fail: with a question broken by the terminal within a word, and with Ctrl+C said by nobody.
"""

from __future__ import annotations

from pathlib import Path

from staffdesk.services.init_answers import QUESTIONS
from tests.cli.init_in_terminal import Init


def test_a_question_is_broken_between_words_and_stopping_at_it_says_that_nothing_was_made(tmp_path: Path) -> None:
    child = Init(tmp_path / "home", columns=80)
    for question in QUESTIONS[:3]:
        child.expect_exact(question.text)
        child.sendline("")
    child.expect_exact("In this order:\r\n")
    child.sendcontrol("c")
    child.expect_exact("\r\nNothing was made.\r\nBegin again: staffdesk init\r\n\r\n")
    child.expect_exact("Stopped.\r\n")
    assert child.end() == 130
    assert not (tmp_path / "home").exists()
