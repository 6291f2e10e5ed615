"""What a move does besides moving: decisions noted, fields corrected, rows restricted or erased, recipients to be told.

Everything happens in the transaction of the move; :class:`Done` tells its entry and its letter what was done.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from staffdesk.data import register
from staffdesk.data.customers.contested import SettlingFields
from staffdesk.data.customers.fields import Fields
from staffdesk.data.customers.kept_rows import KeptRows
from staffdesk.data.customers.left_behind import LeftBehind
from staffdesk.data.customers.request_decisions import Deciding, Decisions
from staffdesk.data.customers.request_people import same_people
from staffdesk.data.customers.request_progress import RequestMoves
from staffdesk.data.log import Event, Opened
from staffdesk.data.references import References
from staffdesk.data.transaction import Change, Read, Transaction
from staffdesk.domain.erasure import Action as Fate
from staffdesk.domain.errors import Conflict
from staffdesk.domain.holds import Left
from staffdesk.domain.holds import rules as holds
from staffdesk.domain.request_effects import Moment
from staffdesk.domain.request_moves import LETS_STAND, NAMES_HIM, TAKES_NAME_BACK, Move
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import ANSWERED, RequestType
from staffdesk.services.contesting import check_settled, contest, field_of, let_stand
from staffdesk.services.correcting import correct
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.erasure.plans import execute, plan
from staffdesk.services.letters import Counted, Kept, kept_since
from staffdesk.services.naming import name, unname
from staffdesk.services.recipients import tell
from staffdesk.services.request_breaches import enter_breach
from staffdesk.services.restricting import free, restrict

_OF_REQUESTS: Final = ("request", "recipient_task")
"""How the tables begin that are the file of a request, of which its letter does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a move did: audit ids, how much, what its entry names and commits to, and what its letter tells.

    ``gone`` says that the person is no longer there, ``person`` who it is where that was not known.
    """

    obj: tuple[str, ...] = ()
    n: int = 1
    kinds: tuple[str, ...] = ()
    openings: tuple[Opened, ...] = ()
    gone: bool = False
    person: int | None = None
    fields: tuple[str, ...] = ()
    erased: tuple[Counted, ...] | None = None
    kept: tuple[Kept, ...] = ()
    kept_before: tuple[Kept, ...] = ()
    firm_stays: bool = False
    backups_until: dt.date | None = None
    restricted: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """A move as it is made: its transaction, where the request stood, what was told, and who says so in the log."""

    tx: Change
    before: Progress
    told: Answers
    moment: Moment
    said: Event
    policy: str
    ledger: Ledger | None


def carry_out(move: Move, making: Making) -> Done:
    """Do what belongs to a move; raises what rolls it back: :class:`Conflict`, :class:`BadInput`.

    With a move that ends it, whatever was contested under the request is settled too.
    """
    work = _WORK.get(move.name)
    done = Done() if work is None else work(making)
    if move.end in ANSWERED and making.before.kind is RequestType.RECTIFY:
        SettlingFields(making.tx).settle(making.before.number)
    return done


def digest(tx: Read, progress: Progress, today: dt.date) -> str:
    """Return the digest of what was decided: of the frozen plan where something is erased, else of the decisions."""
    decisions = Decisions(tx)
    if progress.kind is RequestType.ERASE and progress.person is not None and decisions.refusal(progress.id) is None:
        return plan(tx, subjects(tx, progress), today, progress.id).digest
    return decisions.digest(progress.id)


def subjects(tx: Transaction, progress: Progress) -> tuple[int, ...]:
    """Return who asks, and with him his other records that privacy confirmed; nobody where nobody is known."""
    if progress.person is None:
        return ()
    return tuple(dict.fromkeys((progress.person, *same_people(tx, progress.id))))


def _decide(making: Making) -> Done:
    told, deciding = making.told, Deciding(making.tx)
    deciding.forget(making.before.id)
    if told.ground is not None:
        deciding.decline(making.before.id, told.ground, told.facts)
    elif making.before.kind is RequestType.RECTIFY:
        check_settled(making.tx, making.before)
    return Done()


def _forget(making: Making) -> Done:
    Deciding(making.tx).forget(making.before.id)
    return Done()


def _found_another(making: Making) -> Done:
    _forget(making)
    return _enter_breach(making)


def _enter_breach(making: Making) -> Done:
    """Open a breach in the register, where it is one that somebody else asked."""
    if not making.told.breach:
        return Done()
    return Done(kinds=(enter_breach(making.tx, making.before.number, making.moment),))


def _correct(making: Making) -> Done:
    check_settled(making.tx, making.before)
    names, openings = correct(making.tx, making.before, _person(making), making.moment)
    SettlingFields(making.tx).settle_corrected(making.before.number)
    return Done(n=len(names), openings=openings, fields=names)


def _restrict(making: Making) -> Done:
    before, people = making.before, _people(making)
    rows = restrict(making.tx, before.id, before.number, people, making.moment.now)
    _tell(making, people)
    aids = tuple(sorted(same_people(making.tx, before.id).values()))
    return Done(obj=aids, n=rows.total(), restricted=counted(rows))


def _weigh_again(making: Making) -> Done:
    before = making.before
    if before.kind is RequestType.OBJECT and before.person is not None:
        restrict(making.tx, before.id, before.number, subjects(making.tx, before), making.moment.now)
    return Done()


def _contest(making: Making) -> Done:
    place = field_of(making.told.field, _person(making), Fields(making.tx))
    contest(making.tx, making.before.number, place)
    table, _, column = place
    return Done(kinds=(f"{table}.{column}",), fields=(column,))


def _let_stand(making: Making) -> Done:
    place = field_of(making.told.field, _person(making), Fields(making.tx))
    table, _, column = place
    let_stand(making.tx, making.before, place, making.moment.today)
    return Done(kinds=(f"{table}.{column}",), fields=(column,))


def _lift(making: Making) -> Done:
    lifted = free(making.tx, making.before.id, (making.before.person or 0,), making.moment.now)
    if lifted == 0:
        raise Conflict("No restriction of this request stands any more.", "Open the request again.")
    return Done(n=lifted)


def _erase(making: Making) -> Done:
    before, moment, people = making.before, making.moment, _people(making)
    kept_before, close_to_him = kept_since(left_of(making.tx, before)), _relations(making, people)
    _tell(making, people)
    if making.ledger is None:
        raise Conflict("The ledger of erasures is not there, so nothing was erased.", "Ask whoever keeps the desk.")
    fresh = plan(making.tx, people, moment.today, before.id)
    decided = before.submitted_digest or ""
    outcome = execute(
        making.tx, decided, people, moment.today,
        said=making.said, policy=making.policy, ledger=making.ledger, now=moment.now,
        request_id=before.id, request=before.number,
    )  # fmt: skip
    # Nobody works on a request about himself, though nothing tells any more whom it was about.
    if RequestMoves(making.tx).keep_relations(before.id, close_to_him) != 1:
        raise Conflict("This request is not there any more.", "Go back to the list.")
    taken = Counter[str]()
    for (table, fate), n in outcome.counts.items():
        if fate is not Fate.RESTRICT and not table.startswith(_OF_REQUESTS):
            taken[table] += n
    until = moment.today + dt.timedelta(days=holds().server_days) if making.tx.is_postgres else None
    return Done(
        n=sum(outcome.counts.values()),
        obj=fresh.aids,
        gone=True,
        erased=counted(taken),
        kept=kept_since(KeptRows(making.tx).of(before.id, before.number)),
        kept_before=kept_before,
        firm_stays=fresh.shared_firms > 0,
        backups_until=until,
    )


def _relations(making: Making, people: Sequence[int]) -> str:
    references, places = References(making.tx), [("request", making.before.id), *(("person", each) for each in people)]
    found = (references.subject(*place) for place in places)
    return " ".join(sorted({key for each in found if each is not None for key in each.relation_keys.split()}))


def left_of(tx: Read, progress: Progress) -> tuple[Left, ...]:
    """Return what a law keeps of who asks since he was erased here."""
    return LeftBehind(tx).of(progress.id, subjects(tx, progress))


def _say_kept(making: Making) -> Done:
    left, references = left_of(making.tx, making.before), References(making.tx)
    known = [references.reference(number) for number in sorted({each.request for each in left})]
    return Done(n=sum(each.rows for each in left), obj=tuple(each.aid for each in known if each is not None))


def _say_with_which(making: Making) -> Done:
    return Done(obj=() if making.moment.linked is None else (making.moment.linked.aid,))


def _name(making: Making) -> Done:
    number = making.told.customer or 0
    return Done(obj=(name(making.tx, making.before, number, making.moment.now),), person=number)


def _unname(making: Making) -> Done:
    return Done(obj=unname(making.tx, making.before, _people(making), making.moment.now))


def _person(making: Making) -> int:
    if making.before.person is None:
        raise Conflict("This request names no customer.", "Say first whose data it is about.")
    return making.before.person


def _people(making: Making) -> tuple[int, ...]:
    _person(making)
    return subjects(making.tx, making.before)


def _tell(making: Making, people: Sequence[int]) -> None:
    erases = making.before.kind is RequestType.ERASE
    for person in people:
        tell(making.tx, making.before.id, person, making.moment.now, erases=erases)


def counted(counts: Mapping[str, int]) -> tuple[Counted, ...]:
    """Return how many rows of each kind, as letters tell it: of what he is given no copy they say nothing."""
    return tuple(Counted(table, n) for table, n in sorted(counts.items()) if register.packaged(table))


_WORK: Final[Mapping[str, Callable[[Making], Done]]] = {
    "decide": _decide,
    "take_back": _forget,
    "found_another": _found_another,
    "proof_of_another": _enter_breach,
    "correct": _correct,
    "restrict": _restrict,
    "late_proof": _weigh_again,
    NAMES_HIM: _name,
    TAKES_NAME_BACK: _unname,
    "contest": _contest,
    LETS_STAND: _let_stand,
    "lift": _lift,
    "erase": _erase,
    "still_kept": _say_kept,
    "verified_with": _say_with_which,
}
