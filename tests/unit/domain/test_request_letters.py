"""What a letter asks is proposed from its words, and nobody guesses where they do not say it.

Seen to fail: with the words that stop a bid (``whether``) taken out, with the subject of a reply read as a heading, and
with a complaint counted that is only threatened; and with what is joined by "and then" not read as asked.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from staffdesk.domain.intake_rules import rules
from staffdesk.domain.request_letters import LetterKind, language_of, understand
from staffdesk.domain.request_mail import own_words
from staffdesk.domain.requests import RequestType
from tests.bench.intake import measured, share
from tests.bench.letters import TEMPLATES, samples

_LETTERS: Final = Path(__file__).parents[2] / "data" / "invented_letters.toml"
_LEAST_RIGHT: Final = 0.9
_SLOW: Final = 3.0
"""Seconds of the processor; a tenth of it is usual, and a square of the length would take minutes."""


def _invented() -> Iterator[tuple[str, str, list[str]]]:
    for each in tomllib.loads(_LETTERS.read_text(encoding="utf-8"))["letter"]:
        for language in rules().languages:
            yield language, each[language], each["is"]


@pytest.mark.parametrize(("language", "text", "expected"), list(_invented()))
def test_letters_of_people_who_know_no_template_are_read_right(language: str, text: str, expected: list[str]) -> None:
    read = understand("", text)
    told = [each.value for each in read.types] if read.kind is LetterKind.REQUEST else [read.kind.value]
    assert (told, read.language) == (expected, language)


@pytest.mark.skipif(not TEMPLATES.is_dir(), reason=f"the letters of {TEMPLATES.name} do not lie beside the repository")
def test_nine_of_ten_letters_of_templates_nothing_was_chosen_by_are_read_right() -> None:
    _, languages, wrong = measured(each for each in samples() if each.held_back)
    assert share(languages) >= _LEAST_RIGHT, sorted({(each.template, read) for each, read in wrong})


@pytest.mark.skipif(not TEMPLATES.is_dir(), reason=f"the letters of {TEMPLATES.name} do not lie beside the repository")
def test_a_letter_in_another_language_is_no_guess() -> None:
    read = {understand("", each.text).kind for each in samples(languages=("es", "it"))}
    assert read == {LetterKind.UNSURE}


@pytest.mark.parametrize(
    ("subject", "text", "types"),
    [
        ("Request for erasure", "Hello, my customer number is 12 and this is my mail. Thank you for it.", ["erase"]),
        ("Re: your letter on erasure", "Hello, I have read your letter and this is fine. Thank you for it.", []),
        ("", "Please tell me in advance whether this will lead to the deletion of my account with you.", []),
        ("", "I want to know whether this will lead to the deletion of my account with you, and when.", []),
        ("", "I request the following under Art. 15, 17 and 20 GDPR from you and the people you work with.",
         ["access", "erase", "port"]),
        ("", "I hereby object to the use of my data according to Art. 21(2) GDPR, and that is all.", ["object_mkt"]),
        ("", "Please delete my account and my data. Otherwise I will make a complaint to the authority.", ["erase"]),
        ("", "Please delete my account and my data with it. If there is no answer I write to you again.", ["erase"]),
        ("", "Please delete my account and my data. I also object to direct marketing.", ["erase", "object_mkt"]),
        ("", "Je voudrais une copie de mes données. Et ne m'envoyez plus de publicité.", ["access", "object_mkt"]),
        ("", "Graag ontvang ik een kopie van al mijn data. En stuur me geen reclame meer.", ["access", "object_mkt"]),
        ("", "No more newsletters please, and send me a copy of all the data you hold.", ["access", "object_mkt"]),
        ("", "I don't want any more advertising. Please also correct my address.", ["rectify", "object_mkt"]),
        ("", "Geen reclame meer alstublieft. En ik wil een kopie van mijn gegevens.", ["access", "object_mkt"]),
        ("", "Stop your advertising mails. Also I want a copy of my data.", ["access", "object_mkt"]),
        ("", "Do not send me advertising any more, and correct my address.", ["rectify", "object_mkt"]),
        ("", "Stuur geen nieuwsbrief meer en verwijder mijn gegevens.", ["erase", "object_mkt"]),
        ("", "I don't want any more data of mine to lie with you. Please delete my account.", ["erase"]),
        ("", "Please delete my account with you. Your newsletter was nice, and the marketing too.", ["erase"]),
        ("", "I do not want you to delete my account, and I am happy with the software you make.", []),
    ],
)  # fmt: skip
def test_what_is_bid_for_counts_and_what_is_spoken_of_does_not(subject: str, text: str, types: list[str]) -> None:
    assert [each.value for each in understand(subject, text).types] == types


def test_who_objects_is_restricted_meanwhile_without_a_request_of_its_own() -> None:
    text = (
        "I object to the processing of my data under Article 21(1) GDPR. I request that you restrict the processing of "
        "the data pending the verification of your grounds, under Article 18(1)(d)."
    )
    assert understand("", text).types == (RequestType.OBJECT,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hi",
        "123 456",
        "\u00e4\u00f6\u00fc",
        "la le les",
        "\u0414\u043e\u0431\u0440\u044b\u0439 \u0434\u0435\u043d\u044c",
    ],
)
def test_of_too_few_words_the_language_is_not_told(text: str) -> None:
    assert language_of(text) is None
    assert understand("", text).kind is LetterKind.UNSURE


def test_a_letter_made_to_be_slow_is_read_in_no_time() -> None:
    for hostile in ("please i request the data to you " * 600, "i want the delete " * 1_100, "on a the to: \n" * 1_500):
        began = time.process_time()
        understand(hostile[:2_000], own_words(hostile))
        assert time.process_time() - began < _SLOW
