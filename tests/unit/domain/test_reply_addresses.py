"""An answer goes to what can be mailed, called or written to, and to nothing else.

Seen to fail: with any text taken that holds a digit.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import BadInput
from staffdesk.domain.reply_addresses import check_reply_address


@pytest.mark.parametrize(
    "text",
    [
        "anders@nordlys.example", " Anders Bo <anders@nordlys.example> ", "jörg@bücher.example", "+45 55 55 01 42",
        "02 555 01 42", "02/555.01.42", "02.55.01.42", "(212) 555-0142",
        "Postbus 7, 9000 Gent", "Havnegade 12 1058 København",
        "Rue Haute 7\n1000 Bruxelles", "東京都千代田区千代田1-1", "12 High Street, London",
    ],
)  # fmt: skip
def test_what_can_be_answered_to(text: str) -> None:
    check_reply_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "by post", "the usual one", "ask Anna", "anders@", "anders@nordlys", "@anders", "12", "12345", "call 7",
        "1234567890123456", "000000", "12/11/2026", "2026-11-25", "192.168.1.100",
        "tomorrow at 5", "-----", "Gent, please",
    ],
)  # fmt: skip
def test_what_cannot(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_reply_address(text)
    assert text not in caught.value.sentence + caught.value.hint


@given(st.text(max_size=80))
def test_any_text_is_taken_or_refused_and_nothing_else_happens(text: str) -> None:
    with suppress(BadInput):
        check_reply_address(text)
