"""Where a customer's record came from, mandatory on each of them."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

import sqlalchemy as sa
from pydantic import model_validator

from staffdesk.data.tables.declaration import Record, not_personal
from staffdesk.data.tables.types import BigInt, Line
from staffdesk.domain.provenance import NEEDS_EVENT, NEEDS_PARTNER, Source


class Provenance(Record):
    """The closed list of sources, the date, and what the source must name (privacy policy, B; A10 to A17)."""

    source: Source = not_personal("Source", sa_type=sa.String)
    obtained_on: dt.date = not_personal("Obtained on")
    event: Line | None = not_personal("Event", default=None)
    partner_id: int | None = not_personal("Partner", default=None, sa_type=BigInt)
    import_id: int | None = not_personal("Import", default=None, sa_type=BigInt)

    @classmethod
    def demands(cls) -> tuple[sa.CheckConstraint, ...]:
        """Give each table the model's demand as it is declared, so that none can be without it."""
        return tuple(_demand(*each) for each in (("event", NEEDS_EVENT), ("partner_id", NEEDS_PARTNER)))

    @model_validator(mode="after")
    def source_is_whole(self) -> Self:
        """Refuse a source that must name an event or a partner and does not."""
        if self.source in NEEDS_EVENT and self.event is None:
            raise ValueError(f"the source {self.source} needs the event")
        if self.source in NEEDS_PARTNER and self.partner_id is None:
            raise ValueError(f"the source {self.source} needs the partner")
        return self


def _demand(column: str, sources: Iterable[Source]) -> sa.CheckConstraint:
    listed = ", ".join(sorted(f"'{source.value}'" for source in sources))
    return sa.CheckConstraint(f"source NOT IN ({listed}) OR {column} IS NOT NULL", name=f"source_names_its_{column}")
