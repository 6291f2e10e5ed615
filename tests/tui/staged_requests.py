"""A request as screens are staged with it: where it stands, and a letter of it."""

from __future__ import annotations

import datetime as dt

from staffdesk.domain.access import Role
from staffdesk.domain.likely_same import Likely, LikelyPage, Likeness, SamePerson
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.packages import Finding, Held, finding
from staffdesk.domain.request_guards import offers
from staffdesk.domain.request_moves import Identity, Letter
from staffdesk.domain.request_progress import Progress, RequestStanding, Work, facts_of
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.domain.third_parties import Mark, ThirdKind
from staffdesk.services.letters import Language, LetterFacts, Written, write
from staffdesk.services.reveals import Consultation

NOON = 1_795_345_200_000
"""2026-11-22 10:00 UTC, 11:00 in Brussels."""


def standing(
    kind: RequestType = RequestType.OBJECT_MKT, state: RequestState = RequestState.NOTIFYING
) -> RequestStanding:
    """Return where a request stands, with what is open to privacy there."""
    day = dt.date(2026, 12, 22)
    progress = Progress(
        id=3, aid="r_1", number="DSR-2026-0019", kind=kind, state=state, channel="phone", received_at=NOON,
        received_by="u_1", person=4711, language="en", proof_came_along=False, hard_due=day, soft_due=day,
        carried_out_at=None, turn=1, identity=Identity.NONE, asked_on=None, doubted=False, proof_on=None,
        runs_from=None, copy_deleted_on=None, first_due=day, extended_on=None, verified_by=None, decided_by=None,
        submitted_on=None, submitted_digest=None, approved_by=None, ended_on=None, complaint_on=None, to_tell=True,
    )  # fmt: skip
    work = Work(decided={}, recipients=(TaskState.OPEN,))
    facts = facts_of(progress, work, today=dt.date(2026, 11, 26))
    return RequestStanding(progress, work, tuple(offers(facts, frozenset({Role.PRIVACY}))))


def likely() -> LikelyPage:
    """Return who may be the same person: two to be answered, and one who was."""
    listed = (
        Likely(
            customer=4820, aid="s_2", name="A. Bo", company="Nordlys Post ApS", email="a•••@nordlys.example",
            phone="•••42", country="DK", found_by=(Likeness.EMAIL, Likeness.PHONE),
        ),
        Likely(
            customer=5101, aid="s_3", name="Anders Bo", company="Nordlys Post", email="", phone="", country="NO",
            found_by=(Likeness.NAME,),
        ),
        Likely(
            customer=5230, aid="s_4", name="Astrid Bo", company="", email="", phone="•••42", country="DK",
            found_by=(Likeness.PHONE,), answer=SamePerson.OTHER, answered_by="Pia Holm", answered_at=NOON,
        ),
    )  # fmt: skip
    return LikelyPage(listed, more=False, abroad=0, seq=10_443)


def consulted() -> tuple[Consultation, ...]:
    """Return who looked, by department."""
    made = (("customer.revealed", "support"), ("customer.opened", "support"), ("customer.listed", "sales"))
    return tuple(
        Consultation(
            seq=10_440 - n, at=NOON - n * 60_000, act=act, purpose="support", department=where, times=1, named=False
        )
        for n, (act, where) in enumerate(made)
    )


def others() -> tuple[Finding, ...]:
    """Return the places in a package that may be about somebody else."""
    text = "He and Bodil Krogh share one Mac in the grading suite; her number is +45 55 55 01 43, mornings only."
    report, shipment = Held("contact_report", 41, {"body": text}), Held("shipment", 7, {"recipient": "Bodil Krogh"})
    return (
        finding(report, "body", text, Mark(7, 12, ThirdKind.NAME)),
        finding(report, "body", text, Mark(13, 18, ThirdKind.NAME)),
        finding(report, "body", text, Mark(text.index("+45"), text.index(","), ThirdKind.PHONE)),
        finding(shipment, "recipient", "Bodil Krogh", Mark(0, 11, ThirdKind.WORDS)),
    )


def letter() -> Written:
    """Return the letter that acknowledges a request."""
    day = dt.date(2026, 11, 22)
    facts = LetterFacts(
        number="DSR-2026-0019", written_on=day, kind=RequestType.ACCESS, received_on=day, hard_due=dt.date(2026, 12, 22)
    )
    return write(Letter.ACKNOWLEDGED, Language.EN, facts)
