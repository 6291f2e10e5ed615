"""The others of an organisation; Enter opens one under the same number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from staffdesk.tui.command import Place
from staffdesk.tui.hit_lines import hit_line
from staffdesk.tui.people_listed import PeopleDialog
from staffdesk.tui.widgets.rows import Line


class ColleaguesDialog(PeopleDialog):
    """Answers whose record is to be opened."""

    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "Colleagues")
    TITLE = "Colleagues"
    SAYS = "on file · enter opens"

    def lines(self, *, hidden: bool) -> Sequence[Line]:
        """Return a line each."""
        return [Line(str(hit.id), partial(hit_line, hit, hidden)) for hit in self.page.hits]
