"""Numbers and words written with letters for figures or figures for letters, and what only looks written so."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.bench.screening_corpus import numbers
from tests.bench.screening_corpus.texts import CARRIERS, Text

ALIKE: Final = (
    "SN 4O11-OO1l-11I1-111Z",
    "firmware l0.12.4, not 1O.6.8",
    "model O1I0 2200 1100",
    "part no. 4OO1-1I2",
    "bits IO10 0101 1OO1 0011",
    "MAC 0O:1b:63:84:45:e6",
    "timecode Ol:00:12:24 to 10:02:l1:05",
    "1080i50 720p60 2160p25 1080i59 2160p50",
    "4k60 4k30 2k25 1k24 8k12 4k50",
    "0x1f 0x2e 0x3d 0x4c 0x5b",
    "4a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "1e2f3a4b-5c6d-7e8f-9a0b-1c2d3e4f5a6b",
    "tracks 1L 1R 2L 2R 3L 3R 4L 4R 5L 5R 6L 6R",
    "1L1R2L2R3L3R4L4R5L5R6L6R",
    "pins 1a2a3a4a5a6a7a8a9a0a1a2a3",
    "crates of 12l 14l 16l 10l 20l 30l 40l",
    "l0 ms delay and a buffer of 1O0 ms",
    "O1 to O9 are inputs, 1O to 16 outputs",
    "4l11 1111 1111 1112",
    "BE68 5390 O754 7O35",
    "85.O7.30-033.29",
    "licence 4OO1-1lI0-22I1-9OO8",
    "the pass band: 20 Hz to 20 kHz",
    "pass 1: analyse, pass 2: encode",
    "p4 and p5: no signal",
    "PA55: the amplifier hums",
    "P@S: product at site",
    "w0rd clock: internal",
    "word clock: 48 kHz",
    "p4ssthrough: on",
    "a5 s5: portrait",
    "code 5: no input",
    "the login code was not accepted",
    "inlogcode vergeten, nieuwe gestuurd",
    "the access code is wrong, he asks for a new one",
    "de inlogcode werkt niet meer",
    "Zugangscode abgelaufen",
    "code d'accès refusé",
    "login code for the 2nd studio expired",
    "toegangscode niet ontvangen op kanaal 12",
    "a pregnant pause before the picture comes",
    "after a pregnant silence the audio came back",
    "pregnant pauses in the stream, every ten minutes",
    "H264 at 4M5, then H265 at 3M2",
    "S3 bucket, B2B portal, P2P link, 5G and 4G",
    "anna.p4ss@word.example",
)
"""What may be held; some of it an employee writes every week."""

_SECRETS: Final = string.ascii_letters + string.digits
_FIGURES: Final = {"a": "4@", "e": "3", "o": "0", "s": "5$"}
_WORDS: Final = ("password", "passwort", "passphrase", "passcode", "wachtwoord", "paswoord", "kennwort")
_CODES: Final = ("inlogcode", "login code", "access code", "toegangscode", "code d'accès", "Zugangscode")


def held(chance: random.Random, each: int) -> Iterator[Text]:
    """Yield ``each`` texts of every disguise."""
    for family, make in _HELD.items():
        for _ in range(each):
            yield Text(chance.choice(CARRIERS).format(make(chance)), family, held=True)


def alike(chance: random.Random, each: int) -> Iterator[Text]:
    """Yield ``each`` texts that only look disguised."""
    for _ in range(each):
        yield Text(chance.choice(CARRIERS).format(chance.choice(ALIKE)), "letters_and_figures", held=False)


def _lettered(chance: random.Random, number: str) -> str:
    """Put a letter in the place of some of the noughts and ones, and of one at least where there is any."""
    places = [at for at, sign in enumerate(number) if sign in "01"]
    for at in chance.sample(places, min(len(places), chance.randint(1, 3))):
        number = f"{number[:at]}{chance.choice('Oo' if number[at] == '0' else 'lI')}{number[at + 1 :]}"
    return number


def _card(chance: random.Random) -> str:
    body = f"4{chance.randrange(10**12):012d}01"
    return body + numbers.luhn_digit(body)


def _card_with_letters(chance: random.Random) -> str:
    whole = _card(chance)
    return _lettered(chance, chance.choice(("", " ", "-", ".")).join(whole[at : at + 4] for at in range(0, 16, 4)))


def _register_number_with_letters(chance: random.Random) -> str:
    whole = numbers.register_number(chance)
    return _lettered(chance, f"{whole[:2]}.{whole[2:4]}.{whole[4:6]}-{whole[6:9]}.{whole[9:]}")


def _card_joined(chance: random.Random) -> str:
    whole = _card(chance)
    letters = [chance.choice(string.ascii_letters) for _ in whole] if chance.random() < 0.5 else ["x"] * len(whole)
    return "".join(map("".join, zip(whole, letters, strict=True)))[:-1]


def _password_in_figures(chance: random.Random) -> str:
    word = list(chance.choice(_WORDS))
    places = [at for at, letter in enumerate(word) if letter in _FIGURES]
    for at in chance.sample(places, chance.randint(1, len(places))):
        word[at] = chance.choice(_FIGURES[word[at]])
    return f"{''.join(word)}{chance.choice((': ', '=', ' = '))}{''.join(chance.choices(_SECRETS, k=8))}"


def _code_told(chance: random.Random) -> str:
    secret = f"{chance.choice(('Welkom', 'Sommer', 'Soleil', 'studio', 'Kamera'))}{chance.randint(10, 9999)}"
    return f"{chance.choice(_CODES)}{chance.choice((' ', ': ', ' is '))}{secret}"


_HELD: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "card_with_letters": _card_with_letters, "card_joined": _card_joined,
    "register_number_with_letters": _register_number_with_letters, "password_in_figures": _password_in_figures,
    "code_told": _code_told,
}  # fmt: skip
