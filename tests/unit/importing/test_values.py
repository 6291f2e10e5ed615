from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import BadInput
from staffdesk.services.importing.values import amount_of, amount_text, iso_moment, line_amount, millisecond_moment


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ("183.50", "183.50"),
        (Decimal("183.5"), "183.50"),
        (Decimal("1.835E+2"), "183.50"),
        ("100", "100.00"),
        (100, "100.00"),
        ("0.0", "0.00"),
        ("-0.00", "0.00"),
        ("-12.5", "-12.50"),
        ("007.10", "7.10"),
        ("0.125", "0.125"),
        (Decimal("44.849999999999994"), "44.849999999999994"),
    ],
)
def test_an_amount_is_written_one_way_and_exactly(stated: object, written: str) -> None:
    assert amount_text(amount_of(stated)) == written


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=6), st.integers(0, 1_000_000))
def test_an_amount_read_back_is_the_same_and_a_line_is_multiplied_exactly(price: Decimal, quantity: int) -> None:
    assert Decimal(amount_text(amount_of(price))) == price
    whole = int(price.scaleb(6)) * quantity
    assert Decimal(amount_text(line_amount(price, quantity))) == Decimal(whole).scaleb(-6)


def test_the_longest_price_is_multiplied_exactly() -> None:
    assert line_amount(Decimal("123456789012345.12345678901234567891"), 3) == Decimal(
        "370370367037035.37037036703703703673"
    )


@pytest.mark.parametrize(
    "value", ["", "1,50", "1.234,00", "$5", "1e5", "٣", "--1", "1.", True, None, [], "9" * 16, Decimal("1E+15")]
)
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="it is not an amount"):
        amount_of(value)


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-05 10:00:00 -0500",
        "2025-01-05T10:00:00-05:00",
        "2025-01-05T15:00:00Z",
        "2025-01-05T15:00:00.123Z",
        "2025-01-05 15:00:00 UTC",
        "2025-01-06 00:30:00 +0930",
    ],
)
def test_a_time_is_given_in_utc(text: str) -> None:
    moment = iso_moment(text)
    assert moment == dt.datetime(2025, 1, 5, 15, tzinfo=dt.UTC)
    assert moment.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    "text", ["2025-01-05", "2025-01-05 10:00:00", "05/01/2025 10:00:00 +0100", "0001-01-01T00:00:00+01:00", 5, None]
)
def test_a_time_without_a_zone_or_out_of_the_calendar_is_refused(text: object) -> None:
    with pytest.raises(BadInput, match="date and time"):
        iso_moment(text)


@pytest.mark.parametrize("value", [-1, 10**15, True, "1501611722763", Decimal("1501611722763.5")])
def test_what_is_no_time_in_milliseconds_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="milliseconds"):
        millisecond_moment(value)


def test_milliseconds_are_kept_to_the_millisecond() -> None:
    assert millisecond_moment(1501611722763) == dt.datetime(2017, 8, 1, 18, 22, 2, 763000, dt.UTC)
