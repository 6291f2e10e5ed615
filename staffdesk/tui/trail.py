"""Where one has been in this session: the records opened, to go back and forward among; kept in memory alone."""

from __future__ import annotations

from typing import Final

from staffdesk.domain.access import RecordKind

Where = tuple[RecordKind, int]
"""A record by its kind and its number."""

MOST: Final = 20


class Trail:
    """At most twenty records in the order they were opened, and which of them one is at; no name among them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._been: list[Where] = []
        self._at = -1
        self._meant: int | None = None

    def opened(self, where: Where) -> None:
        """Note a record that was opened: the one that was meant by a step, or a new one after the one we were at."""
        meant, self._meant = self._meant, None
        if meant is not None and self._been[meant] == where:
            self._at = meant
        elif self._at < 0 or self._been[self._at] != where:
            self._been = [*self._been[: self._at + 1], where][-MOST:]
            self._at = len(self._been) - 1

    def next(self, step: int, *, on_record: bool) -> Where | None:
        """Return the record one step on, or None; from elsewhere the way back begins with the one last seen."""
        place = self._place(step, on_record=on_record)
        return None if place is None else self._been[place]

    def go(self, step: int, *, on_record: bool) -> Where | None:
        """Return what :meth:`next` does, and mean it: once it is opened, one is there."""
        self._meant = self._place(step, on_record=on_record)
        return None if self._meant is None else self._been[self._meant]

    def forget(self) -> None:
        """Forget where one has been."""
        self._been, self._at, self._meant = [], -1, None

    def _place(self, step: int, *, on_record: bool) -> int | None:
        place = self._at if step < 0 and not on_record else self._at + step
        return place if 0 <= place < len(self._been) else None
