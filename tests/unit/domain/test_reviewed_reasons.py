"""What is written for the review holds nothing by which a customer, his computer or his licence is found.

Seen to fail: without the rules of a MAC address and of a serial.
"""

import pytest

from staffdesk.domain.errors import MustNotBeHeld
from staffdesk.domain.screening import shipped
from staffdesk.domain.written_reasons import reviewed_reason

WHY = "He rang about his licence and I looked it up"


@pytest.mark.parametrize(
    ("held", "what"),
    [
        ("00:1a:2b:3c:4d:5e", "a computer's address (MAC)"),
        ("00-1A-2B-3C-4D-5E", "a computer's address (MAC)"),
        ("0:1a:2b:3:4d:5e", "a computer's address (MAC)"),
        ("001a.2b3c.4d5e", "a computer's address (MAC)"),
        ("a0b1c2d3e4f5", "a computer's address (MAC)"),
        ("00\u20111A\u20112B\u20113C\u20114D\u20115E", "a computer's address (MAC)"),
        ("MR4-000123-QX", "a licence serial"),
        ("ABCDE-FGHJK-12345-KLMNP", "a licence serial"),
        ("4f9ak-2m2xx-9q1ab-zzz9z", "a licence serial"),
        ("ABCD-EFGH-JKLM-NPQR", "a licence serial"),
        ("bea@nordlys.example", "an e-mail address"),
        ("+32 470 55 51 42", "a telephone number"),
    ],
)
def test_what_finds_a_customer_is_refused_and_where_it_was_written_before_is_not_read(held: str, what: str) -> None:
    with pytest.raises(MustNotBeHeld, match="whoever reviews the log") as refused:
        reviewed_reason(f"{WHY}, {held}.")
    assert what in refused.value.sentence
    assert shipped().without_contacts(f"{WHY}, {held}.") == f"{WHY}, ({what})."


@pytest.mark.parametrize(
    "said",
    [
        "case C-2026-0042, request DSR-2026-0012 and breach BR-2026-0001",
        "invoice INV-2026-00012 of order SO-104223, ticket T-1182",
        "on 2026-11-27 at 10:30:15, and 27-11-2026 again",
        "a 24-hour-help-desk and a well-known-fact-about-it",
        "version 1.4.0 of customer 4711, licence of customer 4712",
        "he faced a defaced facade",
    ],
)
def test_numbers_of_the_desk_and_words_are_let_through(said: str) -> None:
    assert reviewed_reason(f"{WHY}, {said}") == f"{WHY}, {said}"
