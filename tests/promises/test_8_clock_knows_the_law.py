"""The clock knows the law: due dates follow Regulation 1182/71 and the Belgian holidays, whoever receives a request.

Seen to fail: with a due date left on a holiday, with the day of receipt taken in UTC, and with no summer time after
2037. (Extensions and pauses come
with the workflow of a later step.)
"""

from __future__ import annotations

import datetime as dt

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Role
from staffdesk.domain.deadlines import due_dates
from staffdesk.domain.requests import RequestChannel, RequestType
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office

DUE = {
    "2026-03-05T09:00+01:00": "2026-04-07",
    "2026-01-31T09:00+01:00": "2026-03-02",
    "2025-11-30T09:00+01:00": "2025-12-30",
    "2026-04-01T00:30+02:00": "2026-05-04",
    "2026-03-31T23:59:59+02:00": "2026-04-30",
    "2026-04-25T12:00+02:00": "2026-05-26",
    "2026-07-15T12:00+02:00": "2026-08-17",
    "2026-10-01T12:00+02:00": "2026-11-02",
    "2026-10-11T12:00+02:00": "2026-11-12",
}
"""Computed by hand from Art. 3 of the regulation and the Act of 4 January 1974."""


def test_every_request_has_its_due_date(office: Office, database: Database, place: Place) -> None:
    number = factories.customer(database).person
    front = Front(office)
    pia = front.staff("pia", Role.PRIVACY)
    for moment, due in DUE.items():
        received = dt.datetime.fromisoformat(moment)
        made = front.requests.receive(
            pia,
            kind=RequestType.ERASE,
            channel=RequestChannel.EMAIL,
            customer=number,
            received_at=int(received.timestamp() * 1000),
        )
        assert made.hard_due == made.soft_due == dt.date.fromisoformat(due), moment
    with place.owner() as owner:
        stored = owner.exec_driver_sql("SELECT hard_due FROM request ORDER BY id").all()
    assert [str(row[0]) for row in stored] == list(DUE.values())


def test_summer_time_is_kept_in_every_year_to_come() -> None:
    for year, due in ((2037, "2037-05-04"), (2038, "2038-05-03"), (2050, "2050-05-02")):
        received = dt.datetime(year, 3, 31, 22, 30, tzinfo=dt.UTC)
        assert due_dates(received).hard == dt.date.fromisoformat(due)


@pytest.mark.parametrize("kind", RequestType)
@pytest.mark.parametrize("role", [Role.SUPPORT, Role.PRIVACY])
def test_no_kind_of_request_and_no_receiver_has_more_time(kind: RequestType, role: Role, office: Office) -> None:
    front = Front(office)
    made = front.requests.receive(
        front.staff("ana", role),
        kind=kind,
        channel=RequestChannel.POST,
        customer=None,
        requester="A B",
        reply_address="Street 1, 1000 Brussels",
        received_at=int(dt.datetime.fromisoformat("2026-03-05T09:00+01:00").timestamp() * 1000),
    )
    assert made.hard_due == dt.date(2026, 4, 7)
