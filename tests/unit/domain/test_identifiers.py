"""What somebody typed: which identifier it is, and the one form each is stored and looked up in."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import (
    Identifier,
    normal_email,
    normal_ip,
    normal_mac,
    normal_number,
    recognise,
)
from staffdesk.domain.phone_numbers import normal_phone, phone_candidates
from staffdesk.domain.words import terms

ANY_TEXT = st.text(st.characters(exclude_categories=()))
MAC_BYTES = st.binary(min_size=6, max_size=6)
COUNTRIES = ("BE", "FR", "NL", "DE", "LU", "GB", "US")

EMAIL, ORDER, INVOICE, CASE = Identifier.EMAIL, Identifier.ORDER, Identifier.INVOICE, Identifier.CASE
TICKET = Identifier.TICKET
REQUEST, SERIAL, MAC, IP = Identifier.REQUEST, Identifier.SERIAL, Identifier.MAC, Identifier.IP
CUSTOMER, PHONE, WORDS = Identifier.CUSTOMER, Identifier.PHONE, Identifier.WORDS


def value(text: str, kind: Identifier) -> str | None:
    return next((reading.value for reading in recognise(text) if reading.kind is kind), None)


def kinds(text: str) -> list[Identifier]:
    return [reading.kind for reading in recognise(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FUR171013-2389-33111B", [ORDER, INVOICE, SERIAL, WORDS]),
        ("SO-20418", [ORDER, INVOICE, WORDS]),
        ("#1001", [ORDER, INVOICE, TICKET, WORDS]),
        ("20418001", [ORDER, INVOICE, TICKET, SERIAL, PHONE, WORDS]),
        ("Ticket #4711", [TICKET, WORDS]),
        ("ticket 4711b", [WORDS]),
        ("C-2026-0001", [CASE, ORDER, INVOICE, WORDS]),
        ("dsr-2026-0001", [REQUEST]),
        ("Customer  4711", [CUSTOMER, WORDS]),
        ("customer 0", [WORDS]),
        ("customer 4711b", [WORDS]),
        ("ABCD-EFGH-IJKL-MNOP", [SERIAL, WORDS]),
        ("Jean-Pierre-Marie", [WORDS]),
        ("Studio 54", [WORDS]),
        ("dupont", [WORDS]),
        ("aa:bb:cc:dd:ee:ff", [MAC]),
        ("A1-B2-C3-D4-E5-F6", [MAC]),
        ("aabb.ccdd.eeff", [MAC]),
        ("aabbccddeeff", [MAC, WORDS]),
        ("a1b2c3d4e5f6", [MAC, ORDER, INVOICE, SERIAL, WORDS]),
        ("192.0.2.10", [IP]),
        ("18.2.1.4", [IP]),
        ("2001:DB8::10", [IP]),
        ("+32 2 555 01 23", [PHONE]),
        ("02 555 01 23", [PHONE, ORDER, INVOICE, SERIAL, WORDS]),
        ("(639) 372 1289", [PHONE, WORDS]),
        ("(+32) 2 555 01 23", [PHONE, WORDS]),
        ("555-625-1199", [ORDER, INVOICE, SERIAL, PHONE, WORDS]),
        ("anna@example.org", [EMAIL]),
        ("anna@", [WORDS]),
        ("anna@localhost", [WORDS]),
        ("\u7530", [WORDS]),
        ("an", []),
        ("", []),
        ("  ", []),
    ],
)
def test_what_the_box_takes_a_text_for(text: str, expected: list[Identifier]) -> None:
    assert kinds(text) == expected
    assert kinds(f"  {text} ") == expected


def test_numbers_are_compared_in_capitals_without_the_hash_and_with_plain_dashes() -> None:
    assert value(" fur171013\u20132389\u201333111b ", ORDER) == "FUR171013-2389-33111B"
    assert value("#1001", ORDER) == value("1001", INVOICE) == "1001"
    assert value("1234 5678 9012", SERIAL) == "123456789012"
    assert normal_number("\uff03\uff11\uff10\uff10\uff11") == "1001"
    assert normal_number("so - 20418") == "SO-20418"
    for empty in ("", " # ", "\u200b"):
        with pytest.raises(BadInput, match="empty"):
            normal_number(empty)


@given(MAC_BYTES)
def test_a_mac_address_is_one_address_in_every_notation(mac: bytes) -> None:
    normal = mac.hex(":").upper()
    dotted = ".".join(mac.hex()[at : at + 4] for at in (0, 4, 8))
    short = ":".join(f"{byte:x}" for byte in mac)
    for notation in (
        normal,
        mac.hex(":"),
        mac.hex("-"),
        mac.hex("-").upper(),
        mac.hex(),
        mac.hex().upper(),
        dotted,
        short,
    ):
        assert normal_mac(notation) == normal_mac(f" {notation} ") == normal
        assert value(notation, MAC) == normal


@pytest.mark.parametrize(
    "text", ["", "aa:bb:cc:dd:ee", "aa:bb:cc:dd:ee:fg", "aa:bb-cc:dd:ee:ff", "aabbccddeeff00", "1-2-3-4-5-6"]
)
def test_what_is_no_mac_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not a MAC address"):
        normal_mac(text)


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_is_one_address_however_long_it_is_written(address: ipaddress.IPv6Address) -> None:
    assume(address.ipv4_mapped is None)
    assert (
        normal_ip(address.exploded.upper()) == normal_ip(f"[{address}]") == normal_ip(f"{address}%en0") == str(address)
    )
    assert value(address.exploded, IP) == str(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_mapped_into_ipv6_is_the_same_address(address: ipaddress.IPv4Address) -> None:
    assert normal_ip(f"::ffff:{address}") == normal_ip(str(address)) == str(address)


@pytest.mark.parametrize("text", ["", "192.0.2", "192.0.2.256", "192.0.2.10:80", "::g", "1001"])
def test_what_is_no_ip_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not an IP address"):
        normal_ip(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Anna.Holm@Example.ORG", "anna.holm@example.org"),
        (" anna@example.org. ", "anna@example.org"),
        ("anna\u200b@example.org", "anna@example.org"),
        ("O'Brien+shop@example.org", "o'brien+shop@example.org"),
        ("\u00c5nna@example.org", "\u00e5nna@example.org"),
        ("A\u030anna@example.org", "\u00e5nna@example.org"),
        ("anna@EX\u00c4MPLE.org", "anna@xn--exmple-cua.org"),
        ("anna@xn--EXMPLE-cua.org", "anna@xn--exmple-cua.org"),
        ("anna\uff20example.org", "anna@example.org"),
    ],
)
def test_an_email_address_is_found_however_it_is_written(text: str, normal: str) -> None:
    assert normal_email(text) == normal
    assert value(text, EMAIL) == normal


def test_an_email_address_is_taken_out_of_what_was_pasted() -> None:
    assert value("Anna Holm <Anna@example.org>", EMAIL) == "anna@example.org"
    assert value("mailto:anna@example.org", EMAIL) == "anna@example.org"
    assert value("<mailto:anna@example.org>", EMAIL) == "anna@example.org"


@pytest.mark.parametrize(
    "text", ["", "anna", "@example.org", "anna@", "a@b@c.org", "an na@example.org", "anna@.", "anna@\u00e4..org"]
)
def test_what_is_no_email_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        normal_email(text)
    assert refusal.value.sentence == "This is not an e-mail address."
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("02 555 01 23", "BE", "3225550123"),
        ("02/555.01.23", "be", "3225550123"),
        ("+32 (0)2 555 01 23", None, "3225550123"),
        ("0032 2 555 01 23", None, "3225550123"),
        ("0032 2 555 01 23", "US", "3225550123"),
        ("\uff0b32 2 555 01 23", None, "3225550123"),
        ("\u0660\u0662 \u0665\u0665\u0665 \u0660\u0661 \u0662\u0663", "BE", "3225550123"),
        ("02 555 01 23 ext. 12", "BE", "3225550123"),
        ("555-625-1199", "US", "15556251199"),
        ("(639) 372 1289", "CA", "16393721289"),
        ("+557734881234", None, "557734881234"),
        ("06 1234 5678", "IT", "390612345678"),
        ("02 555 01 23", None, "025550123"),
        ("02 555 01 23", "ZZ", "025550123"),
        ("025550123", "FR", "025550123"),
        ("625-1199", "US", "6251199"),
        ("n/a", "BE", None),
        ("12", "BE", None),
        ("", None, None),
    ],
)
def test_a_telephone_number_is_stored_as_the_whole_world_dials_it(
    text: str, country: str | None, digits: str | None
) -> None:
    assert normal_phone(text, country) == digits


@pytest.mark.parametrize(
    "typed", ["02 555 01 23", "025550123", "+32 2 555 01 23", "0032 2 5550123", "+32 (0)2 555.01.23", "(02) 555 01 23"]
)
@pytest.mark.parametrize("country", ["BE", None])
def test_a_number_is_found_in_every_notation(typed: str, country: str | None) -> None:
    for stored in ("02 555 01 23", "+3225550123"):
        assert normal_phone(stored, country) in phone_candidates(typed)


@given(st.sampled_from(COUNTRIES), st.integers(10**5, 10**10 - 1), st.booleans())
@example("LU", 1566010000, False)
def test_a_number_stored_with_a_country_is_found_as_typed_there(country: str, number: int, zero: bool) -> None:
    typed = f"0{number}" if zero else str(number)
    stored = normal_phone(typed, country)
    assert stored in phone_candidates(typed)
    assert stored in phone_candidates(typed.replace("5", "5 "))


@given(
    st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)),
    st.from_regex(r"[01]{0,4}[0-9]{0,12}", fullmatch=True),
    st.sampled_from([None, "BE", "US", "IT", "GG"]),
)
@example(1, "17025550123", None)
@example(39, "0612345678", "IT")
def test_a_number_written_without_a_space_is_stored_as_one_with_a_space(
    code: int, national: str, country: str | None
) -> None:
    typed = f"+{code}{national}"
    assert normal_phone(typed, country) == normal_phone(f"{typed[:-1]} {typed[-1]}", country)


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_real_number_is_found_nationally_internationally_and_from_the_reading(country: str) -> None:
    number = phonenumbers.example_number(country)
    assert number is not None
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    international = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    stored = {normal_phone(national, country), normal_phone(international, None)}
    assert len(stored) == 1
    bare = normal_phone(national, None)
    for typed in (national, international):
        reading = value(typed, PHONE)
        assert reading is not None
        for text in (typed, reading):
            assert stored <= set(phone_candidates(text))
            assert bare in phone_candidates(text)


@given(ANY_TEXT | st.from_regex(r"(\+|00|0)?[0-9]{3,15}", fullmatch=True))
@example("15556251199")
def test_few_numbers_are_looked_up(text: str) -> None:
    found = phone_candidates(text)
    assert len(found) <= 16
    assert len(set(found)) == len(found)
    assert all(digits.isascii() and digits.isdecimal() for digits in found)
    assert phone_candidates("no number") == ()


@given(st.one_of(ANY_TEXT, st.from_regex(r"[-A-Z0-9#+@:. ()/]{0,20}", fullmatch=True)))
def test_whatever_is_typed_each_reading_is_in_the_form_its_kind_is_stored_in(text: str) -> None:
    normals: dict[Identifier, Callable[[str], str | None]] = {
        EMAIL: normal_email,
        MAC: normal_mac,
        IP: normal_ip,
        PHONE: lambda digits: phone_candidates(digits)[0] if not digits.startswith("00") else digits,
        WORDS: lambda words: " ".join(terms(words)),
    }
    readings = recognise(text)
    assert len({reading.kind for reading in readings}) == len(readings)
    for reading in readings:
        assert normals.get(reading.kind, normal_number)(reading.value) == reading.value
        assert repr(reading.value) not in repr(reading)


@given(ANY_TEXT)
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    normals: tuple[Callable[[str], str], ...] = (normal_email, normal_number, normal_mac, normal_ip)
    for normal in normals:
        for given_text in (text, f"a{text}@example.org", f"a@{text}.example"):
            try:
                once = normal(given_text)
            except BadInput:
                continue
            assert normal(once) == once
