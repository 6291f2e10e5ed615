"""What waits for whoever sits here, as the first lines of his first screen; Enter on one leads to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.content import Content

from staffdesk.domain.access import Act, Role
from staffdesk.tui.phrases import count, date_of, moment
from staffdesk.tui.plain import MUTED, NOTHING, WARN, apart, plain
from staffdesk.tui.widgets.rows import Line, words

if TYPE_CHECKING:
    from staffdesk.domain.manifest import OwedNotice
    from staffdesk.domain.matters import Account
    from staffdesk.domain.request_rows import RequestRow
    from staffdesk.domain.reviews import OpenBreach
    from staffdesk.domain.support_logs import Quarantined
    from staffdesk.services.desk import Desk
    from staffdesk.services.log_filters import Counted
    from staffdesk.services.review_items import ToReview
    from staffdesk.tui.base import DeskScreen
    from staffdesk.tui.session import Session

GO: Final = "go:"
FILTER: Final = "filter:"
LOGS: Final = "logs:"
"""What the key of a line begins with that leads to a place, to the entries of a filter, or to the logs of a case."""
_BREACHES: Final = 3
"""So many breaches, and so many zips, are named among the first lines."""


def account_lines(accounts: Sequence[Account], *, decides: bool) -> Iterator[Line]:
    """Yield how many accounts wait, and for whom; ``decides``: whether the reader is an approver."""
    waiting = [each for each in accounts if each.pending is not None]
    mine = [each for each in waiting if decides and not each.undecidable]
    if mine:
        yield _line(f"{GO}staff", f"{count(len(mine), 'account change')} to approve or refuse", "U Staff")
    if len(waiting) > len(mine):
        others = len(waiting) - len(mine)
        verb = "waits" if others == 1 else "wait"
        yield _line(
            f"{GO}staff",
            f"{count(others, 'account change')} {verb} for {'another' if decides else 'an'} approver",
            "U Staff",
            "·",
        )


def request_lines(requests: Sequence[RequestRow]) -> Iterator[Line]:
    """Yield how many requests are overdue, due soon, or decided and not carried out, and what the first waits for."""
    if not requests:
        return
    from staffdesk.domain.request_board import next_of  # noqa: PLC0415 - requests wait for few who sign in
    from staffdesk.domain.requests import RequestState, Urgency, urgency  # noqa: PLC0415 - as above
    from staffdesk.tui.due import today  # noqa: PLC0415 - as above

    late, soon, later = (
        [each for each in requests if urgency(each.state, each.hard_due, today()) is how]
        for how in (Urgency.OVERDUE, Urgency.SOON, Urgency.LATER)
    )
    decided = [each for each in later if each.state == RequestState.EXECUTING]
    for which, glyph, said in (
        (late, "✗", f"{count(len(late), 'request')} overdue"),
        (soon, "!", f"{count(len(soon), 'request')} due soon"),
        (decided, "!", f"{len(decided)} decided"),
    ):
        if which:
            first = f"{which[0].number}, {next_of(which[0], today())}"
            yield _line(f"{GO}requests", f"{said}: {first}", "R Requests", glyph)


def notice_lines(owed: Sequence[OwedNotice]) -> Iterator[Line]:
    """Yield the notice that is owed the longest to whom a partner named, and how many others there are."""
    for each in owed[:1]:
        others = f", and {len(owed) - 1} more" if len(owed) > 1 else ""
        yield _line(f"{GO}policy", f"{each.sentence}{others}", "E Policy", "✗" if each.late else "!")


def review_lines(counted: Sequence[Counted], days: int) -> Iterator[Line]:
    """Yield of each filter of the review how many entries it selects."""
    for each in counted:
        if each.entries:
            number = f"{each.entries}{'+' if each.more else ''}"
            yield _line(f"{FILTER}{each.text}", f"{each.name}: {number} in the last {days} days", "enter shows them")


def asked_lines(waiting: int) -> Iterator[Line]:
    """Yield about how many looks of his own somebody is asked, which nobody else answers."""
    if waiting:
        what = "a look of yours" if waiting == 1 else f"{waiting:,} looks of yours"
        yield _line(f"{GO}inbox", f"asked about {what}", "I Inbox")


def breach_lines(open_ones: Sequence[OpenBreach]) -> Iterator[Line]:
    """Yield until when the authority is to be told of the breaches due first, and how many others there are."""
    for each in open_ones[:_BREACHES]:
        from staffdesk.domain.reviews import breach_words  # noqa: PLC0415 - as for zips

        said = breach_words(each, moment(each.due_at))
        yield _line(f"{GO}review", said, "W b", "✗" if each.late else "!")
    if (others := len(open_ones) - _BREACHES) > 0:
        yield _line(f"{GO}review", f"{count(others, 'other breach', 'other breaches')} open", "W b")


def quarantine_lines(zips: Sequence[Quarantined]) -> Iterator[Line]:
    """Yield which zips of logs have what must not be held, and until when: privacy decides, or their day comes."""
    for each in zips[:_BREACHES]:
        from staffdesk.domain.log_scan import told, worst  # noqa: PLC0415 - brings the screening, which few lists need
        from staffdesk.domain.support_log_rules import rules  # noqa: PLC0415 - as above

        what = ", ".join(told(worst(each.found, rules()), rules()))
        said = f"{each.case}, zip {each.zip}, ends {date_of(each.ends)}: {what}"
        yield _line(f"{LOGS}{each.case}:{each.zip}", said, "enter")
    if (others := len(zips) - _BREACHES) > 0:
        first = zips[_BREACHES]
        yield _line(f"{LOGS}{first.case}:{first.zip}", f"{count(others, 'other zip')} in quarantine", "enter")


def quarantine_for(desk: Desk, session: Session) -> tuple[Quarantined, ...]:
    """Read those zips where it is this person who is told of them."""
    return desk.support_logs.not_to_be_held(session.desk_access) if Role.PRIVACY in session.signed_in.roles else ()


def work_lines(found: ToReview) -> Iterator[Line]:
    """Yield which breaches are not closed, how much of the review is not decided, and how old the oldest of it is."""
    yield from breach_lines(found.breaches)
    if found.undecided:
        answered = f", {found.answered:,} answered" if found.answered else ""
        oldest = f", the oldest {count(found.oldest_days, 'day')} old" if found.oldest_days else ""
        yield _line(f"{GO}review", f"review: {found.undecided:,} to decide{answered}{oldest}", "W Review")


def accounts_for(desk: Desk, session: Session) -> tuple[Account, ...]:
    """Read the accounts where this person decides about them, or asked for what waits."""
    if not session.may(Act.STAFF_APPROVED) and not session.may(Act.STAFF_ADDED):
        return ()
    return desk.staff.accounts(session.desk_access)


def requests_for(desk: Desk, session: Session) -> tuple[RequestRow, ...]:
    """Read the requests where it is this person who answers them."""
    return desk.requests.open_requests(session.desk_access) if Role.PRIVACY in session.signed_in.roles else ()


def open_logs(screen: DeskScreen[None], key: str) -> None:
    """Show the logs of the case that a line of :func:`quarantine_lines` leads to, its zip under the cursor."""
    from staffdesk.tui.screens.support_logs import SupportLogsScreen  # noqa: PLC0415 - once in many calls

    number, _, bundle = key.removeprefix(LOGS).partition(":")
    screen.app.push_screen(SupportLogsScreen(number, bundle))


def under(waiting: Sequence[Line]) -> list[Line]:
    """Return what waits with an empty line below it, or nothing."""
    return [*waiting, words(NOTHING)] if waiting else []


def _line(key: str, said: str, leads: str, glyph: str = "!") -> Line:
    return Line(key, partial(_draw, f"{glyph} {said}", leads, glyph))


def _draw(said: str, leads: str, glyph: str, width: int) -> Content:
    return apart(plain(said, MUTED if glyph == "·" else WARN), plain(leads, MUTED), width)
