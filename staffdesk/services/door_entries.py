"""What passes the door, in the log's words: as its caller knows it, and as the entry says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from staffdesk.data.log import Event, Opened
from staffdesk.domain.access import Access, Act, Level, Outcome, Purpose, Relation
from staffdesk.services.clearance import Clearance, Wanted

BREAK_GLASS: Final = "break-glass"
"""What stands first among the kinds of every entry made under one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry as the caller knows it; who, role, standing and relation are read when it is written.

    ``obj`` adds audit ids to the record's own, ``company`` the organisation's, whose row is read with it; ``openings``
    are the values the entry only commits to.
    """

    wanted: Wanted
    level: Level | None = None
    obj: tuple[str, ...] = ()
    company: bool = False
    kinds: tuple[str, ...] = ()
    n: int = 0
    openings: tuple[Opened, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of it, for the second entry; ``rel`` where more people are concerned than the one decided on."""

    act: Act
    level: Level | None = None
    obj: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    n: int = 0
    openings: tuple[Opened, ...] = ()
    rel: tuple[Relation, ...] = ()


def by_itself(what: Result, outcome: Outcome) -> Event:
    """Return what fell due by itself in the log's words: no employee is named."""
    return Event(
        act=what.act,
        out=outcome,
        purpose=Purpose.SYSTEM,
        level=what.level,
        obj=what.obj,
        kinds=what.kinds,
        n=what.n,
        openings=what.openings,
    )


def event_of(access: Access, cleared: Clearance, what: Draft | Result, outcome: Outcome) -> Event:
    """Return what happened in the log's words, as this door writes it."""
    act = what.wanted.act if isinstance(what, Draft) else what.act
    kinds = what.kinds if cleared.glass is None else (BREAK_GLASS, *what.kinds)
    if outcome is Outcome.DENIED:
        act, kinds = Act.DENIED, (act.value, *kinds)
    actor = cleared.actor
    own = () if cleared.subject is None else cleared.subject.aids
    if isinstance(what, Draft) and what.company and cleared.company is not None and outcome is not Outcome.DENIED:
        own = (*own, cleared.company)
    openings = what.openings
    if isinstance(what, Draft) and cleared.number is not None and cleared.reference is None:
        openings = (*openings, Opened("reason.reference", cleared.number))
    return Event(
        act=act,
        out=outcome,
        actor=None if actor is None else actor.staff_id,
        role=cleared.role,
        entity=None if actor is None else actor.entity,
        sid=None if actor is None else actor.sid,
        host=access.host,
        purpose=cleared.logged_purpose,
        ref=None if cleared.reference is None else cleared.reference.aid,
        standing=cleared.standing,
        basis=cleared.basis,
        rel=what.rel if isinstance(what, Result) and what.rel else cleared.rel,
        level=what.level if outcome is not Outcome.DENIED else None,
        obj=tuple(dict.fromkeys((*own, *what.obj))),
        kinds=kinds,
        n=what.n,
        openings=openings,
    )
