"""Privacy goes through who stands twice on file: who is on a page is named in the log, what is decided comes no more.

Seen to fail: with the role not asked, with the entry naming one of the two, with what was decided of merged records
told under their own numbers, and with each of held, contested and receivable left out.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from staffdesk.domain.access import Access, Role
from staffdesk.domain.errors import Denied
from staffdesk.domain.policy import matrix
from staffdesk.domain.twin_pairs import BEGINNING, PairsAfter, Sought, TwinPair
from staffdesk.services.merging import Merging
from staffdesk.services.twin_pairs import Pairs
from tests import factories
from tests.databases import Place
from tests.services.front import Front, move_to_the_us
from tests.services.offices import entries
from tests.services.twice_on_file import front, merging, pia, sue, two

__all__ = ["front", "merging", "pia", "sue", "two"]

ADA = {"given_name": "Ada", "family_name": "Smith", "email": "ada@one.example", "country": "BE"}


@pytest.fixture
def pairs(front: Front) -> Pairs:
    return Pairs(front.office.door, matrix())


def all_of(pairs: Pairs, access: Access) -> list[TwinPair]:
    """Return the pairs of every page, one after the other."""
    found: list[TwinPair] = []
    after: PairsAfter | None = BEGINNING
    while after is not None:
        page = pairs.page(access, after)
        found += page.pairs
        after = page.after
    return found


def numbers(found: list[TwinPair]) -> set[tuple[int, int]]:
    return {(each.one.id, each.other.id) for each in found}


def test_who_stands_twice_is_listed_and_named_in_the_log_before(
    pairs: Pairs, pia: Access, two: tuple[int, int], place: Place
) -> None:
    him, other = two
    page = pairs.page(replace(pia, reference=None), PairsAfter(Sought.PHONE))
    assert [(each.one.id, each.other.id, each.found_by) for each in page.pairs] == [(him, other, "telephone, name")]
    with place.owner() as owner:
        aids = owner.exec_driver_sql(f"SELECT aid FROM person WHERE id IN ({him}, {other})").scalars().all()
    searched, listed = entries(place)[-2:]
    assert (searched.act, searched.kinds, searched.seq) == ("customer.search", ("pairs",), page.seq)
    assert (listed.act, listed.out, listed.level, listed.n) == ("customer.listed", "ok", "listed", 2)
    assert set(listed.obj) == {*aids}
    assert pairs.page(pia, PairsAfter(Sought.NAME)).pairs == ()
    assert entries(place)[-1].act == "customer.search", "where nobody is listed nobody is named"


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.SALES, Role.FINANCE, Role.APPROVER, Role.ADMIN, Role.AUDITOR])
@pytest.mark.usefixtures("two")
def test_nobody_but_privacy_is_listed_them(front: Front, pairs: Pairs, place: Place, role: Role) -> None:
    with pytest.raises(Denied):
        pairs.page(front.staff("ann", role, "T-1182"))
    assert entries(place)[-1].act == "denied"
    assert not [each for each in entries(place) if each.act == "customer.listed"]


def test_what_was_decided_comes_no_more(front: Front, pairs: Pairs, merging: Merging, pia: Access) -> None:
    one, again, third, fourth = factories.put(front.office.database, *(factories.person(**ADA) for _ in range(4)))
    assert len(all_of(pairs, pia)) == 6
    merging.merge(pia, one, again)
    merging.tell_apart(pia, again, fourth)
    assert numbers(all_of(pairs, pia)) == {(one, third), (third, fourth)}, "the merged one counts under the other"
    merging.tell_apart(pia, fourth, third)
    merging.merge(pia, one, third)
    assert all_of(pairs, pia) == []
    merging.unmerge(pia, one, third)
    assert numbers(all_of(pairs, pia)) == {(one, third)}


def test_nobody_is_listed_who_is_restricted_contested_or_may_not_be_received(
    pairs: Pairs, pia: Access, two: tuple[int, int], place: Place
) -> None:
    _, other = two
    assert len(all_of(pairs, pia)) == 1
    with place.owner() as owner:
        owner.exec_driver_sql(
            "INSERT INTO hold (record_table, record_id, ground, law, until, made_at)"
            f" VALUES ('person', {other}, 'restriction', 'Art. 18', '9999-12-31', 1)"
        )
    assert all_of(pairs, pia) == []
    with place.owner() as owner:
        owner.exec_driver_sql("DELETE FROM hold")
        owner.exec_driver_sql(f"UPDATE field_status SET contested_under = 'DSR-2026-0009' WHERE person_id = {other}")
    assert all_of(pairs, pia) == []
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE field_status SET contested_under = NULL")
    assert len(all_of(pairs, pia)) == 1
    move_to_the_us(place, "pia")
    assert all_of(pairs, pia) == []


def test_one_who_works_from_one_computer_with_another_is_not_he(front: Front, pairs: Pairs, pia: Access) -> None:
    """User name, MAC and IP are held for licensing alone: by them nobody is told to be the same."""
    factories.put(
        front.office.database,
        factories.person(given_name="Bo", family_name="Ek", email=None, user_name="edit-1"),
        factories.person(given_name="Cy", family_name="Lund", email=None, user_name="edit-1"),
    )
    assert all_of(pairs, pia) == []
