"""What is pressed where: every kind of key on every screen, as a person would, with what each may cost over a line.

A key moves something on what is seen: a cursor, the focus, a letter, a value. A page puts something else there, be it
another page of a list, or another pane where there is room for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How much of the screen a key is meant to change."""

    KEY = "key"
    PAGE = "page"


MOST_BYTES: Final[Mapping[Kind, int]] = {Kind.KEY: 1_500, Kind.PAGE: 10_000}
"""What one may cost at 80x24 in calm mode."""


@dataclass(frozen=True, slots=True)
class Press:
    """Keys pressed at once; ``words`` are waited for where there are some; without a ``name`` nothing is measured."""

    keys: str
    name: str = ""
    kind: Kind = Kind.KEY
    words: str = ""


_DOWN, _UP, _LEFT, _RIGHT = (f"\x1b[{letter}" for letter in "BADC")
_HOME, _END, _PAGE_UP, _PAGE_DOWN = "\x1b[H", "\x1b[F", "\x1b[5~", "\x1b[6~"
_ENTER, _TAB, _BACK_TAB, _ESCAPE, _DELETE = "\r", "\t", "\x1b[Z", "\x1b", "\x7f"
_NEW_CASE, _PALETTE, _CLEAR = "\x0e", "\x10", "\x15"
_SEARCH, _CASES = "\x1bOQ", "\x1b[15~"


def _page(keys: str, name: str, words: str = "") -> Press:
    return Press(keys, name, Kind.PAGE, words)


def _typed(text: str, where: str, *, narrows: bool = False) -> Iterator[Press]:
    """Yield letters, one taken back, a step in the text and all of it taken back; what ``narrows`` brings a list."""
    for letter in text:
        yield Press(letter, f"letter · {where}")
    yield Press(_DELETE, f"backspace · {where}")
    yield Press(_LEFT, f"left · {where}")
    yield Press(_END, f"end of the text · {where}" if not narrows else "")
    yield Press(_RIGHT)
    yield Press(_CLEAR, f"clear · {where}", Kind.PAGE if narrows else Kind.KEY)


def _moved(where: str) -> Iterator[Press]:
    """Yield every move of a cursor in a list; some bring another page of it."""
    for name, keys in (("down", _DOWN), ("down", _DOWN), ("up", _UP)):
        yield Press(keys, f"{name} · {where}")
    for name, keys in (("page down", _PAGE_DOWN), ("page up", _PAGE_UP), ("last", _END), ("first", _HOME)):
        yield _page(keys, f"{name} · {where}")


def of_support(case: str) -> Iterator[Press]:
    """Yield a day of somebody who answers the telephone; ``case`` is one of his."""
    yield Press(_CASES)
    yield Press("p", words="Why do you look?")
    yield Press(f"{case}{_ENTER}")
    yield Press(_SEARCH, words="Type a name")
    yield _page(_CASES, "cases", "My open cases")
    yield from _moved("cases")
    yield _page(_ENTER, "record", "1 Person")
    yield from _moved("record")
    for keys, name in ((_TAB, "next pane"), (_TAB, "next pane"), (_BACK_TAB, "previous pane")):
        yield _page(keys, name)
    yield from (_page(number, "pane by number") for number in "65232")
    yield Press(_ENTER, "unfold")
    yield Press(_ENTER, "fold")
    yield _page("1", "pane by number")
    yield Press(_DOWN * 3)
    yield Press("v", "reveal")
    yield Press("V", "hide")
    yield _page("w", "who looked")
    yield _page("?", "help", "Help")
    yield from _typed("rev", "help", narrows=True)
    yield from _moved("help")
    yield _page(_ESCAPE, "back from help", "1 Person")
    yield _page(_PALETTE, "palette", "typing narrows")
    yield from _moved("palette")
    yield from _typed("cas", "palette", narrows=True)
    yield _page(_ESCAPE, "back from palette")
    yield _page("d", "request asked", "Delete the data")
    yield Press(_TAB, "next field · request")
    yield Press("x", "letter · request")
    yield Press(_TAB, "next field · request")
    yield Press(_RIGHT, "choice · request")
    yield _page(_ESCAPE, "back from request")
    yield _page("i", "note", "begins a line")
    yield from (Press(letter, "letter · note") for letter in "abc")
    yield Press(_ENTER, "new line · note")
    yield Press(_UP, "up · note")
    yield Press(_ESCAPE, "dropping asked · note", words="Drop what you wrote")
    yield _page(_ENTER, "back from note")
    yield _page(_NEW_CASE, "new case", "New case")
    yield from _typed("mov", "new case")
    yield Press(_TAB, "next field · new case")
    yield _page(_ESCAPE, "back from new case")
    yield _page("p", "purpose", "Why do you look?")
    yield Press(_TAB, "next field · purpose")
    yield Press(_RIGHT, "choice · purpose")
    yield _page(_ESCAPE, "back from purpose")
    yield from _searched()
    yield Press(_TAB)
    yield _page("O", "own entries", "Own")
    yield from _moved("own entries")


def _searched() -> Iterator[Press]:
    yield _page(_SEARCH, "search", "Type a name")
    yield from _typed("ann", "search")
    for text in ("mar", "ann"):
        yield Press(text)
        yield _page(_ENTER, "enter to rows", "found")
        yield from _moved("results")
        yield Press("/", "to the box")
        yield Press(_CLEAR, "clear · results")
    yield Press("xq")
    yield _page("zz", "counted after a pause", "No match")


def of_admin(_case: str) -> Iterator[Press]:
    """Yield a day of somebody who reviews the log."""
    yield Press("U")  # from the second round on it stands there already
    yield _page("A", "log", "newest first")
    yield from _moved("log")
    yield _page("o", "older entries")
    yield _page("b", "newer entries")
    yield Press("f", "to the filter")
    yield from _typed("who", "filter")
    yield Press(_TAB, "next pane · log")
    yield _page(_ENTER, "entry")
    yield _page(_ESCAPE, "back from entry", "newest first")
    yield _page("U", "staff", "Staff")
    yield from _moved("staff")
    yield _page("n", "new account", "Add an account")
    yield from _typed("bob", "new account")
    yield from (Press(_TAB, "next field · new account") for _ in range(3))
    yield Press(_RIGHT, "choice · new account")
    yield _page(_ESCAPE, "back from new account")


def of_privacy(_case: str) -> Iterator[Press]:
    """Yield a day of somebody who answers requests."""
    yield Press("O", words="Own")
    yield _page("R", "requests", "by due date")
    yield from _moved("requests")


DAYS: Final = {"s": of_support, "d": of_admin, "p": of_privacy}
"""By the letter that signs somebody in: his day."""
