"""Whether anything is held of somebody besides a request of his: asked of the register, table by table."""

from collections.abc import Collection, Iterator
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.erasing import of_requests
from staffdesk.data.customers.holdings import Holdings
from staffdesk.data.entries import Entries
from staffdesk.data.entry_pages import Selection
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.requests import Request
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Outcome, Purpose
from staffdesk.domain.packages import rules
from staffdesk.domain.words import cut

_PERSON: Final = register.table(Person)
_REQUEST: Final = register.table(Request)
_OWN_WORDS: Final = sa.select(_REQUEST.c.requester, _REQUEST.c.reply_address, _REQUEST.c.note).where(
    _REQUEST.c.id == sa.bindparam("which")
)
_PAGE: Final = 200


class Besides:
    """Asks what is held of people beside one request."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def anything(self, people: Collection[int], request_id: int) -> bool:
        """Say whether more is held of these people than the request itself tells.

        A row of any table that leads to them is more, another request of theirs too. So is a value in their own record
        that does not stand in the request, and a look at them for another purpose than their rights.
        """
        return any(
            self._says_more(number, request_id) or self._has_rows(number, request_id) or self._was_looked_at(number)
            for number in people
        )

    def _has_rows(self, number: int, request_id: int) -> bool:
        holdings = Holdings(self._tx)
        for table in register.packaged_tables():
            if table == _PERSON.name:
                continue
            rows = holdings.rows(table, (number,))
            if table in of_requests():
                key = "id" if table == _REQUEST.name else "request_id"
                rows = (row for row in rows if row.values[key] != request_id)
            if next(rows, None) is not None:
                return True
        return False

    def _says_more(self, number: int, request_id: int) -> bool:
        asked = self._tx.row(_OWN_WORDS, {"which": request_id})
        told = {word for text in asked or () for word in cut(text or "")}
        row = self._tx.row(sa.select(_PERSON).where(_PERSON.c.id == number))
        return row is not None and any(not told.issuperset(cut(text)) for text in _values(row._asdict()))

    def _was_looked_at(self, number: int) -> bool:
        aid = Holdings(self._tx).aid(number)
        before: int | None = None
        while aid is not None:
            found = Entries(self._tx).page(Selection(aid=aid), before, _PAGE)
            for core in found.cores:
                told = core.out == Outcome.OK and core.act in rules().consultations.acts
                if told and core.purpose not in {None, Purpose.RIGHTS}:
                    return True
            if not found.looked_to:
                return False
            before = found.looked_to
        return False


def _values(row: dict[str, object]) -> Iterator[str]:
    """Yield what a person's own record says of him, as text; the account in a store says that he has one."""
    for column, declaration in register.of_table(_PERSON.name).items():
        if (declaration.personal and not declaration.derived) or column == "account_id":
            value = row[column]
            if value is not None:
                yield str(value)
