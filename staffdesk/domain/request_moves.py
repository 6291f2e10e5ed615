"""What a move of a request is made of: what is known of the request, what must hold, which letter goes out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from staffdesk.domain.access import Role
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.request_work import Ask
from staffdesk.domain.requests import IdentityNeed, RequestRules, RequestState, RequestType, rules
from staffdesk.parameters import Dated, read


class Identity(StrEnum):
    """How far the proof of who asks is; of the proof itself nothing is kept."""

    NONE = "none"
    ASKED = "asked"
    RECEIVED = "received"
    VERIFIED = "verified"
    FAILED = "failed"


class Letter(StrEnum):
    """The letters a move sends; what each must contain is data of its own."""

    ACKNOWLEDGED = "L0"
    IDENTITY = "L1"
    INSUFFICIENT = "L2"
    EXTENDED = "L3"
    ACCESS = "L4"
    CORRECTED = "L5"
    ERASED = "L6"
    PARTLY_ERASED = "L7"
    REFUSED = "L8"
    MARKETING_STOPPED = "L9"
    RECIPIENT = "L10"
    RESTRICTED = "L11"
    NOT_IDENTIFIED = "L12"
    NOTHING_HELD = "L13"
    WITHDRAWN = "L14"


NAMES_HIM: Final = "name_customer"
"""The move by which privacy says whose data a request is about, where nobody knew at the receipt."""

TAKES_NAME_BACK: Final = "unname_customer"
"""The move by which privacy takes back whom it named, until who asks has shown who he is."""

NOTES_LATENESS: Final = "note_breach"
"""The move by which privacy says why a request was not answered in time."""

VERIFIES: Final = frozenset({"verify", "verify_arrived"})
"""The moves by which a proof is found to show who asks; their reason is what was too much of it."""
DECIDES: Final = "decide"
"""The move by which privacy grants what is asked, or refuses it on a ground."""
LETS_STAND: Final = "let_stand"
FINDS_ANOTHER: Final = "found_another"
"""The move by which a contested field stays as it is; its reason begins with the column."""

_QUOTING: Final = frozenset({Letter.IDENTITY, Letter.INSUFFICIENT, Letter.EXTENDED, Letter.RESTRICTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one request when a move is asked for; days are days in Brussels, persons are staff numbers.

    ``first_due`` is the last day of the first period, which an extension does not move, ``hard_due`` the one in force;
    ``ended_on`` is the day its clock stopped. ``granted`` says that something is given, ``declined`` that something is
    refused. ``unanswered`` counts who may be the same person, ``open_records`` what is not decided,
    ``open_places`` where outside the desk something found is not dealt with yet,
    ``open_recipients`` who is neither told nor exempt, ``others_open`` other requests of the same person; ``reopened``
    says that proof came after it had lapsed. ``carried_out`` says that what was asked was done to the data and is not
    undone; a package that has not gone out is none of that.
    ``restricted`` says that a restriction it made stands, ``erasing`` that an
    erasure of the same person is asked for; from ``lift_on`` on the restriction may be lifted, as the person was told.
    ``restricted_elsewhere`` says that another request restricts all of the same, so that nothing is used again by it.
    ``contested`` says that a field is contested under it, ``lateness_noted`` that it was said why it is late.
    ``left`` says that a law keeps something of who asks since he was erased here, ``came_with_proof`` that the proof of
    another request out of the same letter was checked, ``proven_elsewhere`` that it was taken over,
    ``also_verified_by`` who checked it there, ``proof_fell`` that it shows nobody any more.
    ``named_later`` says that privacy named its customer, after the receipt.
    """

    kind: RequestType
    state: RequestState
    today: dt.date
    first_due: dt.date
    hard_due: dt.date
    identity: Identity = Identity.NONE
    extended: bool = False
    proof_came_along: bool = False
    no_doubt: bool = False
    copy_there: bool = False
    card_mandatory: bool = True
    searched: bool = False
    anybody_found: bool = True
    named_later: bool = False
    anything_held: bool = True
    left: bool = False
    came_with_proof: bool = False
    contested: bool = False
    lateness_noted: bool = False
    proven_elsewhere: bool = False
    proof_fell: bool = False
    found_outside: bool = False
    unanswered: int = 0
    open_records: int = 0
    others_open: int = 0
    reopened: bool = False
    granted: bool = True
    declined: bool = False
    reveals_staff: bool = False
    plan_changed: bool = False
    submitted_on: dt.date | None = None
    open_recipients: int = 0
    open_places: int = 0
    letter_sent: bool = False
    carried_out: bool = False
    complaint: bool = False
    ended_on: dt.date | None = None
    restricted: bool = False
    erasing: bool = False
    lift_on: dt.date | None = None
    restricted_elsewhere: bool = False
    actor: str = ""
    subject: str | None = None
    verified_by: str | None = None
    also_verified_by: frozenset[str] = frozenset()
    decided_by: str | None = None
    approved_by: str | None = None

    @property
    def needs_approval(self) -> bool:
        """Whether a second person approves: each erasure, each refusal of a part, each name of an employee given."""
        return self.kind is RequestType.ERASE or self.declined or self.reveals_staff


class Guard(StrEnum):
    """What must hold before a move, by name; :mod:`staffdesk.domain.request_guards` says how each is checked."""

    ON_TIME = "on_time"
    ONCE = "once"
    SOMEBODY = "somebody"
    UNNAMED = "unnamed"
    NAMED_LATER = "named_later"
    LAST = "last"
    UNSENT = "unsent"
    NOT_DONE = "not_done"
    CONTESTED = "contested"
    CAME_ALONG = "came_along"
    NO_DOUBT = "no_doubt"
    COPY_THERE = "copy_there"
    COPY_GONE = "copy_gone"
    NO_CARD = "no_card"
    SEARCHED = "searched"
    ANSWERED = "answered"
    NOBODY = "nobody"
    NOTHING = "nothing"
    NONE_LEFT = "none_left"
    NONE_OUTSIDE = "none_outside"
    LEFT = "left"
    CAME_WITH = "came_with"
    OWN_PROOF = "own_proof"
    PROOF_STANDS = "proof_stands"
    DECIDED = "decided"
    ALONE = "alone"
    TOGETHER = "together"
    GRANTED = "granted"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    FRESH = "fresh"
    OTHER_DECIDED = "other_decided"
    OTHER_VERIFIED = "other_verified"
    NOT_HIMSELF = "not_himself"
    NOT_APPROVER = "not_approver"
    TOLD = "told"
    CLEARED = "cleared"
    SENT = "sent"
    LAPSING = "lapsing"
    REOPENS = "reopens"
    ARCHIVES = "archives"
    PURGES = "purges"
    QUIET = "quiet"
    LATE = "late"
    UNNOTED = "unnoted"
    COMPLAINED = "complained"
    RESTRICTED = "restricted"
    UNRESTRICTED = "unrestricted"
    NOT_ERASING = "not_erasing"
    FREES = "frees"
    LIFT_UNTOLD = "lift_untold"
    LIFT_TOLD = "lift_told"
    LIFT_DAY = "lift_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move: ``name`` is what the log calls it; an empty ``by`` is the desk's own move.

    ``identity`` are the stages of the proof at which it is open (all, where empty), ``becomes`` the one it leads to.
    With ``proven`` a type that waits for proof of identity must have it. ``end`` is None where the state stays,
    ``through`` what it passes in the same transaction. ``asks`` is what whoever makes it must tell. With ``at_once``
    the desk makes it as soon as somebody who may make it has opened it by another move. Who makes one that is
    ``confirmed`` gives his password again.
    """

    name: str
    title: str
    source: str
    starts: frozenset[RequestState]
    end: RequestState | None = None
    through: tuple[RequestState, ...] = ()
    by: frozenset[Role] = frozenset({Role.PRIVACY})
    at_once: bool = False
    confirmed: bool = False
    types: frozenset[RequestType] = frozenset(RequestType) - {RequestType.OBJECT_MKT}
    identity: frozenset[Identity] = frozenset()
    becomes: Identity | None = None
    proven: bool = False
    guards: tuple[Guard, ...] = ()
    asks: tuple[Ask, ...] = ()
    letters: tuple[Letter, ...] = ()
    recorded: tuple[str, ...] = ()
    destroyed: tuple[str, ...] = ()

    def fits(
        self, kind: RequestType, state: RequestState, identity: Identity, *, by: RequestRules | None = None
    ) -> bool:
        """Say whether a request of this type can make the move where it is, whatever else must hold."""
        if kind not in self.types or state not in self.starts or (self.identity and identity not in self.identity):
            return False
        if not self.proven or identity is Identity.VERIFIED:
            return True
        # Asked on doubt, it must be settled; not asked, only a type that always waits for it is held up.
        return identity is Identity.NONE and (by or rules()).identity[kind] is not IdentityNeed.ALWAYS

    @property
    def quotes(self) -> bool:
        """Whether its letter tells the customer the reason in the very words it was given in."""
        return Ask.REASON in self.asks and not _QUOTING.isdisjoint(self.letters)

    def after(self, state: RequestState) -> RequestState:
        """Return the state a request is in once it made the move."""
        return self.end or state


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTable(Dated):
    """Every move of the workflow, in its order."""

    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        """Refuse a table in which a move stands twice, or one that a person confirms is made by the desk."""
        for each in self.moves:
            if each.confirmed and (each.at_once or not each.by):
                raise Misconfigured(f"request_moves.toml: {each.name} is confirmed, and the desk cannot confirm it.")
        names = [each.name for each in self.moves]
        for name in names:
            if names.count(name) > 1:
                raise Misconfigured(f"request_moves.toml: {name} stands twice.")


@cache
def moves() -> tuple[Move, ...]:
    """Return the shipped moves."""
    return read("request_moves", MoveTable).moves


def move(name: str) -> Move:
    """Return the shipped move of this name; raises KeyError for none."""
    for each in moves():
        if each.name == name:
            return each
    raise KeyError(name)
