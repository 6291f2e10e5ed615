"""The filters of the log that have a name: one is applied, the one in force is kept under a name, one is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import GOOD, MUTED, STRONG, column, fit, joined, plain
from staffdesk.tui.widgets.field import Field
from staffdesk.tui.widgets.rows import Line, Rows

if TYPE_CHECKING:
    from staffdesk.services.log_filters import NamedFilter

_LONGEST = 40
_NAME, _OWN = 17, 4


class NamesDialog(DeskDialog[str], inherit_bindings=False):
    """Answers the text of the filter that was chosen."""

    PLACE: ClassVar[Place] = Place.NAMES
    BINDINGS = bindings_of(Place.NAMES)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.LOG, "Names")
    CSS_PATH = ["../styles/palette.tcss", "../styles/log.tcss"]  # noqa: RUF012 - the framework's type

    def __init__(self, named: Sequence[NamedFilter], in_force: str) -> None:
        """List these filters; ``in_force`` is what is kept under a name typed here."""
        super().__init__()
        self._named = tuple(named)
        self._in_force = " ".join(in_force.split())

    def body(self) -> Iterable[Widget]:
        """Yield the list, the line for a name, and what happened."""
        with Vertical(id="box") as box:
            box.border_title = plain("Filters by name")
            box.border_subtitle = plain("enter applies · tab keeps one · x forgets · esc back")
            yield Rows(id="names")
            with Horizontal(id="keep"):
                yield Static(plain("Keep it as ", MUTED))
                yield Field(id="name", longest=_LONGEST, placeholder=self._in_force or "no filter is in force")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Show them all."""
        self._show(self._named)
        self.query_one(Rows).focus()

    @on(Rows.Selected)
    def take(self, event: Rows.Selected) -> None:
        """Apply this filter."""
        self.dismiss(self._of(event.key).text)

    @on(Field.Submitted)
    def save(self, event: Field.Submitted) -> None:
        """Keep the filter in force under the name that was typed."""
        name = event.value.strip()
        if self.waiting:
            return
        if not self._in_force:
            self.say(plain("No filter is in force: apply one first (f), then keep it."))
            return
        if not name:
            self.say(plain("Type a name for it."))
            return
        filters, access = self.desk.audit.filters, self.session.desk_access
        self.ask(partial(filters.save, access, name, self._in_force), lambda _done: self._kept(name))

    def action_forget(self) -> None:
        """Forget the filter under the cursor, if it is an own one and that is confirmed."""
        key = self.query_one(Rows).current
        if not key or self.waiting:
            return
        named = self._of(key)
        if not named.own:
            self.say(plain("A shipped filter is not forgotten."))
        else:
            forget = partial(self.desk.audit.filters.forget, self.session.desk_access, named.name)
            told = partial(self._forgotten, named.name)
            self.confirm(f"Forget {named.name}?", "forgets it", lambda: self.ask(forget, told))

    def _kept(self, name: str) -> None:
        """Go to the list, where it stands now: in the field the next Enter would ask for another name."""
        self.query_one(Rows).focus()
        self._told(f"✓ {name} is kept.", name)

    def _forgotten(self, name: str, _done: object) -> None:
        self._told(f"✓ {name} is forgotten.")

    def _told(self, said: str, kept: str = "") -> None:
        self.say(plain(said, GOOD))
        self.query_one(Field).value = ""
        named = partial(self.desk.audit.filters.named, self.session.desk_access)
        self.ask(named, partial(self._show, kept=kept), "reading")

    def _show(self, named: Sequence[NamedFilter], kept: str = "") -> None:
        self._named = tuple(named)
        rows = self.query_one(Rows)
        rows.put([Line(_key(each), partial(_line, each)) for each in self._named], keep=True)
        own = next((each for each in self._named if each.own and each.name == kept), None)
        if own is not None:
            rows.go_to(_key(own))

    def _of(self, key: str) -> NamedFilter:
        return next(each for each in self._named if _key(each) == key)


def _key(named: NamedFilter) -> str:
    return f"{'own' if named.own else 'shipped'}:{named.name}"


def _line(named: NamedFilter, width: int) -> Content:
    own = plain("own" if named.own else "", MUTED)
    return fit(joined(column(plain(named.name, STRONG), _NAME), column(own, _OWN), plain(named.text)), width)
