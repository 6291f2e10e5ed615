"""What an account must have, what it may not hold, and what it is known by."""

from __future__ import annotations

import datetime as dt

import pytest

from staffdesk.domain.access import Entity, Role
from staffdesk.domain.errors import BadInput, MustNotBeHeld, StaffdeskError
from tests.databases import Place
from tests.services.offices import Office


@pytest.fixture
def firm(office: Office) -> Office:
    office.hire("ada", Role.ADMIN)
    office.hire("apo", Role.APPROVER, Role.FINANCE)
    office.hire("abe", Role.APPROVER)
    office.hire("sam", Role.SUPPORT)
    return office


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("user_name", "a na", BadInput),
        ("user_name", "\u0430na", BadInput),
        ("full_name", " ", BadInput),
        ("full_name", "Ana\x1b[31m", BadInput),
        ("employee_number", "85.07.30-033.28", MustNotBeHeld),
        ("email", "not an address", BadInput),
        ("valid_until", dt.date(2020, 1, 1), BadInput),
        ("employee_number", "sam", BadInput),
        ("user_name", "sam", BadInput),
    ],
)
def test_an_account_that_may_not_be_is_refused_and_leaves_nothing(
    firm: Office, field: str, value: str | dt.date, kind: type[StaffdeskError]
) -> None:
    admin = firm.access("ada")
    given = {"user_name": "nele", "full_name": "Nele Nieuw", "employee_number": "77", "email": None, field: value}
    with pytest.raises(kind) as caught:
        firm.staff.add(admin, entity=Entity.US, roles=[Role.SALES], **given)  # type: ignore[arg-type] # by name
    assert value == " " or str(value) not in f"{caught.value.sentence} {caught.value.hint}"
    assert len(firm.staff.accounts(admin)) == 4


def test_the_employing_company_and_the_days_are_kept(firm: Office) -> None:
    account, _ = firm.staff.add(
        firm.access("ada"),
        user_name="Nele.N",
        full_name="Nele Nieuw",
        employee_number="77",
        entity=Entity.US,
        roles=[Role.SALES],
        email="nele@softron.example",
        valid_from=dt.date(2999, 1, 1),
        valid_until=dt.date(2999, 12, 31),
    )
    assert (account.user_name, account.entity) == ("nele.n", Entity.US)
    assert (account.valid_from, account.valid_until) == (dt.date(2999, 1, 1), dt.date(2999, 12, 31))
    assert account.pending_id is not None
    assert firm.staff.approve(firm.access("apo"), account.pending_id).state == "not yet"


def test_a_colleague_among_the_customers_is_known_by_digests_without_a_name(firm: Office, place: Place) -> None:
    firm.staff.add(
        firm.access("ada"),
        user_name="nele",
        full_name="Nele Nieuw",
        employee_number="77",
        entity=Entity.BE,
        roles=[Role.SALES],
    )
    with place.owner() as connection:
        keys = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT user_name, relation_keys FROM staff")}
    letters = {key[0] for key in keys["sam"].split()}
    assert letters == {"e", "d", "n"}
    assert "holm" not in keys["sam"]
    shared = set(keys["sam"].split()) & set(keys["ada"].split())
    assert {key[0] for key in shared} == {"d", "n"}
    assert {key[0] for key in keys["nele"].split()} == {"n"}
