from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import BadInput, MustNotBeHeld
from staffdesk.services.importing.moments import iso_moment, millisecond_moment
from staffdesk.services.importing.values import amount_of, amount_text, code_of, line_amount, phone_of


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


@pytest.mark.parametrize("value", [True, "1501611722763", Decimal("1501611722763.5")])
def test_what_is_no_time_in_milliseconds_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="milliseconds"):
        millisecond_moment(value)


@pytest.mark.parametrize("value", [-1, 0, 10**15, 10**39, -(10**39), 253_402_300_799_000, 631_151_999_999])
def test_a_time_before_the_house_or_after_tomorrow_has_not_happened(value: int) -> None:
    with pytest.raises(BadInput, match="lie between 1990-01-01 and 2 days from now"):
        millisecond_moment(value)


@pytest.mark.parametrize(
    "text",
    ["9999-12-31T23:59:59Z", "9999-12-31T23:00:00-01:00", "1989-12-31T23:59:59Z", "1990-01-01T00:30:00+01:00"],
)
def test_a_written_time_that_cannot_have_been_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"date and time|lie between"):
        iso_moment(text)


def test_a_time_lies_a_day_ahead_at_most_and_what_is_planned_years() -> None:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    tomorrow, later, far = (now + dt.timedelta(days=days) for days in (1, 3, 5 * 365))
    assert millisecond_moment(int(tomorrow.timestamp() * 1000)) == tomorrow
    assert millisecond_moment(int(far.timestamp() * 1000), planned=True) == far
    assert millisecond_moment(631_152_000_000) == dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(BadInput, match="2 days from now"):
        millisecond_moment(int(later.timestamp() * 1000))
    with pytest.raises(BadInput, match="2 days from now"):
        iso_moment(f"{later:%Y-%m-%dT%H:%M:%SZ}")
    with pytest.raises(BadInput, match="30 years from now"):
        millisecond_moment(253_402_300_799_000, planned=True)


@pytest.mark.parametrize(
    "code",
    [
        *("FUR171013-2389-33111B", "#4111111111111111", "5034235429021", "MR4-000001-QX", "1Z999AA10123456784"),
        *("00:1B:63:84:45:E6", "4.2.1", "gid://shopify/Customer/4111111111111111", "85073003328", 450789469),
    ],
)
def test_a_code_may_be_one_unbroken_run_of_digits(code: object) -> None:
    assert code_of(code, 80) == str(code)


@pytest.mark.parametrize(
    "code",
    [
        *("4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111 12/27", "BE68539007547034"),
        *(
            "BE68 5390 0754 7034",
            "85.07.30-033.28",
            "access_token=abcdefghijkl",
            "password: hunter2",
            "ya29.a0AfH6SMBx12345",
        ),
    ],
)
def test_a_code_is_screened_too(code: str) -> None:
    with pytest.raises(MustNotBeHeld):
        code_of(code, 80)


@pytest.mark.parametrize(
    "number", ["+371449635398431", "+32 475 12 34 56", "+371 449 635 398 431", "'+4555550142", "0475 12 34 56"]
)
def test_a_telephone_number_may_look_like_a_card_number(number: str) -> None:
    assert phone_of(number) == number.removeprefix("'")


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1111",
        "+3714 4963 5398 431",
        "4111111111111111",
        "+4111111111111111",
        "85.07.30-033.28",
        "BE68 5390 0754 7034",
    ],
)
def test_a_card_number_is_no_telephone_number(number: str) -> None:
    with pytest.raises(MustNotBeHeld):
        phone_of(number)


def test_milliseconds_are_kept_to_the_millisecond() -> None:
    assert millisecond_moment(1501611722763) == dt.datetime(2017, 8, 1, 18, 22, 2, 763000, dt.UTC)
