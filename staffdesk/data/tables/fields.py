"""Where one field of a person or an organisation came from, and when it was last confirmed (privacy policy, H.1)."""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import derived, not_personal
from staffdesk.data.tables.provenance import Provenance
from staffdesk.data.tables.types import BigInt, Code, index_where, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.provenance import Source


class FieldStatus(Provenance, table=True):
    """What is known of one field by itself; where no row stands, the record's own source and date hold.

    ``contested_under`` is the number of the request that says it is wrong; until that is settled, privacy alone reads
    the field (GDPR Art. 18(1)(a)). What is found right is used again once who asked has been told (Art. 18(3)).
    ``before_key`` is a keyed digest of what an import brought before the field was set right: by it the same list finds
    the person again (:mod:`staffdesk.data.customers.former`).
    """

    __tablename__ = "field_status"
    __table_args__ = (
        one_of("source", Source),
        sa.CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="a_field_has_one_owner"),
        sa.UniqueConstraint("person_id", "field", name="one_status_a_field_of_a_person"),
        sa.UniqueConstraint("organisation_id", "field", name="one_status_a_field_of_an_organisation"),
        index_where("contested_under IS NOT NULL", "field_status_contested", "contested_under"),
        index_where("before_key IS NOT NULL", "field_status_before", "before_key"),
        {"info": {"keep": "person", "erasure": Erasure.ERASE, "merge": "stays"}},
    )

    id: int | None = not_personal("Field status", default=None, key=True, sa_type=BigInt)
    person_id: int | None = not_personal("Person", default=None, sa_type=BigInt, foreign="person.id")
    organisation_id: int | None = not_personal("Organisation", default=None, sa_type=BigInt, foreign="organisation.id")
    field: Code = not_personal("Field")
    evidence: Code | None = not_personal("Evidence", default=None)
    confirmed_on: dt.date | None = not_personal("Confirmed on", default=None)
    confirmed_under: Code | None = not_personal("Confirmed under", default=None)
    contested_under: Code | None = not_personal("Contested under", default=None)
    found_right_on: dt.date | None = not_personal("Found right on", default=None)
    before_key: str | None = derived(PrivacyClass.IDENTITY, at_closed_door=True)
