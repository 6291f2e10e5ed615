"""On which grounds a request of each type may be refused, and what the facts of each must say (``refusals.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.grounds import RefusalGround
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.requests import RequestType
from staffdesk.domain.words import cut, fold
from staffdesk.domain.written_reasons import check_quoted
from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLaw:
    """By which law a ground refuses, requests of which types, and what its facts must say.

    With ``names_law`` they must name the rule of law that forbids what is asked.
    """

    source: str
    types: frozenset[RequestType]
    facts: str
    names_law: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRules(Dated):
    """Every ground, in the order in which they are offered, and the words and signs by which a rule of law is named."""

    grounds: Mapping[RefusalGround, RefusalLaw]
    law_words: frozenset[str]
    law_signs: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a file that leaves a ground out, leaves a type without one, or refuses the stop of mail."""
        if unfolded := {each for each in self.law_words if fold(each) != each}:
            raise Misconfigured(f"refusals.toml: law_words are folded, and {min(unfolded)} is not.")
        if missing := set(RefusalGround) - set(self.grounds):
            raise Misconfigured(f"refusals.toml: grounds.{min(missing)} is missing.")
        refused = frozenset[RequestType]().union(*(each.types for each in self.grounds.values()))
        if RequestType.OBJECT_MKT in refused:
            raise Misconfigured("refusals.toml: nobody is refused that mail to him stops.")
        if missing_types := set(RequestType) - refused - {RequestType.OBJECT_MKT}:
            raise Misconfigured(f"refusals.toml: {min(missing_types)} has no ground.")

    def names_law(self, text: str) -> bool:
        """Say whether a text names a rule of law: a word or a sign for one, and a number."""
        # An elided article stands before a word of French: l'article 60.
        words = set(cut(fold(text).replace("'", " ")))
        named = not words.isdisjoint(self.law_words) or any(sign in text for sign in self.law_signs)
        return named and any(map(str.isdecimal, text))


@cache
def rules() -> RefusalRules:
    """Return the shipped rules."""
    return read("refusals", RefusalRules)


def grounds_for(kind: RequestType, identity: Identity) -> tuple[RefusalGround, ...]:
    """Return the grounds on which a request of this type may be refused, in the order in which they are offered.

    Nobody who has shown who he is can be refused because he is not identified.
    """
    return tuple(
        ground
        for ground, law in rules().grounds.items()
        if kind in law.types and not (ground is RefusalGround.UNIDENTIFIED and identity is Identity.VERIFIED)
    )


def check_refusal(kind: RequestType, identity: Identity, ground: RefusalGround, facts: str) -> None:
    """Raise :class:`BadInput` for a ground that does not refuse this request, and for facts that tell nothing."""
    offered = grounds_for(kind, identity)
    if ground not in offered:
        raise BadInput(
            "What is asked for here is not refused on this ground.",
            f"Take one of {', '.join(offered)}." if offered else "It is never refused.",
        )
    if not facts.strip():
        raise BadInput("A refusal needs its facts.", rules().grounds[ground].facts)
    check_quoted(facts)
    if rules().grounds[ground].names_law and not rules().names_law(facts):
        raise BadInput(
            "These facts name no rule of law.",
            "Name it, with its number: article 60 of the VAT Code. Say what it asks.",
        )
