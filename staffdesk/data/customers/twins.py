"""Who on file is likely the same person as another, looked up by what both have in common; a rule in ``domain`` judges.

Each look-up is an equality on an index: the address, the telephone, the words of the name, the company with the
beginnings of the name's words. One that more have than ``twins.toml`` lets says nothing. Nothing of a computer is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.merges import standing_for, told_apart, with_merged
from staffdesk.data.customers.people_by_words import Led, typed
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.transaction import AnyRow, Read
from staffdesk.domain.likely_same import Likeness
from staffdesk.domain.twin_features import Compared, Features, blocks_of, core_of, features_of, rules
from staffdesk.domain.twins import Judged, judge
from staffdesk.domain.words import words_of

_MOST_COMPANIES: Final = 50
_MOST_COLLEAGUES: Final = 2_000
_AFTER_ALL: Final = "\U0010ffff"

_PERSON: Final = register.table(Person)
_ORGANISATION: Final = register.table(Organisation)
_MOST: Final = sa.bindparam("most", type_=sa.Integer())
COMPARED: Final = sa.select(
    _PERSON.c.id, _PERSON.c.given_name, _PERSON.c.family_name, _PERSON.c.email_normal, _PERSON.c.phone_normal,
    _PERSON.c.country, _ORGANISATION.c.name.label("company"),
).select_from(_PERSON.outerjoin(_ORGANISATION, _PERSON.c.organisation_id == _ORGANISATION.c.id))  # fmt: skip


def _with(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return COMPARED.where(*conditions).order_by(_PERSON.c.id).limit(_MOST)


_THESE: Final = _with(_PERSON.c.id.in_(sa.bindparam("people", expanding=True)))
_BY_EMAIL: Final = _with(_PERSON.c.email_normal.in_(sa.bindparam("emails", expanding=True)))
_BY_PHONE: Final = _with(_PERSON.c.phone_normal == sa.bindparam("phone"))
_COLLEAGUES: Final = _with(_PERSON.c.organisation_id.in_(sa.bindparam("companies", expanding=True)))
_COMPANIES: Final = (
    sa.select(_ORGANISATION.c.id, _ORGANISATION.c.name)
    .where(_ORGANISATION.c.sort_name >= sa.bindparam("first"), _ORGANISATION.c.sort_name < sa.bindparam("after"))
    .order_by(_ORGANISATION.c.sort_name, _ORGANISATION.c.id)
    .limit(_MOST)
)
_BY_NAMES_ALONE: Final = ((1, False, Led.BY_TERM),)


@dataclass(frozen=True, slots=True, repr=False)
class Met:
    """Who has something in common with a record; ``too_many`` is what so many have that it was not looked through."""

    others: Mapping[int, Features]
    too_many: Mapping[Likeness, str]

    def __repr__(self) -> str:
        return f"<Met {len(self.others)}>"


class Twins:
    """Finds them."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def of(self, person: int, *, decided: bool = False) -> Mapping[int, Judged]:
        """Return who is proposed as the same as a person, the likeliest first, then by number.

        His record counts with all that were put together with it, and so does another's, under the number it opens
        by. Who was said to be somebody else is left out, unless ``decided`` asks for him too.
        """
        his = with_merged(self._tx, [person])
        own = as_features(self._tx.rows(_THESE, {"people": list(his), "most": len(his)}))
        found: dict[int, Judged] = {}
        for one in own.values():
            for number, other in self.met(one).others.items():
                judged = judge(one, other)
                if judged.proposed and number not in his:
                    found[number] = better(judged, found.get(number))
        stands_for, apart = standing_for(self._tx, found), frozenset() if decided else told_apart(self._tx, his)
        proposed: dict[int, Judged] = {}
        for number, judged in found.items():
            root = stands_for.get(number, number)
            if root not in apart and root not in his:
                proposed[root] = better(judged, proposed.get(root))
        return dict(sorted(proposed.items(), key=lambda each: (-each[1].points, each[0])))

    def judged(self, one: int, other: int) -> Judged | None:
        """Return what two records come to, proposed or not; nothing where one is not there."""
        found = as_features(self._tx.rows(_THESE, {"people": [one, other], "most": 2}))
        return judge(found[one], found[other]) if len(found) > 1 else None

    def met(self, one: Features) -> Met:
        """Return whoever has a block in common with a record that not too many have."""
        met: dict[int, Features] = {}
        too_many: dict[Likeness, str] = {}
        for likeness, what, rows in self._asked(one):
            if len(rows) <= rules().block:
                met.update(as_features(rows))
            else:
                too_many[likeness] = what
        colleagues, all_of_them = self._colleagues(one)
        met.update(colleagues)
        if not all_of_them:
            too_many[Likeness.COMPANY] = one.company
        return Met(met, too_many)

    def _asked(self, one: Features) -> Iterator[tuple[Likeness, str, Sequence[AnyRow]]]:
        most = rules().block + 1
        if one.domain and not one.is_shared:
            emails = list(dict.fromkeys((one.email, one.written)))
            yield Likeness.EMAIL, one.email, self._tx.rows(_BY_EMAIL, {"emails": emails, "most": most})
        if one.phone:
            yield Likeness.PHONE, one.phone, self._tx.rows(_BY_PHONE, {"phone": one.phone, "most": most})
        words = words_of(" ".join((*one.given, *one.family))).split()
        if words:
            numbers = self._named(words, most)
            rows = self._tx.rows(_THESE, {"people": numbers, "most": most}) if numbers else ()
            yield Likeness.NAME, " ".join(words), rows

    def _named(self, words: Sequence[str], most: int) -> list[int]:
        """Return who has each of these words in his name, whole."""
        shape = None if self._tx.is_postgres else _BY_NAMES_ALONE
        query = typed(shape, in_country=False, since=False)
        if self._tx.is_postgres:
            text = "&".join(f"'{word}'" for word in words)
            asked: dict[str, object] = {"names": [text], "companies": [None], "country": None, "since": None}
        else:
            asked = {"names_0": " AND ".join(f'"{word}"' for word in words)}
        return [int(row[0]) for row in self._tx.rows(query, {**asked, "looked": most})]

    def _colleagues(self, one: Features) -> tuple[dict[int, Features], bool]:
        """Return who works there and is called so, and whether none was left out since too many are."""
        if not one.company:
            return {}, True
        asked = {"first": one.company, "after": one.company + _AFTER_ALL, "most": _MOST_COMPANIES}
        companies = self._tx.rows(_COMPANIES, asked)
        houses = [int(row.id) for row in companies if core_of(row.name) == one.company]
        if not houses:
            return {}, True
        rows = self._tx.rows(_COLLEAGUES, {"companies": houses, "most": _MOST_COLLEAGUES})
        colleagues = as_features(rows)
        mine = {block for block in blocks_of(one) if block.startswith("company ")}
        by_block: dict[str, list[int]] = {block: [] for block in mine}
        for number, other in colleagues.items():
            for block in mine.intersection(blocks_of(other)):
                by_block[block].append(number)
        few = [numbers for numbers in by_block.values() if len(numbers) <= rules().block]
        whole = len(few) == len(by_block) and len(rows) < _MOST_COLLEAGUES and len(companies) < _MOST_COMPANIES
        return {number: colleagues[number] for numbers in few for number in numbers}, whole


def as_features(rows: Sequence[AnyRow]) -> dict[int, Features]:
    """Return rows of ``COMPARED`` folded, by the number of the record, in their order."""
    return {
        int(row.id): features_of(
            Compared(
                given_name=row.given_name,
                family_name=row.family_name,
                email=row.email_normal,
                phone=row.phone_normal,
                company=row.company,
                country=row.country,
            )
        )
        for row in rows
    }


def better(judged: Judged, before: Judged | None) -> Judged:
    """Return the one with more points."""
    return judged if before is None or judged.points > before.points else before
