"""What an admin asks about looks of one's own, for everybody; Enter answers one in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.services.review_inbox import Question
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import DASH, GOOD, MUTED, STRONG, TIMES, column, fit, joined, plain
from staffdesk.tui.screens.answer import AnswerDialog
from staffdesk.tui.widgets.rows import Line, Rows, words

_ITEM, _DAY, _CUSTOMER, _MANY, _WHAT = 6, 11, 10, 7, 36
_WIDE = 90


class InboxScreen(DeskScreen[None], inherit_bindings=False):
    """Questions, the heaviest first; what is answered goes from here."""

    PLACE: ClassVar[Place] = Place.INBOX
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.INBOX)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REVIEW, "Your inbox")

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Inbox"))
        self._questions: dict[str, Question] = {}

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="questions")
        rows.border_title = plain("Asked about looks of yours")
        yield rows

    def notice(self) -> Content:
        """Say who reads the answer."""
        return plain("The admin reads your answer before he decides; it stands in the log.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer to open a question where there is one."""
        return bool(self._questions) if command.id == "list.open" else super().is_useful(command)

    def on_mount(self) -> None:
        """Read the questions."""
        self.query_one(Rows).focus()
        self.read()

    def read(self) -> None:
        """Read the questions, or read them again."""
        self.ask(partial(self.desk.inbox.questions, self.session.desk_access), self._show, "reading")

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Show what is asked, and wait for the answer."""
        question = self._questions.get(event.key)
        if question is not None:
            self.app.push_screen(AnswerDialog(question), self._answered)

    def _answered(self, done: bool | None) -> None:
        if done:
            self.read()
            self.say(plain("✓ Answered; the admin goes on from here.", GOOD))

    def _show(self, questions: Sequence[Question]) -> None:
        self._questions = {str(each.item.id): each for each in questions}
        rows = self.query_one(Rows)
        rows.border_subtitle = plain(count(len(questions), "question"))
        if questions:
            lines = [Line(key, partial(_line, each)) for key, each in self._questions.items()]
            rows.put([Line("", _heads, stays=True), *lines], keep=True)
        else:
            rows.put([words(plain("Nothing is asked.")), words(plain("What you did is in your entries (O).", MUTED))])
        self.refresh_keys()


def _heads(width: int) -> Content:
    return _columns(
        [plain(head, MUTED) for head in ("item", "day", "customer", "looks", "why", "what was seen")], width
    )


def _line(each: Question, width: int) -> Content:
    item = each.item
    cells = [
        plain(str(item.id), STRONG),
        plain(item.day),
        plain(DASH if item.customer is None else str(item.customer)),
        plain(f"{TIMES}{len(each.entries):,}", MUTED),
        plain(item.title if not each.also else f"{item.title}, and {count(len(each.also), 'rule')} more"),
        plain(item.words, MUTED),
    ]
    return _columns(cells, width)


def _columns(cells: Sequence[Content], width: int) -> Content:
    *others, seen = cells
    shown = [column(cell, size) for cell, size in zip(others, (_ITEM, _DAY, _CUSTOMER, _MANY, _WHAT), strict=True)]
    return fit(joined(*shown, *([seen] if width >= _WIDE else [])), width)
