"""What is decided under a request, for who approves or executes it: what becomes of what, until when, by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.holds import LAWFUL
from staffdesk.domain.request_words import ASKED, FATES, STATES, rows_of, title_of_move
from staffdesk.domain.request_work import FIRM_STAYS
from staffdesk.services.letters.language import Language
from staffdesk.services.letters.words import word
from staffdesk.services.request_plans import Decided, PlannedKind
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.commands import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import DASH, MUTED, NOTHING, STRONG, WARN, fit, joined, plain
from staffdesk.tui.request_words import decided_in_short
from staffdesk.tui.widgets.reading import Reading

_LABEL: Final = 18
_KIND: Final = 30
_NUMBER: Final = 6
_GROUNDS: Final = frozenset(each.value for each in LAWFUL)


class PlanDialog(DeskDialog[None], inherit_bindings=False):
    """Only shows; Esc goes back to the request."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "What is decided")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, decided: Decided) -> None:
        """Show ``decided``."""
        super().__init__()
        self._decided = decided

    def body(self) -> Iterable[Widget]:
        """Put it into a box of its own."""
        kind, state = ASKED[self._decided.kind.value], STATES[self._decided.state.value]
        with Grid(id="box", classes="letter") as box:
            box.border_title = plain(f"Plan of {self._decided.number} · {kind} · {state}")
            box.border_subtitle = plain("↑↓ reads on · esc back")
            with Reading(id="pages"):
                yield Static(joined(*plan_lines(self._decided), by="\n"), classes="personal")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin at the top."""
        self.query_one(Reading).focus()
        self.rest()

    def notice(self) -> Content:
        """Say that this reading is an entry."""
        return plain("That you read this is in the log.", MUTED)


def plan_lines(decided: Decided) -> Iterator[Content]:
    """Yield what is decided: in one line, then each kind with its fate, what is refused, and by whom."""
    # What is short does not scroll, and without colour nothing else would show where the focus is.
    yield plain(f"▸ {decided_in_short(decided)}", f"{STRONG} underline")
    if decided.refusal is not None:
        yield _fact("The facts", plain(decided.refusal.facts, lines=True))
    if decided.asked:
        yield _fact("He wrote", plain(decided.asked, lines=True))
    for made in decided.reasons:
        said = joined(plain(f"{title_of_move(made.name)}, {made.who or 'the desk'}: ", MUTED), plain(made.reason))
        yield _fact("Why", said)
    if decided.erasure is not None:
        if decided.erasure.changed:
            yield plain("! Something changed since this was submitted: it is to be decided again.", WARN)
        yield NOTHING
        yield from (_kind(kind, n) for kind, n in decided.erasure.kinds)
        if decided.erasure.shared_firms:
            yield plain(FIRM_STAYS, WARN)
        for name, until, n in decided.erasure.claims:
            yield plain(f"! Held for the claim {name} until {until}: {n} rows", WARN)
    yield NOTHING
    yield _fact("Identity checked", plain(decided.verified_by or DASH))
    yield _fact("Decided", plain(decided.decided_by or DASH))
    yield _fact("Approved", plain(decided.approved_by or DASH))


def _fact(label: str, value: Content) -> Content:
    return joined(fit(plain(label, MUTED), _LABEL), value)


def _aligned(rows: str) -> str:
    number, _, what = rows.partition(" ")
    return f"{number:>{_NUMBER}} {what}"


def _kind(kind: PlannedKind, n: int) -> Content:
    head = joined(fit(plain(_aligned(rows_of(kind.table, n))), _KIND), plain(f" {FATES[kind.action]}"))
    if kind.until is None:
        return head
    why = word(Language.EN, "holds", kind.ground, "why") if kind.ground in _GROUNDS else kind.ground or ""
    return joined(head, plain(f" until {kind.until}", STRONG), plain(f"  {why} · {kind.law}" if why else "", MUTED))
