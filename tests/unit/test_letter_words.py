"""How letters speak: each code has its word in each language, and each language its periods and signs.

Seen to fail: with one word of a language's table left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from staffdesk.data.references import SUBJECT_TABLES
from staffdesk.domain import holds
from staffdesk.domain.access import Purpose
from staffdesk.domain.correction import rules as correction_rules
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.grounds import (
    ExtensionGround,
    ProofFault,
    RefusalGround,
    RestrictionGround,
    Unproven,
)  # fmt: skip
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.provenance import Source
from staffdesk.domain.request_work import places
from staffdesk.domain.requests import RequestType
from staffdesk.domain.sharing import OTHER_KIND
from staffdesk.domain.transfers import RecipientRules, Safeguard
from staffdesk.parameters import read
from staffdesk.parameters.shapes import retention
from staffdesk.services.letters import (
    Became,
    Language,
    language_of,
)  # fmt: skip
from staffdesk.services.letters.words import FOLDER, tables, word


def test_every_code_has_its_word_in_every_language() -> None:
    named: dict[str, Iterable[str]] = {
        "requests": RequestType, "extensions": ExtensionGround, "refusals": set(RefusalGround) - {RefusalGround.LAW},
        "restrictions": RestrictionGround, "unproven": Unproven, "identifiers": Identifier, "sources": Source,
        "became": Became, "outside": [each.code for each in places().places], "purposes": Purpose,
        "safeguards": Safeguard,
        "recipients": (OTHER_KIND, *(each.kind for each in read("recipients", RecipientRules).recipients)),
        "fields": {*correction_rules().fields.person, *correction_rules().fields.organisation},
    }  # fmt: skip
    parts: dict[str, Iterable[str]] = {
        "kinds": ("name", "use", "basis", "data", "period"),
        "holds": ("why", "law"),
        "faults": ("what", "how"),
        "refusals": tuple(RequestType),
    }
    for language in Language:
        assert all(word(language, table, code) for table, codes in named.items() for code in codes)
        in_parts: tuple[tuple[str, Iterable[str]], ...] = (
            ("kinds", SUBJECT_TABLES),
            ("holds", retention().holds),
            ("holds", holds.LAWFUL),
            ("refusals", (RefusalGround.LAW,)),
            ("faults", ProofFault),
        )
        for table, codes in in_parts:
            assert all(word(language, table, code, part) for code in codes for part in parts[table])
        assert _codes(language) == _codes(Language.EN)
    with pytest.raises(Misconfigured, match=r"words.fr.toml: kinds.cookies.name is missing"):
        word(Language.FR, "kinds", "cookies", "name")


def _codes(language: Language) -> set[tuple[str, str]]:
    return {(table, code) for table, codes in tables(language).items() if table != "places" for code in codes}


@pytest.mark.parametrize("language", Language)
def test_letters_tell_the_periods_that_the_rules_know(language: Language) -> None:
    kinds = {"person": "person", "organisation": "company", "licence": "licence", "activation": "activation",
             "support_case": "case", "contact_report": "report", "subscription": "subscription", "request": "request",
             "disclosure": "disclosure"}  # fmt: skip
    for table, kind in kinds.items():
        months = retention().kinds[kind].months or 0
        told = re.findall(r"\d+", word(language, "kinds", table, "period"))
        assert {str(months), str(months // 12)} & set(told), (table, told)
    years = [str(each.years) for each in retention().holds["accounting"].years]
    assert [each for each in re.findall(r"\d+", word(language, "kinds", "invoice", "period")) if each in years] == years


def test_no_line_of_a_french_letter_begins_with_its_colon() -> None:
    for file in FOLDER.iterdir():
        if file.name.endswith(".fr.txt"):
            text = re.sub(r"\{[%{].*?[%}]\}", "", file.read_text(encoding="utf-8"))
            assert not re.search(r"[ \n][:;?!»]", text), file.name


@pytest.mark.parametrize(
    ("code", "language"),
    [("fr", "fr"), ("FR-be", "fr"), ("nl_BE", "nl"), ("en", "en"), ("da", "en"), ("", "en"), (None, "en")],
)
def test_who_speaks_another_language_is_written_to_in_english(code: str | None, language: str) -> None:
    assert language_of(code) == language
