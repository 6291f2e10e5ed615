"""Who looked at a person, as he is told: when, why, which kind of data, by which department; no employee is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.audit.opening import OpeningKind
from staffdesk.data import register
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Act, Entity, Level, Outcome
from staffdesk.domain.looks import counted_once
from staffdesk.domain.packages import Changed, Consulted, PackageRules
from staffdesk.domain.records import Look

_PAGE: Final = 500
_OLD, _NEW = "old", "new"


def consultations(
    tx: Read, aid: str, rules: PackageRules, minutes: int
) -> tuple[tuple[Consulted, ...], frozenset[Entity]]:
    """Return the consultations of a person, newest first, and the companies whose employees made them.

    Openings under one reference within ``minutes`` are one, as everywhere else. What was refused or came to nothing
    showed nobody anything.
    """
    told = [core for core in _entries(tx, aid) if core.out == Outcome.OK and core.act in rules.consultations.acts]
    looks = [_look(core) for core in told]
    entities = frozenset(Entity(core.entity) for core in told if core.entity is not None)
    return tuple(_consulted(tx, look, times, rules) for look, times in counted_once(looks, minutes)), entities


def _entries(tx: Read, aid: str) -> Iterator[Core]:
    before: int | None = None
    while True:
        found = Entries(tx).page(Selection(aid=aid), before, _PAGE)
        yield from found.cores
        if not found.looked_to:
            return
        before = found.looked_to


def _look(core: Core) -> Look:
    return Look(
        seq=core.seq,
        at=core.t,
        role=core.role or "",
        level=None if core.level is None else Level(core.level),
        act=core.act,
        purpose=core.purpose or "",
        reference=core.ref or "",
        standing=core.standing or "",
        kinds=core.kinds,
    )


def _consulted(tx: Read, look: Look, times: int, rules: PackageRules) -> Consulted:
    return Consulted(
        at=look.at,
        role=look.role,
        level=look.level,
        act=look.act,
        purpose=look.purpose,
        kinds=look.kinds,
        times=times,
        changed=_changed(tx, look, rules) if look.act == Act.CUSTOMER_CHANGED else None,
    )


def _changed(tx: Read, look: Look, rules: PackageRules) -> Changed | None:
    """Return what a change did; of free text nothing, since nobody has looked through it for others' names."""
    columns = [kind.partition(".") for kind in look.kinds if "." in kind]
    free = rules.third_parties.free_text
    for table, _, column in columns:
        declaration = register.of_table(table).get(column)
        if declaration is None or declaration.privacy_class in free:
            return None
    values = dict(Entries(tx).openings(look.seq, (OpeningKind.VALUE.value,)))
    return Changed(values.get(_OLD), values.get(_NEW)) if columns and values else None
