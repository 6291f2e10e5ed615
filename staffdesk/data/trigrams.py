"""The trigrams of the words there are: kept once there are many words, emptied where there are few again.

Triggers keep them with the words while a row in ``built_index`` says so, and take them out with a word whatever it
says. Building and emptying go in steps that hold the write lock briefly, on a connection of the owner's, so that desks
go on; a search reads trigrams only once all are there.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.deadline import Deadline
from staffdesk.data.tables.vocabulary import (
    BuiltIndex,
    OrganisationTrigram,
    OrganisationVocabulary,
    PersonTrigram,
    PersonVocabulary,
)
from staffdesk.parameters.shapes import TrigramSizes

LETTERS: Final = 3

_NAME: Final = "trigrams"
_BUILT: Final = register.table(BuiltIndex)
_WORDS: Final = {
    register.table(PersonVocabulary): register.table(PersonTrigram),
    register.table(OrganisationVocabulary): register.table(OrganisationTrigram),
}
_WORDS_AT_ONCE: Final = 100_000
"""Words whose trigrams are put in order at a time: what they take of memory is bounded."""
_ROWS_A_STEP: Final = 3_000
_PATIENCE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.05
_LOCKED: Final = "55P03"

COMPLETE: Final = sa.select(_BUILT.c.complete).where(_BUILT.c.name == _NAME)
"""Whether all trigrams are there; no row where none are kept."""

_BEGIN_KEEPING: Final = sa.text(
    "INSERT INTO built_index (name, complete) VALUES (:name, :complete) ON CONFLICT DO NOTHING"
).bindparams(name=_NAME, complete=False)

_EACH: Final = {
    "sqlite": ("json_each(:rows)", ""),
    "postgresql": ("json_array_elements_text(CAST(:rows AS json)) AS value", "FOR SHARE OF {} NOWAIT"),
}
"""The rows that are written at once, and how the words they are of are kept there meanwhile."""

Alone = Callable[[], AbstractContextManager[None]]
"""Stands in the queue for the write lock, where there is one."""


@dataclass(frozen=True, slots=True)
class WordParts:
    """How many words there are, and whether a part of one is looked for by trigrams; else all are read through."""

    words: int
    by_trigrams: bool


def word_parts(connection: sa.Connection) -> WordParts:
    """Say how things stand; wants an owner's connection."""
    words = sum(
        connection.execute(sa.select(sa.func.count()).select_from(vocabulary)).scalar_one() for vocabulary in _WORDS
    )
    return WordParts(words, bool(connection.execute(COMPLETE).scalar()))


def fit(connection: sa.Connection, sizes: TrigramSizes, alone: Alone) -> WordParts:
    """Build the trigrams, or empty them, as the number of words asks; what was interrupted goes on from there."""
    found = word_parts(connection)
    begun = connection.execute(COMPLETE).first() is not None
    if found.words >= sizes.built_from or (begun and found.words >= sizes.emptied_below):
        if not found.by_trigrams:
            _build(connection, alone)
    elif found.words < sizes.emptied_below:
        _empty(connection, alone)
    return word_parts(connection)


def rewrite(connection: sa.Connection, alone: Alone) -> None:
    """Empty the trigrams that are kept and build them anew: a page of a table goes on holding what was moved in it.

    SQLite zeroes a row that is deleted and a page that is freed, but not the place a row stood at before its page was
    put in order; meanwhile the words are read through.
    """
    if connection.execute(COMPLETE).first() is not None:
        _empty(connection, alone)
        _build(connection, alone)


def _build(connection: sa.Connection, alone: Alone) -> None:
    with _step(connection, alone):
        connection.execute(_BEGIN_KEEPING)
    _let_writers_end(connection)
    for vocabulary, trigrams in _WORDS.items():
        following = sa.select(vocabulary.c.word).order_by(vocabulary.c.word).limit(_WORDS_AT_ONCE)
        after = ""
        while words := connection.execute(following.where(vocabulary.c.word > after)).scalars().all():
            after = words[-1]
            _fill(connection, alone, vocabulary, trigrams, words)
    with _step(connection, alone):
        connection.execute(sa.update(_BUILT).where(_BUILT.c.name == _NAME).values(complete=True))


def _fill(
    connection: sa.Connection, alone: Alone, vocabulary: sa.Table, trigrams: sa.Table, words: Sequence[str]
) -> None:
    """Write the trigrams of words that are still there, in the order they are kept in, so that few pages are touched.

    On PostgreSQL the words are locked, so that none is taken out meanwhile and leaves its trigrams behind.
    """
    each, locked = _EACH[connection.dialect.name]
    write = sa.text(
        f"INSERT INTO {trigrams.name} (trigram, word) SELECT substr(value, 1, {LETTERS}), word"  # noqa: S608 - our own names
        f" FROM {each} JOIN {vocabulary.name} ON word = substr(value, {LETTERS + 1})"
        f" WHERE true {locked.format(vocabulary.name)} ON CONFLICT DO NOTHING"
    )
    rows = sorted(trigram + word for word in words for trigram in _trigrams(word))

    def step(some: Sequence[str]) -> None:
        with _step(connection, alone):
            connection.execute(write, {"rows": json.dumps(some)})

    for first in range(0, len(rows), _ROWS_A_STEP):
        _again_if_locked(partial(step, rows[first : first + _ROWS_A_STEP]))


def _trigrams(word: str) -> Iterator[str]:
    for at in range(1, len(word) - LETTERS + 1):
        yield word[at : at + LETTERS]


def _empty(connection: sa.Connection, alone: Alone) -> None:
    with _step(connection, alone):
        connection.execute(sa.delete(_BUILT).where(_BUILT.c.name == _NAME))
    _let_writers_end(connection)
    for trigrams in _WORDS.values():
        key = sa.tuple_(trigrams.c.trigram, trigrams.c.word)
        some = sa.select(trigrams.c.trigram, trigrams.c.word).limit(_ROWS_A_STEP).with_for_update(skip_locked=True)
        gone = 1
        while gone:
            with _step(connection, alone):
                gone = connection.execute(sa.delete(trigrams).where(key.in_(some))).rowcount
        if connection.dialect.name == "sqlite":
            with _step(connection, alone):
                connection.execute(sa.delete(trigrams))  # without a condition it zeroes the last page too


def _let_writers_end(connection: sa.Connection) -> None:
    """Wait on PostgreSQL for whoever began to write words before it was said whether trigrams are kept."""
    if connection.dialect.name == "postgresql":
        for vocabulary in _WORDS:
            with _step(connection, nullcontext):
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(_PATIENCE_SECONDS * 1000)}")
                connection.exec_driver_sql(f"LOCK TABLE {vocabulary.name} IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def _step(connection: sa.Connection, alone: Alone) -> Iterator[None]:
    with alone():
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN")
        try:
            yield
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def _again_if_locked(step: Callable[[], None]) -> None:
    """Take a step, again while a word in it is being written: to wait for it with others locked could be a deadlock."""
    until = Deadline(_PATIENCE_SECONDS)
    while True:
        try:
            return step()
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCKED or until.passed():
                raise
        time.sleep(_PAUSE_SECONDS)
