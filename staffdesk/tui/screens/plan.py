"""What is decided under a request, for who approves or executes it: what becomes of what, until when, by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, NamedTuple

from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.holds import LAWFUL
from staffdesk.domain.request_words import ASKED, FATES, STATES, rows_of, title_of_move
from staffdesk.domain.request_work import FIRM_STAYS
from staffdesk.services.erasure.certificate import certificate_lines
from staffdesk.services.letters.language import Language
from staffdesk.services.letters.words import word
from staffdesk.services.request_plans import Decided, ErasurePlan, PlannedKind
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
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
            of = "Plan" if self._decided.certificate is None else "Certificate"
            box.border_title = plain(f"{of} of {self._decided.number} · {kind} · {state}")
            box.border_subtitle = plain("↑↓ reads on · esc back")
            with Reading(id="pages"):
                for line in plan_lines(self._decided):
                    yield Static(line.said, classes="personal under" if line.under else "personal")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin at the top."""
        self.query_one(Reading).focus()
        self.rest()

    def notice(self) -> Content:
        """Say that this reading is an entry."""
        return plain("That you read this is in the log.", MUTED)


class Line(NamedTuple):
    """A line of what is decided; one that is ``under`` the one before is set in, where it goes on too."""

    said: Content
    under: bool = False


def plan_lines(decided: Decided) -> Iterator[Line]:
    """Yield what is decided: in one line, then each kind with its fate, what is refused, and by whom."""
    # What is short does not scroll, and without colour nothing else would show where the focus is.
    yield Line(plain(f"▸ {decided_in_short(decided)}", f"{STRONG} underline"))
    if decided.certificate is not None:
        yield from (Line(plain(line, lines=True)) for line in certificate_lines(decided.certificate))
        yield Line(NOTHING)
    if decided.refusal is not None:
        yield _fact("The facts", plain(decided.refusal.facts, lines=True))
    if decided.asked:
        yield _fact("He wrote", plain(decided.asked, lines=True))
    for made in decided.reasons:
        yield Line(plain(f"Why: {title_of_move(made.name)}, {made.who or 'the desk'}", MUTED))
        yield Line(plain(made.reason, lines=True), under=True)
    yield Line(NOTHING)
    if decided.erasure is not None:
        yield from _planned(decided.erasure)
        yield Line(NOTHING)
    yield _fact("Identity checked", plain(decided.verified_by or DASH))
    yield _fact("Decided", plain(decided.decided_by or DASH))
    yield _fact("Approved", plain(decided.approved_by or DASH))


def _planned(plan: ErasurePlan) -> Iterator[Line]:
    if plan.changed:
        yield Line(plain("! Something changed since this was submitted: it is to be decided again.", WARN))
    for kind, n in plan.kinds:
        yield from _kind(kind, n)
    if plan.shared_firms:
        yield Line(plain(FIRM_STAYS, WARN))
    for name, until, n in plan.claims:
        yield Line(plain(f"! Held for the claim {name} until {until}: {n} rows", WARN))


def _fact(label: str, value: Content) -> Line:
    return Line(joined(fit(plain(label, MUTED), _LABEL), value))


def _aligned(rows: str) -> str:
    number, _, what = rows.partition(" ")
    return f"{number:>{_NUMBER}} {what}"


def _kind(kind: PlannedKind, n: int) -> Iterator[Line]:
    head = joined(fit(plain(_aligned(rows_of(kind.table, n))), _KIND), plain(f" {FATES[kind.action]}"))
    until = "" if kind.until is None else f" until {kind.until}"
    yield Line(joined(head, plain(until, STRONG)))
    why = word(Language.EN, "holds", kind.ground, "why") if kind.ground in _GROUNDS else kind.ground
    if until and why:
        yield Line(plain(f"{why} · {kind.law}", MUTED), under=True)
