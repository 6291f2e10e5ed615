"""Whose data a request is about, where nobody knew at its receipt: naming him, and taking back the wrong one.

What an officer said by mistake is mended before who asks has shown who he is; afterwards his proof decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from staffdesk.data.actors import Actors
from staffdesk.data.customers.contested import SettlingFields
from staffdesk.data.customers.request_decisions import Deciding, Decisions
from staffdesk.data.customers.request_people import AnsweringPeople
from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.customers.request_reveals import Revealing, Reveals
from staffdesk.data.references import References
from staffdesk.data.relations import own_address
from staffdesk.data.transaction import Change
from staffdesk.domain.errors import BadInput, Conflict
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.requests import RequestType
from staffdesk.services.restricting import PERSON, free, restrict


def name(tx: Change, before: Progress, customer: int, now: int) -> str:
    """Return the audit id of the customer whom a request is about; an objection restricts what is held of him.

    Raises :class:`BadInput` where there is none of this number.
    """
    subject = References(tx).subject(PERSON, customer)
    if subject is None:
        raise BadInput("There is no customer of this number.", "Look him up; his number stands on his record.")
    if before.kind is RequestType.OBJECT:
        restrict(tx, before.id, before.number, [customer], now)
    return subject.aid


def unname(tx: Change, before: Progress, people: Sequence[int], now: int) -> tuple[str, ...]:
    """Undo what a request did and noted of the ones it names; return their audit ids.

    Nothing that it restricted, contested, answered or decided of them stands any more, and no letter about them waits.
    An employee among them does not work on it afterwards either.
    """
    references = References(tx)
    subjects = [found for each in people if (found := references.subject(PERSON, each)) is not None]
    free(tx, before.id, people, now)
    SettlingFields(tx).settle(before.number)
    AnsweringPeople(tx).forget(before.id)
    _forget_decisions(tx, before.id)
    moves = RequestMoves(tx)
    moves.close(before.id)
    staff = {key for keys in Actors(tx).keys_of_others("") for key in own_address(keys)}
    himself = (key for each in subjects for key in each.relation_keys.split() if key in staff)
    if moves.add_relations(before.id, himself) != 1:
        raise Conflict("This request is not there any more.", "Go back to the list.")
    return tuple(each.aid for each in subjects)


def _forget_decisions(tx: Change, request_id: int) -> None:
    deciding, revealing = Deciding(tx), Revealing(tx)
    deciding.forget(request_id)
    for wanted in Decisions(tx).corrections(request_id):
        deciding.unwant(request_id, wanted.table, wanted.number, wanted.field)
    for asked in Reveals(tx).of(request_id):
        revealing.forget(request_id, asked.seq)
