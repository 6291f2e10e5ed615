"""A written reason tells whoever reads it why: several words, and letters that are not one key held down.

Seen to fail: with the letters counted and not the words, with one word said three times taken, and with keys that lie
side by side taken for words.
"""

from __future__ import annotations

import pytest

from staffdesk.domain.errors import BadInput, Misconfigured, MustNotBeHeld
from staffdesk.domain.written_reasons import rules, written_reason
from staffdesk.parameters import load, shaped


@pytest.mark.parametrize(
    "text",
    [
        "the studio is on air",
        "  colis perdu, adresse à vérifier ",
        "客户的地址必须核对一下",
        "посылка не дошла",
        "wer was weer poi",
        "azerty keyboard was tried",
        "he rang us twice",
        "why try my old key",
        "cry, fly, rhythm myths",
        "l'adresse est à vérifier",
        "c'est l'ami d'un élève",
        "où va-t-il à Ypres ?",
        "zij is 't oneens met ons",
        "hij vroeg 't al 3 keer",
        "er fragt öfter über Äpfel",
        "øre æble år på ø",
        "VAT no. BE 0123 is wrong",
        "mvh, krk: he is not there",
    ],
)
def test_a_sentence_is_a_reason(text: str) -> None:
    assert written_reason(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "aaaaaaaaaa", "aaaa aaaa aaaa", "aaa aaaa aaaaa aaaaaa", "urgenturgent", "very very very urgent",
        "1234567890 1234567890 12", "a b c", "x" * 600,
        "aaa bbb ccc ddd eee fff", "xkcd zzzz pqrs wvut mnbt", "éé àà öö ùù îî ÿÿ",
        "asdf qwer zxcv", "asdfasdf lkjhpoiu azerqsdf", "asdf qwer zxcv urgent now",
    ],
)  # fmt: skip
def test_what_tells_nobody_why_is_none(text: str) -> None:
    with pytest.raises(BadInput):
        written_reason(text)


def test_what_must_not_be_held_is_no_reason() -> None:
    with pytest.raises(MustNotBeHeld):
        written_reason("his card 4111 1111 1111 1111 was read out")


@pytest.mark.parametrize(
    "wrong",
    [{"words": 0}, {"letters": -1}, {"different_letters": 0}, {"longest": 5}, {"run_of_keys": 2}, {"vowels": ""}],
)
def test_a_rule_that_asks_nothing_or_too_much_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Misconfigured, match=r"reasons\.toml"):
        shaped("reasons", load("reasons") | wrong, type(rules()))
