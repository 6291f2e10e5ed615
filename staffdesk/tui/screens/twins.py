"""Who on file is likely the same person, and what was put together with the record; Enter compares, or takes apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.content import Content

from staffdesk.domain.records import Hit, Page
from staffdesk.tui.command import Place
from staffdesk.tui.people_listed import PeopleDialog
from staffdesk.tui.plain import DASH, HIDDEN, MUTED, STRONG, fit, joined, plain
from staffdesk.tui.widgets.rows import Line


class TwinsDialog(PeopleDialog):
    """Answers which record is to be compared, or taken apart."""

    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "The same person twice")
    TITLE = "The same person?"
    SAYS = "likely · enter compares"

    def __init__(self, page: Page, merged: Sequence[int]) -> None:
        """List who is proposed on ``page``, then the records that were put together with this one."""
        super().__init__(page)
        self._merged = merged

    def counted(self) -> str:
        """Count apart who is proposed and what was put together."""
        if not self._merged:
            return super().counted()
        together = f"{len(self._merged)} put together"
        return f"{len(self.page.hits)} likely, {together}" if self.page.hits else f"{together} · enter takes apart"

    def lines(self, *, hidden: bool) -> Sequence[Line]:
        """Return two lines on each who is proposed, one on each that was put together."""
        proposed = [Line(str(hit.id), partial(_line, hit, hidden)) for hit in self.page.hits]
        return proposed + [Line(str(number), partial(_merged_line, number)) for number in self._merged]


def _line(hit: Hit, hidden: bool, width: int) -> Content:
    who = HIDDEN if hidden else " · ".join(part for part in (hit.title, hit.company) if part) or DASH
    detail = f" · {hit.detail}" if hit.detail and not hidden else ""
    head = joined(plain(f"{hit.id}  "), plain(who, STRONG))
    return joined(fit(head, width), fit(plain(f"  same {hit.found_by}{detail}", MUTED), width), by="\n")


def _merged_line(number: int, width: int) -> Content:
    said = joined(plain(f"{number}  "), plain("was put together with this record; enter takes it apart", MUTED))
    return fit(said, width)
