"""How a column says what it is: personal or not, whose, its class, mask and retention, what an erasure does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, dataclass_transform

import sqlalchemy as sa
from pydantic import ConfigDict, ValidationError
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModelMetaclass, get_column_from_field

from staffdesk.domain.classes import Erasure, PrivacyClass, Whose
from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import Identifier

INFO = "staffdesk"
"""The key under which a column's ``info`` holds its :class:`Declaration`."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a column is.

    ``mask`` turns a value into what may be shown masked; ``keep`` names a rule of ``retention.toml`` where it differs
    from the table's; a ``derived`` column is computed from others, never shown nor packaged, erased with its source
    unless its ``erasure`` keeps it.
    ``at_closed_door`` marks a keyed digest, which is compared before an access is open. ``may_name`` marks what staff
    write about a thing of the desk's own, in which somebody may be named: he is taken out of it when he is erased.
    """

    privacy_class: PrivacyClass | None = None
    whose: Whose | None = None
    label: str = ""
    mask: Callable[[str], str] | None = None
    keep: str | None = None
    erasure: Erasure = Erasure.KEEP
    derived: bool = False
    at_closed_door: bool = False
    searched: Identifier | None = None
    may_name: bool = False

    @property
    def personal(self) -> bool:
        """Whether the column holds data about a customer or an employee."""
        return self.privacy_class is not None


def _field(
    declaration: Declaration,
    default: object,
    sa_type: object,
    key: bool,
    unique: bool,
    index: bool,
    foreign: str | None,
) -> Any:  # noqa: ANN401 - a field specifier must be assignable to a field of any type
    options: dict[str, Any] = {"sa_column_kwargs": {"info": {INFO: declaration}}}
    if sa_type is not None:
        options["sa_type"] = sa_type
    if key:
        options["primary_key"] = True
    if unique:
        options["unique"] = True
    if index:
        options["index"] = True
    if foreign is not None:
        options["foreign_key"] = foreign
    return Field(default=default, **options)


def personal(
    privacy_class: PrivacyClass,
    label: str = "",
    *,
    default: object = ...,
    whose: Whose = Whose.CUSTOMER,
    mask: Callable[[str], str] | None = None,
    keep: str | None = None,
    erasure: Erasure = Erasure.ERASE,
    searched: Identifier | None = None,
    sa_type: object = None,
    unique: bool = False,
    index: bool = False,
    may_name: bool = False,
) -> Any:  # noqa: ANN401 - see _field
    """Declare a column that holds a customer's (or an employee's) datum; ``label`` is the word a person reads."""
    declaration = Declaration(
        privacy_class=privacy_class,
        whose=whose,
        label=label,
        mask=mask,
        keep=keep,
        erasure=erasure,
        searched=searched,
        may_name=may_name,
    )
    return _field(declaration, default, sa_type, False, unique, index, None)


def derived(
    privacy_class: PrivacyClass,
    *,
    searched: Identifier | None = None,
    whose: Whose = Whose.CUSTOMER,
    default: object = None,
    sa_type: object = None,
    key: bool = False,
    index: bool = False,
    at_closed_door: bool = False,
    erasure: Erasure = Erasure.ERASE,
) -> Any:  # noqa: ANN401 - see _field
    """Declare a column computed from personal ones: never shown, erased with its source; a keyed digest may be kept."""
    declaration = Declaration(
        privacy_class=privacy_class,
        whose=whose,
        erasure=erasure,
        derived=True,
        at_closed_door=at_closed_door,
        searched=searched,
    )
    return _field(declaration, default, sa_type, key, False, index, None)


def not_personal(
    label: str = "",
    *,
    default: object = ...,
    sa_type: object = None,
    key: bool = False,
    unique: bool = False,
    index: bool = False,
    foreign: str | None = None,
    searched: Identifier | None = None,
    may_name: bool = False,
) -> Any:  # noqa: ANN401 - see _field
    """Declare a column that says nothing about a person by itself: keys, numbers, states, dates of things."""
    return _field(
        Declaration(label=label, searched=searched, may_name=may_name), default, sa_type, key, unique, index, foreign
    )


@dataclass_transform(kw_only_default=True, field_specifiers=(personal, derived, not_personal))
class RecordMeta(SQLModelMetaclass):
    """Make a record's missing field an error for the type checker, and of its fields a table.

    The table alone: records are written and read by Core statements, and an object-relational mapping of each class,
    which nothing would ask, is most of what a start would take to declare it.
    """

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, table: bool = False
    ) -> "type[Record]":
        """Make the class, and of a record that is to have one its table."""
        record: type[Record] = super().__new__(cls, name, bases, namespace)
        if table:
            record.__table__ = _table(record)
        return record


class Record(SQLModel, metaclass=RecordMeta):
    """A row as it is written: build it with ``checked``, write it with a Core insert, never assign to one."""

    __table__: ClassVar[sa.Table]
    __table_args__: ClassVar[tuple[Any, ...]]
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, defer_build=True)  # type: ignore[assignment] # SQLModel narrows the config's type

    @classmethod
    def demands(cls) -> tuple[sa.CheckConstraint, ...]:
        """Return what each table of this kind is held to, besides what it says itself."""
        return ()

    @classmethod
    def checked(cls, values: Mapping[str, object]) -> Self:
        """Build a record from values, validated; raises :class:`BadInput` naming the field, never the value."""
        record: Self = cls.__new__(cls)
        try:
            cls.__pydantic_validator__.validate_python(dict(values), self_instance=record)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            raise BadInput(
                f"{cls.__name__} {field}: {first['msg'].removeprefix('Value error, ')}".replace(" :", ":"),
                "Correct it, then try again.",
            ) from None
        return record

    def values(self) -> dict[str, object]:
        """Return the columns as the drivers take them; a closed list's word as plain text."""
        return {name: str(value) if isinstance(value, str) else value for name, value in self.__dict__.items()}

    def __repr__(self) -> str:
        """Name the table only: a value in a log or a traceback would be a leak."""
        return f"<{type(self).__name__}>"

    __str__ = __repr__


def _table(record: type[Record]) -> sa.Table:
    """Return the table a record's fields make, in their order, with its constraints and what it says of itself."""
    columns = []
    for name, field in record.model_fields.items():
        column = get_column_from_field(field)
        column.name = column.key = name
        columns.append(column)
    *parts, options = record.__table_args__
    return sa.Table(str(record.__tablename__), record.metadata, *columns, *parts, *record.demands(), **options)


def declaration_of(column: sa.Column[Any]) -> Declaration | None:
    """Return the column's declaration, or None where somebody forgot it (a test fails then)."""
    found = column.info.get(INFO)
    return found if isinstance(found, Declaration) else None
