"""The profiles of the sources: which ways of obtaining they may be said to have, which columns become what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, lru_cache

from staffdesk.domain.campaign import Told
from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.imported import Dropped, OrderState, PaymentState
from staffdesk.domain.manifest import Bought
from staffdesk.domain.provenance import Source
from staffdesk.parameters import Dated, names_in, read
from staffdesk.services.importing.ticket_words import TicketWords


class RecordSort(StrEnum):
    """What a row of a table becomes."""

    CONTACT = "contact"
    LICENCE = "licence"
    ACTIVATION = "activation"
    SUBSCRIBER = "subscriber"
    ORDER = "order"


class Days(StrEnum):
    """In which order a date is written whose year does not stand first."""

    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateOfOrder:
    """What a store's word for the state of an order says of the order and of its payment."""

    order: OrderState
    payment: PaymentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One kind of table of a source.

    ``columns`` gives for each field the names its column may have, the one that counts where several stand side by side
    first; ``needs`` are the fields without whose columns it is not this table; of ``needs_one`` there must be one at
    least. ``constants`` are said of each row.
    Rows in which the field ``group_by`` says the same, one after another, are one order: what a field tells whose name
    begins with ``line_`` is of a line of it; what any other tells is of the order, the same in all rows or in the first
    alone. ``words`` turns what the source writes in a column, folded, into the desk's own word; a word it does not list
    is refused. ``written`` is what a file of ours says in the column of the status, by what the source is told.
    Where the field ``packed`` is filled it holds all lines of an order; the mapping says what their fields go by there.
    """

    name: str
    record: RecordSort
    needs: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    needs_one: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    group_by: str | None = None
    written: Mapping[Told, str] = field(default_factory=dict)
    packed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Dated):
    """What is known of a source.

    ``origins`` are the ways of obtaining it may be said to have (privacy policy, B); ``own_evidence`` says, where it is
    so, why each record shows by itself how it was obtained. ``anywhere`` lets an address stand for whoever has it, by
    whatever way he came. ``left_out`` are columns known and never taken, by the reason they are counted under.
    ``delimiter`` and ``encoding`` are found in the file where they are not told. A moment with no zone is in ``zone``.
    ``decimal_comma`` says that amounts are written so; ``reader`` reads what is no table. ``states`` are the words of a
    store for the state of an order, folded; ``invoices`` says that it invoices by itself, under the order's number.
    A checkout in a state of ``unfinished`` is no order yet, and is left out. ``order_ids`` is how the ids of its orders
    begin, where they do so and those of other things otherwise. With ``pointed`` an amount of a table has a decimal
    point wherever its currency has a smaller unit, since without one it may be in that unit.
    ``name`` is how ``staffdesk import`` knows the source.
    ``tickets`` is there for a support service alone.
    """

    title: str
    name: str = ""
    origins: tuple[Source, ...]
    own_evidence: str | None = None
    reader: str | None = None
    customers: bool = True
    anywhere: bool = False
    delimiter: str | None = None
    decimal_comma: bool = False
    zone: str = "UTC"
    days: Days = Days.YEAR_FIRST
    header_within: int = 20
    vcards: bool = False
    invoices: bool = False
    states: Mapping[str, StateOfOrder] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()
    order_ids: str = ""
    pointed: bool = False
    tickets: TicketWords | None = None
    tables: tuple[Table, ...] = ()
    left_out: Mapping[Dropped, tuple[str, ...]] = field(default_factory=dict)

    @property
    def lists(self) -> bool:
        """Whether it is a list of people and their things, not what a store sold."""
        return self.reader is None and all(table.record is not RecordSort.ORDER for table in self.tables)

    def check_origin(self, source: Source) -> None:
        """Raise :class:`Bought` where what comes from here cannot have been obtained so."""
        if source not in self.origins:
            raise Bought(
                f"{self.title} cannot have been obtained by {source}.", f"Choose one of: {', '.join(self.origins)}."
            )

    def __post_init__(self) -> None:
        """Raise :class:`Misconfigured` where no header tells a table, or one name stands for two fields."""
        for table in self.tables:
            fields = (*table.columns.values(), *self.left_out.values())
            names = [name for listed in fields for name in {folded(each) for each in listed}]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise Misconfigured(f"{self.title}, {table.name}: {', '.join(twice)} stands for two fields.")
            if not table.needs or not {*table.needs, *table.needs_one} <= set(table.columns):
                raise Misconfigured(f"{self.title}, {table.name}: what it needs is not among its columns.")


class Unfinished(BadInput):
    """A checkout that nobody finished, which is no order yet."""


def state_of(known: Profile, word: str) -> tuple[OrderState, PaymentState]:
    """Return what a store's word says of an order and of its payment.

    Raises :class:`Unfinished` for the word of a checkout that is none yet, :class:`BadInput` for any other.
    """
    if word.casefold() in known.unfinished:
        raise Unfinished("It is a checkout that nobody finished.", "Import it when it is an order.")
    found = known.states.get(word.casefold())
    if found is None:
        raise BadInput(
            f"It is in no state that {known.title} documents for an order.",
            "Export the orders again, and import that file as it is.",
        )
    return found.order, found.payment


@lru_cache(4_096)
def folded(name: str) -> str:
    """Return a column's name as it is compared: letters and digits alone; ``E-Mail`` and ``e mail`` are one."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@cache
def names() -> tuple[str, ...]:
    """Return the names of the sources, as ``staffdesk import`` knows them."""
    return names_in("sources")


@cache
def of_no_customers_yet() -> frozenset[str]:
    """Return the sources that name people who are known by their address and may not have bought anything."""
    found = (profile(name) for name in names())
    return frozenset(each.name for each in found if each.anywhere and not each.customers)


@cache
def profile(name: str) -> Profile:
    """Return the profile of a source; raises :class:`BadInput` for one that is not known."""
    if name not in names():
        raise BadInput("This source is not known.", f"Choose one of: {', '.join(names())}.")
    return replace(read(f"sources/{name}", Profile), name=name)
