"""The keys of the terminal as rows: what ``staffdesk keys`` prints and the README's table holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from staffdesk.tui.commands import COMMANDS
from staffdesk.tui.key_names import key_name


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A command and its keys, as a person reads them."""

    id: str
    keys: tuple[str, ...]
    title: str
    does: str


def rows() -> Iterator[KeyRow]:
    """Yield every command, in the order in which help and palette list them."""
    for command in COMMANDS:
        yield KeyRow(command.id, tuple(map(key_name, command.keys)), command.title, command.tooltip)


def markdown() -> str:
    """Return the table as the README has it; commands of the palette alone have no key."""
    lines = ["| keys | command | does |", "|---|---|---|"]
    for row in rows():
        shown = " ".join(f"`{key}`" for key in row.keys) or "palette"
        lines.append(f"| {shown} | {row.title} | {row.does} |")
    return "\n".join(lines) + "\n"
