"""Numbers typed on a Belgian keyboard without Shift.

Seen to fail: with the signs looked for as words, and with the number of a case refused as a reference.
"""

from __future__ import annotations

import unicodedata

import pytest

from staffdesk.domain.digit_row import as_digits
from staffdesk.domain.search_text import read_filters
from staffdesk.services.standing import reference_number


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("&é\"'(§è!çà", "1234567890"),
        ("à'èà ((&é '\"", "0470 5512 43"),
        ("C-éàé§-àà&é", "C-2026-0012"),
        ("dsr-éàé§-àà&é", "dsr-2026-0012"),
        (unicodedata.normalize("NFD", "éàé§"), "2026"),
    ],
)
def test_a_number_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert as_digits(typed) == meant
    assert read_filters(f"in:orders {typed}").text == meant
    assert reference_number(typed) == "".join(meant.upper().split())


@pytest.mark.parametrize(
    "typed", ["", "çà", "d'été", "O'Brien & Çelik", "élève", "Société (Générale)", '"Nordlys"', "L'été à Liège", "12'"]
)
def test_words_stay_as_they_are(typed: str) -> None:
    assert as_digits(typed) == typed
