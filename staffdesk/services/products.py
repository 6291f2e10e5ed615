"""What the house sells, for whoever takes a call down."""

from __future__ import annotations

from staffdesk.data.products import Products
from staffdesk.domain.access import Access
from staffdesk.services.door import Door


class Catalogue:
    """The products by name."""

    def __init__(self, door: Door) -> None:
        """Read through ``door``."""
        self._door = door

    def names(self, access: Access) -> tuple[str, ...]:
        """Return the names of all products; they are nobody's data, so no entry. Raises :class:`SessionEnded`."""
        return self._door.peek(access, lambda tx: Products(tx).names())
