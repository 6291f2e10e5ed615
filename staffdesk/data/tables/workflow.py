"""What a request's way leaves behind: each move, what was decided on, what was searched, the letters written."""

import datetime as dt
from typing import Annotated

import sqlalchemy as sa
from pydantic import AfterValidator

from staffdesk.data.tables.declaration import Record, not_personal, personal
from staffdesk.data.tables.types import BigInt, Code, Line, Note, Remark, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.grounds import RefusalGround
from staffdesk.domain.likely_same import SamePerson
from staffdesk.domain.masking import mask_text
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_work import Decision, Searched
from staffdesk.domain.text import clean_text

_LONGEST_LETTER = 60_000
Body = Annotated[str, AfterValidator(lambda value: clean_text(value, _LONGEST_LETTER))]
"""A letter as it was written."""


class RequestProgress(Record, table=True):
    """How far a request is beside its state; ``turn`` counts its moves, so that two people cannot both make one."""

    __tablename__ = "request_progress"
    __table_args__ = (one_of("identity", Identity), {"info": {"keep": "request", "erasure": Erasure.ANONYMISE}})

    request_id: int = not_personal("Request", key=True, sa_type=BigInt, foreign="request.id")
    turn: int = not_personal("Moves", default=0)
    identity: Identity = not_personal("Identity", default=Identity.NONE, sa_type=sa.String)
    asked_on: dt.date | None = not_personal("Proof asked", default=None)
    doubted: bool = not_personal("Doubt named", default=False)
    waits_from: dt.date | None = not_personal("Waits for proof from", default=None)
    paused_days: int | None = not_personal("Days waited for proof before", default=None)
    proof_on: dt.date | None = not_personal("Proof came", default=None)
    runs_from: dt.date | None = not_personal("New period from", default=None)
    copy_deleted_on: dt.date | None = not_personal("Copy deleted", default=None)
    copy_since: dt.date | None = not_personal("Copy there since", default=None)
    proof_kind: Code | None = not_personal("Shown by", default=None)
    first_due: dt.date = not_personal("First due")
    extended_on: dt.date | None = not_personal("Extended", default=None)
    verified_by: str | None = not_personal("Verified by", default=None, foreign="staff.id")
    decided_by: str | None = not_personal("Decided by", default=None, foreign="staff.id")
    submitted_on: dt.date | None = not_personal("Submitted", default=None)
    submitted_digest: str | None = not_personal(default=None)
    approved_by: str | None = not_personal("Approved by", default=None, foreign="staff.id")
    ended_on: dt.date | None = not_personal("Ended", default=None)
    complaint_on: dt.date | None = not_personal("Complaint", default=None)
    lift_on: dt.date | None = not_personal("Restriction lifted on", default=None)
    claimed_by: str | None = not_personal(default=None)
    claimed_at: int | None = not_personal(default=None, sa_type=BigInt)


class RequestMove(Record, table=True):
    """One move of a request: what it was, who made it, and the reason he gave; nobody where the desk made it."""

    __tablename__ = "request_move"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "turn", name="a_request_moves_once_a_turn"),
        {"info": {"keep": "request", "erasure": Erasure.ANONYMISE}},
    )

    id: int | None = not_personal("Move", default=None, key=True, sa_type=BigInt)
    request_id: int = not_personal("Request", sa_type=BigInt, foreign="request.id", index=True)
    turn: int = not_personal("Turn")
    name: Code = not_personal("What")
    state: Code = not_personal("State after")
    made_at: int = not_personal("When", sa_type=BigInt)
    staff_id: str | None = not_personal("By", default=None, foreign="staff.id")
    reason: Note | None = personal(PrivacyClass.REQUEST, "Reason", default=None, mask=mask_text)


class RequestCheck(Record, table=True):
    """One place outside the desk where a person's data may be, and what was found there."""

    __tablename__ = "request_check"
    __table_args__ = (
        one_of("outcome", Searched),
        sa.UniqueConstraint("request_id", "place", name="a_place_is_searched_once"),
        {"info": {"keep": "request", "erasure": Erasure.ANONYMISE}},
    )

    id: int | None = not_personal("Check", default=None, key=True, sa_type=BigInt)
    request_id: int = not_personal("Request", sa_type=BigInt, foreign="request.id", index=True)
    place: Code = not_personal("Place")
    outcome: Searched = not_personal("Outcome", sa_type=sa.String)
    checked_at: int = not_personal("Checked", sa_type=BigInt)
    staff_id: str = not_personal("By", foreign="staff.id")
    evidence: Remark | None = personal(PrivacyClass.REQUEST, "Evidence", default=None, mask=mask_text)


class RequestDecision(Record, table=True):
    """What becomes of one row under a request, and on what ground."""

    __tablename__ = "request_decision"
    __table_args__ = (
        one_of("action", Decision),
        one_of("ground", RefusalGround),
        sa.UniqueConstraint("request_id", "record_table", "record_id", name="a_row_is_decided_once"),
        {"info": {"keep": "request", "erasure": Erasure.ANONYMISE}},
    )

    id: int | None = not_personal("Decision", default=None, key=True, sa_type=BigInt)
    request_id: int = not_personal("Request", sa_type=BigInt, foreign="request.id", index=True)
    record_table: Code = not_personal("Kind")
    record_id: int = not_personal("Record", sa_type=BigInt)
    action: Decision = not_personal("Decision", sa_type=sa.String)
    ground: RefusalGround | None = not_personal("Ground", default=None, sa_type=sa.String)
    law: Line | None = not_personal("Law", default=None)
    until: dt.date | None = not_personal("Until", default=None)
    facts: Note | None = personal(PrivacyClass.REQUEST, "Facts", default=None, mask=mask_text)


class RequestChange(Record, table=True):
    """One field to be corrected: what is to stand there, and what shows it; emptied once it is done."""

    __tablename__ = "request_change"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "record_table", "record_id", "field", name="a_field_is_corrected_once"),
        {"info": {"keep": "request", "erasure": Erasure.ANONYMISE}},
    )

    id: int | None = not_personal("Correction", default=None, key=True, sa_type=BigInt)
    request_id: int = not_personal("Request", sa_type=BigInt, foreign="request.id", index=True)
    record_table: Code = not_personal("Kind")
    record_id: int = not_personal("Record", sa_type=BigInt)
    field: Code = not_personal("Field")
    new_value: Line | None = personal(PrivacyClass.REQUEST, "New value", default=None, mask=mask_text)
    evidence: Remark | None = personal(PrivacyClass.REQUEST, "Evidence", default=None, mask=mask_text)
    done_at: int | None = not_personal("Done", default=None, sa_type=BigInt)


class RequestLetter(Record, table=True):
    """One letter of a request as it was written, and how it went out; ``recipient`` where it is not for the person."""

    __tablename__ = "request_letter"
    __table_args__ = ({"info": {"keep": "request", "erasure": Erasure.ANONYMISE}},)

    id: int | None = not_personal("Letter", default=None, key=True, sa_type=BigInt)
    request_id: int = not_personal("Request", sa_type=BigInt, foreign="request.id", index=True)
    kind: Code = not_personal("Letter")
    language: Code = not_personal("Language")
    recipient: Code | None = not_personal("For", default=None)
    written_at: int = not_personal("Written", sa_type=BigInt)
    digest: str = not_personal("SHA-256")
    subject: Line = not_personal("Subject")
    body: Body | None = personal(PrivacyClass.REQUEST, "Text", default=None, mask=mask_text)
    sent_at: int | None = not_personal("Sent", default=None, sa_type=BigInt)
    way: Code | None = not_personal("Way", default=None)


class RequestPerson(Record, table=True):
    """Somebody on file who was likely the same person as who asks, and what privacy answered of him."""

    __tablename__ = "request_person"
    __table_args__ = (
        one_of("answer", SamePerson),
        sa.UniqueConstraint("request_id", "person_id", name="a_person_is_answered_once"),
        {"info": {"keep": "request", "erasure": Erasure.ANONYMISE, "through": "request"}},
    )

    id: int | None = not_personal("Likely the same", default=None, key=True, sa_type=BigInt)
    request_id: int = not_personal("Request", sa_type=BigInt, foreign="request.id", index=True)
    person_id: int | None = not_personal("Person", default=None, sa_type=BigInt, foreign="person.id", index=True)
    likeness: Code = not_personal("Found by")
    answer: SamePerson = not_personal("Answer", sa_type=sa.String)
    answered_at: int = not_personal("Answered", sa_type=BigInt)
    staff_id: str = not_personal("By", foreign="staff.id")


class RequestReveal(Record, table=True):
    """A consultation of which a package is to name the employee, or all of his; a second person approves it."""

    __tablename__ = "request_reveal"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "seq", name="a_consultation_is_named_once"),
        {"info": {"keep": "request", "erasure": Erasure.ANONYMISE}},
    )

    id: int | None = not_personal("Employee named", default=None, key=True, sa_type=BigInt)
    request_id: int = not_personal("Request", sa_type=BigInt, foreign="request.id", index=True)
    seq: int = not_personal("Entry", sa_type=BigInt)
    every_one: bool = not_personal("In every consultation", default=False)
    employee: str = not_personal("Employee", foreign="staff.id")
    reason: Note | None = personal(PrivacyClass.REQUEST, "Reason", default=None, mask=mask_text)
    asked_at: int = not_personal("Asked", sa_type=BigInt)
    staff_id: str = not_personal("By", foreign="staff.id")
