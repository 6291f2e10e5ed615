"""Nothing that must not be held is held, and what may be held is not refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.be import nn

from staffdesk.domain.errors import Misconfigured, MustNotBeHeld
from staffdesk.domain.screening import FieldKind, refuse_forbidden, screen, shipped
from staffdesk.domain.screening_rules import Check, Rule, ScreeningRules
from staffdesk.parameters import load, read, shaped

FULL_WIDTH = str.maketrans({ord("0") + digit: 0xFF10 + digit for digit in range(10)} | {ord(":"): 0xFF1A})
ARABIC = str.maketrans({ord("0") + digit: 0x0660 + digit for digit in range(10)})

CARDS = [
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111.1111.1111.1111",
    "4111\u00a01111\u20131111\u20111111",
    "4111 1111 1111 1111".translate(FULL_WIDTH),
    "4111111111111111".translate(ARABIC),
    "5500005555555559",
    "2223003122003222",
    "378282246310005",
    "3782 822463 10005",
    "36148900647913",
    "6011111111111117",
    "3530111333300000",
    "6703 4444 4444 4449",
    "6212345678900000003",
    "order 12 4111 1111 1111 1111 exp 12 26",
    "(card:4111111111111111)",
    *(
        f"card {sign.join(['4111', '1111', '1111', '1111'])} ok"
        for sign in (
            "\t",
            "\n",
            "/",
            ",",
            ", ",
            "|",
            " | ",
            "_",
            "\u00b7",
            ":",
            "    ",
            "'",
            "+",
            "*",
            "\\",
            "\u2019",
            " \u2022 ",
        )
    ),
    " ".join("4111111111111111"),
    "41 11 11 11 11 11 11 11",
    "411 111 111 111 1111",
    "378 282 246 310 005",
    "41111111 11111111",
    "4111 1111\n1111 1111",
    "Visa4111111111111111",
    "4111111111111111exp",
    "4111111111111111 12/27",
    "4111,1111,1111,1111,123",
    "12/27 4111111111111111",
    "card_4111111111111111",
    "".join(f"{digit}\ufe0f\u20e3" for digit in "4111111111111111"),
    "".join("\u24ff\u2776\u2777\u2778\u2779"[int(digit)] for digit in "4111111111111111"),
    *(sign.join(["4111", "1111", "1111", "1111"]) for sign in "\u034f\ufe00\ufe0f\u115f\u3164\u180b\u200b\u00ad"),
    "\u034f".join("4111111111111111"),
    "\u0336".join("4111111111111111"),
    *(
        sign.join(["4111", "1111", "1111", "1111"])
        for sign in ("<br>", "&nbsp;", "&amp;nbsp;", "%20", "</td><td>", "      ", " … ", "</p>\n<p>")
    ),
    "4111=201111=201111=201111",
    "4111=\n1111=\n1111=\n1111",
    *(
        f"411{sign}1111{sign}11111{sign}1111"
        for sign in ("<b>", "</i>", "<wbr>", '<span id="1">', "<o:p></o:p>", "&shy;", "&ZeroWidthSpace;", "<!-- 1 -->")
    ),
]
IBANS = [
    "BE68 5390 0754 7034",
    "be68539007547034",
    "my account is BE68 5390 0754 7034 thanks",
    "IBAN:DE89370400440532013000",
    "GB29 NWBK 6016 1331 9268 19",
    "GB 29 NW BK 60 16 13 31 92 68 19",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "GB29NWBK 60-16-13 31926819",
    "FR14 2004 1010 0505 0001 3M02 606",
    "NO93 8601 1117 947",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "NL91-ABNA-0417-1643-00",
    *(sign.join(["BE68", "5390", "0754", "7034"]) for sign in ("\t", "\n", "  ", "/", ", ", "_", "\u034f", "\u200b")),
    "BE 68 5390 0754 7034",
    "BE-68-5390-0754-7034",
    "IBANBE68539007547034",
    "BE68539007547034EUR",
    "BE68539007547034 GKCCBEBB",
    "BE68<b>5390</b>07547034",
    "BE68&nbsp;5390&nbsp;0754&nbsp;7034",
    "B.E.6.8.5.3.9.0.0.7.5.4.7.0.3.4",
]
NATIONAL_NUMBERS = [
    *("85.07.30-033.28", "85073003328", "nn 85 07 30 033 28.", "(85.07.30/033-28)", "85.47.30-033.17"),
    *("85.07.30\t033.28", "85.07.30\n-033.28", "85_07_30_033_28", "850730-03328", "850730(033)28", "85,07,30-033,28"),
    *("NN85073003328", "NRN-85.07.30-033.28", "-85.07.30-033.28", "85.07.30-\u034f033.28"),
    *("8507<b>30033</b>28", "85&nbsp;07&nbsp;30&nbsp;033&nbsp;28", "8 5 0 7 3 0 0 3 3 2 8", "8.5.0.7.3.0.0.3.3.2.8"),
]
TOKENS = [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "ya29.a0AfH6SMBxxxxxxxxxxxxxxxxx",
    "EAABsbCS1iHgBAKZC1234567890",
    "Authorization: Bearer abcdef0123456789",
    "access_token=abcdefghijkl",
    '{"refresh_token": "1//0abcdefgh"}',
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz",
    "rtmp://a.rtmp.youtube.com/live2/abcd-efgh-ijkl-mnop",
    "rtmps://live-api-s.facebook.com:443/rtmp/FB-123456-0-AbCdEf",
    "rtmp://live.example.com/abcd-efgh-ijkl",
    "rtsp://admin:Zomer2024!@10.0.0.5:554/h264",
    "the camera is at http://jan:geheim12@cam.example/stream",
    "yt stream key abcd-efgh-ijkl-mnop",
    "yt stream<b> key</b>&#58; abcd-efgh-ijkl-mnop",
    "https://x.test/#access_token%3Dabcdefghijkl",
    "yt stream key abcd-…",
    "my streamkey is qwer-1234-asdf-5678",
    "abcd-1234-efgh-5678 is his stream key",
    "live_123456789_abcdefghijklmnopqrstuvwxyz0123",
    "clé de stream : abcd-1234-efgh-5678",
    "https://x.test/?token=abcdefghij",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "xoxb-123456789012-abcdefabcdef",
    "AKIAIOSFODNN7EXAMPLE",
    "Authorization: Basic dXNlcjpwYXNz",
    "ya29.\u034fa0AfH6SMBx12345",
    "stream key: 123456789012",
]
PASSWORDS = [
    "pass<b>word</b>: hunter2",
    "password&#58; hunter2",
    "password: hunter2",
    "Password = x",
    "pwd: x",
    "PWD:Tulip",
    "mot de passe : tulipe",
    "wachtwoord: tulp",
    "mdp: toto",
    "Passwort: Tulpe",
    'login {"password": "abc"}',
    "password: tulip".translate(FULL_WIDTH),
    "https://example.org/?user=a&password=abc",
    "pass\u034fword: x",
    "<password>x</password>",
    '<ns:Password type="text">hunter2</ns:Password>',
    "mypassword: x",
    "password(s): x",
    "password     :     x",
    "password -> x",
    "pass=abc",
    "his password is hunter2",
]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        *((text, "card number") for text in CARDS),
        ("cvv 123", "security code"),
        *((text, "IBAN") for text in IBANS),
        *((text, "national register number") for text in NATIONAL_NUMBERS),
        *((text, "") for text in TOKENS),
        *((text, "password") for text in PASSWORDS),
    ],
)
def test_what_must_not_be_held_is_refused_with_the_reason_and_never_said_back(text: str, what: str) -> None:
    with pytest.raises(MustNotBeHeld) as refused:
        refuse_forbidden(f"He called.\n{text}\nWill call back.")
    said = refused.value.sentence + refused.value.hint + repr(refused.value) + repr(screen(text))
    assert what in refused.value.sentence
    assert refused.value.hint
    for part in text.replace(":", " ").replace("=", " ").split():
        if any(char.isdigit() for char in part):
            assert part not in said


@given(
    st.from_regex(r"4[0-9]{14}", fullmatch=True),
    st.sampled_from(["", " ", "-", "\u00a0", "  ", "\t", "\n", "/", ", ", " | ", "_"]),
    st.sampled_from([1, 2, 3, 4]),
    st.text("ab .:\n"),
)
def test_any_card_number_is_found_however_it_is_grouped(digits: str, between: str, size: int, around: str) -> None:
    number = digits + luhn.calc_check_digit(digits)
    written = between.join(number[at : at + size] for at in range(0, 16, size))
    found = screen(f"{around} {written} {around}")
    assert found is not None


@given(st.dates(), st.integers(1, 997), st.booleans())
def test_any_national_number_is_found(born: object, count: int, dotted: bool) -> None:
    day = f"{born:%y%m%d}"
    rest = f"{day}{count:03d}"
    number = f"{rest}{97 - int(rest) % 97:02d}"
    assume(dotted or not re.match(r"1[2-9]..[2-9]", number))
    written = nn.format(number) if dotted else number
    found = screen(f"number {written}")
    assert found is not None
    assert found.what.endswith("register number")


@given(st.text())
def test_no_text_makes_the_screen_fail(text: str) -> None:
    screen(text)


def test_each_rule_says_what_why_and_what_next() -> None:
    for rule in read("screening", ScreeningRules).rules:
        assert rule.what
        assert rule.reason
        assert rule.next.endswith(".")


def test_a_code_may_be_one_run_of_digits_and_a_telephone_number_any_groups_but_a_cards() -> None:
    for text in ("4111111111111111", "number 4111111111111111", "85073003328"):
        assert screen(text) is not None
        assert screen(text, FieldKind.CODE) is None
    for text in (
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "85.07.30-033.28",
        "BE68539007547034",
        "4111111111111111 12/27",
    ):
        assert screen(text, FieldKind.CODE) is not None
    for text in ("+371449635398431", "+371 449 635 398 431", "+32 475 12 34 56"):
        assert screen(text, FieldKind.PHONE) is None
    for text in ("4111111111111111", "+3714 4963 5398 431", "+4111 1111 1111 1111", "85.07.30-033.28", "85073003328"):
        assert screen(text, FieldKind.PHONE) is not None


def test_a_broken_pattern_is_named() -> None:
    table = load("screening")
    rules = table["rules"]
    assert isinstance(rules, list)
    rules[0]["pattern"] = "("
    with pytest.raises(Misconfigured, match="private_key: the pattern cannot be read"):
        shaped("screening", table, ScreeningRules)
    with pytest.raises(Misconfigured, match="needs triggers"):
        Rule(name="all", what="a", reason="b", next="c.", check=Check.PATTERN, pattern=".")


@pytest.mark.parametrize(
    "contact",
    [
        "anders@nordlys.example", "a.b+c@sub.nordlys.example", "anders @ nordlys.example",
        "anders\uff20nordlys.example", "+32 470 55 51 42", "+32 (0)470 55 51 42", "0032 2 555 12 34", "0470/55.51.42",
        "02 555 12 34", "0470555142",
        "(702) 555-0134", "702-555-0134",
    ],
)  # fmt: skip
def test_by_what_somebody_is_reached_is_found_and_taken_out(contact: str) -> None:
    text = f"He wanted {contact}, not this one"
    assert shipped().find_contact(text) is not None
    assert re.fullmatch(
        r"He wanted \((an e-mail address|a telephone number)\), not this one", shipped().without_contacts(text)
    )


@pytest.mark.parametrize(
    "number",
    [
        "C-2026-0001", "DSR-2026-000123", "BR-2026-0001", "2026-11-27 10:00:00", "01-02-2026 14:30", "01.02.2026",
        "customer 4711", "order 1000234567", "1001-2345", "T-1182", "192.168.100.12",
    ],
)  # fmt: skip
def test_the_desks_own_numbers_are_no_contact(number: str) -> None:
    assert shipped().without_contacts(f"See {number} of today") == f"See {number} of today"
