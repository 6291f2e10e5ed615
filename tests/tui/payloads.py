"""Texts that acted on a terminal or a screen somewhere, as a customer, a store or an old import could hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MARKUP: Final = (
    "[red]x[/red]", "[/]", "[/a", "[@click=app.quit]x[/]", "[bob@x.org]", "[$x]", "[b", "\\[x]", "[reverse]x",
    "[@click=app.leave()]Zo", "[link=file:///etc/passwd]x[/link]",
)  # fmt: skip
CONTROL: Final = (
    "\x1b]52;c;RVZJTA==\x1b\\", "\x1b]0;PWNED\x07", "\x1b[2J\x1b[H", "\x9b2J", "\x90q\x9c", "a\x00b", "\x7f\x08\x0b",
    "\u202egnirts", "a\u2066b\u2069", "a\u200bb", "\ufeffx", "\U000e0041", "a\u2028b", "\x0e\x0f", "e" + "\u0301" * 300,
    "\ud800", "\x85",
)  # fmt: skip
LONG: Final = ("x" * 100_000, "王" * 3_000, "\n".join("ab" * 200), "\t\r\n" * 50)
RAW: Final = (
    "".join(map(chr, [*range(0x20), 0x7F, *range(0x80, 0xA0)])) + "\u202e\u2066\u2069\u200b\ufeff\U000e0041\u2028"
)

_RECORDED: Final = Path(__file__).parents[3] / "shared" / "realdata" / "terminal-escapes"
_LONGEST: Final = 4_000


def recorded() -> tuple[str, ...]:
    """Return what real programs wrote to a terminal, as text; nothing without the folder beside the project."""
    return tuple(
        file.read_bytes()[:_LONGEST].decode("utf-8", "surrogateescape") for file in sorted(_RECORDED.glob("*.bin"))
    )


def short() -> tuple[str, ...]:
    """Return all but the long ones, of the recorded ones the beginning."""
    return (*CONTROL, *MARKUP, *(text[:200] for text in recorded()))


def every() -> tuple[str, ...]:
    """Return all of them."""
    return (*CONTROL, *MARKUP, *LONG, *recorded())
