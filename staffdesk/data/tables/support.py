"""Cases and reports of contacts: how we helped before (privacy policy, C.2 and D.3)."""

from enum import StrEnum

import sqlalchemy as sa

from staffdesk.data.tables.declaration import derived, not_personal, personal
from staffdesk.data.tables.provenance import Provenance
from staffdesk.data.tables.types import BigInt, Code, FreeLine, Line, Note, NoteLine, index_where, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.correspondence import Correspondent, Direction
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.masking import mask_text
from staffdesk.domain.provenance import Source


class CaseOrigin(StrEnum):
    """What made the case: an employee's own hand, an imported ticket, or a message of the address on file."""

    OWN = "own"
    TICKET = "ticket"
    MESSAGE = "message"


class Case(Provenance, table=True):
    """A call or mail being dealt with; its number is the reference every look is made under.

    ``ticket`` is the number that the support service ``desk`` knows it by, where it came from one.
    """

    __tablename__ = "support_case"
    __table_args__ = (
        one_of("source", Source),
        one_of("origin", CaseOrigin),
        index_where("closed_at IS NULL", "case_open", "opened_by", "opened_at", "id"),
        sa.Index("a_ticket_comes_once", "ticket", "desk", unique=True),
        sa.Index("support_case_of_organisation", "organisation_id", "opened_at", "id"),
        {"info": {"keep": "case", "erasure": Erasure.ANONYMISE}},
    )

    id: int | None = not_personal("Case", default=None, key=True, sa_type=BigInt)
    aid: str = not_personal(unique=True)
    number: Code = not_personal("Case number", unique=True, searched=Identifier.CASE)
    desk: Code | None = not_personal("Support desk", default=None)
    ticket: Code | None = not_personal("Ticket", default=None, searched=Identifier.TICKET)
    kind: Code = not_personal("Kind")
    channel: Code = not_personal("Channel")
    origin: CaseOrigin = not_personal("Origin", default=CaseOrigin.OWN, sa_type=sa.String)
    product_name: FreeLine | None = not_personal("Product", default=None)
    person_id: int | None = not_personal("Requester", default=None, sa_type=BigInt, foreign="person.id", index=True)
    organisation_id: int | None = not_personal("Organisation", default=None, sa_type=BigInt, foreign="organisation.id")
    opened_by: str = not_personal("Opened by", foreign="staff.id", index=True)
    opened_at: int = not_personal("Opened", sa_type=BigInt)
    closed_at: int | None = not_personal("Closed", default=None, sa_type=BigInt)
    recognised: Code | None = not_personal("Recognised by", default=None)
    caller: FreeLine | None = personal(PrivacyClass.CASE, "Caller", default=None, mask=mask_text)
    summary: Note | None = personal(
        PrivacyClass.CASE, "Summary", default=None, mask=mask_text, erasure=Erasure.SCREENED
    )
    resolution: Note | None = personal(
        PrivacyClass.CASE, "Resolution", default=None, mask=mask_text, erasure=Erasure.SCREENED
    )


class ContactReport(Provenance, table=True):
    """What was said in one contact; a mail says besides which way it went.

    ``message`` is by what it is known again, so that it is in a case once: the support service's own number, or the
    keyed digest of a mail.
    """

    __tablename__ = "contact_report"
    __table_args__ = (
        one_of("source", Source),
        sa.Index("a_message_comes_once", "case_id", "message", unique=True),
        sa.Index("contact_report_of_organisation", "organisation_id", "contact_at", "id"),
        {"info": {"keep": "report", "erasure": Erasure.ERASE}},
    )

    id: int | None = not_personal("Report", default=None, key=True, sa_type=BigInt)
    case_id: int | None = not_personal("Case", default=None, sa_type=BigInt, foreign="support_case.id", index=True)
    person_id: int | None = not_personal("Person", default=None, sa_type=BigInt, foreign="person.id", index=True)
    organisation_id: int | None = not_personal("Organisation", default=None, sa_type=BigInt, foreign="organisation.id")
    channel: Code = not_personal("Channel")
    contact_at: int = not_personal("Date", sa_type=BigInt)
    author_id: str | None = not_personal("Author", default=None, foreign="staff.id")
    message: str | None = derived(PrivacyClass.REPORT)
    direction: Direction | None = not_personal("Direction", default=None, sa_type=sa.String)
    correspondent: Correspondent | None = not_personal("From or to", default=None, sa_type=sa.String)
    proven: bool | None = not_personal("Sender proven", default=None)
    attachments: Line | None = personal(PrivacyClass.REPORT, "Came along, not kept", default=None, mask=mask_text)
    topic: NoteLine = personal(PrivacyClass.REPORT, "Topic", mask=mask_text)
    body: Note | None = personal(PrivacyClass.REPORT, "Text", default=None, mask=mask_text)
