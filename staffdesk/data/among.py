"""One condition for both databases: a column holds one of many values, which are given when a statement is run."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

WANTED: Final = "wanted"
"""The name under which the values are given, as a list."""


class Among(sa.ColumnElement[bool]):
    """Whether a column of text or of whole numbers holds one of the values ``wanted``.

    SQLite is told each by itself. PostgreSQL is told all as one array: its driver takes a statement of hundreds of
    parameters apart each time it is run, which costs more than the answer.
    """

    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, column: sa.Column[Any]) -> None:
        """Ask for the values of ``column``."""
        kind: sa.types.TypeEngine[Any] = sa.BigInteger() if column.type.python_type is int else sa.String()
        self.listed = column.in_(sa.bindparam(WANTED, expanding=True))
        self.array = column == sa.any_(sa.bindparam(WANTED, type_=ARRAY(kind)))

    def self_group(self, against: Any = None) -> "Among":  # noqa: ANN401, ARG002 - SQLAlchemy's own
        """Stand as it is among other conditions: compared with true, as a column would be, no index serves it."""
        return self


@compiles(Among)
def _listed(among: Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return compiler.process(among.listed, **options)


@compiles(Among, "postgresql")
def _array(among: Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return compiler.process(among.array, **options)
