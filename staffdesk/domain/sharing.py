"""To whom outside the house a person's data was given, by name for whom names are told, by kind for everybody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

OTHER_KIND: Final = "other recipient"
NO_COUNTRY: Final = "ZZ"
"""What stands for a country that nobody has recorded yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """What one recipient was given for one purpose, and when last; ``with_order``: along with an order."""

    code: str
    name: str
    country: str
    classes: str
    purpose: str
    last_on: dt.date
    with_order: bool
    mechanism: str | None
    mechanism_until: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A recipient as it is told: ``name`` is empty where only the kind is; ``country`` is empty where none is known.

    ``unplaced`` says that nobody has recorded the country, or that of some of those who are told as one.
    """

    kind: str
    name: str
    country: str
    purposes: tuple[str, ...]
    classes: tuple[str, ...]
    last_on: dt.date
    mechanism: str
    mechanism_until: dt.date | None
    unplaced: bool = False

    @property
    def label(self) -> str:
        """What the recipient is called: its name, or what kind it is."""
        return self.name or self.kind


def told(
    disclosed: Iterable[Disclosed], kinds: Mapping[str, str], named: Callable[[Disclosed], bool]
) -> tuple[Given, ...]:
    """Return each recipient once, in the order of their labels; ``named`` says for which of them the name is told.

    ``kinds`` are the words for the recipients the house names; any other is an "other recipient". Those that are told
    by the same kind alone are one.
    """
    together: dict[tuple[str, str], list[Disclosed]] = {}
    for each in disclosed:
        kind = kinds.get(each.code, OTHER_KIND)
        together.setdefault((kind, each.name if named(each) else ""), []).append(each)
    made = [_given(kind, name, rows) for (kind, name), rows in together.items()]
    return tuple(sorted(made, key=lambda each: each.label))


def _given(kind: str, name: str, rows: list[Disclosed]) -> Given:
    by_name = rows[0] if name else None
    countries = {row.country for row in rows} - {NO_COUNTRY}
    return Given(
        kind=kind,
        name=name,
        country=", ".join(sorted(countries)),
        purposes=tuple(dict.fromkeys(row.purpose for row in rows)),
        classes=tuple(dict.fromkeys(word.strip() for row in rows for word in row.classes.split(",") if word.strip())),
        last_on=max(row.last_on for row in rows),
        mechanism="" if by_name is None or by_name.mechanism is None else by_name.mechanism,
        mechanism_until=None if by_name is None else by_name.mechanism_until,
        unplaced=any(row.country == NO_COUNTRY for row in rows),
    )
