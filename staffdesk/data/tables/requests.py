"""Requests of data subjects: access, correction, deletion and the others (privacy policy, H)."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator

from staffdesk.data.tables.declaration import Record, not_personal, personal
from staffdesk.data.tables.types import BigInt, Code, Paragraph
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.masking import mask_text
from staffdesk.domain.text import clean_line

Held = Annotated[str, AfterValidator(lambda value: clean_line(value, 600))]
"""One line taken from a record: two names of 200 characters or an address fit, and it is not screened again."""


class Request(Record, table=True):
    """A data-subject request from receipt on, with both due dates and the policy in force."""

    __tablename__ = "request"
    __table_args__ = ({"info": {"keep": "request"}},)

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
    reply_address: Held = personal(PrivacyClass.CONTACT, "Reply address", mask=mask_text)
    note: Paragraph | None = personal(PrivacyClass.REQUEST, "What is asked", default=None, mask=mask_text)
