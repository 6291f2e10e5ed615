"""What is said about one value of a record: why it is not shown, how long it is, that it went to the clipboard."""

from __future__ import annotations

from textual.content import Content

from staffdesk.domain.classes import Exposure
from staffdesk.domain.records import Cell, Record, Revealed
from staffdesk.tui.phrases import count
from staffdesk.tui.plain import MUTED, plain


def withheld(record: Record, cell: Cell, *, choosable: bool, elsewhere: str = "") -> Content | None:
    """Return why a value can be neither revealed nor copied, and the next step; nothing where it can.

    ``choosable``: whether whoever looks has more than one purpose to choose from; ``elsewhere``: the case in hand,
    where it is about somebody else.
    """
    if cell.exposure is Exposure.SHOWN or cell.revealable:
        return None
    if cell.why and elsewhere:
        return plain(f"Not shown: {elsewhere} is about somebody else. Ctrl+N starts a case of this customer.")
    if cell.why:
        return plain(f"Not shown: a {cell.why} is missing. p changes the number.")
    if cell.held and cell.exposure is Exposure.MASKED:
        return plain(f"{record.role} sees this masked only.{_ways(choosable=choosable)}")
    return plain(f"{record.role} does not see this.{_ways(choosable=choosable)}")


def how_long(value: Revealed) -> Content:
    """Return for how long a value is shown, and under which entry."""
    return plain(f"{value.label} is shown for {value.seconds} s, entry {value.seq:,}. V hides it.", MUTED)


def copied(label: str) -> Content:
    """Return that a value was sent; whether it arrived is not known."""
    return plain(f"{label} sent in clear to the terminal's clipboard.")


def hidden(values: int) -> Content:
    """Return what hiding did."""
    return plain(f"{count(values, 'value')} hidden again." if values else "Nothing was revealed.")


def _ways(*, choosable: bool) -> str:
    return " p changes the purpose." if choosable else " A colleague whose role does can look."
