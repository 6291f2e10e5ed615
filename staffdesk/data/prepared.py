"""Core statements compiled once and run on the driver's cursor: for the few that every look runs.

SQLAlchemy's own execution costs several times the look-up itself; what it would do for each run (compile, find the
types' conversions) is done once for each dialect here. Statements built at run time, or
with long lists to expand, stay with it.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import exc

Convert = Callable[[Any], Any]

_ROWS_AT_ONCE: Final = (64, 8)
"""Of few lengths, since the driver keeps each statement as it was prepared."""

_MARKS: Final = re.compile(r"\((?:\?, )*\?\)")


class Prepared:
    """A constant statement; ``keys`` name the columns of an INSERT, in the order they are bound."""

    __slots__ = ("_forms", "_keys", "statement")

    def __init__(self, statement: sa.Executable, keys: Sequence[str] | None = None) -> None:
        """Take the statement; it is compiled when it is first run on a dialect."""
        self.statement = statement
        self._keys = keys
        self._forms: dict[str, _Form] = {}

    def rows(self, connection: sa.Connection, parameters: Mapping[str, object]) -> Sequence[Any]:
        """Run the statement and return its rows, as named tuples in the columns' own types."""
        form = self._form(connection.dialect)
        return form.read(_driver(connection).execute(*form.bind(parameters)))

    def write(
        self, connection: sa.Connection, parameters: Mapping[str, object] | Sequence[Mapping[str, object]]
    ) -> int:
        """Run the statement, once for each set of parameters, and return how many rows it touched.

        Sets of parameters all name what the first names. Raises SQLAlchemy's :class:`IntegrityError`.
        """
        form = self._form(connection.dialect)
        touched: int
        if isinstance(parameters, Mapping):
            touched = _driver(connection).execute(*form.bind(parameters)).rowcount
            return touched
        try:
            if len(parameters) < 2:  # noqa: PLR2004 - one needs no preparing
                return sum(_driver(connection).execute(*form.bind(each)).rowcount for each in parameters)
            return _write_many(_driver(connection).cursor(), *form.bind_many(parameters))
        except connection.dialect.loaded_dbapi.IntegrityError as error:
            raise exc.IntegrityError(None, None, error) from None

    def _form(self, dialect: sa.Dialect) -> "_Form":
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self.statement, dialect, self._keys)
        return form


class _Text:
    """The words a driver is given, the order of what is bound to them, and the places of what a list holds."""

    __slots__ = ("places", "positions", "words")

    def __init__(self, state: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own, which it does not export
        self.words: str = state.statement
        self.positions: tuple[str, ...] | None = None if state.positiontup is None else tuple(state.positiontup)
        self.places: dict[str, Sequence[str]] = dict(state.parameter_expansion)


class _Form:
    """A statement as one dialect's driver takes it.

    What a dialect writes into the words instead of binding it (a LIMIT) makes other words, and so does the length of a
    list: they are kept by these.
    """

    __slots__ = ("_binds", "_compiled", "_converts", "_defaults", "_listed", "_make", "_only", "_texts", "_written")

    def __init__(self, statement: Any, dialect: sa.Dialect, keys: Sequence[str] | None) -> None:  # noqa: ANN401 - select, insert and update share no public type with these methods
        compiled = statement.compile(dialect=dialect, column_keys=None if keys is None else list(keys))
        self._compiled = compiled
        self._written = tuple(name for name, bind in compiled.binds.items() if bind in compiled.literal_execute_params)
        self._listed = tuple(name for name, bind in compiled.binds.items() if bind.expanding)
        self._texts: dict[tuple[object, ...], _Text] = {}
        self._only: _Text | None = None
        self._defaults: dict[str, object] = {
            name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required
        }
        self._binds: dict[str, Convert] = {}
        for name, bind in compiled.binds.items():
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None:
                self._binds[name] = convert
        columns = list(getattr(statement, "exported_columns", ()))
        names = [column.key for column in columns]
        row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc] # noqa: PYI024 - names known at run time
        self._make: Convert = row._make
        self._converts: list[tuple[int, Convert]] = []
        for at, column in enumerate(columns):
            convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if convert is not None:
                self._converts.append((at, convert))

    def bind(self, parameters: Mapping[str, object]) -> tuple[str, Any]:
        """Return the words, and what is bound to them: a tuple or a mapping, as the driver wants it."""
        values = {**self._defaults, **parameters}
        text = self._only or self._text(values)
        for name, convert in self._binds.items():
            values[name] = convert(values[name])
        for name, places in text.places.items():
            values.update(zip(places, values.pop(name), strict=True))  # type: ignore[call-overload] # as above
        if text.positions is None:
            return text.words, values
        return text.words, tuple([values[name] for name in text.positions])

    def _text(self, values: Mapping[str, object]) -> _Text:
        """Return the words for these values; where nothing of these is in the words they are the only ones."""
        kept_by = (*(values[name] for name in self._written), *(len(values[name]) for name in self._listed))  # type: ignore[arg-type] # what expands is a list
        text = self._texts.get(kept_by)
        if text is None:
            text = self._texts[kept_by] = _Text(self._compiled.construct_expanded_state(dict(values)))
            if not kept_by:
                self._only = text
        return text

    def bind_many(self, parameters: Sequence[Mapping[str, object]]) -> tuple[str, Sequence[Any]]:
        """Return the words, and what is bound to them each time they are run; nothing of it may be a list."""
        words, first = self.bind(parameters[0])
        if not isinstance(first, tuple):
            return words, [self.bind(each)[1] for each in parameters]
        (text,) = self._texts.values()
        positions = text.positions or ()
        sets = [{**self._defaults, **each} for each in parameters] if self._defaults else parameters
        converts = [(at, self._binds[name]) for at, name in enumerate(positions) if name in self._binds]
        rows = [[each[name] for name in positions] for each in sets]
        for row in rows:
            for at, convert in converts:
                row[at] = convert(row[at])
        return words, rows

    def read(self, cursor: Any) -> Sequence[Any]:  # noqa: ANN401 - either driver's cursor
        make = self._make
        if not self._converts:
            return [make(row) for row in cursor.fetchall()]
        rows = []
        for row in cursor.fetchall():
            values = list(row)
            for at, convert in self._converts:
                values[at] = convert(values[at])
            rows.append(make(values))
        return rows


def _write_many(cursor: Any, words: str, sets: Sequence[Any]) -> int:  # noqa: ANN401 - either driver's cursor
    """Run a statement for each set of what is bound, and return how many rows it touched.

    A plain INSERT of the encrypted file takes many rows at once. At each statement on a table with triggers SQLite
    prepares to take it back, and the word index then writes out what it holds: for each row, that is half the work.
    """
    touched = at = 0
    marks = words.rpartition(" VALUES ")[2]
    for many in _ROWS_AT_ONCE if _MARKS.fullmatch(marks) else ():
        whole = words + f", {marks}" * (many - 1)
        while len(sets) - at >= many:
            touched += cursor.execute(whole, list(chain.from_iterable(sets[at : at + many]))).rowcount
            at += many
    if at < len(sets):
        cursor.executemany(words, sets[at:])
        touched += cursor.rowcount
    return touched


def _driver(connection: sa.Connection) -> Any:  # noqa: ANN401 - either driver's connection
    return connection.connection.driver_connection
