"""Invented exports of the licence manager, as large as wanted: people, their licences, the computers of these."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

SAID: Final[Mapping[str, object]] = {
    "source": "SLM_ACCOUNT",
    "obtained": "2026-11-01",
    "evidence": "the licence manager's own export",
}
"""What is said of the files."""

_SYLLABLES: Final = (
    "ba", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "wa", "xe", "yi", "zo", "fu", "ga",
    "hö", "jé", "çe", "ñu", "dal", "ber", "van", "der", "mar", "lin", "sen", "ost", "ek", "ul", "ja", "rik",
)  # fmt: skip
_PER_COMPANY: Final = 8
_PER_LICENCE: Final = 2
_PRODUCTS: Final = ("MovieRecorder 4", "OnTheAir Video 4", "MReplay 2", "JustMXF")
_DAYS: Final = 28

Row = Sequence[object]
Rows = Callable[[int, random.Random], Iterator[Row]]


def word(dice: random.Random, parts: int) -> str:
    """Return a name of so many syllables."""
    return "".join(dice.choice(_SYLLABLES) for _ in range(parts)).capitalize()


def _accounts(many: int, dice: random.Random) -> Iterator[Row]:
    companies = [f"{word(dice, 2)} {word(dice, 2)}" for _ in range(max(1, many // _PER_COMPANY))]
    for n in range(many):
        given, family, company = word(dice, 2), word(dice, 3), dice.choice(companies)
        host = company.lower().replace(" ", "-").encode("ascii", "ignore").decode()
        yield (
            f"acc-{n}", f"user{n}", given, family, f"{n}.{dice.randrange(10**6)}@{host}.example",
            f"+32470{n % 10**6:06d}", company, f"{family}straat {n % 300 + 1}", f"{1000 + n % 8999}",
            word(dice, 2), "BE", "fr",
        )  # fmt: skip


def _licences(many: int, dice: random.Random) -> Iterator[Row]:
    for n in range(many):
        day = f"{2015 + n % 11}-{n % 12 + 1:02d}-{n % _DAYS + 1:02d}"
        yield f"SN{n:09d}-{n % 97:02d}", dice.choice(_PRODUCTS), f"acc-{n * 2}", "4.1", 1 + n % 3, day, "active"


def _activations(many: int, dice: random.Random) -> Iterator[Row]:
    for n in range(many):
        serial = n // _PER_LICENCE
        mac = ":".join(f"{dice.randrange(256):02X}" for _ in range(6))
        moment = f"2026-{n % 10 + 1:02d}-{n % _DAYS + 1:02d}T10:{n % 60:02d}:00Z"
        ip = f"203.{n % 250}.{n // 250 % 250}.{n % 200 + 1}"
        yield f"SN{serial:09d}-{serial % 97:02d}", moment, f"{word(dice, 2).lower()}{n % 90}", mac, ip, "active"


FILES: Final[Mapping[str, tuple[Sequence[str], int, Rows]]] = {
    "accounts": (
        (
            "Account", "User name", "First name", "Last name", "E-mail", "Telephone", "Company", "Street",
            "Postal code", "City", "Country code", "Language",
        ),
        40,
        _accounts,
    ),
    "licences": (("Serial", "Product", "Account", "Version", "Seats", "Issued on", "Status"), 20, _licences),
    "activations": (("Serial", "Activated at", "User name", "MAC", "IP", "Status"), 40, _activations),
}  # fmt: skip
"""The columns of each file, how many of a hundred rows it has, and its rows."""


def written(folder: Path, rows: int, seed: int) -> dict[str, Path]:
    """Write the three files, of so many rows together, and return where each lies."""
    dice = random.Random(seed)  # noqa: S311 - invented data
    found: dict[str, Path] = {}
    for name, (header, share, made) in FILES.items():
        found[name] = folder / f"{name}.csv"
        with found[name].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(made(rows * share // 100, dice))
    return found
