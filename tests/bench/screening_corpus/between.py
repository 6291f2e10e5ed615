"""Numbers that must not be held with markup, signs or nothing visible between their digits, and look-alikes of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.bench.screening_corpus import numbers
from tests.bench.screening_corpus.texts import CARRIERS, Text

_SIGNS: Final = (
    ".", "/", " / ", " | ", "_", ", ", "; ", " \u2013 ", "\u00b7", " • ", "*", "\t", "\n", "\n> ", "      ", " … ",
    "…", "\u00a0", "\u2009", "\u2011", "\u2028", "&nbsp;", "&#160;", "%20", "<br>", "<br/>\n", "</td><td>",
    "</li>\n<li>", "</p><p>",
)  # fmt: skip
_NOTHING: Final = (
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "&#8203;", "&shy;", "<wbr>", "<!-- x -->", "</b><b>",
    "<b>", "</b>", '</span><span class="n2">', "<font color=red>",
)  # fmt: skip
_WIDTHS: Final = (0xFF10, 0x0660, 0x06F0, 0x1D7CE)


def held(chance: random.Random, each: int) -> Iterator[Text]:
    """Yield ``each`` texts of every kind of number whose digits are set apart."""
    for family, make in _HELD.items():
        for _ in range(each):
            yield Text(chance.choice(CARRIERS).format(make(chance)), family, held=True)


def alike(chance: random.Random, each: int) -> Iterator[Text]:
    """Yield ``each`` texts of every kind of figures in markup, in columns or in rows that may be held."""
    for family, make in _ALIKE.items():
        for _ in range(each):
            yield Text(chance.choice(CARRIERS).format(make(chance)), family, held=False)


def _apart(chance: random.Random, groups: list[str]) -> str:
    match chance.randrange(3):
        case 0:
            return chance.choice(_SIGNS).join(groups)
        case 1:
            at = sorted(chance.sample(range(1, len("".join(groups))), 3))
            whole = "".join(groups)
            return chance.choice(_NOTHING).join(whole[a:b] for a, b in zip([0, *at], [*at, None], strict=True))
        case _:
            first = chance.choice(_WIDTHS)
            other = str.maketrans({str(digit): chr(first + digit) for digit in range(10)})
            return chance.choice(("", " ", "-")).join(groups).translate(other)


def _card(chance: random.Random) -> str:
    body = f"4{chance.randrange(10**14):014d}"
    number = body + numbers.luhn_digit(body)
    return _apart(chance, [number[at : at + 4] for at in range(0, 16, 4)])


def _iban(chance: random.Random) -> str:
    whole = numbers.iban(chance)
    return _apart(chance, [whole[at : at + 4] for at in range(0, len(whole), 4)])


def _register_number(chance: random.Random) -> str:
    whole = numbers.register_number(chance)
    return _apart(chance, [whole[:2], whole[2:4], whole[4:6], whole[6:9], whole[9:]])


def _settings(chance: random.Random) -> str:
    names = ("width", "height", "bitrate", "port", "buffer", "gop", "rate", "delay")
    return "".join(f"<{name}>{chance.randint(1, 9999)}</{name}>" for name in chance.sample(names, 6))


def _page(chance: random.Random) -> str:
    row = (str(chance.randint(2, 99)), f"{chance.randint(5, 900)},{chance.randint(0, 99):02d}", _order(chance))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"


def _order(chance: random.Random) -> str:
    return f"{chance.choice(('SO-', '#', ''))}{chance.randint(10000, 99999)}"


def _columns(chance: random.Random) -> str:
    sign = chance.choice(("      ", "\t", " | ", ";"))
    rows = ((str(chance.randrange(10 ** chance.randint(1, 4))) for _ in range(5)) for _ in range(3))
    return "\n".join(sign.join(row) for row in rows)


def _numbered(chance: random.Random) -> str:
    items = [f"<li>{_order(chance)}</li>" for _ in range(4)]
    return f"<ol>{''.join(items)}</ol>"


def _marked(chance: random.Random) -> str:
    two, three = chance.randint(10, 99), chance.randint(100, 255)
    return chance.choice(
        (
            f"<b>{two}.{two}</b>.{chance.randint(0, 20)} build {_order(chance)}",
            f"call <b>+32 2 {three} {two} {two}</b> or 02/555{numbers.some_digits(chance, 4)}",
            f"<i>00:1b:63:{two}:{two}:e6</i>&nbsp;192.168.{three}.7",
            f"<p>2026-0{chance.randint(1, 9)}-{chance.randint(10, 28)}</p><p>2026-11-{two} 12:30:05</p>",
            f"q={chance.randint(1000, 9999)}&amp;p={two}%20of%20{three}&amp;t={chance.randint(10**9, 2 * 10**9)}",
            f"SN<b>{numbers.some_digits(chance, 12)}</b>B",
            " ".join(numbers.some_digits(chance, chance.randint(4, 12))),
            f"0 4 7 {' '.join(numbers.some_digits(chance, 7))}",
        )
    )


_HELD: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "card_apart": _card, "iban_apart": _iban, "register_number_apart": _register_number,
}  # fmt: skip
_ALIKE: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "settings": _settings, "page": _page, "columns": _columns, "numbered": _numbered, "marked": _marked,
}  # fmt: skip
