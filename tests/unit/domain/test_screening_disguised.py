"""What must not be held is seen where it is disguised: between letters, spelled out, in letters that only look Latin.

Seen to fail: with digits between letters taken for a serial's wherever they stand, with letters apart left apart, and
with letters of another script left as they are; the others with a word of another language read in Latin letters.
"""

from __future__ import annotations

import random

import pytest

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.look_alikes import LookAlikes, shipped
from staffdesk.domain.screening import FieldKind, screen
from staffdesk.parameters import read
from tests.bench.screening import is_refused, wrong
from tests.bench.screening_corpus import disguised

CARD, PASSWORD = "card_number", "password"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("x4111111111111111y", CARD),
        ("XX4111111111111111YY", CARD),
        ("card:4111111111111111", CARD),
        ("4111x1111x1111x1111", CARD),
        ("\uff14\uff11\uff11\uff11 \uff11\uff11\uff11\uff11 \uff11\uff11\uff11\uff11 \uff11\uff11\uff11\uff11", CARD),
        ("p a s s w o r d : x", PASSWORD),
        ("P.A.S.S.W.O.R.D=hunter2", PASSWORD),
        ("<b>w-a-c-h-t-w-o-o-r-d</b>: geheim", PASSWORD),
        ("m o t  d e  p a s s e : x", PASSWORD),
        ("\u0440\u0430ssword: x", PASSWORD),
        ("p\u03b1ssw\u03bfrd: x", PASSWORD),
        ("\u0412\u0415 68 5390 0754 7034", "iban"),
    ],
)
@pytest.mark.parametrize("kind", [FieldKind.TEXT, FieldKind.NOTE])
def test_a_disguise_hides_nothing(text: str, name: str, kind: FieldKind) -> None:
    found = screen(text, kind)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "text",
    [
        "serial X4111111111111111Y",
        "num\u00e9ro de s\u00e9rie : AB4111111111111111C",
        "outputs A B C D: fine",
        "N D I : see page 4",
        "4111x1111x1111x1112",
        "\u043f\u0430\u0440\u0430: \u0434\u0432\u0430",
        "\u0440\u0435\u0441\u0443\u0440\u0441: 40",
    ],
)
def test_what_only_looks_like_it_may_be_held(text: str) -> None:
    assert screen(text) is None


def test_a_word_of_another_language_stays_as_it_is() -> None:
    assert shipped().read("\u043f\u0430\u0440\u043e\u043b\u044c") == "\u043f\u0430\u0440\u043e\u043b\u044c"
    assert shipped().read("\u0441\u043e\u0440y") == "copy"


def test_a_letter_that_stands_for_two_is_no_rule() -> None:
    rules = read("look_alikes", LookAlikes)
    with pytest.raises(Misconfigured, match="two letters"):
        LookAlikes(
            as_of=rules.as_of, source=rules.source, scripts=rules.scripts, letters={"a": "\u0430", "b": "\u0430"}
        )


def test_of_many_disguises_none_is_missed_and_few_alike_are_refused() -> None:
    chance = random.Random(7)  # noqa: S311 - texts are invented
    held, alike = list(disguised.held(chance, 60)), list(disguised.alike(chance, 100))
    assert not list(wrong(held))
    assert sum(map(is_refused, alike)) <= 3
