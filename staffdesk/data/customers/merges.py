"""Records that were put together as one and the same person: who stands for whom; read at the closed door."""

from collections.abc import Collection, Mapping
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.twins import PersonPair
from staffdesk.data.transaction import Transaction, padded
from staffdesk.domain.likely_same import SamePerson

PERSON: Final = register.table(Person)
PAIR: Final = register.table(PersonPair)
SAME: Final = PAIR.c.answer == SamePerson.SAME.value
_ID: Final[sa.BindParameter[int]] = sa.bindparam("id", type_=sa.BigInteger())
HIS_RECORDS: Final = sa.union_all(sa.select(_ID), sa.select(PAIR.c.other_id).where(PAIR.c.person_id == _ID, SAME))
"""The numbers of a person's records: his own, and what was put together with it.

One list, not one condition or another: with "or" a server reads the whole table.
"""
_PEOPLE: Final[sa.BindParameter[int]] = sa.bindparam("people", expanding=True)

_MERGED: Final = (
    sa.select(PERSON.c.id, PERSON.c.aid)
    .join(PAIR, PAIR.c.other_id == PERSON.c.id)
    .where(PAIR.c.person_id.in_(_PEOPLE), SAME)
    .order_by(PERSON.c.id)
)
_STANDS_FOR: Final = Prepared(sa.select(PAIR.c.other_id, PAIR.c.person_id).where(PAIR.c.other_id.in_(_PEOPLE), SAME))
_PUT_TOGETHER: Final = sa.select(PAIR.c.person_id, PAIR.c.other_id).where(PAIR.c.person_id.in_(_PEOPLE), SAME)
_OTHERS: Final = sa.select(PAIR.c.person_id, PAIR.c.other_id).where(
    PAIR.c.answer == SamePerson.OTHER.value, sa.or_(PAIR.c.person_id.in_(_PEOPLE), PAIR.c.other_id.in_(_PEOPLE))
)


def merged_into(tx: Transaction, people: Collection[int]) -> Mapping[int, str]:
    """Return the records that were put together with these people's, by number: the audit id of each."""
    if not people:
        return {}
    return {int(row[0]): str(row[1]) for row in tx.rows(_MERGED, {"people": sorted(people)})}


def with_merged(tx: Transaction, people: Collection[int]) -> tuple[int, ...]:
    """Return these people with every record that was put together with theirs, or theirs with, each once."""
    known = tuple(dict.fromkeys((*people, *standing_for(tx, people).values())))
    return tuple(dict.fromkeys((*known, *merged_into(tx, known))))


def records_of(tx: Transaction, people: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return the numbers of all records of each of these people, his own among them."""
    if not people:
        return {}
    stands_for = standing_for(tx, people)
    firsts = {person: stands_for.get(person, person) for person in people}
    found = {first: {first} for first in firsts.values()}
    for row in tx.rows(_PUT_TOGETHER, {"people": sorted(found)}):
        found[int(row[0])].add(int(row[1]))
    return {person: frozenset(found[first]) for person, first in firsts.items()}


def standing_for(tx: Transaction, people: Collection[int]) -> Mapping[int, int]:
    """Return of these people those whose record was put together with another's, and with whose."""
    if not people:
        return {}
    return {int(row[0]): int(row[1]) for row in tx.rows(_STANDS_FOR, {"people": padded(sorted(people))})}


def told_apart(tx: Transaction, people: Collection[int]) -> frozenset[int]:
    """Return of whom somebody decided that they are none of these people."""
    if not people:
        return frozenset()
    found = {int(number) for row in tx.rows(_OTHERS, {"people": sorted(people)}) for number in row} - set(people)
    return frozenset({*found, *standing_for(tx, found).values()})


def decided_apart(tx: Transaction, people: Collection[int]) -> frozenset[tuple[int, int]]:
    """Return the pairs with one of these people of which somebody decided that they are two, the lower number first.

    Each stands under the numbers its records open by.
    """
    if not people:
        return frozenset()
    pairs = [(int(row[0]), int(row[1])) for row in tx.rows(_OTHERS, {"people": sorted(with_merged(tx, people))})]
    stands_for = standing_for(tx, {number for pair in pairs for number in pair})
    return frozenset(lower_first(*(stands_for.get(number, number) for number in pair)) for pair in pairs)


def lower_first(one: int, other: int) -> tuple[int, int]:
    """Return a pair as it is told once."""
    return (one, other) if one < other else (other, one)
