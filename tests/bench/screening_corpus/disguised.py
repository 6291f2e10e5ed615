"""What must not be held, written so that a plain search does not see it, and what only looks written so."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.bench.screening_corpus import numbers
from tests.bench.screening_corpus.texts import CARRIERS, Text

_WORDS: Final = (
    "password", "passphrase", "wachtwoord", "paswoord", "mot de passe", "kennwort", "passwort", "pwd", "mdp",
)  # fmt: skip
_CYRILLIC: Final = {
    "a": "\u0430", "e": "\u0435", "o": "\u043e", "p": "\u0440", "c": "\u0441", "s": "\u0455", "d": "\u0501",
    "w": "\u051d", "h": "\u04bb", "k": "\u043a", "r": "\u0433",
}  # fmt: skip
_GREEK: Final = {"a": "\u03b1", "o": "\u03bf", "p": "\u03c1", "k": "\u03ba"}
_LARGE: Final = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_WIDE: Final = str.maketrans({str(digit): chr(0xFF10 + digit) for digit in range(10)})


def held(chance: random.Random, each: int) -> Iterator[Text]:
    """Yield ``each`` texts of every disguise."""
    for family, make in _HELD.items():
        for _ in range(each):
            yield Text(chance.choice(CARRIERS).format(make(chance)), family, held=True)


def alike(chance: random.Random, each: int) -> Iterator[Text]:
    """Yield ``each`` texts of every kind that only looks disguised."""
    for family, make in _ALIKE.items():
        for _ in range(each):
            yield Text(chance.choice(CARRIERS).format(make(chance)), family, held=False)


def _card(chance: random.Random) -> str:
    body = f"4{chance.randrange(10**14):014d}"
    return body + numbers.luhn_digit(body)


def _letters(chance: random.Random, least: int = 0) -> str:
    return "".join(chance.choices(string.ascii_letters, k=chance.randint(least, 3)))


def _card_between_letters(chance: random.Random) -> str:
    whole, letter = _card(chance), chance.choice("xX")
    return chance.choice(
        (
            f"{_letters(chance, 1)}{whole}{_letters(chance, 1)}",
            f"card:{whole}",
            f"card{whole}{_letters(chance)}",
            letter.join(whole[at : at + 4] for at in range(0, 16, 4)),
            whole.translate(_WIDE),
        )
    )


def _password(chance: random.Random, word: str) -> str:
    secret = "".join(chance.choices(string.ascii_letters + string.digits, k=chance.randint(4, 12)))
    return f"{word}{chance.choice((': ', ' : ', '=', ' = '))}{secret}"


def _spelled(chance: random.Random) -> str:
    word, sign = chance.choice(_WORDS), chance.choice(" .-_*")
    word = word.upper() if chance.random() < 0.3 else word
    apart = "   ".join(sign.join(part) for part in word.split())
    return _password(chance, apart if chance.random() < 0.5 else sign.join(word.replace(" ", "")))


def _foreign_letters(chance: random.Random) -> str:
    word, letters = chance.choice(_WORDS), chance.choice((_CYRILLIC, _GREEK))
    there = sorted({letter for letter in word if letter in letters}) or ["d"]
    some = chance.sample(there, chance.randint(1, len(there)))
    return _password(
        chance, word.translate(str.maketrans("".join(some), "".join(letters.get(letter, letter) for letter in some)))
    )


def _large(chance: random.Random) -> str:
    return _password(chance, chance.choice(_WORDS)).translate(_LARGE)


def _foreign_account(chance: random.Random) -> str:
    whole = numbers.iban(chance)
    large = {"B": "\u0412", "E": "\u0415", "T": "\u0422", "A": "\u0410", "C": "\u0421", "H": "\u041d", "S": "\u0405"}
    country = whole[:2].translate(str.maketrans("".join(large), "".join(large.values())))
    return country + whole[2:]


def _long_serial(chance: random.Random) -> str:
    word = chance.choice(
        ("serial ", "S/N ", "SN", "serienummer: ", "num\u00e9ro de s\u00e9rie ", "Seriennummer ", "dongle ")
    )
    letters = "".join(chance.choices(string.ascii_uppercase, k=chance.randint(1, 2)))
    body = f"{chance.choice('45632')}{numbers.some_digits(chance, chance.randint(11, 15))}"
    return f"{word}{letters}{body}{chance.choice(string.ascii_uppercase)}"


def _letters_apart(chance: random.Random) -> str:
    return chance.choice(
        (
            "outputs A B C D: all fine",
            "the plug is N D I : see page 4",
            "P T Z = camera 2",
            "keys w a s d : move the picture",
            "A/B/C: three takes",
            f"U.S.A. : {numbers.some_digits(chance, 4)} boxes",
            "e.g. : as before",
            "R.S.V.P. : by Friday",
            "p.a.s. = power amplifier set",
            "tracks L R C S : mapped",
            "c v b s: no signal",
        )
    )


def _other_scripts(chance: random.Random) -> str:
    return chance.choice(
        (
            "\u043f\u0430\u0440\u0430 \u043a\u0430\u0431\u0435\u043b\u0435\u0439: \u0434\u0432\u0430",
            "\u0421\u043e\u0444\u0442\u0440\u043e\u043d: \u043d\u043e\u0432\u044b\u0439 \u0440\u0435\u043b\u0438\u0437",
            "\u043f\u0440\u0438\u0432\u0435\u0442, \u0432\u0441\u0435 \u0440\u0430\u0431\u043e\u0442\u0430\u0435\u0442",
            "\u03b7 \u03b5\u03b9\u03ba\u03cc\u03bd\u03b1 \u03b5\u03af\u03bd\u03b1\u03b9 \u03bc\u03b1\u03cd\u03c1\u03b7",
            f"{chance.randint(2, 90)} \u00b5s = too late",
            "\u0391\u03bd\u03bd\u03b1 \u03a0\u03b1\u03c0\u03b1\u03b4\u03ac: order 4711",
            "\u0440\u0435\u0441\u0443\u0440\u0441: 40 %",
        )
    )


_HELD: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "card_in_letters": _card_between_letters, "password_spelled": _spelled, "password_foreign": _foreign_letters,
    "password_large": _large, "iban_foreign": _foreign_account,
}  # fmt: skip
_ALIKE: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "long_serial": _long_serial, "letters_apart": _letters_apart, "other_scripts": _other_scripts,
}  # fmt: skip
