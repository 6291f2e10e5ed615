"""The privacy policy, a line a clause, each with the figure that proves it now; Enter unfolds the rest of a clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.evidence import Evidence, Figure, Proved, State
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import moment
from staffdesk.tui.plain import BAD, DASH, GOOD, MUTED, STRONG, WARN, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, Rows

_LOOKS: Final = {
    State.BAD: ("✗", BAD),
    State.ATTENTION: ("!", WARN),
    State.UNKNOWN: ("?", WARN),
    State.GOOD: ("✓", GOOD),
    State.NOTED: ("·", MUTED),
}
_TOLD: Final = (State.BAD, State.ATTENTION, State.UNKNOWN, State.GOOD)
_ID, _STATE, _AMOUNT, _MIDDLE, _WIDE = 6, 12, 10, 70, 100
_TITLE, _SHORT_TITLE = 25, 18


class PolicyScreen(DeskScreen[None], inherit_bindings=False):
    """One list, measured when the screen is opened: counts alone, so that nothing of it need be masked."""

    PLACE: ClassVar[Place] = Place.POLICY
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.POLICY)

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Policy and evidence"))
        self._evidence: Evidence | None = None
        self._unfolded: set[str] = set()

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="clauses")
        rows.border_title = plain("Policy and evidence")
        yield rows

    def notice(self) -> Content:
        """Say what the figures are."""
        return plain("Counts alone, of nobody. Measuring them is itself an entry.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer to unfold where there is something."""
        if command.id == "list.open":
            return self._evidence is not None
        return super().is_useful(command)

    def on_mount(self) -> None:
        """Measure."""
        self.query_one(Rows).focus()
        self.ask(partial(self.desk.evidence.read, self.session.desk_access), self.show, "measuring")

    def show(self, evidence: Evidence) -> None:
        """Show what was measured."""
        self._evidence = evidence
        many = " · ".join(f"{evidence.counts[state]} {state.value}" for state in _TOLD if evidence.counts[state])
        rows = self.query_one(Rows)
        rows.border_title = plain(f"Clauses as of {moment(evidence.at)}")
        rows.border_subtitle = plain(many)
        rows.put(list(self._lines(evidence)))
        self.refresh_keys()

    @on(Rows.Selected)
    def unfold(self, event: Rows.Selected) -> None:
        """Show rule, figures and tests of a clause below it, or fold them up again."""
        if self._evidence is None:
            return
        self._unfolded ^= {event.key}
        rows = self.query_one(Rows)
        rows.put(list(self._lines(self._evidence)), keep=True)
        if event.key in self._unfolded:
            rows.show_below(1)

    def _lines(self, evidence: Evidence) -> Iterator[Line]:
        section = ""
        for each in evidence.clauses:
            if each.clause.section != section:
                section = each.clause.section
                yield Line("", partial(_heading, f"{section}  {evidence.sections[section]}"))
            yield Line(each.clause.id, partial(_clause, each))
            if each.clause.id in self._unfolded:
                yield Line("", partial(_whole, each))


def _heading(text: str, width: int) -> Content:
    return fit(plain(text, MUTED), width)


def _clause(each: Proved, width: int) -> Content:
    figure = each.telling
    title = _TITLE if width >= _MIDDLE else _SHORT_TITLE
    known = figure.reading.value is not None
    return fit(
        joined(
            column(plain(each.clause.id, MUTED), _ID),
            column(plain(each.clause.title), title),
            column(_state(figure.state), _STATE),
            column(plain(figure.amount if known else DASH, STRONG), _AMOUNT),
            plain(figure.means if width >= _WIDE else figure.rule.label),
        ),
        width,
    )


def _whole(each: Proved, width: int) -> Content:
    """Return what a clause says, its rule, its figures and its tests, set in under its line."""
    parts = [
        joined(plain("Says   ", MUTED), plain(each.clause.says)),
        joined(plain("Rule   ", MUTED), plain(each.clause.rule)),
        *map(_figure, each.figures),
        plain("Tests", MUTED),
        *map(plain, each.clause.tests),
    ]
    room = max(width - _ID, 1)
    lines = (line for part in parts for line in part.wrap(room))
    return Content("\n").join([joined(Content(" " * _ID), line) for line in lines])


def _figure(figure: Figure) -> Content:
    note = plain(f" ({figure.reading.note})" if figure.reading.note else "", MUTED)
    mend = plain(f" · {figure.mend}" if figure.mend else "")
    return joined(_state(figure.state), plain(f" · {figure.words}"), note, mend)


def _state(state: State) -> Content:
    glyph, style = _LOOKS[state]
    return plain(f"{glyph} {state.value}", style)
