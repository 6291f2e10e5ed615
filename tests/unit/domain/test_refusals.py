"""What is refused by a law names it: who asks can look it up, and who approves can too (GDPR Art. 12(4)).

Seen to fail: before a number and a word for a rule of law were asked for.
"""

from __future__ import annotations

import pytest

from staffdesk.domain.errors import BadInput
from staffdesk.domain.grounds import RefusalGround
from staffdesk.domain.refusals import check_refusal
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.requests import RequestType

NAMED = (
    "Article 60 of the VAT Code asks that we keep the invoice.",
    "L'article 60 du Code de la TVA nous y oblige.",
    "La loi du 8 août 1983 l'interdit à tous.",
    "De wet van 19 juli 1991 verbiedt dat ons.",
    "Art. 6, lid 1 van de AVG laat het niet toe.",
    "Nach § 147 der Abgabenordnung bleibt es zehn Jahre.",
    "Regulation (EU) 2016/679 asks otherwise of us here.",
)
UNNAMED = (
    "We would rather keep all of this.", "The law forbids it, as everybody knows.", "We have 60 good reasons of ours.",
    "A contract of 2024 with the actors of artworks forbids it.",
)  # fmt: skip


@pytest.mark.parametrize("facts", NAMED)
def test_a_refusal_by_law_names_the_law(facts: str) -> None:
    check_refusal(RequestType.ERASE, Identity.VERIFIED, RefusalGround.LAW, facts)


@pytest.mark.parametrize("facts", UNNAMED)
def test_without_a_law_nothing_is_refused_by_law(facts: str) -> None:
    with pytest.raises(BadInput, match="name no rule of law") as refused:
        check_refusal(RequestType.ERASE, Identity.VERIFIED, RefusalGround.LAW, facts)
    assert "with its number" in refused.value.hint
    check_refusal(RequestType.ERASE, Identity.VERIFIED, RefusalGround.EXCESSIVE, facts)


def test_who_has_shown_who_he_is_is_not_refused_as_not_identified() -> None:
    facts = "We asked twice which of two people of this name he is."
    check_refusal(RequestType.RECTIFY, Identity.NONE, RefusalGround.UNIDENTIFIED, facts)
    with pytest.raises(BadInput, match="not refused on this ground"):
        check_refusal(RequestType.RECTIFY, Identity.VERIFIED, RefusalGround.UNIDENTIFIED, facts)
    check_refusal(RequestType.RECTIFY, Identity.VERIFIED, RefusalGround.ACCURATE, "His passport shows the name.")
    with pytest.raises(BadInput, match="not refused on this ground"):
        check_refusal(RequestType.ERASE, Identity.VERIFIED, RefusalGround.ACCURATE, facts)
