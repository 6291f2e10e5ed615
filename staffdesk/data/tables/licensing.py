"""Licences and the computers they are activated on (privacy policy, C.4, C.8 and C.9: solely for licensing)."""

import datetime as dt

from staffdesk.data.tables.declaration import derived, not_personal, personal
from staffdesk.data.tables.provenance import Provenance
from staffdesk.data.tables.types import BigInt, Code, Name, Pieces, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.masking import mask_ip, mask_mac, mask_serial, mask_text
from staffdesk.domain.provenance import Source


class Licence(Provenance, table=True):
    """The right to use a product on a number of computers; the serial outlives the person, as a number."""

    __tablename__ = "licence"
    __table_args__ = (one_of("source", Source), {"info": {"keep": "licence", "erasure": Erasure.ANONYMISE}})

    id: int | None = not_personal("Licence", default=None, key=True, sa_type=BigInt)
    aid: str = not_personal(unique=True)
    serial: Code = personal(
        PrivacyClass.LICENCE, "Serial", mask=mask_serial, searched=Identifier.SERIAL, erasure=Erasure.KEEP
    )
    serial_normal: str = derived(
        PrivacyClass.LICENCE, default="", index=True, searched=Identifier.SERIAL, erasure=Erasure.KEEP
    )
    serial_key: str = derived(PrivacyClass.LICENCE, default="", index=True, at_closed_door=True, erasure=Erasure.KEEP)
    product_id: int | None = not_personal("Product", default=None, sa_type=BigInt, foreign="product.id")
    product_name: Name = not_personal("Product")
    version: Code | None = not_personal("Version", default=None)
    order_id: int | None = not_personal("Order", default=None, sa_type=BigInt, foreign="sales_order.id", index=True)
    person_id: int | None = not_personal("Registered to", default=None, sa_type=BigInt, foreign="person.id", index=True)
    organisation_id: int | None = not_personal(
        "Organisation", default=None, sa_type=BigInt, foreign="organisation.id", index=True
    )
    seats: Pieces = not_personal("Seats", default=1)
    issued_on: dt.date | None = not_personal("Issued on", default=None)
    status: Code = not_personal("Status")


class Activation(Provenance, table=True):
    """One computer on which a licence was activated."""

    __tablename__ = "activation"
    __table_args__ = (one_of("source", Source), {"info": {"keep": "activation", "erasure": Erasure.ANONYMISE}})

    id: int | None = not_personal("Activation", default=None, key=True, sa_type=BigInt)
    licence_id: int = not_personal("Licence", sa_type=BigInt, foreign="licence.id", index=True)
    user_name: Name | None = personal(PrivacyClass.NETWORK, "User name", default=None, mask=mask_text)
    mac: Code | None = personal(
        PrivacyClass.NETWORK, "MAC address", default=None, mask=mask_mac, searched=Identifier.MAC, index=True
    )
    ip: Code | None = personal(
        PrivacyClass.NETWORK,
        "IP address",
        default=None,
        mask=mask_ip,
        keep="activation ip",
        searched=Identifier.IP,
        index=True,
    )
    activated_at: int = not_personal("Activated", sa_type=BigInt)
    status: Code = not_personal("Status")
