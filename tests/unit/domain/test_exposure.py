"""The matrix: how much of a customer each role sees, what it may reveal, and what is missing where it sees less."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.access import Role, Standing
from staffdesk.domain.access_table import Opening, ReferenceKind
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.policy import matrix

MATRIX = matrix()
CUSTOMER_CLASSES = set(PrivacyClass) - {PrivacyClass.STAFF}


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_approver_admin_and_auditor_never_see_a_customer(role: Role) -> None:
    for privacy_class, standing, reference, own in product(
        CUSTOMER_CLASSES, Standing, (None, *ReferenceKind), (False, True)
    ):
        assert MATRIX.exposure(role, privacy_class, standing, reference, own=own) is Exposure.NONE
        assert not MATRIX.may_reveal(role, privacy_class, standing, reference, own=own)


def test_support_sees_how_to_reach_somebody_once_the_reference_is_verified() -> None:
    claimed = (Role.SUPPORT, PrivacyClass.CONTACT, Standing.CLAIMED, ReferenceKind.CASE)
    assert MATRIX.exposure(*claimed) is Exposure.MASKED
    assert MATRIX.missing(*claimed) == "verified reference"
    assert MATRIX.may_reveal(*claimed)
    verified = (Role.SUPPORT, PrivacyClass.CONTACT, Standing.VERIFIED, ReferenceKind.CASE)
    assert MATRIX.exposure(*verified) is Exposure.SHOWN
    assert MATRIX.missing(*verified) == ""


@pytest.mark.parametrize("reference", [None, *ReferenceKind])
def test_support_sees_a_machine_masked_and_only_with_a_case_or_a_licence(reference: ReferenceKind | None) -> None:
    seen = (Role.SUPPORT, PrivacyClass.NETWORK, Standing.VERIFIED, reference)
    founded = reference in {ReferenceKind.CASE, ReferenceKind.LICENCE}
    assert MATRIX.exposure(*seen) is (Exposure.MASKED if founded else Exposure.NONE)
    assert MATRIX.may_reveal(*seen) is founded
    assert MATRIX.missing(*seen) == ("" if founded else "licence or case reference")


def test_sales_and_finance_never_see_a_machine() -> None:
    for role, standing, reference in product((Role.SALES, Role.FINANCE), Standing, (None, *ReferenceKind)):
        assert MATRIX.exposure(role, PrivacyClass.NETWORK, standing, reference) is Exposure.NONE
        assert MATRIX.missing(role, PrivacyClass.NETWORK, standing, reference) == ""


@pytest.mark.parametrize(
    ("role", "privacy_class", "exposure", "revealed"),
    [
        (Role.SUPPORT, PrivacyClass.ADDRESS, Exposure.NONE, False),
        (Role.SUPPORT, PrivacyClass.BILLING, Exposure.NONE, False),
        (Role.SUPPORT, PrivacyClass.DELIVERY, Exposure.NONE, False),
        (Role.SUPPORT, PrivacyClass.LICENCE, Exposure.SHOWN, True),
        (Role.SUPPORT, PrivacyClass.MARKETING, Exposure.MASKED, False),
        (Role.SALES, PrivacyClass.CONTACT, Exposure.SHOWN, True),
        (Role.SALES, PrivacyClass.ADDRESS, Exposure.MASKED, True),
        (Role.SALES, PrivacyClass.LICENCE, Exposure.MASKED, False),
        (Role.SALES, PrivacyClass.CASE, Exposure.MASKED, False),
        (Role.SALES, PrivacyClass.BILLING, Exposure.NONE, False),
        (Role.FINANCE, PrivacyClass.ADDRESS, Exposure.SHOWN, True),
        (Role.FINANCE, PrivacyClass.BILLING, Exposure.SHOWN, True),
        (Role.FINANCE, PrivacyClass.DELIVERY, Exposure.SHOWN, True),
        (Role.FINANCE, PrivacyClass.CONTACT, Exposure.MASKED, True),
        (Role.FINANCE, PrivacyClass.REPORT, Exposure.NONE, False),
        (Role.FINANCE, PrivacyClass.CASE, Exposure.NONE, False),
        (Role.PRIVACY, PrivacyClass.STAFF, Exposure.NONE, False),
        (Role.ADMIN, PrivacyClass.STAFF, Exposure.SHOWN, True),
    ],
)
def test_who_sees_what(role: Role, privacy_class: PrivacyClass, exposure: Exposure, revealed: bool) -> None:
    assert MATRIX.exposure(role, privacy_class, Standing.CLAIMED, ReferenceKind.CASE) is exposure
    assert MATRIX.may_reveal(role, privacy_class, Standing.CLAIMED, ReferenceKind.CASE) is revealed


def test_privacy_sees_all_of_a_customer() -> None:
    for privacy_class in CUSTOMER_CLASSES:
        assert MATRIX.exposure(Role.PRIVACY, privacy_class) is Exposure.SHOWN


def test_a_report_is_read_by_whoever_works_on_that_product_and_a_request_by_who_received_it() -> None:
    report = (Role.SUPPORT, PrivacyClass.REPORT)
    assert MATRIX.exposure(*report) is Exposure.MASKED
    assert MATRIX.missing(*report) == "case of the same product"
    assert MATRIX.exposure(*report, own=True) is Exposure.SHOWN
    request = (Role.SALES, PrivacyClass.REQUEST)
    assert MATRIX.exposure(*request) is Exposure.NONE
    assert MATRIX.exposure(*request, own=True) is Exposure.SHOWN


@given(
    st.sampled_from(Role),
    st.sampled_from(PrivacyClass),
    st.sampled_from(Standing),
    st.none() | st.sampled_from(ReferenceKind),
    st.booleans(),
)
def test_a_value_said_to_lack_nothing_is_not_hidden_by_a_condition(
    role: Role, privacy_class: PrivacyClass, standing: Standing, reference: ReferenceKind | None, own: bool
) -> None:
    exposure = MATRIX.exposure(role, privacy_class, standing, reference, own=own)
    missing = MATRIX.missing(role, privacy_class, standing, reference, own=own)
    best = MATRIX.exposure(role, privacy_class, Standing.VERIFIED, ReferenceKind.CASE, own=True)
    assert (missing == "") is (exposure is best)
    assert missing in {"", *MATRIX.conditions.values()}


def test_words_of_staff_are_for_admin_and_auditor_and_values_for_privacy_alone() -> None:
    for role in Role:
        assert MATRIX.reads_opening(role, Opening.REASON) is (role in {Role.ADMIN, Role.AUDITOR})
        assert MATRIX.reads_opening(role, Opening.VALUE) is (role is Role.PRIVACY)
