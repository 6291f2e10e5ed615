"""The next move of a request: which one, what it asks to be told, and what is closed with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain.access import Access
from staffdesk.domain.errors import BadInput, Conflict, StaffdeskError
from staffdesk.domain.grounds import RefusalGround
from staffdesk.domain.refusals import grounds_for
from staffdesk.domain.refusals import rules as refusals
from staffdesk.domain.request_board import choices
from staffdesk.domain.request_moves import Move
from staffdesk.domain.request_pages import Contested
from staffdesk.domain.request_progress import RequestStanding
from staffdesk.domain.request_words import GROUNDS, LANGUAGES
from staffdesk.domain.request_work import Answers, Ask
from staffdesk.domain.requests import RequestType
from staffdesk.services.moved import Moved
from staffdesk.services.request_answers import goes_at_once
from staffdesk.services.request_letters import Drafted
from staffdesk.services.request_plans import Decided
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.due import day_or_none
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, WARN, joined, plain
from staffdesk.tui.request_words import FIELDS, correction_of, decided_in_short, letters_of, what_first, why_closed
from staffdesk.tui.screens.letter import LetterDialog
from staffdesk.tui.screens.move_fields import (
    A_BREACH,
    CHOOSE,
    DELETED,
    DOCUMENTS,
    EXTENSION_CODES,
    FAULT_CODES,
    MASKED,
    METHODS,
    field_of,
)
from staffdesk.tui.screens.password_again import PasswordAgainDialog
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_NOTHING_CHOSEN: Final = "nothing chosen"
_GRANTED: Final = "nothing is refused"
_SHOWN_FIRST: Final = frozenset({"approve", "approve_refusal", "erase", "submit"})
"""The moves before which it is said what is decided: whoever makes one answers for it."""
_DECIDE: Final = "decide"
_DECIDED: Final = {
    RequestType.ACCESS: "Nothing is refused: the package is made.",
    RequestType.PORT: "Nothing is refused: the package is made.",
    RequestType.RECTIFY: "Nothing is refused: the fields are corrected.",
    RequestType.ERASE: "Nothing is refused: the erasure is then to be submitted to a second person.",
    RequestType.RESTRICT: "Nothing is refused: his data are restricted.",
    RequestType.OBJECT: "Nothing is refused: the use he objects to ends.",
    RequestType.OBJECT_MKT: "",
}
"""What a decision leads to where nothing is refused."""
_PROMPTS: Final = {
    Ask.DOCUMENT: "Which document is it?", Ask.MASKED: "Was it masked?", Ask.GROUND: "Is it refused?",
    Ask.EXTENSION: "On which ground?", Ask.BREACH: "Is it a breach?",
}  # fmt: skip
_LABELS: Final = {
    Ask.DAY: "On",
    Ask.DOCUMENT: "Document",
    Ask.METHOD: "Known by",
    Ask.MASKED: "It is",
    Ask.COPY_DELETED: "Mailbox copy",
    Ask.GROUND: "Refused",
    Ask.FACTS: "The facts",
    Ask.FIELD: "Field",
    Ask.FAULT: "Its fault",
    Ask.EXTENSION: "Ground",
    Ask.BREACH: "A breach",
    Ask.CUSTOMER: "Customer",
    Ask.REASON: "Why",
}
"""What stands before each thing a move asks, in the order in which it is asked; a reason may be given for any."""


class MoveDialog(DeskDialog[Moved | Conflict], inherit_bindings=False):
    """Answers what the move led to, or that it is closed now: what stands beneath is old then."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUEST, "Going on with a request")
    CSS_PATH = "../styles/dialog.tcss"
    BUSY = "moving"

    def __init__(
        self, standing: RequestStanding, access: Access, contested: Sequence[Contested] = (), language: str = "en"
    ) -> None:
        """Offer the moves that are open where the request stands, first what leads on.

        ``contested`` are the fields that are to be corrected, for whoever decides on them; ``language`` is the code of
        the one in which the request is answered.
        """
        super().__init__()
        self._spoken = LANGUAGES.get(language, language)
        self._standing = standing
        self._number = standing.progress.number
        listed = choices(standing.offers)
        beside = () if listed.leading else (None,)
        self._open = {
            _NOTHING_CHOSEN if each is None else each.title: each for each in (*listed.leading, *beside, *listed.aside)
        }
        self._shut = [plain(why_closed(each), MUTED) for each in listed.closed]
        kind = standing.progress.kind  # an objection is weighed, so neither outcome of it stands there beforehand
        first = (CHOOSE, _GRANTED) if kind is RequestType.OBJECT else (_GRANTED,)
        grounds = grounds_for(kind, standing.progress.identity)
        self._grounds = {**dict.fromkeys(first), **{GROUNDS[each]: each for each in grounds}}
        self._access = access
        self._contested = contested

    def body(self) -> Iterable[Widget]:
        """Ask which move, then everything any move asks; what this one does not ask is hidden."""
        with Grid(id="box", classes="move") as box:
            box.border_title = plain(f"What is next for {self._number}?")
            box.border_subtitle = plain("tab next · ←→ chooses · enter asks · esc leaves it")
            yield Static(plain("Move", MUTED))
            yield Choice([*self._open], id="move")
            for ask, label in _LABELS.items():
                yield Static(plain(label, MUTED), id=f"label-{ask.value}")
                yield Choice([*self._grounds], id=ask.value) if ask is Ask.GROUND else field_of(ask)
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
        if move is None:
            leaves = plain(_sentence(what_first(self._standing)), WARN)
        else:
            again = "Your password is asked for again. " if move.confirmed else ""
            reads = f"Write it in {self._spoken}: the letter quotes it. " if self._quotes(move) else ""
            letters = f"Letter ({letters_of(move)}) goes with it. " if move.letters else ""
            recorded = f"Recorded: {', '.join(move.recorded)}." if move.recorded else ""
            leaves = plain(f"{again}{reads}{letters}{recorded}", MUTED)
        noted = (correction_of(each) for each in self._contested) if move is not None and move.name == _DECIDE else ()
        refused = self._ground if move is not None and Ask.GROUND in move.asks else None
        shown = () if refused is None else (plain(f"The facts: {refusals().grounds[refused].facts}"),)
        return joined(*shown, *self._known(move), leaves, *noted, *self._shut, by="\n")

    def _known(self, move: Move | None) -> list[Content]:
        return [plain(f"! {each.note}", WARN) for each in self._standing.offers if each.move == move and each.note]

    @on(Choice.Changed, "#move")
    def _fit(self) -> None:
        """Ask what the chosen move asks."""
        move = self._move
        for ask in _LABELS:
            asked = move is not None and (ask in move.asks or ask is Ask.REASON)
            for each in (f"#label-{ask.value}", f"#{ask.value}"):
                self.query_one(each).display = asked
        quoted = move is not None and move.quotes
        hint = f"written in {self._spoken}: the letter quotes it"
        self.query_one(f"#{Ask.REASON.value}", Field).placeholder = hint if quoted else ""
        self.query_one(f"#{Ask.FACTS.value}", Field).placeholder = f"if refused; {hint}"
        self.rest_unless_said()

    @on(Choice.Changed, "#ground")
    def _say_what_facts(self) -> None:
        self.rest_unless_said()

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def look_it_over(self) -> None:
        """Ask whether it is meant."""
        move = self._move
        if self.waiting:
            return
        if move is None:
            self.say(plain(f"Choose first, or leave it by Esc: {what_first(self._standing)}.", WARN))
            return
        try:
            answers = self._answers(move)
        except BadInput as error:
            self.failed(error)
            return
        if Ask.REASON in move.asks and not answers.reason:
            self.failed(BadInput(f"{move.title} needs a reason.", "Say in a sentence why."))
            return
        if move.name in _SHOWN_FIRST:
            decided = partial(self.desk.plans.decided, self._access, self._number)
            self.ask(decided, partial(self._go_on, move, answers), "reading")
            return
        self._go_on(move, answers)

    def _go_on(self, move: Move, answers: Answers, decided: Decided | None = None) -> None:
        """Ask whether it is meant, or show the letter that goes with it first."""
        what = ""
        if decided is not None:
            what = f"{decided_in_short(decided)}; l on its page shows the plan."
        elif Ask.GROUND in move.asks:
            what = _DECIDED[self._standing.progress.kind] if answers.ground is None else "It is refused."
        if not goes_at_once(move):
            self._confirm(move, answers, what)
            return
        draft = partial(self.desk.workflow.draft, self._access, self._number, move.name, answers)
        self.ask(draft, partial(self._show, move, answers, what))

    def _show(self, move: Move, answers: Answers, what: str, drafted: Drafted | None) -> None:
        """Let a letter that goes with the move be read over first."""
        if drafted is None:
            self._confirm(move, answers, what)
            return
        letter = LetterDialog(drafted, self.desk.workflow.way_of(drafted))
        self.app.push_screen(letter, lambda sends: self._make(move, answers, drafted, what) if sends else None)

    def _confirm(self, move: Move, answers: Answers, what: str) -> None:
        if move.confirmed:
            self._make(move, answers, what=what)
            return
        question = " ".join(filter(None, (f"{move.title}: {self._number}?", what)))
        self.confirm(question, "does it", partial(self._make, move, answers))

    def failed(self, error: StaffdeskError) -> None:
        """Let the page be read anew where the request is elsewhere by now; else say what is to be mended here."""
        if isinstance(error, Conflict):
            self.dismiss(error)
        else:
            super().failed(error)

    def _quotes(self, move: Move) -> bool:
        """Say whether a letter quotes what is typed here: the reason, or the facts of what is refused."""
        return move.quotes or (Ask.FACTS in move.asks and self._ground is not None)

    @property
    def _move(self) -> Move | None:
        return self._open.get(self.query_one("#move", Choice).value)

    @property
    def _ground(self) -> RefusalGround | None:
        return self._grounds[self._chosen(Ask.GROUND)]

    def _answers(self, move: Move) -> Answers:
        asked = set(move.asks)
        for ask, prompt in _PROMPTS.items():
            if ask in asked and self._chosen(ask) == CHOOSE:
                raise BadInput(prompt, "← → chooses.")
        return Answers(
            reason=self._typed(Ask.REASON),
            day=day_or_none(self._typed(Ask.DAY), _LABELS[Ask.DAY], Ask.DAY.value) if Ask.DAY in asked else None,
            document=DOCUMENTS[self._chosen(Ask.DOCUMENT)] if Ask.DOCUMENT in asked else "",
            method=METHODS[self._chosen(Ask.METHOD)] if Ask.METHOD in asked else "",
            masked=Ask.MASKED in asked and self._chosen(Ask.MASKED) == MASKED,
            copy_deleted=Ask.COPY_DELETED in asked and self._chosen(Ask.COPY_DELETED) == DELETED,
            ground=self._ground if Ask.GROUND in asked else None,
            faults=FAULT_CODES[self._chosen(Ask.FAULT)] if Ask.FAULT in asked else (),
            extension=EXTENSION_CODES[self._chosen(Ask.EXTENSION)] if Ask.EXTENSION in asked else None,
            breach=self._chosen(Ask.BREACH) == A_BREACH if Ask.BREACH in asked else None,
            facts=self._typed(Ask.FACTS) if Ask.FACTS in asked else "",
            customer=self._number_typed() if Ask.CUSTOMER in asked else None,
            field=FIELDS[self._chosen(Ask.FIELD)] if Ask.FIELD in asked else "",
        )

    def _make(self, move: Move, answers: Answers, shown: Drafted | None = None, what: str = "") -> None:
        make = partial(self.desk.workflow.make, self._access, self._number, move.name, answers, shown=shown)
        if not move.confirmed:
            self.ask(make, self._made, "moving")
            return
        question, confirmed = f"{move.title}: {self._number}?", lambda password: make(password=password)
        self.app.push_screen(PasswordAgainDialog(question, confirmed, what), self._made)

    def _made(self, moved: Moved | Conflict | None) -> None:
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


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
