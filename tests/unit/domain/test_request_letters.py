"""What a letter asks is proposed from its words, and nobody guesses where they do not say it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.intake_rules import rules
from staffdesk.domain.request_letters import LetterKind, language_of, understand
from staffdesk.domain.requests import RequestType
from tests.bench.intake import measured, share
from tests.bench.letters import TEMPLATES, samples

_LETTERS: Final = Path(__file__).parents[2] / "data" / "invented_letters.toml"
_LEAST_RIGHT: Final = 0.9


def _invented() -> Iterator[tuple[str, str, list[str]]]:
    for each in tomllib.loads(_LETTERS.read_text(encoding="utf-8"))["letter"]:
        for language in rules().languages:
            yield language, each[language], each["is"]


@pytest.mark.parametrize(("language", "text", "expected"), [pytest.param(*each, id=f"{each[0]}-{'+'.join(each[2])}") for each in _invented()])
def test_letters_of_people_who_know_no_template_are_read_right(language: str, text: str, expected: list[str]) -> None:
    read = understand("", text)
    told = [each.value for each in read.types] if read.kind is LetterKind.REQUEST else [read.kind.value]
    assert (told, read.language) == (expected, language)
