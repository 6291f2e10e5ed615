"""One row of a list as a record of the desk's words; which column is which field, its profile has said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

from staffdesk.domain.deadlines import nominal, receive_day
from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_ip, normal_mac
from staffdesk.domain.imported import Dropped, ImportedParty
from staffdesk.domain.imported_lists import (
    AnyRecord,
    ImportedActivation,
    ImportedContact,
    ImportedHeldLicence,
    ImportedSubscriber,
    NewsStatus,
)
from staffdesk.parameters.shapes import retention
from staffdesk.services.importing.fields import CODE, CORRECT, HALF_NAME, LINE, NAME, Fields
from staffdesk.services.importing.profiles import Profile, RecordSort, Table

Builder: TypeAlias = Callable[[Profile, Table, Fields], AnyRecord]

_ACTIVE: Final = "active"
_INTEREST: Final = 4_000


def _party(fields: Fields) -> ImportedParty:
    """Take who it is; a name in one piece is the family name, since it is never cut by guess."""
    given, family = fields.name("given_name", HALF_NAME), fields.name("family_name", HALF_NAME)
    if given is None and family is None:
        family = fields.name("name")
    return ImportedParty(
        account_id=fields.code("account_id"),
        given_name=given,
        family_name=family,
        email=fields.email("email"),
        phone=fields.phone("phone"),
        company=fields.words("company", NAME),
        street=fields.words("street", LINE),
        postal_code=fields.words("postal_code", CODE),
        city=fields.words("city", NAME),
        region=fields.words("region", NAME),
        country=fields.country("country"),
        language=fields.language("language"),
        job_title=fields.words("job_title", NAME),
        function=fields.words("function", NAME),
        user_name=fields.words("user_name", NAME),
    )


def contact(profile: Profile, _table: Table, fields: Fields) -> ImportedContact:
    """Read whom a list names; raises :class:`BadInput` where nothing tells who it is."""
    party = _party(fields)
    if not (party.given_name or party.family_name or party.email or party.user_name):
        raise BadInput("It names nobody: there is neither a name nor an e-mail address.", CORRECT)
    return ImportedContact(
        party=party, interest=fields.words("interest", _INTEREST), met_on=fields.day("met_on", profile.days)
    )


def licence(profile: Profile, table: Table, fields: Fields) -> ImportedHeldLicence:
    """Read one licence."""
    seats = fields.whole("seats")
    return ImportedHeldLicence(
        serial=fields.needed("serial", fields.code("serial")),
        product_name=fields.needed("product", fields.words("product", NAME)),
        account_id=fields.code("account_id"),
        version=fields.words("version", CODE),
        seats=1 if seats is None else seats,
        issued_on=fields.day("issued_on", profile.days),
        status=_status(table, fields) or _ACTIVE,
    )


def activation(_profile: Profile, table: Table, fields: Fields) -> ImportedActivation:
    """Read one activation; an IP address older than it may be kept is left where it is, and counted."""
    serial = fields.needed("serial", fields.code("serial"))
    activated = fields.needed("activated_at", fields.table_moment("activated_at"))
    user_name, mac = fields.words("user_name", NAME), fields.normal("mac", normal_mac)
    old = activated.date() < _oldest_address(receive_day(dt.datetime.now(dt.UTC)))
    if old:
        fields.leave_as("ip", Dropped.EXPIRED)
    return ImportedActivation(
        serial=serial,
        user_name=user_name,
        mac=mac,
        ip=None if old else fields.normal("ip", normal_ip),
        activated_at=activated,
        status=_status(table, fields) or _ACTIVE,
    )


@lru_cache(maxsize=1)
def _oldest_address(today: dt.date) -> dt.date:
    """Return since when an activation's IP address may still be kept."""
    return nominal(today, -(retention().kinds["activation ip"].months or 0))


def subscriber(_profile: Profile, table: Table, fields: Fields) -> ImportedSubscriber:
    """Read one address of a campaign service's list, with the day on which its owner opted in or left."""
    party = _party(fields)
    if party.email is None:
        raise BadInput("There is no e-mail address.", CORRECT)
    confirmed, asked = fields.table_moment("confirmed_at"), fields.table_moment("opted_in_at")
    return ImportedSubscriber(
        party=party,
        list_name=fields.words("list_name", CODE) or table.name,
        status=NewsStatus(_status(table, fields) or NewsStatus.SUBSCRIBED),
        opted_in_at=confirmed or asked,
        left_at=fields.table_moment("left_at"),
    )


def _status(table: Table, fields: Fields) -> str | None:
    words = table.words.get("status")
    return fields.word("status") if words is None else fields.listed("status", words)


BUILDERS: Final[Mapping[RecordSort, Builder]] = MappingProxyType(
    {
        RecordSort.CONTACT: contact,
        RecordSort.LICENCE: licence,
        RecordSort.ACTIVATION: activation,
        RecordSort.SUBSCRIBER: subscriber,
    }
)
"""What reads a row, by what it becomes."""
