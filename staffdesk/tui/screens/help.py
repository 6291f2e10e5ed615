"""Help for where one is: the page of this place, then its keys; both from where the program itself takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.base import DeskScreen
from staffdesk.tui.commands import Command, Place, at, key_name
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import KEY, MUTED, NOTHING, STRONG, fit, joined, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEYS, _TITLE = 12, 14
_HEAD = "bold $text-accent"


class HelpScreen(DeskScreen[None], inherit_bindings=False):
    """Read and left with Esc; what it explains stays as it was."""

    PLACE: ClassVar[Place] = Place.READING
    BINDINGS = bindings_of(Place.READING)
    CSS_PATH = "../styles/log.tcss"

    def __init__(self, screen: DeskScreen[object]) -> None:
        """Explain ``screen``."""
        place, part = screen.EXPLAINED or (screen.PLACE, "")
        super().__init__(plain("Help", MUTED), plain(part.lower() or place.value))
        self._page = _page(place, part)
        self._commands = screen.commands()
        self._list = tuple(at(Place.LIST)) if screen.HAS_LIST or screen.PLACE is Place.RECORD else ()

    def body(self) -> Iterable[Widget]:
        """Yield the page and the keys in one column."""
        with VerticalScroll(id="fields", classes="box") as box:
            box.border_title = plain("Help")
            yield Static(self._page, id="detail")
            yield _Table("Keys here", self._commands)
            if self._list:
                yield _Table("Keys in lists", self._list)

    def on_mount(self) -> None:
        """Let the cursor keys scroll."""
        self.query_one("#fields", VerticalScroll).focus()


def _page(place: Place, part: str) -> Content:
    """Return the page of a place, or one part of it: heads in bold, everything else as it stands."""
    file = resources.files("staffdesk").joinpath("help", f"{place.value}.md")
    if not file.is_file():
        return plain("")
    text = file.read_text(encoding="utf-8")
    if part:
        text = f"# {part}" + text.partition(f"\n## {part}")[2].partition("\n## ")[0]
    return joined(*_paragraphs(text), by="\n")


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


class _Table(Static):
    """Keys, titles and explanations in columns; an explanation goes on beside itself."""

    def __init__(self, head: str, commands: Sequence[Command]) -> None:
        super().__init__()
        self._head = head
        self._commands = [command for command in commands if command.keys]

    def on_resize(self) -> None:
        """Lay the table out for the width there is."""
        room = max(self.size.width - _KEYS - _TITLE, 16)
        lines = [NOTHING, plain(self._head, _HEAD)]
        for command in self._commands:
            keys = fit(plain("  ".join(map(key_name, command.keys[:3])), KEY), _KEYS)
            first, *others = plain(command.tooltip).wrap(room)
            lines.append(joined(keys, fit(plain(command.title, STRONG), _TITLE), first))
            lines += [joined(Content(" " * (_KEYS + _TITLE)), other) for other in others]
        self.update(joined(*lines, by="\n"))
