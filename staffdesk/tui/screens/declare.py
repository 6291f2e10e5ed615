"""Declaring whom one is close to, from the record that is open; and what one declared, to take it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.declared import Declaration, Whom, kinds
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import date_of
from staffdesk.tui.plain import GOOD, MUTED, column, fit, joined, plain
from staffdesk.tui.widgets.rows import Line, Rows, words

_WHOM, _NUMBER, _SINCE = 14, 16, 12


class DeclareDialog(DeskDialog[str], inherit_bindings=False):
    """Answers what was declared, in words."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.RECORD, "Whom you are close to")
    CSS_PATH = "../styles/palette.tcss"

    def __init__(self, whom: Sequence[tuple[Whom, int]]) -> None:
        """Offer what may be declared of these: the person of the record, his company, or both."""
        super().__init__()
        numbers = dict(whom)
        self._offered = {
            f"{each.value}:{code}": (each, numbers[each], code, title)
            for each in numbers
            for code, title in kinds().offered(each)
        }

    def body(self) -> Iterable[Widget]:
        """One list, and what follows from it."""
        with Vertical(id="box") as box:
            box.border_title = plain("Whom you are close to")
            box.border_subtitle = plain("enter declares it · esc back")
            yield Rows(id="kinds")
            yield Static(self.notice(), id="note")

    def notice(self) -> Content:
        """Say what follows."""
        return plain(
            "Each look of yours there is put before the admin. He, the auditor and you see that it is declared; "
            "the customer does not. O, then d, takes it back, and it counts for "
            f"{kinds().withdrawn_days} days more.",
            MUTED,
        )

    def on_mount(self) -> None:
        """Show the kinds."""
        lines = [Line(key, partial(_offer, whom, title)) for key, (whom, _, _, title) in self._offered.items()]
        self.query_one(Rows).put(lines)
        self.query_one(Rows).focus()

    @on(Rows.Selected)
    def declare(self, event: Rows.Selected) -> None:
        """Declare it, once that is confirmed."""
        if self.waiting or event.key not in self._offered:
            return
        whom, number, code, title = self._offered[event.key]
        job = partial(self.desk.declaring.declare, self.session.desk_access, whom, number, code)
        told = partial(self._declared, f"This {whom.value} is declared: {title}.")
        self.confirm(f"Declare this {whom.value}: {title}?", "declares it", lambda: self.ask(job, told))

    def _declared(self, said: str, _done: None) -> None:
        self.dismiss(said)


class DeclarationsDialog(DeskDialog[None], inherit_bindings=False):
    """What one declared: customers by their numbers, and nobody is opened from here."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.OWN, "What you declared")
    CSS_PATH = "../styles/palette.tcss"

    def __init__(self, found: Sequence[Declaration]) -> None:
        """List them."""
        super().__init__()
        self._found = {str(each.id): each for each in found}

    def body(self) -> Iterable[Widget]:
        """One list, and what happened."""
        with Vertical(id="box") as box:
            box.border_title = plain("What you declared")
            box.border_subtitle = plain("enter takes one back · esc back")
            yield Rows(id="declarations")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Show them."""
        self._show(tuple(self._found.values()))
        self.query_one(Rows).focus()

    @on(Rows.Selected)
    def withdraw(self, event: Rows.Selected) -> None:
        """Take one back, once that is confirmed."""
        found = self._found.get(event.key)
        if found is None or self.waiting:
            return
        if found.counts_until is not None:
            self.say(plain(f"You took this back; it counts until {date_of(found.counts_until)}."))
            return
        job = partial(self.desk.declaring.withdraw, self.session.desk_access, found.id)
        question = f"Take back that {found.whom.value} {found.number} is {kinds().title(found.kind)}?"
        self.confirm(question, "takes it back", lambda: self.ask(job, self._withdrawn))

    def _withdrawn(self, left: Sequence[Declaration]) -> None:
        self.say(plain(f"✓ Taken back. It counts for {kinds().withdrawn_days} days more.", GOOD))
        self._show(left)

    def _show(self, found: Sequence[Declaration]) -> None:
        self._found = {str(each.id): each for each in found}
        lines = [Line(key, partial(_line, each)) for key, each in self._found.items()]
        self.query_one(Rows).put(lines or [words(plain("You declared nothing. K in a record declares."))], keep=True)


def _offer(whom: Whom, title: str, width: int) -> Content:
    return fit(joined(column(plain(f"this {whom.value}", MUTED), _WHOM), plain(title)), width)


def _line(found: Declaration, width: int) -> Content:
    number = plain(f"{'customer' if found.whom is Whom.PERSON else 'company'} {found.number}")
    since = plain(date_of(found.declared_at), MUTED)
    parts = [column(number, _NUMBER), column(since, _SINCE)]
    if found.counts_until is not None:
        parts.append(plain(f"taken back, until {date_of(found.counts_until)}: ", MUTED))
    return fit(joined(*parts, plain(kinds().title(found.kind))), width)
