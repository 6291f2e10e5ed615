"""Pairs over everybody on file that are likely one person's, read a page at a time and never all at once.

The same address and the same telephone are groups that an index gives by itself; the rest is looked up for one record
after the other, the newest first, as :class:`Twins` does for one. What was decided before is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data.customers.merges import PERSON, decided_apart, lower_first, standing_for
from staffdesk.data.customers.twins import COMPARED, Met, Twins, as_features, better
from staffdesk.data.transaction import AnyRow, Read
from staffdesk.domain.likely_same import Likeness
from staffdesk.domain.twin_features import Features, rules
from staffdesk.domain.twin_pairs import PairsAfter, Sought
from staffdesk.domain.twins import Judged, judge

_GROUPS_AT_ONCE: Final = 500
_COMPARED_AT_ONCE: Final = 60_000
_RECORDS_AT_ONCE: Final = 500
_MET_AT_ONCE: Final = 10_000
"""Those who are so called, or work there, of the records of one page: a second's work."""
_FEW: Final = 25
_BELOW: Final[sa.BindParameter[int]] = sa.bindparam("below", type_=sa.BigInteger())
_MOST: Final = sa.bindparam("most", type_=sa.Integer())
_SHARING: Final = PERSON.alias("sharing")
_NEWEST: Final = COMPARED.where(PERSON.c.id < _BELOW).order_by(PERSON.c.id.desc()).limit(_MOST)


def _groups(name: str) -> sa.Select[str, Any, int]:
    """Return a query for what several records share, the newest of each looked up: a server would read every row."""
    column, records = PERSON.c[name], sa.func.count()
    twice = (
        sa.select(column.label("shared"), records.label("records"))
        .where(column.is_not(None))
        .group_by(column)
        .having(records > 1)
        .subquery("twice")
    )
    newest = sa.select(sa.func.max(_SHARING.c.id)).where(_SHARING.c[name] == twice.c.shared).scalar_subquery()
    found = sa.select(twice.c.shared, newest.label("newest"), twice.c.records).subquery("found")
    return (
        sa.select(found.c.shared, found.c.newest, found.c.records)
        .where(found.c.newest < _BELOW)
        .order_by(found.c.newest.desc())
        .limit(_MOST)
    )


_COLUMNS: Final = {Sought.EMAIL: "email_normal", Sought.PHONE: "phone_normal"}
_GROUPS: Final = {sought: _groups(name) for sought, name in _COLUMNS.items()}
_MEMBERS: Final = {
    sought: COMPARED.add_columns(PERSON.c[name].label("shared"))
    .where(PERSON.c[name].in_(sa.bindparam("shared", expanding=True)))
    .order_by(PERSON.c.id)
    for sought, name in _COLUMNS.items()
}

Pair = tuple[int, int]


@dataclass(slots=True)
class FoundPairs:
    """What one page found: the pairs under the numbers their records open by, the lower first.

    ``after`` is where the next begins, none at the end; ``waiting`` counts pairs of the same records that did not fit.
    """

    pairs: dict[Pair, Judged] = field(default_factory=dict)
    after: PairsAfter | None = None
    looked: int = 0
    waiting: int = 0
    too_many: set[tuple[Likeness, str]] = field(default_factory=set, repr=False)


class TwinPairs:
    """Reads the pages."""

    def __init__(self, tx: Read, most: int) -> None:
        """Read in ``tx`` pages of at most ``most`` pairs."""
        self._tx = tx
        self._most = most

    def page(self, after: PairsAfter) -> FoundPairs:
        """Return the first pairs after a place; fewer, or none, where so much was looked through before it was full."""
        found = FoundPairs()
        at = after
        while True:
            going_on = self._by_names(at, found) if at.sought is Sought.NAME else self._sharing(at, found)
            if found.pairs or going_on is None or going_on.sought is at.sought:
                break
            at = going_on
        found.after = going_on
        found.pairs = dict(sorted(found.pairs.items(), key=lambda each: (-each[1].points, each[0])))
        return found

    def _sharing(self, at: PairsAfter, found: FoundPairs) -> PairsAfter | None:
        """Add pairs with the same address, or the same telephone; return where to go on."""
        likeness = Likeness.EMAIL if at.sought is Sought.EMAIL else Likeness.PHONE
        groups = self._tx.rows(_GROUPS[at.sought], {"below": at.below, "most": _GROUPS_AT_ONCE})
        found.too_many.update((likeness, str(group.shared)) for group in groups if group.records > rules().block)
        below, compared = at.below, 0
        for few in _batches(groups):
            members = self._members(at.sought, few)
            units = {int(group.newest): _alike(at.sought, members.get(group.shared, {})) for group in few}
            found.looked += sum(len(each) for each in members.values())
            compared += sum(len(each) ** 2 for each in members.values()) // 2
            full = self._take(found, units, below)
            below = int(few[-1].newest)
            if full is not None or compared >= _COMPARED_AT_ONCE:
                return PairsAfter(at.sought, below if full is None else full)
        return PairsAfter(at.sought, below) if len(groups) == _GROUPS_AT_ONCE else at.next_search

    def _members(self, sought: Sought, groups: Sequence[AnyRow]) -> Mapping[str, Mapping[int, Features]]:
        """Return the records of each group that has not too many."""
        shared = [group.shared for group in groups if group.records <= rules().block]
        members: dict[str, list[AnyRow]] = {}
        for row in self._tx.rows(_MEMBERS[sought], {"shared": shared}) if shared else ():
            members.setdefault(row.shared, []).append(row)
        return {each: as_features(rows) for each, rows in members.items()}

    def _by_names(self, at: PairsAfter, found: FoundPairs) -> PairsAfter | None:
        """Add pairs that a name, a company or another spelling of an address leads to; return where to go on."""
        twins, below, others = Twins(self._tx), at.below, 0
        for _ in range(_RECORDS_AT_ONCE // _FEW):
            newest = as_features(self._tx.rows(_NEWEST, {"below": below, "most": _FEW}))
            if not newest:
                return None
            units: dict[int, dict[Pair, Judged]] = {}
            for number, one in newest.items():
                met = twins.met(one)
                found.too_many.update(met.too_many.items())
                units[number] = _besides(number, one, met)
                others += len(met.others)
            found.looked += len(newest)
            full = self._take(found, units, below)
            below = min(newest)
            if full is not None:
                return PairsAfter(at.sought, full)
            if others >= _MET_AT_ONCE:
                break
        return PairsAfter(at.sought, below)

    def _take(self, found: FoundPairs, units: Mapping[int, Mapping[Pair, Judged]], below: int) -> int | None:
        """Add what is not decided, unit by unit, while it fits; return below which number to go on where it is full.

        A unit that is too much for a page by itself is begun: the rest waits until some of it is decided.
        """
        numbers = {number for pairs in units.values() for pair in pairs for number in pair}
        stands_for = standing_for(self._tx, numbers)
        apart = decided_apart(self._tx, {stands_for.get(number, number) for number in numbers})
        for unit, pairs in units.items():
            fresh: dict[Pair, Judged] = {}
            for pair, judged in pairs.items():
                one, other = (stands_for.get(number, number) for number in pair)
                told = lower_first(one, other)
                if one != other and told not in apart and told not in found.pairs:
                    fresh[told] = better(judged, fresh.get(told))
            if found.pairs and len(found.pairs) + len(fresh) > self._most:
                return below
            ranked = sorted(fresh.items(), key=lambda each: (-each[1].points, each[0]))
            found.pairs.update(ranked[: self._most])
            found.waiting += len(ranked[self._most :])
            below = unit
            if len(found.pairs) >= self._most:
                return below
        return None


def _batches(groups: Sequence[AnyRow]) -> Iterator[Sequence[AnyRow]]:
    return (groups[begin : begin + _FEW] for begin in range(0, len(groups), _FEW))


def _alike(sought: Sought, members: Mapping[int, Features]) -> dict[Pair, Judged]:
    """Return who of a group is proposed as the same as whom; what the search before tells is not told again."""
    if sought is Sought.EMAIL and any(each.is_shared for each in members.values()):
        return {}
    found: dict[Pair, Judged] = {}
    for (one, his), (other, hers) in combinations(members.items(), 2):
        judged = judge(his, hers)
        if judged.proposed and not (sought is Sought.PHONE and _share_an_address(his, hers)):
            found[lower_first(one, other)] = judged
    return found


def _besides(number: int, one: Features, met: Met) -> dict[Pair, Judged]:
    """Return who is proposed as the same as a record and is in no group with it: older ones, so that each comes once.

    Another spelling of an address leads from the longer one alone, so that the older may be the one it leads from.
    """
    found: dict[Pair, Judged] = {}
    for other, hers in met.others.items():
        respelt = one.email != one.written and hers.written == one.email
        grouped = (Likeness.EMAIL not in met.too_many and _share_an_address(one, hers)) or (
            Likeness.PHONE not in met.too_many and bool(one.phone) and one.phone == hers.phone
        )
        if (other < number or (respelt and other > number)) and not grouped:
            judged = judge(one, hers)
            if judged.proposed:
                found[lower_first(number, other)] = judged
    return found


def _share_an_address(one: Features, other: Features) -> bool:
    return bool(one.written) and one.written == other.written and not one.is_shared
