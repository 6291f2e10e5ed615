"""What every desk begins with: the head of its log, the privacy policy in force, the recipients the house names."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.log import Head
from staffdesk.data.tables.sharing import PolicyVersion, Recipient
from staffdesk.data.transaction import Append

_HEAD: Final = register.table(Head)

_BEGUN: Final = sa.select(_HEAD.c.id).where(_HEAD.c.id == 1)
_ADD_HEAD: Final = sa.insert(_HEAD)
_ADD_POLICY: Final = sa.insert(register.table(PolicyVersion))
_ADD_RECIPIENT: Final = sa.insert(register.table(Recipient))


class Beginning:
    """The first rows, inside a transaction."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def made(self) -> bool:
        """Say whether a desk has begun in this database."""
        return self._tx.row(_BEGUN) is not None

    def begin(self, origin: str, policy: PolicyVersion, recipients: Sequence[Recipient], now: int) -> None:
        """Write the head of an empty log, the policy and the recipients."""
        self._tx.write(_ADD_HEAD, {"id": 1, "seq": 0, "origin": origin, "t": now})
        self._tx.write(_ADD_POLICY, _without_number(policy))
        self._tx.write(_ADD_RECIPIENT, [_without_number(recipient) for recipient in recipients])


def _without_number(row: PolicyVersion | Recipient) -> dict[str, object]:
    return {name: value for name, value in row.values().items() if name != "id"}
