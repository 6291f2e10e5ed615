"""By what a role searches, and what a role must search by and see to be listed other than people."""

from __future__ import annotations

from typing import Final

from staffdesk.domain.access import RecordKind, Role
from staffdesk.domain.access_table import SearchKey
from staffdesk.domain.errors import Denied
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.search_text import KINDS, Asked
from staffdesk.domain.text import listed_words
from staffdesk.services.clearance import Clearance

KEYS: Final = {
    Identifier.EMAIL: (SearchKey.EMAIL,),
    Identifier.ORDER: (SearchKey.ORDER,),
    Identifier.INVOICE: (SearchKey.INVOICE,),
    Identifier.CASE: (SearchKey.CASE,),
    Identifier.TICKET: (SearchKey.CASE,),
    Identifier.REQUEST: (SearchKey.REQUEST,),
    Identifier.CUSTOMER: (SearchKey.CUSTOMER,),
    Identifier.SERIAL: (SearchKey.SERIAL,),
    Identifier.MAC: (SearchKey.MAC,),
    Identifier.IP: (SearchKey.IP,),
    Identifier.PHONE: (SearchKey.PHONE,),
    Identifier.WORDS: (SearchKey.NAME, SearchKey.COMPANY),
}
"""By what a reading searches."""

_OF_KIND: Final = {
    RecordKind.ORDER: (SearchKey.ORDER, "sales_order"),
    RecordKind.LICENCE: (SearchKey.SERIAL, "licence"),
    RecordKind.CASE: (SearchKey.CASE, "support_case"),
}
"""What a role must search by, and of which table see the rows, to be listed what people own of a kind."""


def refuse_kind(matrix: AccessMatrix, cleared: Clearance, asked: Asked) -> None:
    """Raise :class:`Denied` where the role may not list what is asked for, with the roles that may."""
    if asked.kind not in _OF_KIND or cleared.role is None:
        return
    key, table = _OF_KIND[asked.kind]
    able = [role for role in Role if matrix.searches(role, key) and matrix.sees_rows(role, table)]
    if cleared.role in able:
        return
    word = next(word for word, kind in KINDS.items() if kind is asked.kind)
    raise Denied(
        f"{cleared.role.value.capitalize()} does not list {word}.", f"They are for {listed_words(able, 'and')}."
    )
