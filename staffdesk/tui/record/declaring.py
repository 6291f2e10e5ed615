"""A record of whose person, or company, one may declare that one is close to them."""

from __future__ import annotations

from staffdesk.domain.declared import Whom
from staffdesk.tui.plain import GOOD, plain
from staffdesk.tui.record.glass import GlassRecord


class DeclaringRecord(GlassRecord, inherit_bindings=False):
    """A record that somebody may find to be of whom he is close to; nothing in it tells who said so."""

    def action_declare(self) -> None:
        """Ask as what the person or the company is declared."""
        from staffdesk.tui.screens.declare import DeclareDialog  # noqa: PLC0415 - rarely needed

        customer = self.record.customer
        whom = [] if customer is None else [(Whom.PERSON, customer)]
        whom += [(Whom.COMPANY, row.id) for row in self.record.rows("organisation")[:1]]
        if whom:
            self.app.push_screen(DeclareDialog(whom), self._declared)
        else:
            self.say(plain("No person and no company is known for this record."))

    def _declared(self, said: str | None) -> None:
        if said:
            self.say(plain(f"✓ {said} Let a colleague help here.", GOOD))
