"""Who looked at a person, as he is told: when, why, which kind of data, by which department.

No employee is named, but for those whom two people decided to name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.audit.opening import OpeningKind
from staffdesk.data import register
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Act, Entity, Level, Outcome, Role
from staffdesk.domain.looks import counted_once
from staffdesk.domain.packages import Changed, Consulted, PackageRules
from staffdesk.domain.policy import matrix
from staffdesk.domain.purposes import purpose_in_force
from staffdesk.domain.records import Look
from staffdesk.domain.reveals import Reveal

_PAGE: Final = 500
_OLD, _NEW = "old", "new"


def consultations(
    tx: Read, aids: Collection[str], rules: PackageRules, minutes: int, named: Sequence[Reveal] = ()
) -> tuple[tuple[Consulted, ...], frozenset[Entity]]:
    """Return the consultations of a person, newest first, and the companies whose employees made them.

    Openings under one reference within ``minutes`` are one, as everywhere else; those of whom ``named`` names are
    counted by themselves. What was refused or came to nothing showed nobody anything.
    """
    told = _told(tx, aids, rules)
    entities = frozenset(Entity(core.entity) for core in told if core.entity is not None)
    counted = _counted(told, {each.employee for each in named}, minutes)
    return tuple(
        replace(_consulted(tx, look, times, rules), employee=_name(look.seq, actor, named))
        for look, times, actor in counted
    ), entities


def nameable(
    tx: Read, aids: Collection[str], rules: PackageRules, minutes: int
) -> tuple[tuple[Consulted, str | None], ...]:
    """Return each employee's consultations by themselves, newest first, with who he is: to decide on naming him."""
    told = _told(tx, aids, rules)
    counted = _counted(told, {core.actor for core in told if core.actor is not None}, minutes)
    return tuple((_consulted(tx, look, times, rules), actor) for look, times, actor in counted)


def _told(tx: Read, aids: Collection[str], rules: PackageRules) -> list[Core]:
    found = {core.seq: core for aid in aids for core in _entries(tx, aid)}
    told = (core for core in found.values() if core.out == Outcome.OK and core.act in rules.consultations.acts)
    return sorted(told, key=lambda core: -core.seq)


def _counted(told: Sequence[Core], apart: Collection[str], minutes: int) -> Iterator[tuple[Look, int, str | None]]:
    """Yield looks, newest first, each with how many it stands for and, of those ``apart``, whose it is."""
    whose: dict[str | None, list[Look]] = {}
    for core in told:
        whose.setdefault(core.actor if core.actor in apart else None, []).append(_look(core))
    counted = [(look, n, actor) for actor, looks in whose.items() for look, n in counted_once(looks, minutes)]
    yield from sorted(counted, key=lambda each: -each[0].seq)


def _name(seq: int, actor: str | None, named: Sequence[Reveal]) -> str:
    his = (each for each in named if each.employee == actor)
    return next((each.name for each in his if each.every_one or each.seq == seq), "")


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
        purpose=core.purpose or _implied(core),
        reference=core.ref or "",
        standing=core.standing or "",
        kinds=core.kinds,
    )


def _implied(core: Core) -> str:
    """Return what an employee's role was there for where the log names no purpose; nothing where no employee acted."""
    if core.role is None:
        return ""
    return purpose_in_force(matrix(), Role(core.role), None, Act(core.act)) or ""


def _consulted(tx: Read, look: Look, times: int, rules: PackageRules) -> Consulted:
    return Consulted(
        seq=look.seq,
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
