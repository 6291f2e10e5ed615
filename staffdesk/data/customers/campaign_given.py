"""What the campaign service was told of each address, and by which export."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.came_by_merge import addresses_of_rows, has_moved
from staffdesk.data.customers.merges import PAIR, SAME
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.campaign import CampaignAddress, CampaignExport
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.requests import RecipientTask, Request
from staffdesk.data.tables.sharing import Recipient, Subscription
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.campaign import Told
from staffdesk.domain.marketing import CAMPAIGN_SERVICE, TaskState
from staffdesk.domain.requests import RequestType

_EXPORT: Final = register.table(CampaignExport)
_ADDRESS: Final = register.table(CampaignAddress)
_PERSON: Final = register.table(Person)
_SUBSCRIPTION: Final = register.table(Subscription)
_RECIPIENT: Final = register.table(Recipient)
_REQUEST: Final = register.table(Request)
_TASK: Final = register.table(RecipientTask)

_TOLD: Final = sa.select(_ADDRESS.c.id, _ADDRESS.c.person_id, _ADDRESS.c.email, _ADDRESS.c.told).order_by(_ADDRESS.c.id)
_TOLD_OF: Final = _TOLD.where(_ADDRESS.c.email.in_(sa.bindparam("emails", expanding=True)))
_ON_LISTS: Final = (
    sa.select(_PERSON.c.id, _PERSON.c.email_normal)
    .where(
        _PERSON.c.email_normal.is_not(None),
        sa.exists(
            sa.select(_SUBSCRIPTION.c.id).where(
                _SUBSCRIPTION.c.person_id == _PERSON.c.id, ~has_moved(_SUBSCRIPTION.c.id)
            )
        ),
    )
    .order_by(_PERSON.c.id)
)
_GIVEN_AT: Final = (
    sa.select(_EXPORT.c.made_at)
    .join(_ADDRESS, _ADDRESS.c.given_in == _EXPORT.c.id)
    .where(
        _ADDRESS.c.person_id == sa.bindparam("person"),
        _ADDRESS.c.email == sa.bindparam("email"),
        _ADDRESS.c.withdrawn_in.is_(None),
    )
    .order_by(_EXPORT.c.id.desc())
    .limit(1)
)
_NAMES: Final = sa.select(_EXPORT.c.name, _EXPORT.c.folder).order_by(_EXPORT.c.id)
_OF_SERVICE: Final = sa.select(_RECIPIENT).where(_RECIPIENT.c.code == CAMPAIGN_SERVICE)
_WITHDRAW: Final = (
    sa.update(_ADDRESS)
    .where(_ADDRESS.c.id.in_(sa.bindparam("ids", expanding=True)), _ADDRESS.c.withdrawn_in.is_(None))
    .values(withdrawn_in=sa.bindparam("export"), told=sa.bindparam("word"))
)
_MERGED: Final = _PERSON.alias("merged")
_OTHER_ADDRESSES: Final = (
    sa.select(_MERGED.c.email_normal)
    .join(PAIR, PAIR.c.other_id == _MERGED.c.id)
    .where(PAIR.c.person_id == _PERSON.c.id, SAME, _MERGED.c.email_normal.is_not(None))
    .correlate(_PERSON)
)
_PASSED_ON: Final = (
    sa.select(_REQUEST.c.number)
    .join(_TASK, _TASK.c.request_id == _REQUEST.c.id)
    .join(_PERSON, _PERSON.c.id == _REQUEST.c.person_id)
    .where(
        _REQUEST.c.kind == RequestType.OBJECT_MKT.value,
        _TASK.c.recipient == CAMPAIGN_SERVICE,
        _TASK.c.state == TaskState.OPEN.value,
        sa.exists(
            sa.select(_ADDRESS.c.id).where(
                _ADDRESS.c.person_id == _PERSON.c.id,
                sa.or_(_ADDRESS.c.email == _PERSON.c.email_normal, _ADDRESS.c.email.in_(_OTHER_ADDRESSES)),
                _ADDRESS.c.told == Told.STOPPED.value,
            )
        ),
        ~sa.exists(
            sa.select(_ADDRESS.c.id).where(_ADDRESS.c.person_id == _PERSON.c.id, _ADDRESS.c.told == Told.GIVEN.value)
        ),
    )
    .order_by(_REQUEST.c.number)
)
_OF_ERASED: Final = (
    sa.select(_REQUEST.c.number, _TASK.c.orders)
    .join(_TASK, _TASK.c.request_id == _REQUEST.c.id)
    .where(
        _REQUEST.c.kind == RequestType.ERASE.value,
        _REQUEST.c.person_id.is_(None),
        _TASK.c.recipient == CAMPAIGN_SERVICE,
        _TASK.c.state == TaskState.OPEN.value,
        _TASK.c.orders.is_not(None),
    )
    .order_by(_REQUEST.c.number)
)
_AT_ONCE: Final = 500

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class ToldOf:
    """What the service was told of an address last, its row, and whose it was."""

    row: int
    person: int
    told: Told


class CampaignGiven:
    """What the service was told; needs the open door."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def told_of(self, emails: Collection[str] | None = None) -> Mapping[str, ToldOf]:
        """Return what the service was told last of each address, or of these."""
        rows = self._tx.rows(_TOLD) if emails is None else [
            row for part in _parts(sorted(emails)) for row in self._tx.rows(_TOLD_OF, {"emails": part})
        ]  # fmt: skip
        return {
            str(row.email): ToldOf(int(row.id), int(row.person_id), Told(row.told))
            for row in sorted(rows, key=lambda row: int(row.id))
        }

    def on_lists(self) -> Mapping[str, int]:
        """Return whoever stands or stood on a list, by address: the service may know him from its own.

        Where records were put together since, that is the address of the one he stood on it by.
        """
        by_his_own = {str(row.email_normal): int(row.id) for row in self._tx.rows(_ON_LISTS)}
        return {**addresses_of_rows(self._tx, _SUBSCRIPTION), **by_his_own}

    def given_at(self, person: int, email: str) -> int | None:
        """Return when the service was given an address it still has, in UTC milliseconds."""
        row = self._tx.row(_GIVEN_AT, {"person": person, "email": email})
        return None if row is None else int(row[0])

    def names(self) -> Mapping[str, str]:
        """Return the folder of each export by the name of its files."""
        return {str(row.name): str(row.folder) for row in self._tx.rows(_NAMES)}

    def of_erased(self) -> Mapping[str, str]:
        """Return the addresses of whoever was erased and of which the service is not told yet, by request's number."""
        rows = self._tx.rows(_OF_ERASED)
        return {email: str(row.number) for row in rows for email in str(row.orders).splitlines()}

    def passed_on(self) -> tuple[str, ...]:
        """Return the objections that an export passed on and of which that is not noted yet, by number."""
        return tuple(str(row[0]) for row in self._tx.rows(_PASSED_ON))


class CampaignGiving(CampaignGiven):
    """Notes what the service is told."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        super().__init__(tx)
        self._change = tx

    def recipient(self, unknown: Recipient) -> int:
        """Return the number of the campaign service's row; where it has none, ``unknown`` becomes it."""
        row = self._tx.row(_OF_SERVICE)
        return int(row.id) if row is not None else Writing(self._change).add([unknown])[0]

    def add(self, export: CampaignExport, given: Mapping[str, int], withdrawn: Mapping[str, ToldOf]) -> int:
        """Note an export: whose address is given, and of each that is withdrawn whose it is and what is told of it.

        The row of an address that the service has is ended; one of 0 means that there is none, so one is made. Returns
        how many addresses were noted.
        """
        writing = Writing(self._change)
        (number,) = writing.add([export])
        new = [
            CampaignAddress.checked({"person_id": person, "email": email, "told": Told.GIVEN, "given_in": number})
            for email, person in given.items()
        ]
        new += [
            CampaignAddress.checked(
                {"person_id": each.person, "email": email, "told": each.told, "withdrawn_in": number}
            )
            for email, each in withdrawn.items()
            if not each.row
        ]
        return len(writing.add(new)) + sum(self._end(number, word, withdrawn.values()) for word in Told)

    def _end(self, export: int, word: Told, withdrawn: Collection[ToldOf]) -> int:
        ids = sorted(each.row for each in withdrawn if each.row and each.told is word)
        return sum(
            self._change.write(_WITHDRAW, {"ids": part, "export": export, "word": word.value}) for part in _parts(ids)
        )


def _parts(listed: Sequence[T]) -> list[list[T]]:
    return [list(listed[start : start + _AT_ONCE]) for start in range(0, len(listed), _AT_ONCE)]
