"""The next move of a request: which one, what it asks to be told, and what is closed with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.correction import known_fields
from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_guards import Offer
from staffdesk.domain.request_moves import Move
from staffdesk.domain.request_progress import RequestStanding
from staffdesk.domain.request_work import Answers, Ask, places
from staffdesk.services.moved import Moved
from staffdesk.services.request_letters import Drafted
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.commands import Place
from staffdesk.tui.due import day_or_none
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import GROUNDS
from staffdesk.tui.plain import MUTED, NOTHING, joined, plain
from staffdesk.tui.screens.letter import LetterDialog
from staffdesk.tui.screens.password_again import PasswordAgainDialog
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_LONGEST: Final = 500
_LONGEST_DAY: Final = 10
_LONGEST_NUMBER: Final = 18
_NO, _MASKED = "not masked", "masked but for what is needed"
_KEPT, _DELETED = "not yet", "deleted in the mailbox, its bin emptied"
_GRANTED: Final = "nothing is refused"
_METHODS: Final = {each.name: each.code for each in places().methods}
_DOCUMENTS: Final = {each.name: each.code for each in places().documents}
_GROUNDS: Final = {_GRANTED: None, **{word: ground for ground, word in GROUNDS.items()}}
_FIELDS: Final = {
    **{column.replace("_", " "): column for column in known_fields("person")},
    **{f"company's {column.replace('_', ' ')}": f"organisation.{column}" for column in known_fields("organisation")},
}
_LABELS: Final = {
    Ask.DAY: "On",
    Ask.DOCUMENT: "Document",
    Ask.METHOD: "Known by",
    Ask.MASKED: "It is",
    Ask.COPY_DELETED: "The copy is",
    Ask.GROUND: "Refused",
    Ask.FACTS: "The facts",
    Ask.FIELD: "Field",
    Ask.CUSTOMER: "Customer",
    Ask.REASON: "Why",
}
"""What stands before each thing a move asks, in the order in which it is asked; a reason may be given for any."""


class MoveDialog(DeskDialog[Moved], inherit_bindings=False):
    """Answers what the move led to."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Going on with a request")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "moving"

    def __init__(self, standing: RequestStanding, access: Access) -> None:
        """Offer the moves that are open where the request stands."""
        super().__init__()
        self._number = standing.progress.number
        self._open = {each.move.title: each.move for each in standing.offers if each.closed is None}
        self._shut = tuple(each for each in standing.offers if each.closed is not None)
        self._access = access

    def body(self) -> Iterable[Widget]:
        """Ask which move, then everything any move asks; what this one does not ask is hidden."""
        with Grid(id="box", classes="move") as box:
            box.border_title = plain(f"What is next for {self._number}?")
            box.border_subtitle = plain("tab next · ←→ chooses · enter asks · esc leaves it")
            yield Static(plain("Move", MUTED))
            yield Choice([*self._open] or ["none is open"], id="move")
            for ask, label in _LABELS.items():
                yield Static(plain(label, MUTED), id=f"label-{ask.value}")
                yield _field(ask)
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with the move, or where there is only one with what it asks."""
        self._fit()
        move = self._move
        asked = next((ask for ask in _LABELS if move is not None and ask in move.asks), None)
        first = "move" if asked is None or len(self._open) > 1 else asked.value
        self.query_one(f"#{first}").focus()

    def notice(self) -> Content:
        """Say what the move sends and leaves, and what is closed and why."""
        move = self._move
        leaves = NOTHING
        if move is not None:
            again = "Your password is asked for again. " if move.confirmed else ""
            letters = f"Letter {' or '.join(move.letters)} goes with it. " if move.letters else ""
            recorded = f"Recorded: {', '.join(move.recorded)}." if move.recorded else ""
            leaves = plain(f"{again}{letters}{recorded}", MUTED)
        return joined(leaves, *(_why(each) for each in self._shut), by="\n") if self._shut else leaves

    @on(Choice.Changed, "#move")
    def _fit(self) -> None:
        """Ask what the chosen move asks."""
        move = self._move
        for ask in _LABELS:
            asked = move is not None and (ask in move.asks or ask is Ask.REASON)
            for each in (f"#label-{ask.value}", f"#{ask.value}"):
                self.query_one(each).display = asked
        self.rest_unless_said()

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def look_it_over(self) -> None:
        """Ask whether it is meant."""
        move = self._move
        if self.waiting or move is None:
            return
        try:
            answers = self._answers(move)
        except BadInput as error:
            self.failed(error)
            return
        if Ask.REASON in move.asks and not answers.reason:
            self.failed(BadInput(f"{move.title} needs a reason.", "Say in a sentence why."))
            return
        if not move.letters:
            self._confirm(move, answers)
            return
        draft = self.desk.workflow.draft
        self.ask(partial(draft, self._access, self._number, move.name, answers), partial(self._show, move, answers))

    def _show(self, move: Move, answers: Answers, drafted: Drafted | None) -> None:
        """Let a letter that goes with the move be read over first."""
        if drafted is None:
            self._confirm(move, answers)
            return
        letter = LetterDialog(drafted, self.desk.workflow.way_of(drafted))
        self.app.push_screen(letter, lambda sends: self._make(move, answers, drafted) if sends else None)

    def _confirm(self, move: Move, answers: Answers) -> None:
        if move.confirmed:
            self._make(move, answers)
            return
        self.confirm(f"{move.title}: {self._number}?", "does it", partial(self._make, move, answers))

    @property
    def _move(self) -> Move | None:
        return self._open.get(self.query_one("#move", Choice).value)

    def _answers(self, move: Move) -> Answers:
        asked = set(move.asks)
        return Answers(
            reason=self._typed(Ask.REASON),
            day=day_or_none(self._typed(Ask.DAY)) if Ask.DAY in asked else None,
            document=_DOCUMENTS[self._chosen(Ask.DOCUMENT)] if Ask.DOCUMENT in asked else "",
            method=_METHODS[self._chosen(Ask.METHOD)] if Ask.METHOD in asked else "",
            masked=Ask.MASKED in asked and self._chosen(Ask.MASKED) == _MASKED,
            copy_deleted=Ask.COPY_DELETED in asked and self._chosen(Ask.COPY_DELETED) == _DELETED,
            ground=_GROUNDS[self._chosen(Ask.GROUND)] if Ask.GROUND in asked else None,
            facts=self._typed(Ask.FACTS) if Ask.FACTS in asked else "",
            customer=self._number_typed() if Ask.CUSTOMER in asked else None,
            field=_FIELDS[self._chosen(Ask.FIELD)] if Ask.FIELD in asked else "",
        )

    def _make(self, move: Move, answers: Answers, shown: Drafted | None = None) -> None:
        make = partial(self.desk.workflow.make, self._access, self._number, move.name, answers, shown=shown)
        if not move.confirmed:
            self.ask(make, self._made, "moving")
            return
        question, confirmed = f"{move.title}: {self._number}?", lambda password: make(password=password)
        self.app.push_screen(PasswordAgainDialog(question, confirmed), self._made)

    def _made(self, moved: Moved | None) -> None:
        if moved is not None:
            self.dismiss(moved)

    def _number_typed(self) -> int:
        typed = self._typed(Ask.CUSTOMER)
        if not typed.isascii() or not typed.isdecimal():
            raise BadInput("This is not a customer's number.", "Look him up; his number stands on his record.")
        return int(typed)

    def _typed(self, ask: Ask) -> str:
        return self.query_one(f"#{ask.value}", Field).value.strip()

    def _chosen(self, ask: Ask) -> str:
        return self.query_one(f"#{ask.value}", Choice).value


_CHOICES: Final = {
    Ask.DOCUMENT: (*_DOCUMENTS,),
    Ask.METHOD: (*_METHODS,),
    Ask.MASKED: (_MASKED, _NO),
    Ask.COPY_DELETED: (_KEPT, _DELETED),
    Ask.GROUND: (*_GROUNDS,),
    Ask.FIELD: (*_FIELDS,),
}
_TYPED: Final = {
    Ask.REASON: (_LONGEST, ""),
    Ask.FACTS: (_LONGEST, "only where something is refused"),
    Ask.CUSTOMER: (_LONGEST_NUMBER, "his number, as his record shows it"),
    Ask.DAY: (_LONGEST_DAY, "empty: today; else 2026-11-25"),
}


def _field(ask: Ask) -> Widget:
    if ask in _CHOICES:
        return Choice(_CHOICES[ask], id=ask.value)
    longest, placeholder = _TYPED[ask]
    return Field(id=ask.value, longest=longest, placeholder=placeholder)


def _why(offer: Offer) -> Content:
    return plain(f"{offer.move.title}: {offer.closed}", MUTED)
