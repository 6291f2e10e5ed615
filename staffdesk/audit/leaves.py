"""The leaves of a log as text: all that a sealer needs who may not read the log, and nothing that says what is in it.

One JSON object with the origin and the size, then one leaf hash a line, in base64.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final, Protocol, TextIO

from staffdesk.audit.checkpoint import CheckpointError, from_base64, to_base64
from staffdesk.audit.tree import HASH_BYTES

FORMAT: Final = "staffdesk-leaves/1"

_LONGEST: Final = 4096


class LeavesError(ValueError):
    """The text is no list of leaves, or it ends before it should."""


class Leaves(Protocol):
    """The leaves of one log at one moment."""

    @property
    def origin(self) -> str:
        """The log's name."""
        ...

    def head(self) -> int | None:
        """Return how many entries the log says it has."""
        ...

    def leaves(self) -> Iterator[bytes]:
        """Yield the leaf hashes in order, up to the first that is missing or none."""
        ...


def lines(origin: str, size: int, leaves: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of the text."""
    yield json.dumps({"format": FORMAT, "origin": origin, "size": size}, separators=(",", ":")) + "\n"
    for leaf in leaves:
        yield to_base64(leaf) + "\n"


class LeavesText:
    """Leaves read from an open text, once; raises :class:`LeavesError` for a first line that is not the format's."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        try:
            header = json.loads(text.readline(_LONGEST))
        except (ValueError, RecursionError):
            header = None
        if not isinstance(header, dict) or header.keys() != {"format", "origin", "size"} or header["format"] != FORMAT:
            raise LeavesError(f"The first line is not the header of the format {FORMAT}.")
        origin, size = header["origin"], header["size"]
        if not isinstance(origin, str) or isinstance(size, bool) or not isinstance(size, int):
            raise LeavesError("The header of the leaves names no log and size.")
        self.origin = origin
        self._size = size

    def head(self) -> int:
        """Return how many entries the log says it has."""
        return self._size

    def leaves(self) -> Iterator[bytes]:
        """Yield the leaf hashes in order, up to the first line that is none."""
        while line := self._text.readline(_LONGEST):
            try:
                leaf = from_base64(line.removesuffix("\n"))
            except CheckpointError:
                return
            if len(leaf) != HASH_BYTES:
                return
            yield leaf
