"""The words there are: those that hold a part, those that begin so, those of a list; each question bounded."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.vocabulary import (
    OrganisationTrigram,
    OrganisationVocabulary,
    PersonTrigram,
    PersonVocabulary,
)
from staffdesk.data.transaction import Read
from staffdesk.data.trigrams import COMPLETE, LETTERS

MOST_WORDS_READ: Final = 400_000
"""Through how many words of a field, in the order of their characters, a part is looked for without trigrams."""
MOST_WORDS_HOLDING: Final = 200
"""How many words that hold a part are taken, the first in that order."""
MOST_WORDS_BEGINNING: Final = 1_000
"""How many words that begin alike are read, to see which of them somebody may have meant."""

_FEW_WORDS: Final = 8
_LISTED_LETTERS: Final = 3
"""The full-text tables' ``prefix``: of a longer beginning FTS5 puts all rows together before it gives the first."""

_LAST: Final = "\U0010ffff"
_NAMES: Final = register.table(PersonVocabulary)
_COMPANIES: Final = register.table(OrganisationVocabulary)
_TRIGRAMS_OF: Final = {_NAMES: register.table(PersonTrigram), _COMPANIES: register.table(OrganisationTrigram)}
_NAMED: Final = ((_NAMES, "named"), (_COMPANIES, "employed"))
_COMPLETE: Final = Prepared(COMPLETE)


class Vocabulary:
    """Asks for words of names, of organisations', or of both."""

    def __init__(self, tx: Read, *, names: bool, companies: bool) -> None:
        """Ask in ``tx``, in these fields alone."""
        self._tx = tx
        self._fields = (names, companies)

    def holding(self, part: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the first words that hold a folded part further on: of these those of names, and of organisations'.

        By their trigrams where these are kept, else by reading the words through: the same words either way.
        """
        asked: dict[str, object] = {"part": part}
        if len(part) >= LETTERS and self._has_trigrams:
            asked["trigram"] = part[:LETTERS]
            found = self._tx.rows(_holding_by_trigram(*self._fields, self._tx.is_postgres), asked)
        else:
            found = self._tx.rows(_holding(*self._fields, self._tx.is_postgres), asked)
        return tuple(row.word for row in found if row.named), tuple(row.word for row in found if row.employed)

    def begins(self, term: str) -> bool:
        """Say whether a word begins with a folded term."""
        return bool(self._words(_beginning(*self._fields), {"first": term, "last": term + _LAST}))

    def beginning(self, start: str, shortest: int, longest: int) -> tuple[str, ...]:
        """Return words that begin so and are so long, the first of them in the order of their characters."""
        asked: dict[str, object] = {"first": start, "last": start + _LAST, "shortest": shortest, "longest": longest}
        return self._words(_beginning_as_long(*self._fields), asked)

    def among(self, words: Collection[str]) -> tuple[str, ...]:
        """Return those of these folded words that there are."""
        if not words:
            return ()
        asked = sorted(words)
        given = asked if self._tx.is_postgres else json.dumps(asked)
        return self._words(_among(*self._fields, self._tx.is_postgres), {"words": given})

    @cached_property
    def _has_trigrams(self) -> bool:
        row = self._tx.row(_COMPLETE)
        return row is not None and bool(row[0])

    def _words(self, statement: sa.Executable | Prepared, values: dict[str, object]) -> tuple[str, ...]:
        return tuple(row.word for row in self._tx.rows(statement, values))


def fields_of(tx: Read, terms: Sequence[str]) -> tuple[tuple[str, bool, bool], ...]:
    """Say of each folded term whether a word of a name begins with it, and whether one of an organisation's does."""
    bounds = {
        f"{end}_{at}": term + more for at, term in enumerate(terms) for end, more in (("first", ""), ("last", _LAST))
    }
    (found,) = tx.rows(_fields(len(terms)), bounds)
    return tuple((term, bool(found[2 * at]), bool(found[2 * at + 1])) for at, term in enumerate(terms))


def few_beginning(tx: Read, terms: Sequence[str]) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    """Return all words of names that begin with a folded term, and all of organisations', where they are few.

    Of terms alone that the word indexes of the encrypted file have no lists for.
    """
    long = [term for term in terms if len(term) > _LISTED_LETTERS]
    if not long:
        return {}, {}
    bounds = {
        f"{end}_{at}": term + more for at, term in enumerate(long) for end, more in (("first", ""), ("last", _LAST))
    }
    found: dict[tuple[int, int], list[str]] = {}
    for row in tx.rows(_few_beginning(len(long)), bounds):
        found.setdefault((row.field, row.at), []).append(row.word)
    names, companies = (
        {term: words for at, term in enumerate(long) if 0 < len(words := found.get((field, at), [])) <= _FEW_WORDS}
        for field in (0, 1)
    )
    return names, companies


def _tables(names: bool, companies: bool) -> Sequence[sa.Table]:
    return [table for table, asked in ((_NAMES, names), (_COMPANIES, companies)) if asked]


@cache
def _holding(names: bool, companies: bool, is_postgres: bool) -> Prepared:
    at = sa.func.strpos if is_postgres else sa.func.instr
    part = sa.bindparam("part", type_=sa.String())
    read = {
        table: sa.select(table.c.word).order_by(table.c.word).limit(MOST_WORDS_READ).subquery()
        for table in _tables(names, companies)
    }
    return _told_apart({table: sa.select(each.c.word).where(at(each.c.word, part) > 1) for table, each in read.items()})


@cache
def _holding_by_trigram(names: bool, companies: bool, is_postgres: bool) -> Prepared:
    """Read the words with the part's first trigram in their order, until enough of them hold all of it."""
    at = sa.func.strpos if is_postgres else sa.func.instr
    part, trigram = (sa.bindparam(name, type_=sa.String()) for name in ("part", "trigram"))
    read = {}
    for field in _tables(names, companies):
        table = _TRIGRAMS_OF[field]
        holding = sa.select(table.c.word).where(table.c.trigram == trigram, at(table.c.word, part) > 1)
        first = holding.order_by(table.c.word).limit(MOST_WORDS_HOLDING).subquery()
        read[field] = sa.select(first.c.word)
    return _told_apart(read)


def _told_apart(selects: Mapping[sa.Table, sa.Select[tuple[str]]]) -> Prepared:
    """Return the first words of names' and of organisations' together, each once, with which of the two it is of."""
    each = sa.union_all(
        *(
            select.add_columns(*(sa.literal_column(str(int(table is field))).label(name) for field, name in _NAMED))
            for table, select in selects.items()
        )
    ).subquery()
    said = (sa.func.max(each.c[name]).label(name) for _, name in _NAMED)
    return Prepared(sa.select(each.c.word, *said).group_by(each.c.word).order_by(each.c.word).limit(MOST_WORDS_HOLDING))


@cache
def _beginning(names: bool, companies: bool) -> Prepared:
    first, last = sa.bindparam("first", type_=sa.String()), sa.bindparam("last", type_=sa.String())
    return Prepared(
        _union(
            [
                sa.select(
                    sa.select(table.c.word).where(table.c.word >= first, table.c.word < last).limit(1).subquery().c.word
                )
                for table in _tables(names, companies)
            ],
            1,
        )
    )


@cache
def _beginning_as_long(names: bool, companies: bool) -> Prepared:
    first, last = sa.bindparam("first", type_=sa.String()), sa.bindparam("last", type_=sa.String())
    shortest, longest = (sa.bindparam(name, type_=sa.Integer()) for name in ("shortest", "longest"))
    read = [
        sa.select(table.c.word)
        .where(table.c.word >= first, table.c.word < last)
        .where(sa.func.length(table.c.word).between(shortest, longest))
        .order_by(table.c.word)
        .limit(MOST_WORDS_BEGINNING)
        .subquery()
        for table in _tables(names, companies)
    ]
    return Prepared(_union([sa.select(each.c.word) for each in read], MOST_WORDS_BEGINNING))


@cache
def _fields(terms: int) -> Prepared:
    """Look at the first word from each term on: PostgreSQL would read the words through for one of a short term."""
    columns = (
        (
            sa.select(table.c.word)
            .where(table.c.word >= sa.bindparam(f"first_{at}", type_=sa.String()))
            .order_by(table.c.word)
            .limit(1)
            .scalar_subquery()
            < sa.bindparam(f"last_{at}", type_=sa.String())
        ).label(f"{table.name}_{at}")
        for at in range(terms)
        for table in (_NAMES, _COMPANIES)
    )
    return Prepared(sa.select(*columns))


@cache
def _few_beginning(terms: int) -> Prepared:
    each = (
        sa.select(table.c.word)
        .where(table.c.word >= sa.bindparam(f"first_{at}", type_=sa.String()))
        .where(table.c.word < sa.bindparam(f"last_{at}", type_=sa.String()))
        .order_by(table.c.word)
        .limit(_FEW_WORDS + 1)
        .subquery()
        .select()
        .add_columns(sa.literal_column(str(field)).label("field"), sa.literal_column(str(at)).label("at"))
        for at in range(terms)
        for field, table in enumerate((_NAMES, _COMPANIES))
    )
    return Prepared(sa.union_all(*each))


@cache
def _among(names: bool, companies: bool, is_postgres: bool) -> Prepared:
    """Hand the words over as one value: a thousand of them would be as many to bind."""
    if is_postgres:
        array = sa.bindparam("words", type_=sa.ARRAY(sa.String()))
        asked = sa.select(sa.func.unnest(array).label("value")).subquery("asked")
    else:
        text = sa.bindparam("words", type_=sa.String())
        asked = sa.select(sa.func.json_each(text).table_valued("value").c.value).subquery("asked")
    return Prepared(
        _union(
            [sa.select(table.c.word).where(table.c.word == asked.c.value) for table in _tables(names, companies)], None
        )
    )


def _union(selects: Sequence[sa.Select[tuple[str]]], most: int | None) -> sa.Select[tuple[str]]:
    """Return the words of several questions, each once, in the order of their characters on both databases."""
    found = sa.union(*selects).subquery()
    return sa.select(found.c.word).order_by(found.c.word).limit(most)
