"""What a package says, as a document without a form: the web page and the PDF are drawn from the same one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """A table with what it is called; the first cell of a row names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """A section: its anchor, its heading, its sentences, its tables."""

    name: str
    heading: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """All of it: the title, what it is about in pairs, how it begins, and its sections."""

    language: str
    title: str
    facts: tuple[tuple[str, str], ...]
    lead: tuple[str, ...]
    contents: str
    parts: tuple[Part, ...]

    @property
    def cells(self) -> int:
        """How many cells the tables have together."""
        return sum(len(table.head) * len(table.rows) for part in self.parts for table in part.tables)
