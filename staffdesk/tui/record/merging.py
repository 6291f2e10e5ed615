"""A record of somebody who may stand there twice: who is proposed, put together with it, taken apart from it."""

from __future__ import annotations

from functools import partial

from staffdesk.domain.access import RecordKind
from staffdesk.domain.merges import Separated, in_words
from staffdesk.domain.records import Page, Record
from staffdesk.tui.plain import plain
from staffdesk.tui.record.declaring import DeclaringRecord


class MergingRecord(DeclaringRecord, inherit_bindings=False):
    """A record with which another one of the same person is put together."""

    def action_same_person(self) -> None:
        """List who on file is likely the same person, and what was put together with this record."""
        if self.record.customer is None:
            self.say(plain("No person is known for this record."))
            return
        merging, access, customer = self.desk.merging, self._access, self.record.customer
        self.desk_app.turns.lead(self)
        self.look(partial(merging.twins, access, customer), self._show_twins, "listing")

    def _show_twins(self, page: Page) -> None:
        from staffdesk.tui.screens.twins import TwinsDialog  # noqa: PLC0415 - rarely needed

        self.session.logged(page.seq)
        merged = [row.id for row in self.record.rows("person") if row.id != self.record.customer]
        if not page.hits and not merged:
            self.say(plain("Nobody else on file is likely the same person."))
            return
        self.app.push_screen(TwinsDialog(page, merged), self._chosen)

    def _chosen(self, number: int | None) -> None:
        """Open the other record beside this one, or ask whether it is taken apart."""
        if number is None:
            return
        if any(row.id == number for row in self.record.rows("person")):
            self.confirm(f"Take {number} apart again?", "takes it apart", partial(self._take_apart, number))
            return
        self.look(partial(self.desk.gateway.open, self._access, RecordKind.PERSON, number), self._compare, "opening")

    def _compare(self, other: Record) -> None:
        from staffdesk.tui.screens.side_by_side import SideBySideDialog  # noqa: PLC0415 - rarely needed

        self.session.logged(other.seq)
        self.app.push_screen(SideBySideDialog(self.record, other, self._access), self._decided)

    def _decided(self, said: str | None) -> None:
        if said is not None:
            self._read_again(f"✓ {said}")

    def _take_apart(self, number: int) -> None:
        customer = self.record.customer or 0
        self.ask(partial(self.desk.merging.unmerge, self._access, customer, number), self._taken_apart, "writing")

    def _taken_apart(self, apart: Separated) -> None:
        kept = (("Elsewhere", apart.elsewhere), ("Stays here", apart.came))
        stays = "".join(f" {what}: {in_words(rows)}." for what, rows in kept if rows)
        changed = f" Fields set right since stay: {apart.changes}." if apart.changes else ""
        mail = " No mail goes to either." if apart.mail_stopped else ""
        self._read_again(f"✓ {apart.other} is apart again; given back: {in_words(apart.back)}.{stays}{changed}{mail}")
