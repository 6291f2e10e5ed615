"""What is decided before an access: by whom, in which role, under which reference and with what standing.

All of it is read in the transaction that writes the entry, never kept from before: a role taken away, a session ended
or a case closed counts from its commit on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from staffdesk.data.actors import Actors
from staffdesk.data.references import Reference, References, Subject
from staffdesk.data.relations import relations
from staffdesk.data.transaction import Transaction
from staffdesk.domain import transfers
from staffdesk.domain.access import Access, Act, Basis, Purpose, Relation, Role, Standing
from staffdesk.domain.access_table import ReferenceKind, SearchKey
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.identifiers import normal_number
from staffdesk.domain.matters import Actor
from staffdesk.domain.numbers import parse_number
from staffdesk.domain.policy import AccessMatrix, Refused
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.domain.text import optional_line
from staffdesk.parameters.shapes import sessions
from staffdesk.services.sessions import SessionState, day_in_brussels, session_state, utc_ms

LONGEST_REFERENCE = 80
_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks to do: the act, the record (table and key), by what is searched, what is revealed.

    ``received_by`` is who received the request that is asked for: some roles see no other employee's receipts.
    """

    act: Act
    record: tuple[str, int] | None = None
    keys: tuple[SearchKey, ...] = ()
    reveals: PrivacyClass | None = None
    received_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """The facts an access was decided on; ``refused`` is None where it may go on.

    ``ended`` says that the session itself is over, so that a front end goes to the sign-in.
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


def clear(tx: Transaction, matrix: AccessMatrix, access: Access, wanted: Wanted) -> Clearance:
    """Read everything the decision rests on, and decide; nothing of a customer is read.

    Raises :class:`BadInput` for a reference that is no line of text, or that no desk could have given as a number.
    """
    actor = Actors(tx).of_session(access.session)
    over = _session_over(actor, wanted.act)
    if actor is None or over is not None:
        return Clearance(actor=actor, refused=over or _NO_SESSION, ended=True)
    references = References(tx)
    typed = optional_line(access.reference, LONGEST_REFERENCE)
    if typed:
        refuse_forbidden(typed)
    number = reference_number(typed) if typed else None
    reference = references.reference(number) if number else None
    subject = references.subject(*wanted.record) if wanted.record else None
    if number is None:
        kind, standing, basis = None, None, None
    else:
        if reference is None:
            matrix.outside.check(number)
        kind = _kind(reference, subject)
        standing, basis = _standing(matrix, actor, access, reference, subject)
    role, keys, refused = _decided(matrix, actor, access, wanted, kind, standing)
    if refused is None and wanted.record is not None and subject is not None:
        refused = _transfer_refused(actor, subject)
    if refused is None and wanted.reveals is not None and role is not None:
        refused = _reveal_refused(matrix, role, wanted.reveals, standing, kind)
    if refused is None and wanted.received_by not in {None, actor.staff_id} and role is not None:
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
        rel=related(tx, actor, subject.relation_keys) if subject else (),
        refused=refused,
        missing=wanted.record is not None and subject is None,
    )


def related(tx: Transaction, actor: Actor, relation_keys: str) -> tuple[Relation, ...]:
    """Return how an employee stands to the people whose keyed digests these are, taken together."""
    return relations(actor.keys, Actors(tx).keys_of_others(actor.staff_id), relation_keys)


def reference_number(typed: str) -> str:
    """Return a number as references are kept: a case or request with all its zeros, any other as numbers compare."""
    known = parse_number(typed)
    return normal_number(typed) if known is None else str(known)


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


def _standing(
    matrix: AccessMatrix, actor: Actor, access: Access, reference: Reference | None, subject: Subject | None
) -> tuple[Standing, Basis]:
    """Say how well a reference is corroborated by something this employee did not make, and concerns this subject."""
    if reference is None:
        return Standing.CLAIMED, Basis.OWN
    concerns = _concerns(reference, subject)
    match reference.kind:
        case "case":
            if reference.origin != "own":
                basis, verified = Basis.TICKET, reference.is_open
            elif reference.made_by != actor.staff_id:
                basis, verified = Basis.CASE, reference.is_open
            else:
                basis, verified = Basis.OWN, False
        case "order":
            age = None if reference.at is None else utc_ms() - reference.at
            recent = age is not None and 0 <= age <= matrix.standing.order_days * _DAY_MS
            meant = access.purpose in {Purpose.SALE, Purpose.LEGAL}
            basis, verified = Basis.ORDER, recent and meant and reference.is_open
        case "request":
            basis, verified = Basis.REQUEST, reference.is_open and access.purpose is Purpose.RIGHTS
        case _:
            basis, verified = Basis.ORDER, False
    return (Standing.VERIFIED if verified and concerns else Standing.CLAIMED), basis


def _kind(reference: Reference | None, subject: Subject | None) -> ReferenceKind:
    """Return what a reference opens as: one that is closed, or is about somebody else, is worth an outside number."""
    if reference is None or not reference.is_open:
        return ReferenceKind.OUTSIDE
    about_nobody = reference.person_id is None and reference.organisation_id is None
    fits = about_nobody or subject is None or _concerns(reference, subject)
    return ReferenceKind(reference.kind) if fits else ReferenceKind.OUTSIDE


def _concerns(reference: Reference, subject: Subject | None) -> bool:
    """Say whether a reference is about the record's person, or, where it names none, about the organisation.

    One about nobody yet corroborates nothing. Before a record is chosen, one about somebody does.
    """
    if reference.person_id is None and reference.organisation_id is None:
        return False
    if subject is None:
        return True
    if reference.person_id is not None:
        return reference.person_id == subject.person_id
    return reference.organisation_id == subject.organisation_id


def may_see_country(actor: Actor, country: str | None) -> transfers.Verdict:
    """Say whether this employee's company may receive what is held of a person in this country (policy, F)."""
    return transfers.may_open(actor.entity, country, transfers.rules().entities, today_in_brussels())


def _transfer_refused(actor: Actor, subject: Subject) -> Refused | None:
    verdict = may_see_country(actor, subject.country)
    if verdict.allowed:
        return None
    return Refused(
        f"This record may not leave the EEA: {verdict.reason}.",
        "Ask a colleague employed in Brussels; privacy records the transfer mechanism.",
    )


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
) -> Refused | None:
    known = standing or Standing.NONE
    if matrix.may_reveal(role, privacy_class, known, kind):
        return None
    missing = matrix.missing(role, privacy_class, known, kind)
    return Refused(
        f"The role {role.value} does not see this value.",
        f"Missing: {missing}." if missing else "Ask a colleague whose role covers it.",
    )
