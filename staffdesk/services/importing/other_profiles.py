"""Whether a table is another source's: its columns are compared with what all profiles know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.services.importing.profiles import Profile, Table, folded, names, profile

_PROOF: Final = 2
"""Columns that the other table must have and this profile does not know: one may be in any list by chance."""

_FEWEST: Final = 2
"""Columns that a table needs at least to be told by them: a list with an e-mail address may be anybody's."""


class OfAnotherSource(BadInput):
    """The file's columns are those of another source."""


def refuse_anothers(known: Profile, cells: Sequence[str], *, fits: bool) -> None:
    """Refuse a header of another source's table, which knows more of its columns than ``known`` does.

    ``fits`` says that ``known`` has a table with such a header too. Raises :class:`OfAnotherSource`.
    """
    header = {folded(cell) for cell in cells} - {""}
    ours = _names(known.tables)
    proof = _PROOF if fits else 1
    best, most = None, max((len(_fields(table, header)) for table in known.tables), default=0)
    for name in names():
        if name == known.name:
            continue
        other = profile(name)
        for table in other.tables:
            found = _fields(table, header)
            whole = set(table.needs) <= found and (not table.needs_one or not found.isdisjoint(table.needs_one))
            strange = [field for field in table.needs if not _spellings(table, field) & header & ours]
            if whole and len(table.needs) >= _FEWEST and len(strange) >= proof and len(found) > most:
                best, most = (other, table), len(found)
    if best is not None:
        other, table = best
        raise OfAnotherSource(
            f"Its columns are those of {other.title} ({table.name}), not of {known.title}.",
            f"Run: staffdesk import {other.name} FILE",
        )


def _fields(table: Table, header: set[str]) -> set[str]:
    return {field for field in table.columns if _spellings(table, field) & header}


def _spellings(table: Table, field: str) -> set[str]:
    return {folded(name) for name in table.columns[field]}


def _names(tables: Iterable[Table]) -> set[str]:
    return {name for table in tables for field in table.columns for name in _spellings(table, field)}
