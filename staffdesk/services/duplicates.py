"""Likely duplicates of who asks: each is shown to privacy, who says of each whether he is the same person.

An answer given to one must reach all his records; which they are is decided by a person, and recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from staffdesk.data.customers.request_people import MOST, AnsweringPeople, LikelyPeople
from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.references import Reference, References
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import HIMSELF, Access, Act, Level, Relation
from staffdesk.domain.errors import Conflict, Denied, NotFound
from staffdesk.domain.likely_same import ANSWERABLE, Likely, LikelyPage, SamePerson
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.requests import RequestType
from staffdesk.services.carrying_out import subjects
from staffdesk.services.clearance import Clearance, Wanted, may_see_country, relations_among, relations_of
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.request_numbers import REQUEST, known_request
from staffdesk.services.request_standing import actor_of, check_officer, draft_of, read
from staffdesk.services.restricting import RESTRICTED, restrict_instead
from staffdesk.services.sessions import utc_ms

_KIND: Final = "duplicates"
_Listed = tuple[LikelyPage, tuple[Relation, ...]]
"""A page, and how the employee stands to those on it."""


class Duplicates:
    """Lists who may be the same person, and notes what privacy says of each."""

    def __init__(self, door: Door, *, clock: Callable[[], int] = utc_ms) -> None:
        """Go through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._clock = clock

    def list(self, access: Access, number: str) -> LikelyPage:
        """Return who is likely the same person as who asks, and who was answered; the log names everybody listed.

        Where the request names no customer, they are who has the address, telephone or name that it was made under.
        Raises :class:`NotFound`, :class:`Denied` for whoever is not at work as privacy.
        """
        known = known_request(self._door, access, number)

        def look(tx: Read, cleared: Clearance, ticket: Ticket) -> _Listed:
            check_officer(cleared)
            progress, _ = read(tx, known.id)
            page = _page(tx, cleared, progress, ticket.seq)
            return page, _related(tx, cleared, page.listed)

        page, _ = self._door.look(access, _looks(known), look, _listed)
        return page

    def answer(self, access: Access, number: str, answers: Mapping[int, SamePerson]) -> int:
        """Note of people who were found whether each is the same person, in the stead of earlier answers.

        Returns how many still wait. Whatever plan was decided before is decided again where this changes it; an
        objection restricts from then on what is held of those who are the same, and of nobody else. Raises
        :class:`NotFound` for a customer who was not found, :class:`Conflict` for a request that is carried out,
        :class:`Denied`.
        """
        known = known_request(self._door, access, number)
        kinds = (REQUEST, _KIND, *sorted({each.value for each in answers.values()}))

        def write(tx: Change, cleared: Clearance) -> tuple[int, Result]:
            check_officer(cleared)
            RequestMoves(tx).hold(known.id)
            progress, _ = read(tx, known.id)
            if progress.state not in ANSWERABLE:
                raise Conflict("Nobody is answered under this request now.", "See where it stands.")
            if progress.person is None and SamePerson.SAME in answers.values():
                raise Conflict(
                    "This request names no customer yet.",
                    "Name him by Whose data; mail to him is stopped on his record.",
                )
            answered = _answered(tx, cleared, progress, answers)
            for likely, answer in answered:
                AnsweringPeople(tx).answer(known.id, likely, answer, actor_of(cleared), self._clock())
            left = len(LikelyPeople(tx).unanswered(known.id, subjects(tx, progress)))
            aids, weighed = tuple(likely.aid for likely, _ in answered), progress.kind is RequestType.OBJECT
            if weighed:
                restrict_instead(tx, known.id, progress.number, subjects(tx, progress), self._clock())
            said = (*kinds, RESTRICTED) if weighed else kinds
            return left, Result(act=Act.REQUEST_MOVED, obj=(known.aid, *aids), kinds=said, n=len(aids))

        return self._door.change(access, draft_of(known, kinds), write)


def _page(tx: Read, cleared: Clearance, progress: Progress, seq: int) -> LikelyPage:
    found = LikelyPeople(tx)
    waiting = found.unanswered(progress.id, subjects(tx, progress))
    receivable = _receivable(cleared, waiting)
    answered = _receivable(cleared, found.answered(progress.id))
    abroad = len(waiting) - len(receivable)
    return LikelyPage((*receivable[:MOST], *answered), more=len(waiting) > MOST, abroad=abroad, seq=seq)


def _answered(
    tx: Read, cleared: Clearance, progress: Progress, answers: Mapping[int, SamePerson]
) -> tuple[tuple[Likely, SamePerson], ...]:
    """Return who is answered and how; he must have been found, and be nobody close to whoever answers."""
    listed = {each.customer: each for each in _page(tx, cleared, progress, 0).listed}
    if not listed.keys() >= answers.keys():
        raise NotFound("This customer is none of those who may be the same.", "List them again.")
    answered = tuple((listed[number], answer) for number, answer in answers.items())
    if any(_is_close(tx, cleared, likely) for likely, _ in answered):
        raise Denied("Nobody answers for himself, or for who is close to him.", "Ask a colleague in privacy.")
    return answered


def _receivable(cleared: Clearance, found: tuple[Likely, ...]) -> tuple[Likely, ...]:
    """Leave out whom this employee's company may not receive: a list is a transfer."""
    actor = cleared.actor
    if actor is None:
        return ()
    return tuple(each for each in found if may_see_country(actor, each.country or None).allowed)


def _is_close(tx: Read, cleared: Clearance, likely: Likely) -> bool:
    """Say whether he is whoever answers, or somebody whom he declared to be close to."""
    subject = References(tx).subject("person", likely.customer)
    if cleared.actor is None or subject is None:
        return False
    return not HIMSELF.isdisjoint(relations_of(tx, cleared.actor, subject))


def _related(tx: Read, cleared: Clearance, listed: Sequence[Likely]) -> tuple[Relation, ...]:
    if cleared.actor is None:
        return ()
    people = {each.customer for each in listed}
    return relations_among(tx, cleared.actor, people, " ".join(each.relation_keys for each in listed))


def _listed(found: _Listed) -> Result | None:
    """Return the entry that names whom the list showed; none where it showed nobody."""
    page, rel = found
    if not page.listed:
        return None
    aids = tuple(each.aid for each in page.listed)
    return Result(act=Act.CUSTOMER_LISTED, level=Level.LISTED, obj=aids, kinds=(_KIND, "person"), n=len(aids), rel=rel)


def _looks(known: Reference) -> Draft:
    wanted = Wanted(act=Act.REQUEST_OPENED, record=(REQUEST, known.id))
    return Draft(wanted=wanted, level=Level.OPENED, obj=(known.aid,), kinds=(REQUEST, _KIND), n=1)
