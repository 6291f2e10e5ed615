"""Organisations and the people at them: customers, suppliers and partners alike (privacy policy, C.1 and D.10)."""

import datetime as dt
from typing import Self

import sqlalchemy as sa
from pydantic import model_validator

from staffdesk.data.tables.declaration import derived, not_personal, personal
from staffdesk.data.tables.provenance import Provenance
from staffdesk.data.tables.types import BigInt, Code, FoldedText, Line, Name, Phone, index_where, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.masking import mask_email, mask_phone, mask_text
from staffdesk.domain.provenance import Source
from staffdesk.domain.screening import refuse_forbidden


class Mark:
    """What an import saw and a person must settle."""

    SAME_ACCOUNT_OTHER_NAME = "same account, other name"


class Organisation(Provenance, table=True):
    """A company or a sole trader; declared as a customer's data since a sole trader's company is the person."""

    __tablename__ = "organisation"
    __table_args__ = (
        one_of("source", Source),
        {"info": {"keep": "company", "erasure": Erasure.ANONYMISE}},
    )

    id: int | None = not_personal("Organisation", default=None, key=True, sa_type=BigInt)
    aid: str = not_personal(unique=True)
    name: Name = personal(PrivacyClass.COMPANY, "Company", mask=mask_text, searched=Identifier.WORDS)
    vat_number: Code | None = personal(PrivacyClass.COMPANY, "VAT number", default=None, mask=mask_text)
    street: Line | None = personal(PrivacyClass.ADDRESS, "Street", default=None, mask=mask_text)
    postal_code: Code | None = personal(PrivacyClass.ADDRESS, "Postal code", default=None, mask=mask_text)
    city: Name | None = personal(PrivacyClass.ADDRESS, "City", default=None, mask=mask_text)
    region: Name | None = personal(PrivacyClass.ADDRESS, "Region", default=None, mask=mask_text)
    country: Code | None = not_personal("Country", default=None)
    web: Line | None = personal(PrivacyClass.COMPANY, "Web site", default=None, mask=mask_text)
    is_customer: bool = not_personal("Customer", default=True)
    is_supplier: bool = not_personal("Supplier", default=False)
    is_partner: bool = not_personal("Partner", default=False)
    sole_trader: bool = not_personal("Sole trader", default=False)
    words: str = derived(PrivacyClass.COMPANY, default="", searched=Identifier.WORDS)
    sort_name: str = derived(PrivacyClass.COMPANY, default="", sa_type=FoldedText, index=True)


class Person(Provenance, table=True):
    """A data subject: someone at a customer, supplier, partner or prospect."""

    __tablename__ = "person"
    __table_args__ = (
        one_of("source", Source),
        sa.CheckConstraint(
            "given_name IS NOT NULL OR family_name IS NOT NULL OR email IS NOT NULL OR user_name IS NOT NULL",
            name="a_person_has_a_name",
        ),
        sa.Index("person_filters", "id", "country", "obtained_on"),
        index_where("bounced_at IS NOT NULL", "person_bounced", "bounced_at"),
        {"info": {"keep": "person", "erasure": Erasure.ERASE}},
    )

    id: int | None = not_personal("Customer number", default=None, key=True, sa_type=BigInt)
    aid: str = not_personal(unique=True)
    organisation_id: int | None = not_personal(
        "Organisation", default=None, sa_type=BigInt, foreign="organisation.id", index=True
    )
    given_name: Name | None = personal(
        PrivacyClass.IDENTITY, "Given name", default=None, mask=mask_text, searched=Identifier.WORDS
    )
    family_name: Name | None = personal(
        PrivacyClass.IDENTITY, "Family name", default=None, mask=mask_text, searched=Identifier.WORDS
    )
    job_title: Name | None = personal(PrivacyClass.IDENTITY, "Job title", default=None, mask=mask_text)
    function: Name | None = personal(PrivacyClass.IDENTITY, "Function", default=None, mask=mask_text)
    email: Line | None = personal(
        PrivacyClass.CONTACT, "E-mail", default=None, mask=mask_email, searched=Identifier.EMAIL
    )
    phone: Phone | None = personal(
        PrivacyClass.CONTACT, "Telephone", default=None, mask=mask_phone, searched=Identifier.PHONE
    )
    street: Line | None = personal(PrivacyClass.ADDRESS, "Street", default=None, mask=mask_text)
    postal_code: Code | None = personal(PrivacyClass.ADDRESS, "Postal code", default=None, mask=mask_text)
    city: Name | None = personal(PrivacyClass.ADDRESS, "City", default=None, mask=mask_text)
    region: Name | None = personal(PrivacyClass.ADDRESS, "Region", default=None, mask=mask_text)
    user_name: Name | None = personal(PrivacyClass.NETWORK, "Account user name", default=None, mask=mask_text)
    country: Code | None = not_personal("Country", default=None)
    language: Code | None = not_personal("Language", default=None)
    store: Code | None = not_personal("Store", default=None)
    account_id: Code | None = not_personal("Store account", default=None, index=True)
    mark: Code | None = not_personal("Mark", default=None)
    is_customer: bool = not_personal("Customer", default=True)
    is_supplier: bool = not_personal("Supplier", default=False)
    is_partner: bool = not_personal("Partner", default=False)
    confirmed_on: dt.date | None = not_personal("Last confirmed", default=None)
    bounced_at: int | None = not_personal("Mail came back", default=None, sa_type=BigInt)
    bounced_import_id: int | None = not_personal(default=None, sa_type=BigInt)
    email_normal: str | None = derived(PrivacyClass.CONTACT, searched=Identifier.EMAIL, index=True)
    phone_normal: str | None = derived(PrivacyClass.CONTACT, searched=Identifier.PHONE, index=True)
    words: str = derived(PrivacyClass.IDENTITY, default="", searched=Identifier.WORDS)
    sort_name: str = derived(PrivacyClass.IDENTITY, default="", sa_type=FoldedText)
    relation_keys: str = derived(PrivacyClass.IDENTITY, default="", at_closed_door=True)

    @model_validator(mode="after")
    def has_a_name(self) -> Self:
        """Refuse a person nobody could find again: one of name, e-mail, user name is needed."""
        if not (self.given_name or self.family_name or self.email or self.user_name):
            raise ValueError("a person needs a name, an e-mail address or a user name")
        return self

    @model_validator(mode="after")
    def holds_nothing_in_pieces(self) -> Self:
        """Refuse what must not be held where given and family name have a piece of it each: they are read together."""
        if self.given_name and self.family_name:
            refuse_forbidden(f"{self.given_name} {self.family_name}")
        return self
