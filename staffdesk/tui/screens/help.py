"""Help for where one is: the page of this place, then its keys; both from where the program itself takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from importlib import resources
from typing import ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.commands import at
from staffdesk.tui.focus import own_keys, place_in_words
from staffdesk.tui.key_names import key_name
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import KEY, MUTED, NOTHING, STRONG, fit, joined, plain
from staffdesk.tui.widgets.narrowing import Narrowing
from staffdesk.tui.widgets.rows import Line, Rows, words

_KEYS, _TITLE, _OWN = 12, 14, 16
_HEAD = "bold $text-accent"
_READ = "read:"
"""Begins the key of a line that is only read, over which the cursor goes so that a long page can be read."""


class HelpScreen(DeskScreen[str], inherit_bindings=False):
    """Answers the id of the command that was chosen; left with Esc, what it explains stays as it was."""

    PLACE: ClassVar[Place] = Place.READING
    BINDINGS = bindings_of(Place.READING)
    CSS_PATH = "../styles/help.tcss"

    def __init__(self, screen: DeskScreen[object]) -> None:
        """Explain ``screen``, and first what has the focus on it."""
        place, part = screen.EXPLAINED or (screen.PLACE, "")
        super().__init__(plain("Help", MUTED), plain(part.lower() or place.value))
        focused = screen.focused
        here = place_in_words(focused)
        self._page = [plain(here, STRONG), NOTHING] if here else []
        self._page += _paragraphs(_text(place, part))
        self._own = own_keys(focused)
        in_list = isinstance(focused, Rows)
        self._commands = [("Keys in this list", tuple(at(Place.LIST)))] if in_list else []
        self._commands.append(("Keys here", screen.commands()))
        if not in_list and screen.query(Rows):
            self._commands.append(("Keys in lists", tuple(at(Place.LIST))))

    def body(self) -> Iterable[Widget]:
        """Yield a box and one list of the page and the keys."""
        with Vertical(id="help", classes="box") as box:
            box.border_title = plain("Help")
            box.border_subtitle = plain("typing narrows · enter gives the command · esc back")
            yield Narrowing("type what you look for")
            yield Rows(id="lines")

    def on_mount(self) -> None:
        """Show everything."""
        self._narrow("")
        self.query_one(Narrowing).focus()

    @on(Narrowing.Changed)
    def narrow(self, event: Narrowing.Changed) -> None:
        """Show what holds the text that is typed."""
        self._narrow(event.value.strip().casefold())

    @on(Narrowing.Submitted)
    def give_current(self) -> None:
        """Give the command under the cursor."""
        self._give(self.query_one(Rows).current)

    @on(Rows.Selected)
    def give(self, event: Rows.Selected) -> None:
        """Give this command."""
        self._give(event.key)

    def is_useful(self, command: Command) -> bool:
        """Leave out what would only open the page that is open."""
        return command.id != "app.help" and super().is_useful(command)

    def _give(self, key: str) -> None:
        if key and not key.startswith(_READ):
            self.dismiss(key)

    def _narrow(self, text: str) -> None:
        lines = [*self._read(text), *self._own_lines(text)]
        for head, commands in self._commands:
            found = [each for each in commands if each.keys and text in _sought(each)]
            if found:
                lines += [words(NOTHING), words(plain(head, _HEAD))]
                lines += [Line(each.id, partial(_command, each)) for each in found]
        rows = self.query_one(Rows)
        rows.put(lines or [words(plain("Nothing here says so.", MUTED))])
        if text:
            # Whoever types a word wants the command of that name, and reads on upwards if he does not.
            first = next((line.key for line in lines if line.key and not line.key.startswith(_READ)), "")
            rows.go_to(first)

    def _read(self, text: str) -> Iterator[Line]:
        for number, content in enumerate(self._page):
            if not text or text in content.plain.casefold():
                yield _reading(number, content)

    def _own_lines(self, text: str) -> Iterator[Line]:
        found = [each for each in self._own if text in " ".join(each).casefold()]
        if found:
            yield from (words(NOTHING), words(plain("Keys of this field", _HEAD)))
        for number, (keys, does) in enumerate(found, len(self._page)):
            yield Line(f"{_READ}{number}", partial(_row, keys, "", does))


def _reading(number: int, content: Content) -> Line:
    line = words(content)
    return Line(f"{_READ}{number}", line.draw) if content else line


def _text(place: Place, part: str) -> str:
    """Return the page of a place, or one part of it."""
    file = resources.files("staffdesk").joinpath("help", f"{place.value}.md")
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return f"# {part}" + text.partition(f"\n## {part}")[2].partition("\n## ")[0] if part else text


def _paragraphs(text: str) -> Iterator[Content]:
    """Yield heads in bold, indented lines as they stand, all others joined, so that they wrap where shown."""
    flowing: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line and not line.startswith(("#", " ")):
            flowing.append(line)
            continue
        if flowing:
            yield plain(" ".join(flowing))
            flowing = []
        yield plain(line.lstrip("# "), _HEAD) if line.startswith("#") else plain(line)


def _sought(command: Command) -> str:
    return " ".join((command.sought, *map(key_name, command.keys))).casefold()


def _command(command: Command, width: int) -> Content:
    return _row("  ".join(map(key_name, command.keys[:3])), command.title, command.tooltip, width)


def _row(keys: str, title: str, does: str, width: int) -> Content:
    """Lay keys, title and explanation out in columns; an explanation goes on beside itself."""
    before = _KEYS + _TITLE if title else _OWN
    first, *others = plain(does).wrap(max(width - before, 16)) or [NOTHING]
    named = [fit(plain(keys, KEY), _KEYS if title else _OWN)]
    if title:
        named.append(fit(plain(title, STRONG), _TITLE))
    lines = [joined(*named, first), *(joined(Content(" " * before), other) for other in others)]
    return joined(*lines, by="\n")
