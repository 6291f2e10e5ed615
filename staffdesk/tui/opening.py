"""From a row to its record: the purpose and the reference first, then the entry, then the record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from staffdesk.data.deadline import Deadline
from staffdesk.domain.access import RecordKind

if TYPE_CHECKING:
    from staffdesk.domain.records import Record
    from staffdesk.tui.base import DeskScreen

PATIENCE = 2.0
"""Seconds from the key to the answer; nothing is shown after that."""


def open_record(screen: DeskScreen[None], kind: RecordKind, record_id: int) -> None:
    """Open a record on top of ``screen``; where purpose or reference is missing they are asked for first."""
    session = screen.session
    if session.purpose is None or not session.reference:
        from staffdesk.tui.screens.purpose import PurposeDialog  # noqa: PLC0415 - the dialog opens records itself

        def go_on(said: bool | None) -> None:
            if said:
                open_record(screen, kind, record_id)

        screen.app.push_screen(PurposeDialog(needs_reference=True), go_on)
        return
    access, gateway, deadline = session.access, screen.desk.gateway, Deadline(PATIENCE)

    def show(record: Record) -> None:
        from staffdesk.tui.screens.record import RecordScreen  # noqa: PLC0415 - as above

        session.opened(record)
        screen.app.push_screen(RecordScreen(record, access))

    screen.ask(partial(gateway.open, access, kind, record_id, deadline), show, "opening")
