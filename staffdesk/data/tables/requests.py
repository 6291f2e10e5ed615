"""Requests of data subjects: access, correction, deletion and the others (privacy policy, H)."""

import datetime as dt
from typing import Annotated

import sqlalchemy as sa
from pydantic import AfterValidator

from staffdesk.data.tables.declaration import Record, derived, not_personal, personal
from staffdesk.data.tables.types import BigInt, Code, Note, Paragraph, Remark, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.grounds import ExemptionGround
from staffdesk.domain.marketing import Suppressed, TaskState
from staffdesk.domain.masking import mask_email, mask_text
from staffdesk.domain.text import clean_line

LONGEST_HELD = 600
Held = Annotated[str, AfterValidator(lambda value: clean_line(value, LONGEST_HELD))]
"""One line taken from a record: two names of 200 characters or an address fit, and it is not screened again."""


class Request(Record, table=True):
    """A data-subject request from receipt on, with both due dates and the policy in force."""

    __tablename__ = "request"
    __table_args__ = ({"info": {"keep": "request", "erasure": Erasure.ANONYMISE}},)

    id: int | None = not_personal("Request", default=None, key=True, sa_type=BigInt)
    aid: str = not_personal(unique=True)
    number: Code = not_personal("Request number", unique=True)
    kind: Code = not_personal("Type")
    state: Code = not_personal("State")
    channel: Code = not_personal("Channel")
    received_at: int = not_personal("Received", sa_type=BigInt)
    registered_at: int = not_personal("Registered", sa_type=BigInt)
    received_by: str = not_personal("Received by", foreign="staff.id", index=True)
    person_id: int | None = not_personal("Person", default=None, sa_type=BigInt, foreign="person.id", index=True)
    hard_due: dt.date = not_personal("Due")
    soft_due: dt.date = not_personal("Due with pause")
    policy: Code = not_personal("Policy")
    requester: Held = personal(PrivacyClass.REQUEST, "Requester", mask=mask_text, erasure=Erasure.ANONYMISE)
    reply_address: Held = personal(PrivacyClass.REQUEST, "Reply address", mask=mask_email)
    note: Note | None = personal(PrivacyClass.REQUEST, "What is asked", default=None, mask=mask_text)
    carried_out_at: int | None = not_personal("Carried out", default=None, sa_type=BigInt)
    language: Code | None = not_personal("Language", default=None)
    proof_came_along: bool | None = not_personal("Proof came along", default=None)
    linked_to: int | None = not_personal("Came with", default=None, sa_type=BigInt, foreign="request.id")
    message_digest: str | None = derived(PrivacyClass.REQUEST, at_closed_door=True, index=True)
    relation_keys: str | None = derived(PrivacyClass.REQUEST, at_closed_door=True)


class RecipientTask(Record, table=True):
    """Somebody outside the house who must be told what a request changed (GDPR Art. 19), and whether he was.

    ``orders`` are the numbers by which he knows the person: after an erasure nothing else leads to them. The campaign
    service knows none, so of somebody who is erased they are the addresses it was given: without them it could not stop
    (GDPR Art. 19). They go once it confirmed, at the latest when the request's file closes; of whoever is on file none
    are kept here.
    """

    __tablename__ = "recipient_task"
    __table_args__ = (
        one_of("state", TaskState),
        one_of("ground", ExemptionGround),
        sa.UniqueConstraint("request_id", "recipient", name="a_recipient_is_told_once"),
        {"info": {"keep": "request", "erasure": Erasure.ANONYMISE}},
    )

    id: int | None = not_personal("Task", default=None, key=True, sa_type=BigInt)
    request_id: int = not_personal("Request", sa_type=BigInt, foreign="request.id", index=True)
    recipient: Code = not_personal("Recipient")
    state: TaskState = not_personal("State", default=TaskState.OPEN, sa_type=sa.String)
    made_at: int = not_personal("Made", sa_type=BigInt)
    sent_at: int | None = not_personal("Sent", default=None, sa_type=BigInt)
    confirmed_at: int | None = not_personal("Confirmed", default=None, sa_type=BigInt)
    ground: ExemptionGround | None = not_personal("Not told as it is", default=None, sa_type=sa.String)
    reason: Remark | None = personal(PrivacyClass.REQUEST, "Why not told", default=None, mask=mask_text)
    orders: Paragraph | None = personal(PrivacyClass.REQUEST, "Orders", default=None, mask=mask_text)


class Suppression(Record, table=True):
    """An address or account no mail goes to, as a keyed digest; it names nobody, and an erasure leaves it.

    ``no_return`` says that an import must not bring the person back either.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        one_of("kind", Suppressed),
        sa.UniqueConstraint("kind", "digest", name="a_digest_is_held_once"),
        {"info": {"keep": "suppression"}},
    )

    id: int | None = not_personal("Suppression", default=None, key=True, sa_type=BigInt)
    kind: Suppressed = not_personal("Kind", sa_type=sa.String)
    digest: str = derived(PrivacyClass.MARKETING, default=..., erasure=Erasure.KEEP)
    no_mail: bool = not_personal("No mail", default=False)
    no_return: bool = not_personal("No return", default=False)
    since: int = not_personal("Since", sa_type=BigInt)
