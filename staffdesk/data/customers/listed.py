"""What a list meets besides people: reports of having met them, licences and computers, subscriptions to news."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.tables.people import Organisation
from staffdesk.data.tables.support import ContactReport
from staffdesk.data.transaction import Transaction, padded

_REPORT: Final = register.table(ContactReport)
_LICENCE: Final = register.table(Licence)
_ACTIVATION: Final = register.table(Activation)
_ORGANISATION: Final = register.table(Organisation)
_WANTED: Final[sa.BindParameter[Any]] = sa.bindparam("wanted", expanding=True)

_MET: Final = sa.select(_REPORT.c.person_id, _REPORT.c.body).where(
    _REPORT.c.person_id.in_(_WANTED), _REPORT.c.event == sa.bindparam("event")
)
_IS_PARTNER: Final = sa.select(_ORGANISATION.c.is_partner).where(_ORGANISATION.c.id == sa.bindparam("id"))
_LICENCES: Final = Prepared(sa.select(_LICENCE).where(_LICENCE.c.serial_normal.in_(_WANTED)).order_by(_LICENCE.c.id))
_HELD_BY: Final = Prepared(
    sa.select(_LICENCE.c.serial_normal, _LICENCE.c.id, _LICENCE.c.person_id)
    .where(_LICENCE.c.serial_normal.in_(_WANTED))
    .order_by(_LICENCE.c.id)
)
_ACTIVATIONS: Final = Prepared(
    sa.select(_ACTIVATION).where(_ACTIVATION.c.licence_id.in_(_WANTED)).order_by(_ACTIVATION.c.id)
)


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """A row that is held, with every column, for the import alone."""

    id: int
    values: Mapping[str, Any]


class Lists:
    """The look-ups of a list."""

    def __init__(self, tx: Transaction) -> None:
        """Look up in ``tx``."""
        self._tx = tx

    def is_partner(self, number: int) -> bool:
        """Say whether an organisation is a partner; needs the open door."""
        row = self._tx.row(_IS_PARTNER, {"id": number})
        return row is not None and bool(row[0])

    def met_at(self, event: str, people: Collection[int]) -> set[tuple[int, str | None]]:
        """Return whom it is on file that he was met at an event, and what he asked about."""
        if not people:
            return set()
        return {(int(row[0]), row[1]) for row in self._tx.rows(_MET, {"wanted": padded(people), "event": event})}

    def licences(self, serials: Collection[str]) -> dict[str, Held]:
        """Return the licences with these normalised serials; the first of several."""
        found: dict[str, Held] = {}
        if serials:
            for row in self._tx.rows(_LICENCES, {"wanted": padded(serials)}):
                found.setdefault(row.serial_normal, Held(int(row.id), row._asdict()))
        return found

    def held_by(self, serials: Collection[str]) -> dict[str, tuple[int, int | None]]:
        """Return the number of each of these licences, the first of several, and its holder's."""
        found: dict[str, tuple[int, int | None]] = {}
        if serials:
            for serial, number, person in self._tx.rows(_HELD_BY, {"wanted": padded(serials)}):
                found.setdefault(str(serial), (int(number), person))
        return found

    def activations(self, licences: Collection[int]) -> list[Held]:
        """Return the computers that these licences are activated on."""
        if not licences:
            return []
        return [Held(int(row.id), row._asdict()) for row in self._tx.rows(_ACTIVATIONS, {"wanted": padded(licences)})]
