"""Who on file is likely the same person as who asks: by e-mail, telephone, or name and company; and what was answered.

Nobody is found by a computer's address or user name, which are solely for licensing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.merges import PAIR, SAME
from staffdesk.data.customers.twins import Twins
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.tables.staff import Staff
from staffdesk.data.tables.workflow import RequestPerson
from staffdesk.data.transaction import AnyRow, Change, Read, Transaction
from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.likely_same import Likely, Likeness, SamePerson
from staffdesk.domain.masking import mask_email, mask_phone
from staffdesk.domain.phone_numbers import phone_candidates
from staffdesk.domain.words import words_of

MOST: Final = 20
"""How many are listed at once; the others come when these are answered."""

_PERSON: Final = register.table(Person)
_ORGANISATION: Final = register.table(Organisation)
_REQUEST: Final = register.table(Request)
_ANSWER: Final = register.table(RequestPerson)
_STAFF: Final = register.table(Staff)
_WHICH: Final = sa.bindparam("which", type_=sa.BigInteger())
_PEOPLE: Final[sa.BindParameter[Any]] = sa.bindparam("people", expanding=True)

_CONFIRMED: Final = sa.select(_ANSWER.c.person_id).where(
    _ANSWER.c.request_id == _WHICH, _ANSWER.c.answer == SamePerson.SAME.value
)
_WHO_ASKS: Final = sa.select(_REQUEST.c.person_id).where(_REQUEST.c.id == _WHICH)
_STANDING_FOR: Final = sa.select(PAIR.c.person_id).where(SAME, PAIR.c.other_id.in_(sa.union(_CONFIRMED, _WHO_ASKS)))
_SAME: Final = (
    sa.select(_PERSON.c.id, _PERSON.c.aid)
    .where(
        _PERSON.c.id.in_(
            sa.union(
                _CONFIRMED,
                _STANDING_FOR,
                sa.select(PAIR.c.other_id).where(
                    SAME, PAIR.c.person_id.in_(sa.union(_CONFIRMED, _WHO_ASKS, _STANDING_FOR))
                ),
            )
        ),
        _PERSON.c.id.is_distinct_from(_WHO_ASKS.scalar_subquery()),
    )
    .order_by(_PERSON.c.id)
)
_WITH_COMPANY: Final = _PERSON.outerjoin(_ORGANISATION, _PERSON.c.organisation_id == _ORGANISATION.c.id)
_KNOWN_BY: Final = (
    sa.select(_PERSON.c.email_normal, _PERSON.c.phone_normal, _PERSON.c.words, _ORGANISATION.c.sort_name)
    .select_from(_WITH_COMPANY)
    .where(_PERSON.c.id.in_(_PEOPLE))
)
_ASKED_BY: Final = sa.select(_REQUEST.c.requester, _REQUEST.c.reply_address).where(_REQUEST.c.id == _WHICH)
_WHO: Final = (
    _PERSON.c.id, _PERSON.c.aid, _PERSON.c.given_name, _PERSON.c.family_name, _PERSON.c.email, _PERSON.c.phone,
    _PERSON.c.country, _PERSON.c.relation_keys, _ORGANISATION.c.name.label("company"),
)  # fmt: skip
_ANSWERED_BEFORE: Final = sa.exists(
    sa.select(_ANSWER.c.id).where(_ANSWER.c.request_id == _WHICH, _ANSWER.c.person_id == _PERSON.c.id)
)
_ALIKE_ONE: Final = _PERSON.alias("alike")
_SO_CALLED: Final = sa.select(_ORGANISATION.c.id).where(_ORGANISATION.c.sort_name == sa.bindparam("company"))


def _opening_as(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select by which numbers those open who are alike: a record that was put together with another by that one's."""
    return (
        sa.select(sa.func.coalesce(PAIR.c.person_id, _ALIKE_ONE.c.id))
        .select_from(_ALIKE_ONE.outerjoin(PAIR, sa.and_(PAIR.c.other_id == _ALIKE_ONE.c.id, SAME)))
        .where(*conditions)
    )


def _alike(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(*_WHO)
        .select_from(_WITH_COMPANY)
        .where(_PERSON.c.id.in_(_opening_as(*conditions)), _PERSON.c.id.not_in(_PEOPLE), ~_ANSWERED_BEFORE)
        .order_by(_PERSON.c.id)
        .limit(MOST + 1)
    )


_ALIKE: Final = {
    Likeness.EMAIL: _alike(_ALIKE_ONE.c.email_normal.in_(sa.bindparam("emails", expanding=True))),
    Likeness.PHONE: _alike(_ALIKE_ONE.c.phone_normal.in_(sa.bindparam("phones", expanding=True))),
    Likeness.NAME: _alike(_ALIKE_ONE.c.organisation_id.in_(_SO_CALLED), _ALIKE_ONE.c.words == sa.bindparam("name")),
}
_OF_THIS_NAME: Final = _alike(_ALIKE_ONE.c.words == sa.bindparam("name"))
_PROPOSED: Final = _alike(_ALIKE_ONE.c.id.in_(sa.bindparam("proposed", expanding=True)))
_ANSWERED: Final = (
    sa.select(
        *_WHO, _ANSWER.c.likeness, _ANSWER.c.answer, _ANSWER.c.answered_at, _STAFF.c.full_name.label("answered_by")
    )
    .select_from(
        _WITH_COMPANY.join(_ANSWER, _ANSWER.c.person_id == _PERSON.c.id).join(_STAFF, _STAFF.c.id == _ANSWER.c.staff_id)
    )
    .where(_ANSWER.c.request_id == _WHICH)
    .order_by(_PERSON.c.id)
)
_FORGET: Final = sa.delete(_ANSWER).where(_ANSWER.c.request_id == _WHICH)
_TAKE_BACK: Final = sa.delete(_ANSWER).where(
    _ANSWER.c.request_id == _WHICH, _ANSWER.c.person_id == sa.bindparam("person")
)


def same_people(tx: Transaction, request_id: int) -> Mapping[int, str]:
    """Return the other records of who asks: number and audit id; read at the closed door.

    They are those that privacy confirmed under the request, and what was put together with any of his.
    """
    return {int(row[0]): str(row[1]) for row in tx.rows(_SAME, {"which": request_id})}


class LikelyPeople:
    """Finds likely duplicates of who asks, and of whoever is confirmed to be the same."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def unanswered(self, request_id: int, people: Sequence[int]) -> tuple[Likely, ...]:
        """Return who is likely the same as these people and not answered yet, by number, at most one over the limit.

        The address or telephone the answer goes to counts as theirs; where nobody is known yet, so does the name of who
        asks: he is searched by everything that he told.
        """
        found: dict[int, AnyRow] = {}
        by: dict[int, set[Likeness]] = {}
        for likenesses, statement, values in self._asked(request_id, people):
            for row in self._tx.rows(statement, {"which": request_id, "people": list(people), **values}):
                found.setdefault(row.id, row)
                by.setdefault(row.id, set()).update(likenesses)
        proposed = self._proposed(people)
        for row in (
            self._tx.rows(_PROPOSED, {"which": request_id, "people": list(people), "proposed": sorted(proposed)})
            if proposed
            else ()
        ):
            found.setdefault(row.id, row)
            by.setdefault(row.id, set()).update(proposed[row.id])
        return tuple(
            _likely(found[number], tuple(each for each in Likeness if each in by[number]))
            for number in sorted(found)[: MOST + 1]
        )

    def _proposed(self, people: Sequence[int]) -> Mapping[int, tuple[Likeness, ...]]:
        """Return who is alike in more than one thing though in none wholly; also whom somebody said he is not."""
        twins = Twins(self._tx)
        return {number: judged.found_by for each in people for number, judged in twins.of(each, decided=True).items()}

    def answered(self, request_id: int) -> tuple[Likely, ...]:
        """Return who was answered, by number."""
        return tuple(
            _likely(
                row, tuple(map(Likeness, row.likeness.split())), SamePerson(row.answer), row.answered_by,
                row.answered_at,
            )
            for row in self._tx.rows(_ANSWERED, {"which": request_id})
        )  # fmt: skip

    def _asked(
        self, request_id: int, people: Sequence[int]
    ) -> Iterator[tuple[tuple[Likeness, ...], sa.Select[Any], Mapping[str, object]]]:
        known = self._tx.rows(_KNOWN_BY, {"people": list(people)})
        asks = self._tx.row(_ASKED_BY, {"which": request_id})
        address, name = ("", "") if asks is None else (str(asks.reply_address), words_of(asks.requester))
        emails = {row.email_normal for row in known} | {_as_email(address)}
        phones = {row.phone_normal for row in known} | set(phone_candidates(address) if "@" not in address else ())
        if some := sorted(filter(None, emails)):
            yield (Likeness.EMAIL,), _ALIKE[Likeness.EMAIL], {"emails": some}
        if some := sorted(filter(None, phones)):
            yield (Likeness.PHONE,), _ALIKE[Likeness.PHONE], {"phones": some}
        for so_called, company in sorted({(row.words, row.sort_name) for row in known if row.words and row.sort_name}):
            yield (Likeness.NAME, Likeness.COMPANY), _ALIKE[Likeness.NAME], {"name": so_called, "company": company}
        if not people and name:
            yield (Likeness.NAME,), _OF_THIS_NAME, {"name": name}


class AnsweringPeople:
    """Writes what privacy answers."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def answer(self, request_id: int, likely: Likely, answer: SamePerson, staff_id: str, now: int) -> None:
        """Keep an answer, in the stead of an earlier one."""
        row = RequestPerson.checked(
            {
                "request_id": request_id,
                "person_id": likely.customer,
                "likeness": " ".join(likely.found_by),
                "answer": answer,
                "answered_at": now,
                "staff_id": staff_id,
            }
        )
        self._tx.write(_TAKE_BACK, {"which": request_id, "person": likely.customer})
        Writing(self._tx).add([row])

    def forget(self, request_id: int) -> int:
        """Forget every answer given under a request; return how many there were."""
        return self._tx.write(_FORGET, {"which": request_id})


def _as_email(address: str) -> str | None:
    try:
        return normal_email(address)
    except BadInput:
        return None


def _likely(
    row: AnyRow,
    found_by: tuple[Likeness, ...],
    answer: SamePerson | None = None,
    answered_by: str = "",
    answered_at: int | None = None,
) -> Likely:
    return Likely(
        customer=row.id,
        aid=row.aid,
        name=" ".join(part for part in (row.given_name, row.family_name) if part),
        company=row.company or "",
        email=mask_email(row.email) if row.email else "",
        phone=mask_phone(row.phone) if row.phone else "",
        country=row.country or "",
        found_by=found_by,
        relation_keys=row.relation_keys or "",
        answer=answer,
        answered_by=answered_by,
        answered_at=answered_at,
    )
