"""Whether the partner that a manifest names is one."""

from __future__ import annotations

from staffdesk.data.customers.listed import Lists
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft


def check_partner(door: Door, access: Access, store: str, number: int) -> None:
    """Raise :class:`BadInput` where the number is no partner's organisation; :class:`Denied`."""
    draft = Draft(wanted=Wanted(act=Act.IMPORT_RUN), kinds=("partner", store), n=1)

    def read(tx: Read, _cleared: Clearance, _ticket: object) -> bool:
        return Lists(tx).is_partner(number)

    if not door.look(access, draft, read):
        raise BadInput("There is no partner with this number.", "Give the number of a partner on file.")
