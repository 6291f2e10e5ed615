"""What the campaign service was given: each giving as one record, and the addresses it was told of (policy, D.4)."""

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal, personal
from staffdesk.data.tables.types import BigInt, Code, Line, one_of
from staffdesk.domain.campaign import Told
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.masking import mask_email


class CampaignExport(Record, table=True):
    """One giving of addresses to the campaign service: one disclosure, however many people it is of.

    ``name`` is what its files begin with, in ``folder``; ``digest`` is keyed, so that nobody tries by it an
    address that is gone.
    """

    __tablename__ = "campaign_export"
    __table_args__ = ({"info": {"keep": "disclosure"}},)

    id: int | None = not_personal("Export", default=None, key=True, sa_type=BigInt)
    recipient_id: int = not_personal("Recipient", sa_type=BigInt, foreign="recipient.id")
    staff_id: str = not_personal("By", foreign="staff.id")
    made_at: int = not_personal("Made", sa_type=BigInt)
    classes: Line = not_personal("Kinds of data")
    purpose: Line = not_personal("Purpose")
    given: int = not_personal("Addresses given")
    withdrawn: int = not_personal("Addresses withdrawn")
    folder: Line = not_personal("Folder")
    name: Code = not_personal("Files")
    digest: Code = not_personal("SHA-256")


class CampaignAddress(Record, table=True):
    """An address that the campaign service knows: by which export it was given, and by which withdrawn.

    It stays as it was given, since by that alone the service can take it off; of one that its own list told us of,
    only the withdrawal is noted. ``told`` is what the service was told of it last.
    """

    __tablename__ = "campaign_address"
    __table_args__ = (
        one_of("told", Told),
        sa.CheckConstraint("given_in IS NOT NULL OR withdrawn_in IS NOT NULL", name="an_address_was_told_of"),
        {"info": {"keep": "subscription", "erasure": Erasure.ERASE}},
    )

    id: int | None = not_personal("Address", default=None, key=True, sa_type=BigInt)
    person_id: int = not_personal("Person", sa_type=BigInt, foreign="person.id", index=True)
    email: Line = personal(PrivacyClass.CONTACT, "E-mail as given", mask=mask_email)
    told: Told = not_personal("Told", sa_type=sa.String)
    given_in: int | None = not_personal(
        "Given by", default=None, sa_type=BigInt, foreign="campaign_export.id", index=True
    )
    withdrawn_in: int | None = not_personal(
        "Withdrawn by", default=None, sa_type=BigInt, foreign="campaign_export.id", index=True
    )
