"""The review's work-list: what is on it, one item with its entries, asking the employee, and signing off."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from staffdesk.data import reviews as data
from staffdesk.data.actors import Actors
from staffdesk.data.breaches import BreachChanges, Breaches
from staffdesk.data.break_glass import Grants
from staffdesk.data.deciding import Deciding
from staffdesk.data.entries import Entries
from staffdesk.data.log import Opened
from staffdesk.data.references import LARGEST
from staffdesk.data.review_months import ReviewMonths
from staffdesk.data.review_serving import Serving
from staffdesk.data.reviews import ItemRow
from staffdesk.data.transaction import Append, Read
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.access_table import Opening
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.reviews import (
    DAY_MS,
    DECISIONS,
    FROM,
    UNDECIDED,
    ItemKind,
    ItemMove,
    ItemState,
    behind_words,
    why_not_decided,
)
from staffdesk.domain.reviews import rules as review_rules
from staffdesk.domain.screening import shipped
from staffdesk.domain.written_reasons import reviewed_reason
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.deciding import begun
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.log_rows import rows_of
from staffdesk.services.redaction import identifiers_of, redacted, shown_beside
from staffdesk.services.review_items import LONGEST_PAGE, PAGE, ItemDetail, ItemFilter, ItemPage, ToReview, checked
from staffdesk.services.reviewing import REVIEW, items_of, known, next_entry, no_item, reader, subjects_of
from staffdesk.services.sessions import Clock, day_in_brussels, utc_ms

_MINE: Final = "it is your own access, so another admin decides"
_ANSWER, _NOTE = "reason.answer", "reason.note"


class Reviews:
    """The list, for the admin who decides and the auditor who reads; every method raises what the door raises."""

    def __init__(self, door: Door, matrix: AccessMatrix, clock: Clock = utc_ms) -> None:
        """Work through ``door``; ``matrix`` says who decides and who reads what was written."""
        self._door = door
        self._matrix = matrix
        self._clock = clock

    def list(self, access: Access, wanted: ItemFilter, after: int | None = None, limit: int = PAGE) -> ItemPage:
        """Return a page of items; raises :class:`BadInput` for an unknown word, :class:`NotFound` for a user name."""
        if not 0 < limit <= LONGEST_PAGE:
            raise BadInput(f"A page holds 1 to {LONGEST_PAGE} items.", "Ask for fewer.")
        chosen = checked(wanted)
        last = None if after is None else max(0, min(after, LARGEST))

        def read(tx: Append, _cleared: Clearance) -> tuple[ItemPage, Result]:
            asked = replace(chosen, actor=None if wanted.who is None else _account(tx, wanted.who))
            rows = data.Reviews(tx).page(asked, last, limit + 1)
            items = items_of(tx, rows[:limit])
            more = items[-1].id if len(rows) > limit else None
            who = () if wanted.who is None else (f"who:{wanted.who}",)
            breaches = Breaches(tx).open(self._clock())
            behind = behind_words(ReviewMonths(tx).far().day, day_in_brussels(self._clock()))
            found = ItemPage(items, more, breaches, behind)
            return found, Result(act=Act.AUDIT_LISTED, kinds=(*kinds, *who), n=len(items))

        kinds = (REVIEW, wanted.shown, *(() if wanted.rule is None else (f"rule:{wanted.rule}",)))
        return self._door.act(access, Draft(wanted=_listing(), kinds=kinds), read, intent=False)

    def to_review(self, access: Access) -> ToReview:
        """Return how much waits on the list; an entry of its own, as the list is."""
        kinds = (REVIEW, "counted")

        def read(tx: Append, _cleared: Clearance) -> tuple[ToReview, Result]:
            states = data.Reviews(tx).states()
            waiting = [states[each] for each in UNDECIDED if each in states]
            oldest = min((at for _, at in waiting), default=self._clock())
            count, answered = sum(many for many, _ in waiting), states.get(ItemState.ANSWERED, (0, 0))[0]
            days = max(0, (self._clock() - oldest) // DAY_MS)
            breaches = Breaches(tx).open(self._clock())
            return ToReview(count, answered, days, breaches), Result(act=Act.AUDIT_LISTED, kinds=kinds, n=count)

        return self._door.act(access, Draft(wanted=_listing(), kinds=kinds), read, intent=False)

    def open(self, access: Access, item: int) -> ItemDetail:
        """Return an item with its entries and what was said of it; its customer's identifiers give way to his number.

        The reasons that were written at the time are read with each entry (:meth:`AuditReview.entry`).
        """
        known(self._door, access, Act.AUDIT_OPENED, item)
        draft = Draft(wanted=Wanted(act=Act.AUDIT_OPENED), kinds=(REVIEW, f"item:{item}"), n=1)

        def read(tx: Read, cleared: Clearance, _ticket: object) -> ItemDetail:
            reader(cleared)
            return self._detail(tx, cleared, item)

        return self._door.look(access, draft, read)

    def ask(self, access: Access, item: int) -> None:
        """Put an item into the inbox of its employee; raises :class:`Conflict` where it is not to be asked about.

        Where he answered already, all that the answer served and nobody decided is asked again with it.
        """
        kinds = (REVIEW, f"item:{known(self._door, access, Act.AUDIT_ASKED, item).id}")

        def write(tx: Append, cleared: Clearance) -> tuple[None, Result]:
            by = begun(tx, cleared, self._clock)
            row = data.Reviews(tx).one(item)
            if row is None:
                raise no_item()
            if not data.Reviews(tx).in_use(row.actor, by.today):
                raise Conflict(f"{row.who} has left and cannot be asked.", "Decide by what the log holds.")
            if data.ReviewMoves(tx).ask(item, by) != 1:
                raise _not_moved(row, ItemMove.ASK, by)
            beside = 0 if row.answer_entry is None else Serving(tx).ask_again(row.answer_entry, by)
            return None, Result(act=Act.AUDIT_ASKED, obj=(row.actor,), kinds=kinds, n=1 + beside)

        self._door.act(access, Draft(wanted=Wanted(act=Act.AUDIT_ASKED), kinds=kinds), write)

    def decide(self, access: Access, item: int, decision: ItemState, note: str, heard: int | None = None) -> str:
        """Sign an item off with a note; return the number of the breach this opened, or nothing.

        A note is needed unless it is justified. ``heard`` is the entry of the answer that whoever decides has read.
        Raises :class:`Denied` for an access of one's own while somebody else could decide, :class:`Conflict` where the
        employee was not heard yet, gave another answer, or somebody else decided.
        """
        if decision not in DECISIONS:
            raise BadInput("This is no decision.", f"Choose one of: {', '.join(each.words for each in DECISIONS)}.")
        written = reviewed_reason(note) if note.strip() or decision is not ItemState.JUSTIFIED else ""
        deciding = self._matrix.acts[Act.AUDIT_REVIEWED].roles
        kinds = (REVIEW, f"item:{known(self._door, access, Act.AUDIT_REVIEWED, item).id}", decision.value)

        def write(tx: Append, cleared: Clearance) -> tuple[str, Result]:
            by = begun(tx, cleared, self._clock)
            row = data.Reviews(tx).one(item)
            if row is None:
                raise no_item()
            self._hear_first(tx, row, decision, by)
            if row.answer_entry not in {None, heard} and row.state in UNDECIDED:
                raise Conflict(
                    f"{row.who} has answered.", "Read it first (Esc; by command: show, then decide with --answer)."
                )
            if data.ReviewMoves(tx).decide(row, decision, next_entry(tx), by, deciding) != 1:
                raise _not_moved(
                    row, ItemMove.DECIDE, by, others=data.Reviews(tx).other_may(by.staff_id, by.today, deciding)
                )
            if row.kind is ItemKind.BREAK_GLASS:
                _leave_the_log_list(tx, item, by)
            breach = ""
            if decision is ItemState.NOT_JUSTIFIED:
                hours = review_rules().breach.hours
                breach = BreachChanges(tx).add(hours, by=by.staff_id, now=by.now, today=by.today, item=item)
            marks = (*(("own",) if row.actor == by.staff_id else ()), *((breach,) if breach else ()))
            openings = (Opened(_NOTE, written),) if written else ()
            subjects = subjects_of(tx, item)
            result = Result(act=Act.AUDIT_REVIEWED, obj=subjects, kinds=(*kinds, *marks), n=1, openings=openings)
            return breach, result

        return self._door.act(access, Draft(wanted=Wanted(act=Act.AUDIT_REVIEWED), kinds=kinds), write)

    def _hear_first(self, tx: Append, row: ItemRow, decision: ItemState, by: Deciding) -> None:
        (item,) = items_of(tx, [row])
        if item.decided:
            return
        may = data.Reviews(tx).in_use(row.actor, by.today)
        why = why_not_decided(item, decision, by.staff_id, by.now, may_answer=may)
        if why:
            hint = "Ask him first." if item.state is ItemState.OPEN else "Wait for the answer; justified needs none."
            raise Conflict(f"It is not decided as {decision.words} yet: {why}.", hint)

    def _detail(self, tx: Read, cleared: Clearance, item: int) -> ItemDetail:
        row = data.Reviews(tx).one(item)
        if row is None or cleared.actor is None or cleared.role is None:
            raise no_item()
        (shown,) = items_of(tx, [row])
        entries = rows_of(tx, Entries(tx).some(data.Reviews(tx).seqs(item)))
        customers = dict.fromkeys(number for each in entries for number in each.customers)
        me, now = cleared.actor.staff_id, self._clock()
        may = data.Reviews(tx).in_use(row.actor, day_in_brussels(now))
        deciding = self._matrix.acts[Act.AUDIT_REVIEWED].roles
        mine = row.actor == me and data.Reviews(tx).other_may(me, day_in_brussels(now), deciding)
        closed = {each: _MINE if mine else why_not_decided(shown, each, me, now, may_answer=may) for each in DECISIONS}
        breach = Breaches(tx).of_item(item)
        said = self._said(tx, cleared.role, row, tuple(customers))
        number, due = ("", None) if breach is None else (breach.number, breach.due_at)
        became = () if breach is None else (breach.outcome, breach.closing_entry)
        return ItemDetail(shown, entries, *said, number, due, closed, _why_not_asked(row, me, in_use=may), *became)

    def _said(self, tx: Read, role: Role, row: ItemRow, customers: tuple[int, ...]) -> tuple[str, str]:
        """Return the employee's answer and the admin's note as this role may read them."""
        kinds = [kind.value for kind in Opening if self._matrix.reads_opening(role, kind)]
        found = [
            "" if seq is None else dict(Entries(tx).openings(seq, kinds)).get(name, "")
            for seq, name in ((row.answer_entry, _ANSWER), (row.decision_entry, _NOTE))
        ]
        if not any(found):
            return "", ""
        # Beside whom an item is about he may name whom he was shown then, or as he answered.
        rests = (*data.Reviews(tx).seqs(row.id), *(() if row.answer_entry is None else (row.answer_entry,)))
        others = shown_beside(tx, Entries(tx).some(rests), customers)
        identifiers = {**identifiers_of(tx, customers), **others}
        answer, note = (shipped().without_contacts(redacted(text, identifiers)) for text in found)
        return answer, note


def _listing() -> Wanted:
    return Wanted(act=Act.AUDIT_LISTED)


def _account(tx: Append, who: str) -> str:
    for staff_id, name in Actors(tx).user_names().items():
        if name == who:
            return staff_id
    raise NotFound("There is no account with this user name.", "Look at: staffdesk staff list")


def _why_not_asked(row: ItemRow, me: str, *, in_use: bool) -> str:
    if row.state not in FROM[ItemMove.ASK]:
        return f"it is {row.state.words}"
    if row.actor == me:
        return "nobody asks himself"
    return "" if in_use else f"{row.who} has left"


def _leave_the_log_list(tx: Append, item: int, by: Deciding) -> None:
    """Take the grants of a break-glass that was decided off the list of those whose reason nobody has read."""
    grants = Grants(tx)
    waiting = set(grants.to_review().values())
    for seq in data.Reviews(tx).seqs(item):
        if seq in waiting:
            grants.review(seq, by.staff_id, by.now)


def _not_moved(row: ItemRow, move: ItemMove, by: Deciding, *, others: bool = True) -> Denied | Conflict:
    """Say why the guarded statement touched no row."""
    if row.state not in FROM[move]:
        return Conflict(f"This item is {row.state.words} already.", "Read it again.")
    if row.actor == by.staff_id and move is ItemMove.ASK:
        return Denied("Nobody asks himself.", "Another admin asks, or where there is none, decide.")
    if row.actor == by.staff_id and others:
        return Denied("This access is your own, so another admin decides on it.", "Ask another admin.")
    return Conflict("Your role or your session ended a moment ago, so nothing was changed.", "Sign in again.")
