"""Nothing that must not be held is held, and what may be held is not refused."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.be import nn

from staffdesk.domain.errors import Misconfigured, MustNotBeHeld
from staffdesk.domain.screening import Check, Rule, ScreeningRules, refuse_forbidden, screen
from staffdesk.parameters import load, read, shaped

REALDATA = Path(__file__).parents[4] / "shared" / "realdata"

FULL_WIDTH = str.maketrans({ord("0") + digit: 0xFF10 + digit for digit in range(10)} | {ord(":"): 0xFF1A})
ARABIC = str.maketrans({ord("0") + digit: 0x0660 + digit for digit in range(10)})

CARDS = [
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111.1111.1111.1111",
    "4111\u00a01111\u20131111\u20111111",
    "4111 1111 1111 1111".translate(FULL_WIDTH),
    "4111111111111111".translate(ARABIC),
    "4222222222222",
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
]
IBANS = [
    "BE68 5390 0754 7034",
    "be68539007547034",
    "my account is BE68 5390 0754 7034 thanks",
    "IBAN:DE89370400440532013000",
    "GB29 NWBK 6016 1331 9268 19",
    "FR14 2004 1010 0505 0001 3M02 606",
    "NO93 8601 1117 947",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "NL91-ABNA-0417-1643-00",
]
NATIONAL_NUMBERS = ["85.07.30-033.28", "85073003328", "nn 85 07 30 033 28.", "(85.07.30/033-28)", "85.47.30-033.17"]
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
    "yt stream key abcd-efgh-ijkl-mnop",
    "yt stream key abcd-…",
    "my streamkey is qwer-1234-asdf-5678",
    "abcd-1234-efgh-5678 is his stream key",
    "live_123456789_abcdefghijklmnopqrstuvwxyz0123",
    "clé de stream : abcd-1234-efgh-5678",
]
PASSWORDS = [
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
]
MAY_BE_HELD = [
    "",
    "Anders Bo",
    "Élodie O'Brien-Núñez",
    "FUR171013-2389-33111B",
    "SO-20418",
    "450789469",
    "Order 5034235429021 shipped",
    "4111 1111 1111 1112",
    "411111111111111",
    "9111111111111111",
    "SN4111111111111111B",
    "S/N 1234-5678-9012-3456",
    "MR-7F3A-22B1-9C0D",
    "00:1B:63:84:45:E6",
    "AA-BB-CC-11-22-33",
    "001b.6384.45e6",
    "192.168.100.123",
    "2001:db8::ff00:42:8329",
    "18.2.1.4",
    "OnTheFly Video 4.2.1 build 20261122",
    "+32 2 274 48 00",
    "+32 475 12 34 56",
    "32475123456",
    "32475000083",
    "0475 12 34 56 / 0475 65 43 21",
    "001 (555) 123-4567, 001 (555) 765-4321",
    "2026-11-22 10:29:33",
    "2026-11-22 2026-11-23",
    "BE0417.497.106",
    "VAT BE 0417 497 106",
    "BE68 5390 0754 7035",
    "85.07.30-033.29",
    "1Z999AA10123456784",
    "JJD0099999999",
    "forgot his password",
    "his password is wrong",
    "Password:",
    "password: ",
    "Password: ********",
    "password: …",
    "compass: north",
    "passport: seen at the fair",
    "secretary: Anna",
    "key: F1",
    "the stream key is missing",
    "he lost his stream key and asks for help",
    "rtmp://a.rtmp.youtube.com/live2",
    "rtmp://192.168.1.5/live",
    "the bearer of this letter",
    "bearer bonds 2024",
    "live_view of the encoder",
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


@pytest.mark.parametrize("text", MAY_BE_HELD)
def test_numbers_addresses_and_words_of_every_day_may_be_held(text: str) -> None:
    assert screen(text) is None
    refuse_forbidden(text)


@given(
    st.from_regex(r"4[0-9]{14}", fullmatch=True), st.sampled_from(["", " ", "-", "\u00a0", "  "]), st.text("ab .:\n")
)
def test_any_card_number_is_found_however_it_is_grouped(digits: str, between: str, around: str) -> None:
    number = digits + luhn.calc_check_digit(digits)
    written = between.join(number[at : at + 4] for at in range(0, 16, 4))
    found = screen(f"{around} {written} {around}")
    assert found is not None


@given(st.dates(), st.integers(1, 997), st.booleans())
def test_any_national_number_is_found(born: object, count: int, dotted: bool) -> None:
    day = f"{born:%y%m%d}"
    rest = f"{day}{count:03d}"
    number = f"{rest}{97 - int(rest) % 97:02d}"
    written = nn.format(number) if dotted else number
    found = screen(f"number {written}")
    assert found is not None
    assert found.what.endswith("register number")


@given(st.text())
def test_no_text_makes_the_screen_fail(text: str) -> None:
    screen(text)


def test_foreign_texts_with_accounts_and_cards_are_caught_and_the_others_are_not() -> None:
    file = REALDATA / "pii-text" / "synth_dataset_v2.json"
    if not file.exists():
        pytest.skip("the texts beside the project are not here")
    missed: dict[str, int] = {"CREDIT_CARD": 0, "IBAN_CODE": 0}
    wrongly = 0
    for sample in json.loads(file.read_text(encoding="utf-8")):
        kinds = {span["entity_type"] for span in sample["spans"]} & set(missed)
        found = screen(sample["full_text"])
        wrongly += found is not None and not kinds
        for kind in kinds if found is None else ():
            missed[kind] += 1
    # Of 136 card numbers 10 have twelve digits and 8 a prefix that no brand issues.
    assert missed == {"CREDIT_CARD": 18, "IBAN_CODE": 0}
    assert wrongly == 0


def test_no_order_ticket_or_letter_we_were_given_is_refused() -> None:
    folders = ("store-fastspring", "store-shopify", "helpdesk-freshdesk", "dsr-letters", "eml-replies")
    if not REALDATA.exists():
        pytest.skip("the files beside the project are not here")
    files = [file for folder in folders for file in (REALDATA / folder).rglob("*") if file.is_file()]
    lines = [line for file in files for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    assert len(lines) > 1000
    assert [found.name for line in lines if (found := screen(line))] == []


def test_a_text_without_digits_or_keywords_costs_microseconds() -> None:
    screen("warm")
    texts = ("Anders Bo", "Nordlys Post ApS", "Bruxelles", "anders.bo@example.org", "Rue de la Presse 35", "Élodie")
    best = min(_seconds(texts) for _ in range(5))
    assert best / len(texts) < 50e-6


def _seconds(texts: tuple[str, ...]) -> float:
    start = time.process_time()
    for _ in range(500):
        for text in texts:
            screen(text)
    return (time.process_time() - start) / 500


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "1111-", "BE68", "a", "eyJ", "stream key ", "password ", "abcd-", "bearer "]
)
def test_a_long_text_made_to_be_slow_is_not(piece: str) -> None:
    start = time.process_time()
    screen(piece * (20_000 // len(piece)))
    assert time.process_time() - start < 5


def test_each_rule_says_what_why_and_what_next() -> None:
    for rule in read("screening", ScreeningRules).rules:
        assert rule.what
        assert rule.reason
        assert rule.next.endswith(".")


def test_a_broken_pattern_is_named() -> None:
    table = load("screening")
    rules = table["rules"]
    assert isinstance(rules, list)
    rules[0]["pattern"] = "("
    with pytest.raises(Misconfigured, match="private_key: the pattern cannot be read"):
        shaped("screening", table, ScreeningRules)
    with pytest.raises(Misconfigured, match="needs triggers"):
        Rule(name="all", what="a", reason="b", next="c.", check=Check.PATTERN, pattern=".")
