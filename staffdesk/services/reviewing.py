"""What the services of the review share: an item as it is shown, whom it is about, and what is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from staffdesk.data.entries import Entries
from staffdesk.data.reviews import ItemRow, Reviews
from staffdesk.data.transaction import Append, Read
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.errors import Denied, NotFound
from staffdesk.domain.reviews import ItemKind, ReviewItem
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft

REVIEW = "review"
BREACHES = "breaches"
"""What stands first among the kinds of every entry about the review."""

_DRAWN = "Random share"


def items_in(kinds: Iterable[str]) -> tuple[int, ...]:
    """Return the items that an entry about the review names."""
    named = (kind.partition("item:") for kind in kinds)
    return tuple(int(number) for before, _, number in named if not before and number.isdecimal())


def next_entry(tx: Append) -> int:
    """Return the number of the entry that this transaction, which has its place in the queue, is about to write."""
    return Entries(tx).state().size + 1


def reader(cleared: Clearance) -> None:
    """Refuse who opens entries of the log but does not review it; raises :class:`Denied`."""
    if cleared.role is Role.PRIVACY:
        raise Denied("Privacy does not review employees.", "An admin or an auditor does.")


def known(door: Door, access: Access, act: Act, item: int) -> ItemRow:
    """Return an item, so that no entry names another number that was typed for one.

    Raises :class:`NotFound` to who may do this with an item, to others :class:`Denied` as for one there is.
    """
    row = door.peek(access, lambda tx: Reviews(tx).one(item))
    return row if row is not None else refuse_unknown(door, access, act, REVIEW, no_item())


def refuse_unknown(door: Door, access: Access, act: Act, kind: str, missing: NotFound) -> NoReturn:
    """Raise :class:`Denied` to who may not do this at all, and ``missing`` to others; either leaves an entry."""

    def write(_tx: Append, cleared: Clearance) -> NoReturn:
        reader(cleared)
        raise missing

    door.act(access, Draft(wanted=Wanted(act=act), kinds=(kind,)), write)
    raise missing


def no_item() -> NotFound:
    """Return that there is no such item."""
    return NotFound("There is no such item.", "Look at the list: staffdesk audit review list")


def title_of(kind: ItemKind, rule: str) -> str:
    """Return by what name people know what brought an item on the list."""
    from staffdesk.domain.flags.rules import title_of_rule  # noqa: PLC0415 - long to read in, and the first screen only counts

    return _DRAWN if kind is ItemKind.RANDOM else title_of_rule(rule)


def items_of(tx: Append | Read, rows: Iterable[ItemRow]) -> tuple[ReviewItem, ...]:
    """Return items as they are shown: a person by his number, where he is still known."""
    found = tuple(rows)
    numbers = Entries(tx).customers([row.subject for row in found if row.subject is not None])
    return tuple(
        ReviewItem(
            id=row.id,
            kind=row.kind,
            rule=row.rule,
            title=title_of(row.kind, row.rule),
            words=row.words,
            severity=row.severity,
            actor=row.actor,
            who=row.who,
            subject=row.subject,
            customer=None if row.subject is None else numbers.get(row.subject),
            day=row.day.isoformat(),
            month=row.month,
            at=row.at,
            entries=row.entries,
            state=row.state,
            asked_at=row.asked_at,
            answered_at=row.answered_at,
            answer_entry=row.answer_entry,
            decided_at=row.decided_at,
            decided_by=row.decided_by or "",
            decision_entry=row.decision_entry,
            own=row.own,
        )
        for row in found
    )


def subjects_of(tx: Append, item: int) -> tuple[str, ...]:
    """Return the audit ids of whom an item's looks are about: an erasure of one empties what was said of it."""
    from staffdesk.domain.flags.entry import LOOKS  # noqa: PLC0415 - as above

    about = LOOKS | {Act.CUSTOMER_BREAK_GLASS}
    cores = Entries(tx).some(Reviews(tx).seqs(item))
    return tuple(dict.fromkeys(core.obj[0] for core in cores if core.obj and core.act in about))
