"""A time that names no zone is in the source's, or in the one that was told; what names its own keeps it.

Seen to fail: with every such time in UTC, and with a zone that is none let through.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported_lists import ImportedSubscriber
from staffdesk.domain.manifest import manifest_of
from staffdesk.domain.read_items import Imported
from staffdesk.services.importing import columns_in, reader_of
from staffdesk.services.importing.moments import table_moment
from tests.services.lists import table

HEADER = ("Email Address", "OPTIN_TIME", "LAST_CHANGED")
SAID = {"source": "STORE_ACCOUNT", "obtained": "2026-10-01", "evidence": "the service's own export"}
TODAY = dt.date(2026, 11, 28)


@pytest.mark.parametrize(
    ("zone", "written", "hour"),
    [
        (None, "2026-07-01 12:00:00", 12), ("Europe/Brussels", "2026-07-01 12:00:00", 10),
        ("Europe/Brussels", "2026-01-15 12:00:00", 11), ("America/Los_Angeles", "2026-07-01 12:00:00", 19),
        ("Europe/Brussels", "2026-07-01 12:00:00 UTC", 12), ("Europe/Brussels", "2026-07-01T12:00:00+01:00", 11),
    ],
)  # fmt: skip
def test_a_time_of_a_campaign_service(zone: str | None, written: str, hour: int, tmp_path: Path) -> None:
    told = manifest_of({**SAID, **({} if zone is None else {"zone": zone})}, TODAY)
    file = table(tmp_path, ("a@b.example", written, written), header=HEADER)
    (read,) = reader_of("mailchimp", told)(file)
    assert isinstance(read, Imported)
    assert isinstance(read.record, ImportedSubscriber)
    assert read.record.opted_in_at is not None
    assert (read.record.opted_in_at.hour, read.record.opted_in_at.utcoffset()) == (hour, dt.timedelta())
    columns = columns_in("mailchimp", told, file)
    assert columns is not None
    assert columns.zone == (zone or "UTC")


def test_a_table_without_times_names_no_zone(tmp_path: Path) -> None:
    columns = columns_in("leads", None, table(tmp_path, ("a@b.example",), header=("E-mail",)))
    assert columns is not None
    assert columns.zone is None


@pytest.mark.parametrize("zone", ["Brussels", "../../etc/passwd", "Europe", "CET+1", "\0"])
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(BadInput):
        manifest_of({**SAID, "zone": zone}, TODAY)


def test_an_hour_that_a_clock_showed_twice_or_never() -> None:
    twice = table_moment("2025-10-26 02:30:00", zone="Europe/Brussels")
    never = table_moment("2025-03-30 02:30:00", zone="Europe/Brussels")
    assert (twice, never) == (
        dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.UTC), dt.datetime(2025, 3, 30, 1, 30, tzinfo=dt.UTC),
    )  # fmt: skip
    with pytest.raises(BadInput, match="no such date"):
        table_moment("2025-02-30 02:30:00", zone="Europe/Brussels")
