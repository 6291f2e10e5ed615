"""Numbers made by their public definitions: cards, accounts, register numbers, tokens, and what is no such thing."""

from __future__ import annotations

import base64
import json
import random
import string
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.bench.screening_corpus.texts import CARRIERS, Text

_ALNUM: Final = string.ascii_letters + string.digits
_BRANDS: Final = (
    ("4", 16),
    ("51", 16),
    ("2221", 16),
    ("34", 15),
    ("37", 15),
    ("6011", 16),
    ("36", 14),
    ("3530", 16),
    ("62", 16),
    ("6703", 17),
)
_IBANS: Final = {"BE": 12, "NL": 14, "DE": 18, "FR": 23, "LU": 16, "GB": 18, "ES": 20, "IT": 23, "AT": 16, "CH": 17}
_BANK: Final = {"NL": "ABNA", "GB": "NWBK", "IT": "X"}


def held(chance: random.Random, each: int) -> Iterator[Text]:
    """Yield ``each`` texts of every kind of number that must not be held."""
    for family, make in _HELD.items():
        for _ in range(each):
            yield Text(chance.choice(CARRIERS).format(make(chance)), family, held=True)


def alike(chance: random.Random, each: int) -> Iterator[Text]:
    """Yield ``each`` texts of every kind of number that may be held."""
    for family, make in _ALIKE.items():
        for _ in range(each):
            yield Text(chance.choice(CARRIERS).format(make(chance)), family, held=False)


def some_digits(chance: random.Random, n: int) -> str:
    """Return ``n`` digits."""
    return "".join(chance.choices(string.digits, k=n))


def _some(chance: random.Random, n: int, of: str = _ALNUM) -> str:
    return "".join(chance.choices(of, k=n))


def luhn_digit(body: str) -> str:
    """Return the check digit of ISO/IEC 7812-1."""
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(map(int, reversed(body))))
    return str(-total % 10)


def _card(chance: random.Random) -> str:
    prefix, length = chance.choice(_BRANDS)
    body = prefix + some_digits(chance, length - 1 - len(prefix))
    number = body + luhn_digit(body)
    cuts = (4, 10) if length in (14, 15) else (4, 8, 12)
    grouped = [number[a:b] for a, b in zip((0, *cuts), (*cuts, length), strict=True)]
    return chance.choice((number, " ".join(grouped), "-".join(grouped), ".".join(grouped)))


def iban(chance: random.Random) -> str:
    """Return an account's number with check digits that are right, without spaces."""
    country = chance.choice(sorted(_IBANS))
    bank = _BANK.get(country, "")
    body = bank + some_digits(chance, _IBANS[country] - len(bank))
    number = int("".join(str(int(char, 36)) for char in f"{body}{country}00"))
    return f"{country}{98 - number % 97:02d}{body}"


def _iban(chance: random.Random) -> str:
    whole = iban(chance)
    country = whole[:2]
    grouped = " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))
    return chance.choice((whole, grouped, grouped.lower() if country == "BE" else grouped, f"IBAN {grouped}"))


def register_number(chance: random.Random) -> str:
    """Return the eleven digits of a Belgian national register number."""
    year = chance.randint(1940, 2012)
    born = f"{year % 100:02d}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    nine = born + f"{chance.randint(1, 997):03d}"
    return f"{nine}{97 - int(('2' if year >= 2000 else '') + nine) % 97:02d}"


def _register_number(chance: random.Random) -> str:
    whole = register_number(chance)
    born, count, check = whole[:6], whole[6:9], whole[9:]
    return chance.choice(
        (
            whole,
            f"{born[:2]}.{born[2:4]}.{born[4:]}-{count}.{check}",
            f"{born} {count} {check}",
        )
    )


def _web_token(chance: random.Random) -> str:
    head, body = ({"alg": "HS256", "typ": "JWT"}, {"sub": some_digits(chance, 10), "name": "x"})
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, body)]
    return ".".join((*parts, _some(chance, 43)))


def _service_token(chance: random.Random) -> str:
    return chance.choice(
        (
            f"ya29.{_some(chance, 60)}",
            f"EAAB{_some(chance, 80)}",
            f"Authorization: Bearer {_some(chance, 40)}",
            f"access_token={_some(chance, 32)}",
            f"ghp_{_some(chance, 36)}",
            f"sk_live_{_some(chance, 24)}",
            f"xoxb-{some_digits(chance, 12)}-{_some(chance, 24)}",
            f"AKIA{_some(chance, 16, string.ascii_uppercase + string.digits)}",
            f"https://api.example.com/v1?token={_some(chance, 24)}",
        )
    )


def _stream_key(chance: random.Random) -> str:
    four = "-".join(_some(chance, 4, string.ascii_lowercase + string.digits) for _ in range(5))
    return chance.choice(
        (
            f"rtmp://a.rtmp.youtube.com/live2/{four}",
            f"rtmps://live-api-s.facebook.com:443/rtmp/FB-{some_digits(chance, 15)}-0-{_some(chance, 16)}",
            f"his stream key is {four}",
            f"stream key: {four}",
            f"clé de stream : {four}",
            f"live_{some_digits(chance, 9)}_{_some(chance, 30)}",
        )
    )


def _private_key(chance: random.Random) -> str:
    kind = chance.choice(("RSA ", "EC ", "OPENSSH ", ""))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{_some(chance, 64)}\n-----END {kind}PRIVATE KEY-----"


def _password(chance: random.Random) -> str:
    word = chance.choice(("password", "Password", "wachtwoord", "mot de passe ", "Passwort", "mdp ", "pwd", "passwd"))
    return f"{word}{chance.choice((': ', '=', ' = '))}{_some(chance, chance.randint(6, 14))}"


def _document_number(chance: random.Random) -> str:
    body = some_digits(chance, 10)
    return chance.choice(
        (
            f"{body[:3]}-{body[3:]}-{int(body) % 97 or 97:02d}",
            f"passport no. E{_some(chance, 1, string.ascii_uppercase)}{some_digits(chance, 6)}",
            f"paspoort nr {_some(chance, 2, string.ascii_uppercase)}{some_digits(chance, 7)}",
            f"driving licence number {some_digits(chance, 10)}",
        )
    )


def _born(chance: random.Random) -> str:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1940, 2005)
    word = chance.choice(
        ("born ", "born on ", "date of birth: ", "né le ", "geboren op ", "geboren am ", "DOB ", "geboortedatum: ")
    )
    return word + chance.choice(
        (
            f"{day:02d}/{month:02d}/{year}",
            f"{day}.{month}.{year}",
            f"{day}-{month}-{year}",
            f"{year}-{month:02d}-{day:02d}",
        )
    )


def _serial(chance: random.Random) -> str:
    letters = string.ascii_uppercase + string.digits
    return chance.choice(
        (
            f"SN{_some(chance, 12, letters)}",
            "-".join(_some(chance, 4, letters) for _ in range(4)),
            "-".join(some_digits(chance, 4) for _ in range(3)),
            f"C02{_some(chance, 9, letters)}",
            f"FUR{some_digits(chance, 6)}-{some_digits(chance, 4)}-{some_digits(chance, 5)}B",
            f"OTF-{_some(chance, 5, letters)}-{_some(chance, 5, letters)}-{_some(chance, 5, letters)}",
        )
    )


def _order(chance: random.Random) -> str:
    return chance.choice(
        (
            f"order SO-{some_digits(chance, 5)}",
            f"#{some_digits(chance, 4)}",
            f"order {5_000_000_000_000 + chance.randrange(10**12)}",
            f"invoice {chance.randint(2015, 2026)}/{some_digits(chance, 5)}",
        )
    )


def _version(chance: random.Random) -> str:
    return chance.choice(
        (
            f"{chance.randint(1, 20)}.{chance.randint(0, 20)}.{chance.randint(0, 20)} build {some_digits(chance, 8)}",
            f"macOS 15.{chance.randint(0, 9)} ({chance.randint(20, 26)}A{some_digits(chance, 4)})",
            f"18.{chance.randint(0, 9)}.1.{chance.randint(0, 9)}",
        )
    )


def _network(chance: random.Random) -> str:
    raw = f"{chance.randrange(2**48):012x}"
    pairs = [raw[at : at + 2] for at in range(0, 12, 2)]
    return chance.choice(
        (
            ":".join(pairs),
            "-".join(pairs).upper(),
            f"192.168.{chance.randint(0, 255)}.{chance.randint(0, 255)}",
            f"2001:db8::{chance.randrange(65536):x}:{chance.randrange(65536):x}",
            ".".join(raw[at : at + 4] for at in (0, 4, 8)),
        )
    )


def _telephone(chance: random.Random) -> str:
    return chance.choice(
        (
            f"+32 2 {some_digits(chance, 3)} {some_digits(chance, 2)} {some_digits(chance, 2)}",
            f"0475 {some_digits(chance, 2)} {some_digits(chance, 2)} {some_digits(chance, 2)}",
            f"+1 (702) 555-{some_digits(chance, 4)}",
            f"+44 20 7946 0{some_digits(chance, 3)}",
            f"06 {some_digits(chance, 2)} {some_digits(chance, 2)} {some_digits(chance, 2)} {some_digits(chance, 2)}",
            f"+49 30 {some_digits(chance, 8)}",
        )
    )


def _time(chance: random.Random) -> str:
    a, b, c = chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59)
    return chance.choice(
        (
            f"2026-0{chance.randint(1, 9)}-{chance.randint(10, 28)} {a:02d}:{b:02d}:{c:02d}.{some_digits(chance, 3)}",
            f"{a:02d}:{b:02d}:{c:02d}:{chance.randint(0, 24):02d} - {a:02d}:{b:02d}:{c:02d}:24",
            f"bought on {chance.randint(1, 28)}/{chance.randint(1, 12)}/2024",
            f"{1_700_000_000_000 + chance.randrange(10**11)}",
        )
    )


def _unique(chance: random.Random) -> str:
    return chance.choice(
        (
            str(uuid.UUID(int=chance.getrandbits(128))),
            f"{chance.getrandbits(160):040x}",
            f"sha256:{chance.getrandbits(256):064x}",
            f"0x{chance.getrandbits(64):016x}",
        )
    )


def _parcel(chance: random.Random) -> str:
    return chance.choice(
        (
            f"1Z999AA1{some_digits(chance, 10)}",
            f"JD0146{some_digits(chance, 12)}",
            f"BE{chance.choice('01')}{some_digits(chance, 3)}.{some_digits(chance, 3)}.{some_digits(chance, 3)}",
            f"EAN 54{some_digits(chance, 11)}",
        )
    )


_HELD: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "card": _card, "iban": _iban, "register_number": _register_number, "web_token": _web_token,
    "service_token": _service_token, "stream_key": _stream_key, "private_key": _private_key, "password": _password,
    "document_number": _document_number, "birth_date": _born,
}  # fmt: skip
_ALIKE: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "serial": _serial, "order": _order, "version": _version, "network": _network, "telephone": _telephone,
    "time": _time, "unique_id": _unique, "parcel_or_vat": _parcel,
}  # fmt: skip
