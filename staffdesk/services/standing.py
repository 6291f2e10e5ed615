"""What a reference is worth: which number it is, what it opens as, and how well it is corroborated.

Computed from what the desk knows of the number, never typed; nothing of a customer is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffdesk.data.transaction import Transaction
from staffdesk.domain.access import Access, Basis, Purpose, Standing
from staffdesk.domain.access_table import ReferenceKind
from staffdesk.domain.digit_row import as_digits
from staffdesk.domain.identifiers import normal_number
from staffdesk.domain.matters import Actor
from staffdesk.domain.numbers import parse_number
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.text import optional_line
from staffdesk.services.sessions import utc_ms

if TYPE_CHECKING:
    from staffdesk.data.references import Reference, Subject

LONGEST_REFERENCE = 80
_DAY_MS = 24 * 60 * 60 * 1000


def known_reference(tx: Transaction, matrix: AccessMatrix, given: str | None) -> tuple[str | None, Reference | None]:
    """Return a reference as it is kept and what the desk knows of it; nothing where none was given.

    Raises :class:`BadInput` for what is no line of text or no number, :class:`MustNotBeHeld`.
    """
    typed = as_digits(optional_line(given, LONGEST_REFERENCE) or "")  # before it is screened
    if not typed:
        return None, None
    from staffdesk.data.references import References  # noqa: PLC0415 - the first screens are asked for without one
    from staffdesk.domain.screening import refuse_forbidden  # noqa: PLC0415 - as above

    refuse_forbidden(typed)
    number = reference_number(typed)
    reference = References(tx).reference(number)
    if reference is None:
        matrix.outside.check(number)
    return number, reference


def reference_number(typed: str) -> str:
    """Return a number as references are kept: a case or request with all its zeros, any other as numbers compare."""
    meant = as_digits(typed)
    known = parse_number(meant)
    return normal_number(meant) if known is None else str(known)


def standing_of(
    matrix: AccessMatrix, actor: Actor, access: Access, reference: Reference | None, subject: Subject | None
) -> tuple[Standing, Basis]:
    """Say how well a reference is corroborated by something this employee did not make, and concerns this subject.

    What he took in by an import he ran is of his own making: nobody else saw where it comes from. So is a request that
    he took in himself, whatever its channel: who hands in a mail's file says himself where it comes from.
    """
    if reference is None:
        return Standing.CLAIMED, Basis.OWN
    if reference.imported_by == actor.staff_id:
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
            his = reference.made_by == actor.staff_id
            basis = Basis.OWN if his else Basis.REQUEST
            verified = reference.is_open and access.purpose is Purpose.RIGHTS and not his
        case _:
            basis, verified = Basis.ORDER, False
    return (Standing.VERIFIED if verified and concerns else Standing.CLAIMED), basis


def kind_of(reference: Reference | None, subject: Subject | None) -> ReferenceKind:
    """Return what a reference opens as: one that is closed, or is about somebody else, is worth an outside number."""
    if reference is None or not reference.is_open:
        return ReferenceKind.OUTSIDE
    about_nobody = reference.person_id is None and reference.organisation_id is None
    fits = about_nobody or subject is None or _concerns(reference, subject)
    return ReferenceKind(reference.kind) if fits else ReferenceKind.OUTSIDE


def _concerns(reference: Reference, subject: Subject | None) -> bool:
    """Say whether a reference is about the record's person, or, where it names none, about the organisation.

    The organisation's own record is what it is about whoever of there it names.

    One about nobody yet corroborates nothing. Before a record is chosen, one about somebody does.
    """
    if reference.person_id is None and reference.organisation_id is None:
        return False
    if subject is None:
        return True
    if subject.is_company:
        # Whoever calls for a company has its record opened too.
        return reference.organisation_id == subject.organisation_id
    if reference.person_id is not None:
        return reference.person_id == subject.person_id
    return reference.organisation_id == subject.organisation_id
