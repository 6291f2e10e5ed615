"""The months of the review: what is left of each, closing one, and its certificate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from staffdesk.domain.review_certificates import Certificate
from staffdesk.services.review_months import MonthState
from staffdesk.tui.base import DeskScreen
from staffdesk.tui.command import Command, Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.phrases import count, moment
from staffdesk.tui.plain import DASH, GOOD, MUTED, STRONG, column, fit, joined, plain
from staffdesk.tui.screens.certificate import CertificateScreen
from staffdesk.tui.widgets.rows import Line, Rows, words

_MONTH, _ENTRIES, _OPENS, _DRAWN, _ITEMS, _LEFT = 9, 10, 8, 7, 7, 6
_MIDDLE = 90


class MonthsScreen(DeskScreen[str], inherit_bindings=False):
    """Enter reads the certificate of a closed month; of an open one it answers the filter of its items."""

    PLACE: ClassVar[Place] = Place.MONTHS
    HAS_LIST: ClassVar[bool] = True
    BINDINGS = bindings_of(Place.MONTHS)
    EXPLAINED: ClassVar[tuple[Place, str] | None] = (Place.REVIEW, "Closing a month")

    def __init__(self) -> None:
        """Name the place."""
        super().__init__(plain("Review", MUTED), plain("Months"))
        self._months: dict[str, MonthState] = {}

    def body(self) -> Iterable[Widget]:
        """One list."""
        rows = Rows(id="months")
        rows.border_title = plain("Months of the log, newest first")
        yield rows

    def notice(self) -> Content:
        """Say what Enter does."""
        return plain("Enter reads the certificate of a closed month, or lists what is open.", MUTED)

    def is_useful(self, command: Command) -> bool:
        """Offer to close a month where one can be."""
        match command.id:
            case "list.open":
                return bool(self._months)
            case "month.close":
                return any(_closable(each) for each in self._months.values())
            case _:
                return super().is_useful(command)

    def on_mount(self) -> None:
        """Read the months."""
        self.query_one(Rows).focus()
        self.read()

    def read(self) -> None:
        """Read the months, or read them again."""
        self.ask(partial(self.desk.months.months, self.session.desk_access), self._show, "reading")

    @on(Rows.Selected)
    def open(self, event: Rows.Selected) -> None:
        """Read a certificate, or go to what is open."""
        month = self._months.get(event.key)
        if month is None:
            self.say(plain("No month is here that could be closed."))
            return
        if month.closed_at is None:
            self.dismiss(f"month:{month.month}")
        else:
            self.ask(
                partial(self.desk.months.certificate, self.session.desk_access, month.month), self._read, "reading"
            )

    def action_close_month(self) -> None:
        """Close a month, once that is confirmed."""
        month = self._months.get(self.query_one(Rows).current)
        if month is None:
            return
        if month.closed_at is not None:
            self.say(plain(f"{month.month} is closed. Enter reads its certificate."))
        elif month.why:
            self.say(plain(f"{month.month} is not closed yet: {month.why}."))
        else:
            job = partial(self.desk.months.close, self.session.desk_access, month.month)
            self.confirm(
                f"Close {month.month} for good?", "closes it", lambda: self.ask(job, self._certified, "closing")
            )

    def _certified(self, made: Certificate) -> None:
        self.read()
        self.app.push_screen(CertificateScreen(made, closed=True))

    def _read(self, made: Certificate) -> None:
        self.app.push_screen(CertificateScreen(made))

    def _show(self, months: Sequence[MonthState]) -> None:
        first = not self._months
        self._months = {each.month: each for each in months}
        rows = self.query_one(Rows)
        rows.border_subtitle = plain(count(len(months), "month"))
        if not months:
            rows.put(
                [words(plain("No month yet.")), words(plain("staffdesk run-due takes each day of the log.", MUTED))]
            )
            return
        lines = [Line(key, partial(_line, each)) for key, each in self._months.items()]
        rows.put([Line("", _heads, stays=True), *lines], keep=True)
        # The oldest one that is open is the next to be reviewed, whether it can be closed yet or not.
        due = min((each.month for each in months if each.closed_at is None), default="")
        if first and due:
            rows.go_to(due)
        self.refresh_keys()


def _closable(month: MonthState) -> bool:
    return month.closed_at is None and not month.why


def _heads(width: int) -> Content:
    return _columns(
        [plain(head, MUTED) for head in ("month", "entries", "opens", "drawn", "items", "left", "state")], width
    )


def _line(each: MonthState, width: int) -> Content:
    cells = [
        plain(each.month, STRONG),
        plain(f"{each.entries:,}"),
        plain(f"{each.opens:,}"),
        plain(DASH if each.drawn is None else str(each.drawn)),
        plain(f"{each.items:,}"),
        plain(f"{each.undecided:,}"),
        _state(each),
    ]
    return _columns(cells, width)


def _columns(cells: Sequence[Content], width: int) -> Content:
    wide = width >= _MIDDLE
    sizes = (_MONTH, _ENTRIES if wide else 0, _OPENS if wide else 0, _DRAWN if wide else 0, _ITEMS, _LEFT)
    return fit(joined(*map(column, cells, sizes), cells[-1]), width)


def _state(each: MonthState) -> Content:
    gone = "" if each.pruned_at is None else f"; pruned {moment(each.pruned_at)[:10]}"
    if each.closed_at is not None:
        return plain(f"✓ closed by {each.closed_by or DASH}{gone}", GOOD)
    return plain(f"· {each.why}{gone}", MUTED) if each.why else plain(f"✓ can be closed (x){gone}", GOOD)
