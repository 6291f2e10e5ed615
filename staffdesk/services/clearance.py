"""What is decided before an access: by whom, in which role, under which reference and with what standing.

All of it is read in the transaction that writes the entry, never kept from before: a role taken away, a session ended
or a case closed counts from its commit on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from staffdesk.data.actors import Actors
from staffdesk.data.relations import relations
from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import Access, Act, Basis, Grant, Purpose, Relation, Role, Standing
from staffdesk.domain.access_table import ReferenceKind, SearchKey
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.matters import Actor
from staffdesk.domain.policy import AccessMatrix, Allowed, Refused
from staffdesk.domain.purposes import purpose_in_force
from staffdesk.parameters.shapes import sessions
from staffdesk.services.sessions import SessionState, day_in_brussels, session_state, utc_ms
from staffdesk.services.standing import kind_of, known_reference, standing_of

if TYPE_CHECKING:
    from staffdesk.data.declared import Declarations
    from staffdesk.data.references import Reference, Subject
    from staffdesk.domain.transfers import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks to do: the act, the record (table and key), by what is searched, what is revealed.

    ``received_by`` is who received the request that is asked for: some roles see no other employee's receipts, but for
    one that waits for theirs, ``waits_for``. Whoever holds that role beside such a one, or one of ``acts_as``, asks in
    it.
    """

    act: Act
    record: tuple[str, int] | None = None
    keys: tuple[SearchKey, ...] = ()
    reveals: PrivacyClass | None = None
    received_by: str | None = None
    waits_for: frozenset[Role] = frozenset()
    acts_as: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """The facts an access was decided on; ``refused`` is None where it may go on.

    ``ended`` says that the session itself is over, so that a front end goes to the sign-in; ``glass`` the break-
    glass under which it was asked, ``intent`` the entry that stands before a write, ``logged_purpose`` what its
    entry says. ``company`` is the audit id of the organisation the record belongs to, where this employee's company
    may receive its row.
    """

    actor: Actor | None
    role: Role | None = None
    purpose: Purpose | None = None
    number: str | None = None
    reference: Reference | None = None
    reference_kind: ReferenceKind | None = None
    keys: tuple[SearchKey, ...] = ()
    standing: Standing | None = None
    basis: Basis | None = None
    subject: Subject | None = None
    rel: tuple[Relation, ...] = ()
    refused: Refused | None = None
    ended: bool = False
    missing: bool = False
    glass: Grant | None = None
    company: str | None = None
    intent: int = 0
    logged_purpose: Purpose | None = None


def clear(tx: Transaction, matrix: AccessMatrix, access: Access, wanted: Wanted) -> Clearance:
    """Read everything the decision rests on, and decide; nothing of a customer is read.

    Raises :class:`BadInput` for a reference that is no line of text, or that no desk could have given as a number.
    """
    actor = Actors(tx).of_session(access.session)
    over = _session_over(actor, wanted.act)
    if actor is None or over is not None:
        return Clearance(actor=actor, refused=over or _NO_SESSION, ended=True)
    number, reference = known_reference(tx, matrix, access.reference)
    subject = _subject(tx, *wanted.record) if wanted.record else None
    if number is None:
        kind, standing, basis = None, None, None
    else:
        kind = kind_of(reference, subject)
        standing, basis = standing_of(matrix, actor, access, reference, subject)
    role, keys, refused = _decided(matrix, actor, access, wanted, kind, standing)
    if role is not None and (rather := (wanted.waits_for | wanted.acts_as).intersection(actor.roles) - {role}):
        role = _rather(matrix, role, matrix.decide(rather, wanted.act, purpose=access.purpose, reference=kind))
    if refused is None and wanted.record is not None and subject is not None:
        refused = _transfer_refused(actor, subject)
    glass = None
    if refused is None and access.break_glass is not None and wanted.record is not None and subject is not None:
        may = matrix.decide(actor.roles, Act.CUSTOMER_BREAK_GLASS, purpose=access.purpose, reference=kind)
        broken = not isinstance(may, Refused)
        glass = _glass(tx, actor, access, number, (wanted.record, subject)) if broken else None
        refused = _GLASS_OVER if glass is None else None
    if refused is None and wanted.reveals is not None and role is not None:
        refused = _reveal_refused(matrix, role, wanted.reveals, standing, kind, glass=glass is not None)
    others = wanted.received_by not in {None, actor.staff_id} and role not in wanted.waits_for
    if refused is None and others and role is not None:
        refused = _receipt_refused(matrix, role)
    return Clearance(
        actor=actor,
        role=role,
        purpose=access.purpose,
        number=number,
        reference=reference,
        reference_kind=kind,
        keys=keys,
        standing=standing,
        basis=basis,
        subject=subject,
        rel=relations_of(tx, actor, subject) if subject else (),
        refused=refused,
        missing=wanted.record is not None and subject is None,
        glass=glass,
        company=None if subject is None else _company(actor, subject),
        logged_purpose=purpose_in_force(matrix, role, access.purpose, wanted.act),
    )


def _subject(tx: Transaction, table: str, key: int) -> Subject | None:
    from staffdesk.data.references import References  # noqa: PLC0415 - the first screens ask for no record

    return References(tx).subject(table, key)


def related(tx: Transaction, actor: Actor, relation_keys: str) -> tuple[Relation, ...]:
    """Return how an employee stands to the people whose keyed digests these are, taken together."""
    return relations(actor.keys, Actors(tx).keys_of_others(actor.staff_id), relation_keys)


def relations_of(tx: Transaction, actor: Actor, subject: Subject) -> tuple[Relation, ...]:
    """Return how an employee stands to one subject: by the digests, by what he declared, and to one restricted."""
    found = {*related(tx, actor, subject.relation_keys), *_declarations(tx).relations(actor.staff_id, subject)}
    return tuple(relation for relation in Relation if relation in found)


def relations_among(tx: Transaction, actor: Actor, people: Collection[int], relation_keys: str) -> tuple[Relation, ...]:
    """Return the same of several people by their numbers and digests, taken together."""
    found = {*related(tx, actor, relation_keys), *_declarations(tx).relations_among(actor.staff_id, people)}
    return tuple(relation for relation in Relation if relation in found)


def _declarations(tx: Transaction) -> Declarations:
    from staffdesk.data.declared import Declarations  # noqa: PLC0415 - as in _subject
    from staffdesk.domain.declared import counting_since  # noqa: PLC0415 - as in _subject

    return Declarations(tx, counting_since(utc_ms()))


def _decided(
    matrix: AccessMatrix,
    actor: Actor,
    access: Access,
    wanted: Wanted,
    kind: ReferenceKind | None,
    standing: Standing | None,
) -> tuple[Role | None, tuple[SearchKey, ...], Refused | None]:
    """Ask the matrix; a text that reads as several identifiers is searched by those the role may search by."""
    role: Role | None = None
    allowed: list[SearchKey] = []
    refused: Refused | None = None
    for key in wanted.keys or (None,):
        decision = matrix.decide(
            actor.roles, wanted.act, purpose=access.purpose, reference=kind, standing=standing, key=key
        )
        if isinstance(decision, Refused):
            refused = refused or decision
            continue
        role = decision.role
        if key is not None:
            allowed.append(key)
    return role, tuple(allowed), refused if role is None else None


_GLASS_OVER: Final = Refused(
    "This break-glass is over, or is not for this record, purpose and number.",
    "Open the record again; a new one needs its own reason.",
)


def _glass(
    tx: Transaction, actor: Actor, access: Access, number: str | None, asked: tuple[tuple[str, int], Subject]
) -> Grant | None:
    """Return the grant, where it is this session's and not over.

    It is for this subject (or his company's own row), for the purpose and under the number it was asked for.
    """
    from staffdesk.data.break_glass import Grants  # noqa: PLC0415 - as in _subject

    grants, (record, subject) = Grants(tx), asked
    if access.break_glass is None or access.purpose is None or number is None:
        return None
    row = grants.of_number(access.break_glass)
    if row is None or (row.staff_id, row.sid) != (actor.staff_id, actor.sid) or row.until_at <= utc_ms():
        return None
    if (row.purpose, row.reference) != (access.purpose.value, grants.key_of(number)):
        return None
    of_company = row.organisation_id is not None and record == ("organisation", row.organisation_id)
    return Grant(access.break_glass, row.until_at) if row.aid == subject.aid or of_company else None


_NO_SESSION = Refused("You are not signed in.", "Sign in again.")


def session_over(tx: Transaction, access: Access) -> Refused | None:
    """Say why a session is over, or nothing while it is good."""
    return _session_over(Actors(tx).of_session(access.session), Act.AUDIT_LISTED)


_OVER: Final[Mapping[SessionState, Refused]] = {
    SessionState.ENDED: Refused("This session has ended.", "Sign in again."),
    SessionState.NO_ACCOUNT: Refused("This account may not be used now.", "Ask an admin."),
    SessionState.TOO_OLD: Refused("This session is too old.", "Sign in again."),
    SessionState.LOCKED: Refused("This terminal is locked.", "Unlock it with your password."),
}


def _session_over(actor: Actor | None, act: Act) -> Refused | None:
    if actor is None:
        return _NO_SESSION
    over = _OVER.get(session_state(actor, utc_ms(), sessions()))
    if over is None and actor.password_once and act is not Act.STAFF_PASSWORD:
        return Refused("The first password must be changed before anything else.", "Choose your own password.")
    return over


def today_in_brussels() -> dt.date:
    """Return today's date where the house is (deadlines.toml names the time zone)."""
    return day_in_brussels(utc_ms())


def may_see_country(actor: Actor, country: str | None) -> Verdict:
    """Say whether this employee's company may receive what is held of a person in this country (policy, F)."""
    from staffdesk.domain import transfers  # noqa: PLC0415 - as in _subject

    return transfers.may_open(actor.entity, country, transfers.rules().entities, today_in_brussels())


def _transfer_refused(actor: Actor, subject: Subject) -> Refused | None:
    verdict = may_see_country(actor, subject.country)
    if verdict.allowed:
        return None
    return Refused(
        f"This record may not leave the EEA: {verdict.reason}.",
        "Ask a colleague employed in Brussels; privacy records the transfer mechanism.",
    )


def _company(actor: Actor, subject: Subject) -> str | None:
    aid = subject.organisation_aid
    return aid if aid is not None and may_see_country(actor, subject.organisation_country).allowed else None


def _rather(matrix: AccessMatrix, role: Role, other: Allowed | Refused) -> Role:
    """Return the role to ask for a request in: the other one, unless it may not or the first sees every request."""
    sees_all = matrix.exposure(role, PrivacyClass.REQUEST) is not Exposure.NONE
    return role if sees_all or isinstance(other, Refused) else other.role


def _receipt_refused(matrix: AccessMatrix, role: Role) -> Refused | None:
    """Refuse a request that somebody else received to a role that sees at most its own receipts."""
    if matrix.exposure(role, PrivacyClass.REQUEST) is not Exposure.NONE:
        return None
    return Refused(
        f"A colleague received this request, and the role {role.value} opens its own receipts alone.",
        "Ask privacy, who sees every request.",
    )


def _reveal_refused(
    matrix: AccessMatrix,
    role: Role,
    privacy_class: PrivacyClass,
    standing: Standing | None,
    kind: ReferenceKind | None,
    *,
    glass: bool,
) -> Refused | None:
    known = standing or Standing.NONE
    if matrix.may_reveal(role, privacy_class, known, kind, glass=glass):
        return None
    missing = matrix.missing(role, privacy_class, known, kind)
    return Refused(
        f"The role {role.value} does not see this value.",
        f"Missing: {missing}." if missing else "Ask a colleague whose role covers it.",
    )
