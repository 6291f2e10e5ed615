"""On which grounds a request of each type may be refused, and what the facts of each must say (``refusals.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.grounds import RefusalGround
from staffdesk.domain.requests import RequestType
from staffdesk.domain.written_reasons import check_quoted
from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLaw:
    """By which law a ground refuses, requests of which types, and what its facts must say."""

    source: str
    types: frozenset[RequestType]
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRules(Dated):
    """Every ground, in the order in which they are offered."""

    grounds: Mapping[RefusalGround, RefusalLaw]

    def __post_init__(self) -> None:
        """Refuse a file that leaves a ground out, leaves a type without one, or refuses the stop of mail."""
        if missing := set(RefusalGround) - set(self.grounds):
            raise Misconfigured(f"refusals.toml: grounds.{min(missing)} is missing.")
        refused = frozenset[RequestType]().union(*(each.types for each in self.grounds.values()))
        if RequestType.OBJECT_MKT in refused:
            raise Misconfigured("refusals.toml: nobody is refused that mail to him stops.")
        if missing_types := set(RequestType) - refused - {RequestType.OBJECT_MKT}:
            raise Misconfigured(f"refusals.toml: {min(missing_types)} has no ground.")


@cache
def rules() -> RefusalRules:
    """Return the shipped rules."""
    return read("refusals", RefusalRules)


def grounds_for(kind: RequestType, *, by: RefusalRules | None = None) -> tuple[RefusalGround, ...]:
    """Return the grounds on which a request of this type may be refused, in the order in which they are offered."""
    return tuple(ground for ground, law in (by or rules()).grounds.items() if kind in law.types)


def check_refusal(kind: RequestType, ground: RefusalGround, facts: str) -> None:
    """Raise :class:`BadInput` for a ground that does not refuse this type, and for facts that tell nothing."""
    offered = grounds_for(kind)
    if ground not in offered:
        raise BadInput(
            "What is asked for here is not refused on this ground.",
            f"Take one of {', '.join(offered)}." if offered else "It is never refused.",
        )
    if not facts.strip():
        raise BadInput("A refusal needs its facts.", rules().grounds[ground].facts)
    check_quoted(facts)
