"""What every letter must say, in each language, and what none may.

Seen to fail: with the contact point left out of the Dutch letter.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest

from staffdesk.parameters.shapes import policy
from staffdesk.services.letters import Facts, Language, LetterKind, language_of, write

FACTS = Facts(
    number="DSR-2026-0003",
    written_on=dt.date(2026, 12, 1),
    effective_on=dt.date(2026, 11, 26),
    lists=("product news", "beta news"),
)
DAYS = {
    Language.EN: ("1 December 2026", "26 November 2026", "October 2024"),
    Language.FR: ("1er décembre 2026", "26 novembre 2026", "octobre 2024"),
    Language.NL: ("1 december 2026", "26 november 2026", "oktober 2024"),
}


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("language", Language)
def test_every_letter_names_house_request_days_policy_and_whom_to_ask(kind: LetterKind, language: Language) -> None:
    letter = write(kind, language, FACTS)
    flat = " ".join(letter.split())
    for part in (*policy().controller.address, policy().contact, policy().reference, FACTS.number, *DAYS[language]):
        assert part in flat
    assert "product news, beta news" in flat
    assert "$" not in letter
    assert max(map(len, letter.splitlines())) <= 72


@pytest.mark.parametrize("language", Language)
def test_a_letter_without_lists_says_so(language: Language) -> None:
    lists = re.search(r"(?:Lists|Listes|Lijsten) ?: (\w+)", write(LetterKind.MARKETING_STOPPED, language, _without()))
    assert lists is not None
    assert lists[1] in {"none", "aucune", "geen"}


def _without() -> Facts:
    return Facts(number="DSR-2026-0004", written_on=dt.date(2026, 12, 1), effective_on=dt.date(2026, 11, 26))


@pytest.mark.parametrize(
    ("code", "language"),
    [("fr", "fr"), ("FR-be", "fr"), ("nl_BE", "nl"), ("en", "en"), ("da", "en"), ("", "en"), (None, "en")],
)
def test_who_speaks_another_language_is_written_to_in_english(code: str | None, language: str) -> None:
    assert language_of(code) == language
