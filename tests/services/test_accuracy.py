"""What is to be set right at the next contact is listed by number alone, and to whom it concerns."""

from __future__ import annotations

import datetime as dt

import pytest

from staffdesk.data.database import Database
from staffdesk.data.tables.twins import PersonPair
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.accuracy import Mend, WorkList
from staffdesk.domain.errors import Denied
from staffdesk.domain.policy import matrix
from staffdesk.services.accuracy import Accuracy
from staffdesk.services.clearance import today_in_brussels
from tests import factories
from tests.databases import Place
from tests.services.front import Front, move_to_the_us
from tests.services.offices import Office, entries

WHOLE = {
    "given_name": "Ada", "family_name": "Smith", "email": "ada@smith.example", "phone": "+32 470 55 51 42",
    "street": "Rue Haute 1", "postal_code": "1000", "city": "Brussels", "country": "BE",
}  # fmt: skip


def _years_ago(years: int) -> dt.date:
    return today_in_brussels() - dt.timedelta(days=366 * years)


def _list(office: Office, access: Access, mend: Mend) -> WorkList:
    return Accuracy(office.door, matrix()).list(access, mend)


def test_what_is_old_or_lacks_something_is_listed_by_number_and_by_whom_it_concerns(
    office: Office, database: Database, place: Place
) -> None:
    front = Front(office)
    ana, ben, pia = (
        front.staff(name, role) for name, role in (("ana", Role.SUPPORT), ("ben", Role.SALES), ("pia", Role.PRIVACY))
    )
    old, older, _, lacking = factories.put(
        database,
        factories.person(**WHOLE, obtained_on=_years_ago(3)),
        factories.person(**WHOLE, obtained_on=_years_ago(5)),
        factories.person(**WHOLE, obtained_on=_years_ago(5), confirmed_on=today_in_brussels()),
        factories.person(**{**WHOLE, "street": None, "phone": None}, obtained_on=_years_ago(0)),
    )
    (company,) = factories.put(database, factories.organisation("Nordlys ApS", country="DK"))
    with place.owner() as owner:
        ana_id = str(owner.exec_driver_sql("SELECT id FROM staff WHERE user_name = 'ana'").scalar_one())
    factories.put(database, factories.case(ana_id, person_id=old), factories.case(ana_id, person_id=lacking))
    factories.put(database, factories.case(ana_id, person_id=older, kind="sale"))  # no work of support
    found = _list(office, pia, Mend.STALE)
    assert [each.number for each in found.rows] == [older, old]
    assert (found.count, found.mine, found.rows[0].since) == (2, False, _years_ago(5))
    assert [each.number for each in _list(office, ana, Mend.STALE).rows] == [old]
    assert _list(office, ben, Mend.STALE).rows == ()
    found = _list(office, pia, Mend.INCOMPLETE)
    assert {(each.table, each.number): each.missing for each in found.rows} == {
        ("person", lacking): ("Telephone", "Street"), ("organisation", company): ("Street", "Postal code", "City"),
    }  # fmt: skip
    assert (found.count, found.seq > 0) == (2, True)
    assert [each.number for each in _list(office, ana, Mend.INCOMPLETE).rows] == [lacking]
    listed = [each for each in entries(place) if each.act == Act.CUSTOMER_LISTED]
    assert [each.n for each in listed] == [2, 1, 2, 1]
    assert all(len(each.obj) == each.n and each.level == "listed" for each in listed)
    with pytest.raises(Denied):
        _list(office, front.staff("gus", Role.AUDITOR), Mend.STALE)


def test_of_many_twenty_are_listed_and_all_are_counted(office: Office, database: Database) -> None:
    pia = Front(office).staff("pia", Role.PRIVACY)
    factories.put(database, *(factories.person(**WHOLE, obtained_on=_years_ago(3)) for _ in range(23)))
    found = _list(office, pia, Mend.STALE)
    assert (len(found.rows), found.count) == (20, 23)


def test_what_was_put_together_is_listed_once_and_who_may_not_be_received_is_not(
    office: Office, database: Database, place: Place
) -> None:
    pia = Front(office).staff("pia", Role.PRIVACY)
    one, other = factories.put(database, *(factories.person(**WHOLE, obtained_on=_years_ago(3)) for _ in range(2)))
    with place.owner() as owner:
        staff = str(owner.exec_driver_sql("SELECT id FROM staff").scalar_one())
    pair = {"person_id": one, "other_id": other, "answer": "same", "likeness": "email", "decided_at": 1}
    factories.put(database, PersonPair.checked({**pair, "staff_id": staff}))
    assert [each.number for each in _list(office, pia, Mend.STALE).rows] == [one]
    move_to_the_us(place, "pia")
    assert _list(office, pia, Mend.STALE).rows == ()
