"""What the person of a record may ask for, started from his record."""

from __future__ import annotations

from textual.widgets import Static

from staffdesk.domain.matters import RequestRow
from staffdesk.domain.requests import RequestType
from staffdesk.tui.plain import GOOD, plain
from staffdesk.tui.record.law import asked_already, law_lines
from staffdesk.tui.record.revealing import RevealingRecord


class RightsRecord(RevealingRecord, inherit_bindings=False):
    """A record from which a request of its person is started; what the law does to it stands above the panes."""

    def action_correct(self) -> None:
        """Start a request to correct."""
        self._ask_for(RequestType.RECTIFY)

    def action_erase(self) -> None:
        """Start a request to delete."""
        self._ask_for(RequestType.ERASE)

    def _ask_for(self, kind: RequestType) -> None:
        from staffdesk.tui.screens.request_form import RequestDialog  # noqa: PLC0415 - rarely needed

        if self.record.customer is None:
            self.say(plain("No person is known for this record."))
            return
        asked = asked_already(self.record, self._asked_for, kind)
        self.app.push_screen(RequestDialog(kind, self.record.customer, self._access, asked), self._note_request)

    def _note_request(self, request: RequestRow | None) -> None:
        if request is not None:
            self._asked_for.append(request)
            self._show_law()
            self.say(plain(f"✓ {request.number} is registered; privacy goes on with it.", GOOD))

    def _show_law(self) -> None:
        line, law = self.query_one("#law", Static), law_lines(self.record, self._asked_for)
        line.display = bool(law)
        line.update(law)
