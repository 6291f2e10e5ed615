"""What the house sells, by name; nothing here is anybody's data."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.sales import Product
from staffdesk.data.transaction import Transaction

_PRODUCT: Final = register.table(Product)
_NAMES: Final = sa.select(_PRODUCT.c.name).distinct()


class Products:
    """The table of products, inside a transaction."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def names(self) -> tuple[str, ...]:
        """Return every name once; sorted here, since the databases' orders differ."""
        return tuple(sorted(str(row.name) for row in self._tx.rows(_NAMES)))
