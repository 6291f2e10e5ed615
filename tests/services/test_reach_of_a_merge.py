"""What is asked of one record of somebody reaches the other that was put together with it.

Seen to fail: with an objection of the other dropped, with an erasure of one record alone, with a look that the log
names the first of two for alone, and so with a page of his company, with a call that stays behind when its case goes,
and with fields of the first record alone set right.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from staffdesk.data.tables.sharing import Subscription
from staffdesk.domain.access import Access, RecordKind, Role
from staffdesk.domain.correction import Repair, Seen
from staffdesk.domain.matters import NewCase
from staffdesk.domain.policy import matrix
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.services.erasure.due import finish
from staffdesk.services.merging import Merging
from staffdesk.services.organisations import Organisations
from tests import factories
from tests.databases import Place
from tests.services.erasures import NOW, TODAY, erased, planned, rows, somebody, storage_of
from tests.services.front import Front
from tests.services.offices import entries
from tests.services.twice_on_file import front, merging, pia, sue, two

__all__ = ["front", "merging", "pia", "sue", "two"]

_WRITTEN = ("customer.changed", "customer.confirmed")


def test_an_objection_of_either_holds_for_both(
    front: Front, merging: Merging, sue: Access, two: tuple[int, int], place: Place
) -> None:
    him, other = two
    mail = {**factories.provenance(), "person_id": him, "list_name": "news", "status": "subscribed"}
    factories.put(front.office.database, Subscription.checked(mail))
    factories.put(front.office.database, Subscription.checked({**mail, "person_id": other, "list_name": "events"}))
    front.marketing.stop(sue, other)
    assert merging.merge(sue, him, other).mail_stopped
    assert rows(place, "SELECT DISTINCT status FROM subscription") == [("unsubscribed",)]
    assert merging.unmerge(sue, him, other).mail_stopped, "an objection is never undone by staff"
    assert rows(place, "SELECT DISTINCT status FROM subscription") == [("unsubscribed",)]


def test_an_erasure_of_one_leaves_nothing_of_either(
    front: Front, merging: Merging, pia: Access, place: Place, tmp_path: Path
) -> None:
    database = front.office.database
    him = somebody(database, front.office.hire("ana", Role.SUPPORT))
    again = factories.person(
        given_name="Xylorimba", family_name="Quetzelbrot", email="xq@fingerhut.example", phone="+32 470 55 51 42",
        street="Goldregenallee 41", postal_code="1000", city="Brussels", country="BE", store="shopify",
        account_id="acc-12344321",
    )  # fmt: skip
    (other,) = factories.put(database, again)
    factories.put(database, factories.order(person_id=other), factories.report(other, "Xylorimba Quetzelbrot called"))
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE request SET state = 'received'")
    merging.merge(pia, him.person, other)
    folder = tmp_path / "data"
    folder.mkdir()
    storage = storage_of(place, database, folder)
    decided = planned(database, him.person)
    assert set(decided.people) == {him.person, other}
    erased(storage, decided)
    done = finish(storage, "2024-10", TODAY, NOW)
    assert (done.open, [found.left for found in done.swept]) == (0, [{}])
    assert rows(place, "SELECT id FROM person") == [(him.colleague,)]
    assert rows(place, "SELECT * FROM person_pair") == rows(place, "SELECT * FROM merged_row") == []
    assert len(rows(place, "SELECT * FROM tombstone")) == 2
    assert not [value for (value,) in rows(place, "SELECT value FROM opening") if "fingerhut" in str(value)]


def test_a_request_takes_along_what_was_put_together_without_asking_again(
    front: Front, merging: Merging, pia: Access, two: tuple[int, int], place: Place
) -> None:
    from staffdesk.services.duplicates import Duplicates  # noqa: PLC0415 - one test alone

    him, other = two
    number = front.requests.receive(pia, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=other).number
    duplicates = Duplicates(front.office.door, clock=front.office.clock)
    assert him in {each.customer for each in duplicates.list(pia, number).listed}
    merging.merge(pia, him, other)
    assert rows(place, "SELECT person_id FROM request") == [(him,)]
    assert not {him, other} & {each.customer for each in duplicates.list(pia, number).listed}


def test_a_look_at_two_that_were_put_together_stands_in_the_log_of_both_also_when_they_are_apart_again(
    front: Front, merging: Merging, sue: Access, two: tuple[int, int], place: Place
) -> None:
    him, other = two
    merging.merge(sue, him, other)
    front.gateway.open(sue, RecordKind.PERSON, him)
    opened = next(core for core in reversed(entries(place)) if core.act == "customer.opened")
    merging.unmerge(sue, him, other)
    with place.owner() as owner:
        aids = owner.exec_driver_sql(f"SELECT aid FROM person WHERE id IN ({him}, {other})").scalars().all()
    assert set(aids) <= set(opened.obj)
    for one in (him, other):
        assert any(look.seq == opened.seq for look in front.gateway.history(sue, one))


def test_a_page_of_the_company_that_shows_what_hung_on_the_other_names_him_too(
    front: Front, merging: Merging, sue: Access, two: tuple[int, int], place: Place
) -> None:
    him, other = two
    merging.merge(sue, him, other)
    with place.owner() as owner:
        company = owner.exec_driver_sql(f"SELECT organisation_id FROM person WHERE id = {him}").scalar_one()
        owner.exec_driver_sql(f"UPDATE sales_order SET organisation_id = {company} WHERE number = 'SO-77001'")
        aids = owner.exec_driver_sql(f"SELECT aid FROM person WHERE id IN ({him}, {other})").scalars().all()
        owner.commit()
    page = Organisations(front.office.door, matrix()).history(sue, int(company))
    assert "SO-77001" in {each.number for each in page.happenings}
    assert set(aids) <= set(entries(place)[-1].obj)
    merging.unmerge(sue, him, other)
    assert any(look.seq > page.seq and look.act == "customer.listed" for look in front.gateway.history(sue, other))


def test_what_was_said_since_in_a_case_that_is_given_back_goes_back_with_it(
    front: Front, merging: Merging, sue: Access, two: tuple[int, int], place: Place
) -> None:
    him, other = two
    case = front.cases.open(sue, NewCase("support", "call", customer=other)).number
    merging.merge(sue, him, other)
    front.cases.note(sue, case, topic="sound", text="it hums since the merge")
    apart = merging.unmerge(sue, him, other)
    assert (apart.back["contact_report"], apart.came) == (2, {})
    assert rows(place, f"SELECT COUNT(*) FROM contact_report WHERE person_id = {other}") == [(2,)]


def test_fields_of_both_records_are_set_right_and_confirmed_and_the_log_names_both(
    front: Front, merging: Merging, sue: Access, two: tuple[int, int], place: Place
) -> None:
    him, other = two
    merging.merge(sue, him, other)
    tom = front.staff("tom", Role.SUPPORT)
    case = front.cases.open(tom, NewCase("support", "call", customer=him)).number
    tom = replace(tom, reference=case)
    seen = Seen(f"person:{other}:family_name", "Bo-Holm")
    front.repairs.repair(tom, him, Repair(seen, "Boholm", "SO-77001"))
    done = front.repairs.confirm(tom, him, [Seen(seen.key, "Boholm"), Seen(f"person:{him}:given_name", "Anders")])
    assert done == 2
    kept = rows(place, f"SELECT id, confirmed_on IS NOT NULL FROM person WHERE id IN ({him}, {other}) ORDER BY id")
    assert [bool(confirmed) for _, confirmed in kept] == [True, True]
    both = {str(row[0]) for row in rows(place, f"SELECT aid FROM person WHERE id IN ({him}, {other})")}
    told = [set(core.obj) for core in entries(place) if core.out == "ok" and core.act in _WRITTEN]
    assert len(told) == len(_WRITTEN)
    assert all(both <= about for about in told)
