"""A letter as PDF: the same words as in the mail, and nothing in them acts.

Seen to fail: with the text put into the layout as markup instead of data, and with lines joined that fitted.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.request_moves import Letter
from staffdesk.services.letters import Language, Written, pdf, write
from staffdesk.services.letters.layout import WIDTH, paragraphs, wrapped
from tests.unit.pdf_text import text_of
from tests.unit.test_letters import FACTS

EVIL = '*bold* _slanted_ #eval("1+1") $x^2$ @ref <label> #read("/etc/passwd") \\ // Łódź'


@pytest.mark.parametrize("language", Language)
def test_paper_says_what_the_mail_says_and_markup_stays_text(language: Language) -> None:
    written = write(Letter.REFUSED, language, replace(FACTS, refusal_facts=EVIL))
    made = pdf(written, language)
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfaid" in made
    said = _words(text_of(made))
    assert _words(written.text) in said
    assert _words(EVIL) in said


def test_a_character_without_a_font_is_an_error_that_does_not_quote_the_letter() -> None:
    with pytest.raises(BadInput, match="a character for which this computer has no font") as raised:
        pdf(Written("Letter", "Dear \U000e01ef\U0010fffd secret"), Language.EN)
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Misconfigured, match="not installed") as raised:
        pdf(Written("Letter", "Dear"), Language.EN)
    assert "staffdesk[pdf]" in raised.value.hint


@given(st.lists(st.lists(st.integers(1, WIDTH - 2), min_size=20, max_size=60), min_size=1, max_size=3))
def test_paper_puts_together_again_what_mail_wrapped(lengths: list[list[int]]) -> None:
    whole = [" ".join("a" * length for length in words) for words in lengths]
    assert paragraphs(wrapped("\n\n".join(whole))) == tuple((text,) for text in whole)
    items = [f"- {text}" for text in whole]
    assert paragraphs(wrapped("\n".join(["Lists:", *items]))) == (("Lists:", *items),)


def _words(text: str) -> str:
    """Return a text without white space and page numbers, which paper places otherwise."""
    return "".join(text.replace("1 / 2", "").replace("2 / 2", "").split())
