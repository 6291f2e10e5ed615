"""By what an import knew somebody before his name or e-mail address was set right, as keyed digests.

The same list, run again, still says the old value; without these it would bring him a second time. An address has the
digest by which it is suppressed, so that one that is erased does not come back under what he was called before.
"""

import hmac
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.digests import address_digest
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.fields import FieldStatus
from staffdesk.data.transaction import Transaction, padded
from staffdesk.domain.words import name_key

EMAIL: Final = "email"
NAMES: Final = ("given_name", "family_name")

_STATUS: Final = register.table(FieldStatus)
_WANTED: Final[sa.BindParameter[Any]] = sa.bindparam("wanted", expanding=True)
_ANY: Final = Prepared(sa.select(_STATUS.c.id).where(_STATUS.c.before_key.is_not(None)).limit(1))
_BY_ADDRESS: Final = sa.select(_STATUS.c.before_key, _STATUS.c.person_id).where(
    _STATUS.c.before_key.in_(_WANTED), _STATUS.c.field == EMAIL, _STATUS.c.person_id.is_not(None)
)
_NAMES_OF: Final = sa.select(_STATUS.c.person_id, _STATUS.c.before_key).where(
    _STATUS.c.person_id.in_(_WANTED), _STATUS.c.field.in_(NAMES), _STATUS.c.before_key.is_not(None)
)
_CAME_BY: Final = sa.select(_STATUS.c.import_id).where(
    _STATUS.c.person_id == sa.bindparam("person"), _STATUS.c.field == sa.bindparam("field")
)


class Former:
    """Looks people up by what they were known by; needs the open door."""

    def __init__(self, tx: Transaction) -> None:
        """Look up in ``tx``."""
        self._tx = tx
        self._any = tx.row(_ANY) is not None

    def by_address(self, emails: Collection[str]) -> Mapping[int, frozenset[str]]:
        """Return who had one of these normalised addresses, by number, and which of them."""
        if not self._any or not emails:
            return {}
        asked = {address_digest(self._tx.secret, email): email for email in emails}
        found: dict[int, set[str]] = defaultdict(set)
        for row in self._tx.rows(_BY_ADDRESS, {"wanted": padded(asked)}):
            found[int(row.person_id)].add(asked[str(row.before_key)])
        return {person: frozenset(had) for person, had in found.items()}

    def names_of(self, people: Collection[int]) -> Mapping[int, frozenset[str]]:
        """Return the keyed digests of what these people were called before (:func:`name_digest`)."""
        if not self._any or not people:
            return {}
        found: dict[int, set[str]] = defaultdict(set)
        for row in self._tx.rows(_NAMES_OF, {"wanted": padded(people)}):
            found[int(row.person_id)].add(str(row.before_key))
        return {person: frozenset(had) for person, had in found.items()}

    def key_before(self, person: Mapping[str, Any], column: str) -> str | None:
        """Return what is to be kept of a column of a person's row that is about to change; nothing for most.

        Only of what an import brought: what was typed here by mistake may be somebody else's in a list.
        """
        if column not in {EMAIL, *NAMES}:
            return None
        status = self._tx.row(_CAME_BY, {"person": person["id"], "field": column})
        if (person["import_id"] if status is None else status[0]) is None:
            return None
        if column == EMAIL:
            return None if person["email_normal"] is None else address_digest(self._tx.secret, person["email_normal"])
        return name_digest(self._tx.secret, str(person["sort_name"]))


def name_digest(secret: bytes, folded: str) -> str | None:
    """Return the keyed digest of a folded name, whichever half it begins with; nothing of an empty one."""
    return hmac.digest(secret, f"former name {name_key(folded)}".encode(), "sha256").hex() if folded else None
