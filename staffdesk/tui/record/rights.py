"""What the person of a record may ask for, started from his record; mail to him is stopped at once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Static

from staffdesk.domain.access import Act
from staffdesk.domain.campaign import Explained
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.domain.uses import NEWS
from staffdesk.tui.phrases import weekday
from staffdesk.tui.plain import GOOD, plain
from staffdesk.tui.record.law import asked_already, law_lines, mail_stopped, without_mail
from staffdesk.tui.record.layout import PRIVACY
from staffdesk.tui.record.privacy import WHY_NEWS
from staffdesk.tui.record.revealing import RevealingRecord

if TYPE_CHECKING:
    from staffdesk.services.marketing import Stopped

_EXPLAINED: Final = 6
"""Lines that say why, under their head."""

_CHANNELS: Final = {
    "call": RequestChannel.PHONE, "email": RequestChannel.EMAIL, "visit": RequestChannel.IN_PERSON,
    "event": RequestChannel.EVENT, "chat": RequestChannel.WEB_FORM,
}  # fmt: skip
"""By which way somebody asks with whom a case is dealt with."""


class RightsRecord(RevealingRecord, inherit_bindings=False):
    """A record from which a request of its person is started; what the law does to it stands above the panes."""

    def action_correct(self) -> None:
        """Start a request to correct."""
        self._ask_for(RequestType.RECTIFY)

    def action_erase(self) -> None:
        """Start a request to delete."""
        self._ask_for(RequestType.ERASE)

    def action_request(self) -> None:
        """Start a request of any type."""
        self._ask_for(None)

    def action_unsubscribe(self) -> None:
        """Stop all mail to this person, once that is confirmed."""
        if self.record.customer is None:
            self.say(plain("No person is known for this record."))
        elif stopped := mail_stopped(self.record, self._asked_for):
            self.say(plain(f"{stopped}. Only the customer's own new opt-in undoes it."))
        elif not self.session.may(Act.REQUEST_MOVED):
            self.say(plain("Support, sales and privacy stop mail. a registers what the customer asks."))
        else:
            customer = self.record.customer
            self.confirm(
                f"Stop all mail to customer {customer} for good?",
                "stops it",
                partial(self._stop_mail, customer),
            )

    def action_why_news(self) -> None:
        """Say why this person gets product news, or why not."""
        if self.record.customer is None:
            self.say(plain("No person is known for this record."))
            return
        if NEWS not in self.record.sections:
            self.say(plain(f"{self.record.role} is not told who gets product news."))
            return
        campaign, access, customer = self.desk.campaign, self._access, self.record.customer
        self.look(partial(campaign.why, access, customer), self._explain, "reading")

    def _explain(self, told: Explained) -> None:
        self.session.logged(told.seq)
        self.record = replace(self.record, news=told)
        self._fill(PRIVACY)
        self._go_to(PRIVACY)
        self._pane(PRIVACY).go_to(WHY_NEWS)
        self._pane(PRIVACY).show_below(_EXPLAINED)

    def _stop_mail(self, customer: int) -> None:
        if self.waiting:
            return
        case = self.session.case
        channel = _CHANNELS.get(case.channel if case else "", RequestChannel.PHONE)
        self.ask(partial(self.desk.marketing.stop, self._access, customer, channel=channel), self._stopped, "stopping")

    def _stopped(self, stopped: Stopped) -> None:
        self._take(stopped.request)
        said = mail_stopped(self.record, self._asked_for)
        self.say(plain(f"{said}: it was stopped already.") if stopped.already else _done(stopped.request))

    def _ask_for(self, kind: RequestType | None) -> None:
        from staffdesk.tui.screens.request_form import RequestDialog  # noqa: PLC0415 - rarely needed

        if self.record.customer is None:
            self.say(plain("No person is known for this record."))
            return
        asked = partial(asked_already, self.record, tuple(self._asked_for))
        self.app.push_screen(RequestDialog(kind, self.record.customer, self._access, asked), self._note_request)

    def _note_request(self, request: RequestRow | None) -> None:
        if request is not None:
            self._take(request)
            self.say(_done(request))

    def _take(self, request: RequestRow) -> None:
        """Show a request that was made on this screen, and what it changed."""
        if request.number not in {each.number for each in self._asked_for}:
            self._asked_for.append(request)
        if request.kind == RequestType.OBJECT_MKT and request.carried_out_at is not None:
            # What was explained before is so no more.
            self.record = replace(without_mail(self.record), news=None)
            self._fill(PRIVACY)
            self._fill("person")
        self._show_law()

    def _show_law(self) -> None:
        line, law = self.query_one("#law", Static), law_lines(self.record, self._asked_for)
        line.display = bool(law)
        line.update(law)


def _done(request: RequestRow) -> Content:
    if request.carried_out_at is not None:
        return plain(f"✓ Mail is stopped, {request.number}. R has the letter that says so.", GOOD)
    due = weekday(request.hard_due)
    return plain(f"✓ {request.number} is registered, due {due}. Privacy goes on with it.", GOOD)
