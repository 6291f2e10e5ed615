"""The same person twice: who is proposed, and two records put together by a person, or taken apart again.

Every value stays where it was, with its source; what hung on one record hangs on the other. Requests, packages and
erasures reach both from then on, and an objection of either holds for both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from staffdesk.data.customers.belongings import Belongings
from staffdesk.data.customers.contested import ContestedFields
from staffdesk.data.customers.digests import Addressee
from staffdesk.data.customers.held import Holds
from staffdesk.data.customers.merges import merged_into
from staffdesk.data.customers.merging import Merging as Rows
from staffdesk.data.customers.objections import Objections
from staffdesk.data.customers.search import Search
from staffdesk.data.customers.twins import Twins
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.matters import RequestLists
from staffdesk.data.references import References
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read
from staffdesk.domain import transfers
from staffdesk.domain.access import HIMSELF, Access, Act, Outcome
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, SessionEnded
from staffdesk.domain.likely_same import Likeness
from staffdesk.domain.matters import Actor
from staffdesk.domain.merges import Merged, Separated
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.records import MOST_LOOKS, Page
from staffdesk.domain.request_words import LIKENESSES
from staffdesk.domain.twin_features import rules
from staffdesk.services.cells import Cells
from staffdesk.services.clearance import Clearance, Wanted, relations_of, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.held_rows import listable
from staffdesk.services.hits import hits
from staffdesk.services.listings import Listed, listing, receivable, relations_to
from staffdesk.services.marketing import may_subscribe
from staffdesk.services.sessions import utc_ms

_PERSON: Final = "person"
_MAIL_STOPPED: Final = "mail.stopped"
_APART: Final = "told_apart"


class Merging:
    """Proposes, puts together, takes apart, and remembers who is not the same."""

    def __init__(self, door: Door, matrix: AccessMatrix, *, clock: Callable[[], int] = utc_ms) -> None:
        """Go through ``door``, mask by ``matrix``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._matrix = matrix
        self._clock = clock

    def twins(self, access: Access, customer: int, deadline: Deadline | None = None) -> Page:
        """Return who on file is likely the same person, the likeliest first, masked, each named in the log.

        ``found_by`` of each says what both have in common. Raises :class:`NotFound`, :class:`Denied`.
        """
        draft = Draft(wanted=Wanted(act=Act.CUSTOMER_SEARCH, record=(_PERSON, customer)), kinds=("twins",))

        def read(tx: Read, cleared: Clearance, ticket: Ticket) -> Listed:
            found = Twins(tx).of(_his(cleared, customer))
            order = list(found)
            matches = sorted(Search(tx, len(order)).by_numbers(order), key=lambda match: order.index(match.id))
            open_to = listable(tx, cleared, receivable(tuple(matches), cleared))
            rows = self._matrix.limits.rows
            shown = hits(open_to[:rows], Cells(self._matrix, cleared), (), ())
            listed = tuple(replace(hit, found_by=told(found[hit.id].found_by)) for hit in shown)
            page = Page(hits=listed, more=len(open_to) > rows, seq=ticket.seq)
            return page, relations_to(tx, cleared, open_to[:rows])

        page, _ = self._door.look(access, draft, read, listing, deadline)
        return page

    def merge(self, access: Access, customer: int, other: int) -> Merged:
        """Put the record ``other`` together with the ``customer``'s, which it opens as from then on.

        Raises :class:`BadInput` for two that have nothing in common, :class:`NotFound`, :class:`Denied` (for somebody
        close to whoever does it, or whom another employee's company may not receive) and :class:`Conflict` while a
        request about either is being answered, or anything of either is restricted or contested.
        """
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_MERGED, record=(_PERSON, customer)),
            obj=self._aid(access, other),
            kinds=(_PERSON,),
            n=2,
        )

        def write(tx: Change, cleared: Clearance) -> tuple[Merged, Result]:
            actor = _actor(cleared)
            people = _both(tx, actor, customer, other)
            judged = Twins(tx).judged(customer, other)
            # A company alone makes colleagues of two, not one person.
            if judged is None or not {*judged.found_by} - {Likeness.COMPANY}:
                raise BadInput("These two records have nothing in common but a company.", "Compare their numbers.")
            stopped = any(_objected(tx, number, row) for number, row in people.items())
            rows, now = Rows(tx), self._clock()
            moved = rows.merge(customer, other, judged.found_by, actor.staff_id, now)
            if stopped:
                _stop_mail(tx, people, now)
            kinds = (_PERSON, *sorted(moved), *((_MAIL_STOPPED,) if stopped else ()))
            about = _aids(people, customer, other)
            result = Result(act=Act.CUSTOMER_MERGED, obj=about, kinds=kinds, n=2)
            return Merged(customer, other, moved, stopped), result

        return self._door.change(access, draft, write)

    def unmerge(self, access: Access, customer: int, other: int) -> Separated:
        """Take the record ``other`` apart from the ``customer``'s again, as far as nothing changed since.

        What came since, and mail that was stopped, stays; the result says what. Raises as :meth:`merge`.
        """
        aid = self._door.peek(access, lambda tx: merged_into(tx, (customer,)).get(other))
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_SEPARATED, record=(_PERSON, customer)),
            obj=() if aid is None else (aid,),
            kinds=(_PERSON,),
            n=2,
        )

        def write(tx: Change, cleared: Clearance) -> tuple[Separated, Result]:
            people = _both(tx, _actor(cleared), customer, other)
            apart = Rows(tx).undo(customer, other)
            about = _aids(people, customer, other)
            changes = _changes(tx, about[0], apart.since)
            separated = Separated(
                customer, other, apart.back, apart.elsewhere, apart.came, changes,
                mail_stopped=_objected(tx, other, people[other]),
            )  # fmt: skip
            kinds = (_PERSON, *sorted(apart.back))
            return separated, Result(act=Act.CUSTOMER_SEPARATED, obj=about, kinds=kinds, n=2)

        return self._door.change(access, draft, write)

    def tell_apart(self, access: Access, customer: int, other: int) -> None:
        """Remember that two records are two people's: neither is proposed for the other again. Raises as `merge`."""
        draft = Draft(
            wanted=Wanted(act=Act.CUSTOMER_SEPARATED, record=(_PERSON, customer)),
            obj=self._aid(access, other),
            kinds=(_APART,),
            n=2,
        )

        def write(tx: Change, cleared: Clearance) -> tuple[None, Result]:
            actor = _actor(cleared)
            people = Rows(tx).people(customer, other)
            _check_there(people, customer, other)
            _check_not_close(tx, actor, customer, other)
            judged = Twins(tx).judged(customer, other)
            likeness = () if judged is None else judged.found_by
            Rows(tx).tell_apart(customer, other, likeness, actor.staff_id, self._clock())
            about = _aids(people, customer, other)
            return None, Result(act=Act.CUSTOMER_SEPARATED, obj=about, kinds=(_APART,), n=2)

        self._door.change(access, draft, write)

    def _aid(self, access: Access, other: int) -> tuple[str, ...]:
        """Return the audit id of a record; nothing where there is none, which the change itself says."""
        subject = self._door.peek(access, lambda tx: References(tx).subject(_PERSON, other))
        return () if subject is None else (subject.aid,)


def told(found_by: tuple[Likeness, ...]) -> str:
    """Return in words what two records have in common."""
    return ", ".join(LIKENESSES[each] for each in found_by)


def _his(cleared: Clearance, customer: int) -> int:
    """Return the number a record opens by: another's where it was put together with that one."""
    return customer if cleared.subject is None else cleared.subject.person_id or customer


def _actor(cleared: Clearance) -> Actor:
    if cleared.actor is None:
        raise SessionEnded("You are not signed in.", "Sign in again.")
    return cleared.actor


def _both(tx: Change, actor: Actor, customer: int, other: int) -> Mapping[int, Mapping[str, Any]]:
    """Return the rows of the two, locked, if they may be put together or taken apart now."""
    if customer == other:
        raise BadInput("A record is not put together with itself.", "Give the number of the other record.")
    rows = Rows(tx)
    people = rows.people(customer, other)
    _check_there(people, customer, other)
    _check_not_close(tx, actor, customer, other)
    _check_countries(*(row["country"] for row in people.values()))
    waiting = [number for number, kind, state in rows.requests(customer, other) if rules().merging.waits(kind, state)]
    if waiting:
        raise Conflict(f"{waiting[0]} is being answered, and it is about one of the two.", "Wait until it is answered.")
    # What is restricted is stored and nothing else (GDPR Art. 18(2)): not even a row of his is given to another record.
    if any(Holds(tx).among(Belongings(tx, list(people)).rows).values()):
        raise Conflict(
            "One of the two, or something of theirs, is restricted or held by law.", "Ask privacy what it is kept for."
        )
    if ContestedFields(tx).of_people((customer, other)):
        raise Conflict("A value of one of the two is contested.", "Privacy settles first what is right.")
    return people


def _check_there(people: Mapping[int, object], *numbers: int) -> None:
    if not people.keys() >= set(numbers):
        raise NotFound("There is no such record.", "Look for the two records again.")


def _check_not_close(tx: Change, actor: Actor, *numbers: int) -> None:
    for number in numbers:
        subject = References(tx).subject(_PERSON, number)
        if subject is not None and not HIMSELF.isdisjoint(relations_of(tx, actor, subject)):
            raise Denied("Nobody does this for himself, or for who is close to him.", "Ask a colleague.")


def _check_countries(one: str | None, other: str | None) -> None:
    """Refuse two of which a company of the house may receive one alone: who opens one would see the other."""
    entities, today = transfers.rules().entities, today_in_brussels()
    for entity in entities:
        first, second = (transfers.may_open(entity, country, entities, today).allowed for country in (one, other))
        if first != second:
            raise Denied(
                "These two are kept in countries from which not every colleague may receive them.",
                "Ask privacy to record the transfer mechanism first.",
            )


def _objected(tx: Change, number: int, row: Mapping[str, Any]) -> bool:
    """Say whether somebody objected to mail and did not opt in again since."""
    addressee = Addressee(*(row[name] for name in ("email", "phone", "country", "store", "account_id")))
    return not may_subscribe(tx, addressee, number) and not RequestLists(tx).gets_mail(number)


def _stop_mail(tx: Change, people: Mapping[int, object], now: int) -> None:
    objections, today = Objections(tx), today_in_brussels()
    for number in people:
        objections.suppress(number, now)
        objections.end_subscriptions(number, today)


def _aids(people: Mapping[int, Mapping[str, Any]], customer: int, other: int) -> tuple[str, str]:
    return str(people[customer]["aid"]), str(people[other]["aid"])


def _changes(tx: Change, aid: str, since: int) -> int:
    """Return how often a field of somebody was set right since."""
    cores = Entries(tx).of_subject(aid, MOST_LOOKS)
    return sum(core.act == Act.CUSTOMER_CHANGED and core.out == Outcome.OK and core.t > since for core in cores)
