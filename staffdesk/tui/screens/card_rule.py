"""Whether the front of an identity card is demanded at this desk: what holds, since when and why, and changing it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from staffdesk.domain import written_reasons
from staffdesk.domain.access import Access
from staffdesk.domain.errors import MustNotBeHeld, StaffdeskError
from staffdesk.domain.local_settings import CardRule
from staffdesk.domain.requests import FrontOfCard
from staffdesk.tui.base import DeskDialog
from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.plain import MUTED, joined, plain
from staffdesk.tui.screens.request_lines import card_words
from staffdesk.tui.widgets.choice import Choice
from staffdesk.tui.widgets.field import Field

_WORDS: Final = {
    FrontOfCard.MANDATORY: "mandatory, as the policy says",
    FrontOfCard.OTHERWISE: "not demanded: verified otherwise",
}
_VALUES: Final = {word: value for value, word in _WORDS.items()}


class CardRuleDialog(DeskDialog[CardRule], inherit_bindings=False):
    """Answers the rule once it was changed."""

    BINDINGS = bindings_of(Place.DIALOG)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REQUESTS, "The identity card")
    CSS_PATH = "../styles/dialog.tcss"

    def __init__(self, rule: CardRule, access: Access) -> None:
        """Show what holds, and offer the other."""
        super().__init__()
        self._rule = rule
        self._access = access

    def body(self) -> Iterable[Widget]:
        """Ask what is to hold from now on, and why."""
        reasons = written_reasons.rules()
        others = [word for value, word in _WORDS.items() if value is not self._rule.value]
        with Grid(id="box", classes="card") as box:
            box.border_title = plain("The front of the identity card")
            box.border_subtitle = plain("tab next · enter asks · esc leaves it")
            yield Static(plain("Now", MUTED))
            yield Static(card_words(self._rule), id="now")
            yield Static(plain("From now on", MUTED))
            yield Choice(others, id="value", wide=True)
            yield Static(plain("Why", MUTED))
            yield Field(id="reason", longest=reasons.longest, placeholder=f"in at least {reasons.words} words")
            yield Static(id="note")

    def on_mount(self) -> None:
        """Begin with the reason: there is one other way."""
        self.query_one("#reason").focus()
        self.rest()

    def notice(self) -> Content:
        """Say what follows from it."""
        return joined(
            plain("It holds at once, for every request that waits for proof; the log keeps why.", MUTED),
            plain("Mail is stopped without a card whatever holds.", MUTED),
            by="\n",
        )

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def look_it_over(self) -> None:
        """Ask whether it is meant."""
        if self.waiting:
            return
        word, reason = self.query_one("#value", Choice).value, self.query_one("#reason", Field).value
        job = partial(self.desk.settings.demand_card, self._access, _VALUES[word], reason)
        self.confirm(f"The front of the card: {word}?", "sets it", lambda: self.ask(job, self._set))

    def failed(self, error: StaffdeskError) -> None:
        """Say what is wrong with the reason; what must not be held does not stay in the field."""
        super().failed(error)
        if isinstance(error, MustNotBeHeld):
            self.query_one("#reason", Field).value = ""

    def _set(self, rule: CardRule) -> None:
        self.dismiss(rule)
