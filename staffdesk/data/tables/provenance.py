"""Where a customer's record came from, mandatory on each of them."""

import datetime as dt

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal
from staffdesk.data.tables.types import BigInt, Line
from staffdesk.domain.provenance import Source


class Provenance(Record):
    """The closed list of sources, the date, and what the source must name (privacy policy, B; A10 to A17)."""

    source: Source = not_personal("Source", sa_type=sa.String)
    obtained_on: dt.date = not_personal("Obtained on")
    event: Line | None = not_personal("Event", default=None)
    partner_id: int | None = not_personal("Partner", default=None, sa_type=BigInt)
    import_id: int | None = not_personal("Import", default=None, sa_type=BigInt)
