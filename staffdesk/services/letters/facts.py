"""What letters may tell, as plain values: nothing else of a request or a record reaches one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from staffdesk.domain import holds, transfers
from staffdesk.domain.access import Purpose
from staffdesk.domain.errors import BadInput
from staffdesk.domain.grounds import (
    ExemptionGround,
    ExtensionGround,
    ProofFault,
    RefusalGround,
    RestrictionGround,
    RestrictionStep,
    Unproven,
)
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.provenance import Source
from staffdesk.domain.requests import RequestType
from staffdesk.domain.transfers import Safeguard


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records of a kind; kinds are the names of tables, as in ``uses.toml``."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Records of a kind that outlive an erasure; ``law`` is named where it is not the one of the ground.

    ``until`` is the day the last hold on them ends, ``also`` what holds them for another reason as well.
    """

    kind: str
    ground: holds.Ground
    until: dt.date
    law: str = ""
    also: tuple[holds.HeldBy, ...] = ()


def kept_since(left: Iterable[holds.Left]) -> tuple[Kept, ...]:
    """Return what earlier erasures left, each kind once for a law and a day."""
    kept = (Kept(kind=it.table, ground=it.ground, until=it.until, law=it.law, also=it.also) for it in left)
    return tuple(dict.fromkeys(kept))


class Became(StrEnum):
    """What became of what was found outside the desk, as the customer is told it."""

    NOTHING = "nothing"
    WAITS = "waits"
    DELETED = "deleted"
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A place outside the desk by its code in ``request_places.toml``, and what became of his data there."""

    place: str
    became: Became


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Exempt:
    """A recipient who is not told; ``ground`` is None where it was not asked which of the two it is."""

    name: str
    ground: ExemptionGround | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Identified:
    """By what a recipient finds the person a notice is about."""

    kind: Identifier
    value: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Changed:
    """A field by the name of its column, and what it says now."""

    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Who was given a person's data (Art. 15(1)(c)): its name, what kind it is, where, on which safeguard abroad.

    Without a ``country`` nobody knows where it is; ``unplaced`` says so of some of those who are told as one.
    """

    name: str
    kind: str
    country: str = ""
    last_on: dt.date | None = None
    safeguard: Safeguard | None = None
    unplaced: bool = False

    def __post_init__(self) -> None:
        """Refuse a recipient outside the EEA without a safeguard: the letter has to name it (Art. 15(2))."""
        codes = [code.strip() for code in self.country.split(",")]
        if self.safeguard is None and any(code and not transfers.rules().in_eea(code) for code in codes):
            raise BadInput(
                "No safeguard is recorded for a recipient outside the European Economic Area.",
                "Record it with the recipient, then write the letter again.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where data came from (Art. 15(1)(g)); ``name`` is the event or the partner."""

    source: Source
    name: str = ""
    since: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """On which day and why employees looked, and how often; never who."""

    on: dt.date
    purpose: Purpose
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessReply:
    """What a reply to an access request tells one by one (Art. 15(1)(a) to (h), 15(2) to (4)).

    ``kinds`` are the tables of which something is held: purposes, categories and periods follow from them. ``files``
    are the names of the files of the copy. ``hidden`` counts the places left out for the rights of others;
    ``redactions`` says of them what there is to say.
    """

    files: tuple[str, ...]
    kinds: tuple[str, ...]
    origins: tuple[Origin, ...]
    recipients: tuple[Received, ...] = ()
    consultations: tuple[Consulted, ...] = ()
    hidden: int = 0
    redactions: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Another request out of the same letter: its number, and what it asks."""

    number: str
    kind: RequestType


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LetterFacts:
    """What is known when a letter is written; what it needs and does not find here is an error.

    None says that something is not known, an empty tuple that there is none. Words of the officer (``doubt``,
    ``…_words``, ``refusal_facts``) are in the language of the letter; a reason is a code, such words, or both.
    ``linked`` are the other requests out of the same letter; ``addressee`` are the lines of a postal address;
    ``fields`` and ``left_as_is`` are names of columns; ``told`` are the names of recipients who were told, ``exempt``
    those who were not, and on which ground; ``kept_before`` is what a law keeps since the
    person was erased an earlier time, ``outside`` what became of what is outside the desk; ``firm_stays`` that a sole
    trader's firm is not erased with him, as others belong to it; ``held_before`` says that what is erased was kept by a
    law until now, ``on_file`` that of who asks there is a record, with no more than he tells himself; ``too_much`` that
    more was sent to prove it than may be looked at; ``proof_gone`` whether the copy of a proof that came is confirmed
    to be deleted, ``copy_since`` when it came; ``lifted`` that a recipient is told of the end of a restriction.
    ``registers`` says that no letter has told him yet that his request is registered, ``proof_seen`` that somebody
    looked at what came along and saw a proof, ``stands_still`` that the law lets the period wait for one, ``resumes``
    that late proof takes the request up again.
    """

    number: str
    written_on: dt.date
    addressee: tuple[str, ...] = ()
    kind: RequestType | None = None
    linked: tuple[Together, ...] = ()
    received_on: dt.date | None = None
    hard_due: dt.date | None = None
    first_due: dt.date | None = None
    registers: bool = False
    proof_came_along: bool = False
    proof_seen: bool = False
    stands_still: bool = False
    resumes: bool = False
    doubt: str | None = None
    faults: tuple[ProofFault, ...] = ()
    fault_words: str | None = None
    too_much: bool = False
    proof_gone: bool | None = None
    copy_since: dt.date | None = None
    extension: ExtensionGround | None = None
    extension_words: str | None = None
    extended_to: dt.date | None = None
    access: AccessReply | None = None
    effective_on: dt.date | None = None
    lists: tuple[str, ...] | None = None
    fields: tuple[str, ...] = ()
    left_as_is: tuple[str, ...] = ()
    erased: tuple[Counted, ...] | None = None
    kept: tuple[Kept, ...] = ()
    kept_before: tuple[Kept, ...] = ()
    firm_stays: bool = False
    outside: tuple[Outside, ...] = ()
    backups_until: dt.date | None = None
    held_before: bool = False
    told: tuple[str, ...] | None = None
    exempt: tuple[Exempt, ...] = ()
    refusal: RefusalGround | None = None
    refusal_facts: str | None = None
    refusal_law: str | None = None
    restriction: RestrictionStep | None = None
    restriction_reason: RestrictionGround | None = None
    restriction_words: str | None = None
    restricted: tuple[Counted, ...] = ()
    lifted_on: dt.date | None = None
    lifted: bool = False
    unproven: Unproven | None = None
    searched: tuple[Identifier, ...] = ()
    on_file: bool = False
    withdrawn_on: dt.date | None = None
    recipient: str | None = None
    identifiers: tuple[Identified, ...] = ()
    changes: tuple[Changed, ...] = ()
    confirm_by: dt.date | None = None

    def __repr__(self) -> str:
        return f"<LetterFacts {self.number}>"
