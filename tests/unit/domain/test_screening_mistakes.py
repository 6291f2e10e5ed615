"""What may be held is not refused, and asking costs little, also of a text made to be slow."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from staffdesk.domain.screening import FieldKind, refuse_forbidden, screen

REALDATA = Path(__file__).parents[4] / "shared" / "realdata"

MAY_BE_HELD = [
    "",
    "Anders Bo",
    "Élodie O'Brien-Núñez",
    "FUR171013-2389-33111B",
    "SO-20418",
    "450789469",
    "Al15145 / Ber15145",
    "LU60804 / DE60804 remplacés hier chez le client",
    "LU35009 / DE35009 on the desk",
    "LU15792 / DE15792 liggen klaar op het bureau",
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
    "password: forgot it",
    "password: he forgot it",
    "wachtwoord: vergeten",
    "mot de passe : oublié",
    "<password></password>",
    "<password>****</password>",
    "his password is wrong since iOS 17",
    "CVV 720 error",
    "stream key problem: 123456789012",
    "stream key missing since 2026-11-22",
    "the stream key of the real-time encoder",
    "5034235429021",
    "4222222222222",
    "Order no 5034235429021",
    "17025551234",
    "1-702-555-1234",
    "415-555-1234\n415-555-9876",
    "06 12 34 56 78 / 06 98 76 54 32",
    "01:00:00:00 - 01:02:03:04",
    "2001, 2002, 2003, 2004",
    "2600:1700:1234:5678:9abc:0:0:1",
    "1Z999AA10123456784 and JD014600003812345678",
    "44.849999999999994",
    "4,5,6,7,8,9,10,11,12,13,14,15",
    "0 4 7 5 1 2 3 4 5 6 7",
    "<width>4111</width><height>1111</height><rate>1111</rate><port>1111</port>",
    "<li>4111</li><li>SO-1111</li><li>1111</li><li>1111</li>",
    "4111\t1111\t1111\t1111\t2026",
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
    "rtsp://user:password@host/stream",
    "rtsp://admin:****@10.0.0.5:554/h264",
    "http://10.0.0.5:8080/cam@2x.png",
    "https://video.example:443/a?to=jan@example.org",
    "ssh://git@host:22/repo.git",
    "password: (empty)",
    "rtmp://192.168.1.5/live",
    "the bearer of this letter",
    "bearer bonds 2024",
    "live_view of the encoder",
]


@pytest.mark.parametrize("text", MAY_BE_HELD)
def test_numbers_addresses_and_words_of_every_day_may_be_held(text: str) -> None:
    assert screen(text) is None
    refuse_forbidden(text)


@pytest.mark.parametrize("text", MAY_BE_HELD)
def test_what_may_be_held_may_be_said_of_somebody_too(text: str) -> None:
    assert screen(text, FieldKind.NOTE) is None


def test_hardly_a_telephone_number_of_north_america_is_taken_for_a_register_number() -> None:
    """Of those of Las Vegas one in fifty has the check digits of a register number."""
    assert not [number for number in range(10_000) if screen(f"1702555{number:04d}")]


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
    # Of 136 card numbers 10 have twelve digits, 11 are Visa's old ones of thirteen, 8 have a prefix no brand issues.
    assert missed == {"CREDIT_CARD": 29, "IBAN_CODE": 0}
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
    "piece",
    [
        *(
            "1",
            "1 ",
            "4 ",
            "62 ",
            "411 ",
            "4111 ",
            "4111,",
            "1 2  3   ",
            "4111 1111 1111 111",
            "1111-",
            "4\u034f",
            "\u0301",
        ),
        *("BE68", "BE ", "be6", "BE\n", "85.07.30-", "850730", "a", "eyJ", "stream key ", "stream key aaaa", "abcd-"),
        *("password ", "<password", "<password>", "password is ", "?token=", "Authorization: basic ", "bearer ", "sk_"),
    ],
)
def test_a_long_text_made_to_be_slow_is_not(piece: str) -> None:
    start = time.process_time()
    screen(piece * (20_000 // len(piece)))
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "1 ",
            "abcd-",
            "password ",
            "key a ",
            "key ab12-",
            "login / ",
            "pin code ",
            "token a1",
            "dash a ",
            "u/",
            "@a",
        ),
        *(
            "he is ",
            "Karim is ",
            "he is a ",
            "polish ",
            "polish, ",
            "born in ",
            "his ",
            "national register ",
            "\n",
            ". ",
        ),
        *("with the ", "x@x.", "birth ", "discord a", "his facebook.com/", "film a ", "de "),
    ],
)
def test_a_long_note_made_to_be_slow_is_not(piece: str) -> None:
    screen("warm", FieldKind.NOTE)
    start = time.process_time()
    screen(piece * (20_000 // len(piece)), FieldKind.NOTE)
    assert time.process_time() - start < 1
