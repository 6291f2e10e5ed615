"""Campaign subscriptions, the recipients data is given to, and each giving (privacy policy, D.4, E and F)."""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, derived, not_personal, personal
from staffdesk.data.tables.provenance import Provenance
from staffdesk.data.tables.types import BigInt, Code, Line, Name, Paragraph, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.masking import mask_text
from staffdesk.domain.provenance import Source


class Subscription(Provenance, table=True):
    """Whether a person gets product news, on what basis and with what evidence."""

    __tablename__ = "subscription"
    __table_args__ = (one_of("source", Source), {"info": {"keep": "subscription", "erasure": Erasure.ERASE}})

    id: int | None = not_personal("Subscription", default=None, key=True, sa_type=BigInt)
    person_id: int = not_personal("Person", sa_type=BigInt, foreign="person.id", index=True)
    list_name: Code = not_personal("List")
    status: Code = not_personal("Status")
    basis: Code | None = not_personal("Basis", default=None)
    evidence: Line | None = personal(PrivacyClass.MARKETING, "Evidence", default=None, mask=mask_text)
    started_on: dt.date | None = not_personal("Since", default=None)
    ended_on: dt.date | None = not_personal("Until", default=None)


class Recipient(Record, table=True):
    """Somebody outside the house to whom data is given, and the safeguard for it (Art. 15(1)(c), 28, 44 to 49).

    ``contact`` is the mailbox of that house where notices under Art. 19 go.
    """

    __tablename__ = "recipient"
    __table_args__ = ({"info": {"keep": "recipient"}},)

    id: int | None = not_personal("Recipient", default=None, key=True, sa_type=BigInt)
    code: Code = not_personal("Code", unique=True)
    name: Name = not_personal("Name")
    country: Code = not_personal("Country")
    purpose: Line = not_personal("Purpose")
    contract: Line | None = not_personal("Contract", default=None)
    mechanism: Code | None = not_personal("Mechanism", default=None)
    mechanism_until: dt.date | None = not_personal("Mechanism until", default=None)
    contact: Line | None = not_personal("Contact", default=None)


class Disclosure(Record, table=True):
    """What kinds of data about whom were given to a recipient, when and why."""

    __tablename__ = "disclosure"
    __table_args__ = (
        sa.Index("disclosure_person", "person_id"),
        sa.Index("disclosure_order", "order_id"),
        {"info": {"keep": "disclosure", "erasure": Erasure.ANONYMISE}},
    )

    id: int | None = not_personal("Disclosure", default=None, key=True, sa_type=BigInt)
    recipient_id: int = not_personal("Recipient", sa_type=BigInt, foreign="recipient.id")
    person_id: int | None = not_personal("Person", default=None, sa_type=BigInt, foreign="person.id")
    order_id: int | None = not_personal("Order", default=None, sa_type=BigInt, foreign="sales_order.id")
    classes: Line = not_personal("Kinds of data")
    purpose: Line = not_personal("Purpose")
    disclosed_on: dt.date = not_personal("Date")


class PolicyVersion(Record, table=True):
    """A version of the privacy policy; letters, requests and log entries carry the one in force (A4)."""

    __tablename__ = "policy_version"
    __table_args__ = ({"info": {"keep": "policy"}},)

    id: int | None = not_personal("Policy", default=None, key=True, sa_type=BigInt)
    code: Code = not_personal("Version", unique=True)
    in_force_on: dt.date = not_personal("In force")
    digest: Code = not_personal("SHA-256")
    summary: Paragraph = not_personal("Text")


class ImportRun(Record, table=True):
    """One run of an importer: what was read, how it was obtained (privacy policy, B) and how it ended.

    ``notice_due_on`` is the last day on which whom a partner named must be told (GDPR Art. 14(3)), ``noticed_on`` the
    day that was done. ``written_at`` is when it last wrote, ``continued_at`` when a run of the same files last went on
    with it, ``finished_at`` when all of them had been read: None where it was stopped, or is running. All are UTC
    milliseconds, and so is ``undone_at``.
    """

    __tablename__ = "import_run"
    __table_args__ = ({"info": {"keep": "import"}},)

    id: int | None = not_personal("Import", default=None, key=True, sa_type=BigInt)
    store: Code = not_personal("Source")
    digest: Code = not_personal("Keyed digest")
    started_at: int = not_personal("Started", sa_type=BigInt)
    staff_id: str = not_personal("By", foreign="staff.id")
    source: Code | None = not_personal("Obtained by", default=None)
    obtained_on: dt.date | None = not_personal("Obtained on", default=None)
    evidence: Line | None = not_personal("Evidence", default=None, may_name=True)
    event: Line | None = not_personal("Event", default=None)
    partner_id: int | None = not_personal("Partner", default=None, sa_type=BigInt)
    notice_due_on: dt.date | None = not_personal("Notice due", default=None)
    noticed_on: dt.date | None = not_personal("Notice given", default=None)
    undone_at: int | None = not_personal("Undone", default=None, sa_type=BigInt)
    written_at: int | None = not_personal("Last written", default=None, sa_type=BigInt)
    continued_at: int | None = not_personal("Gone on with", default=None, sa_type=BigInt)
    finished_at: int | None = not_personal("Finished", default=None, sa_type=BigInt)


class ImportChange(Record, table=True):
    """A row that an import found and changed, so that neither import takes it away again when it is undone.

    ``before_id`` is the import that the row came by, or was last changed by.
    """

    __tablename__ = "import_change"
    __table_args__ = (
        sa.Index("import_change_of_row", "record_table", "record_id"),
        {"info": {"keep": "import"}},
    )

    id: int | None = not_personal("Change", default=None, key=True, sa_type=BigInt)
    import_id: int = not_personal("Import", sa_type=BigInt, foreign="import_run.id", index=True)
    record_table: Code = not_personal("Table")
    record_id: int = not_personal("Row", sa_type=BigInt)
    before_id: int | None = not_personal("Import before", default=None, sa_type=BigInt, index=True)


class OrderBefore(Record, table=True):
    """What an order said, with its lines, invoices and shipments, before an import changed it.

    It is kept for undoing that import alone, once an order: of the last import that changed it. No law keeps it.
    ``content`` is a JSON object of lists of rows by table.
    """

    __tablename__ = "order_before"
    __table_args__ = ({"info": {"keep": "import", "erasure": Erasure.ERASE, "never_held": True}},)

    id: int | None = not_personal(default=None, key=True, sa_type=BigInt)
    import_id: int = not_personal(sa_type=BigInt, foreign="import_run.id", index=True)
    order_id: int = not_personal(sa_type=BigInt, foreign="sales_order.id", unique=True)
    content: str = derived(PrivacyClass.DELIVERY, default="")
