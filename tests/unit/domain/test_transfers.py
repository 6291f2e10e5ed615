"""Nothing leaves the EEA, and nobody reads from outside it, without a safeguard that holds today."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from staffdesk.domain.access import Entity
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.transfers import (
    Mark,
    Mechanism,
    Recipient,
    Safeguard,
    TransferRules,
    known_recipients,
    may_open,
    rules,
    transfer_check,
)
from staffdesk.parameters import load, shaped

TODAY = dt.date(2026, 11, 22)
CLAUSES = Mechanism(
    kind=Safeguard.SCC, document="SCC-2026-01", valid_from=dt.date(2026, 1, 1), valid_until=dt.date(2027, 12, 31)
)
ENDED = dataclasses.replace(CLAUSES, valid_until=dt.date(2026, 11, 21))
LAST_DAY = dataclasses.replace(CLAUSES, valid_until=TODAY)
NOT_YET = dataclasses.replace(CLAUSES, valid_from=dt.date(2026, 11, 23))
CERTIFIED = frozenset({Mark.FRAMEWORK_CERTIFICATE})


@pytest.mark.parametrize("country", ["BE", "be", " fr ", "EL", "GR", "NO", "IS", "LI", "RE", "MF"])
def test_inside_the_eea_nothing_is_needed(country: str) -> None:
    verdict = transfer_check(Recipient(country=country), TODAY)
    assert verdict.allowed
    assert verdict.safeguard is None


@pytest.mark.parametrize(
    ("recipient", "safeguard"),
    [
        (Recipient(country="CH"), Safeguard.ADEQUACY),
        (Recipient(country="GB"), Safeguard.ADEQUACY),
        (Recipient(country="UK"), Safeguard.ADEQUACY),
        (Recipient(country="BR"), Safeguard.ADEQUACY),
        (Recipient(country="CA", marks=frozenset({Mark.PIPEDA})), Safeguard.ADEQUACY),
        (Recipient(country="CA", mechanism=CLAUSES), Safeguard.SCC),
        (Recipient(country="JP", marks=frozenset({Mark.PRIVATE_SECTOR})), Safeguard.ADEQUACY),
        (Recipient(country="US", marks=CERTIFIED, certified_on=dt.date(2025, 11, 22)), Safeguard.ADEQUACY),
        (Recipient(country="US", mechanism=CLAUSES), Safeguard.SCC),
        (Recipient(country="IN", mechanism=CLAUSES), Safeguard.SCC),
        (Recipient(country="IN", mechanism=LAST_DAY), Safeguard.SCC),
    ],
)
def test_outside_it_the_ground_is_named(recipient: Recipient, safeguard: Safeguard) -> None:
    verdict = transfer_check(recipient, TODAY)
    assert verdict.allowed
    assert verdict.safeguard is safeguard


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        (Recipient(country="CA"), "PIPEDA"),
        (Recipient(country="JP"), "private sector"),
        (Recipient(country="US"), "certified under the framework"),
        (Recipient(country="US", marks=CERTIFIED), "not looked up within 12 months"),
        (Recipient(country="US", marks=CERTIFIED, certified_on=dt.date(2025, 11, 21)), "not looked up"),
        (Recipient(country="US", marks=CERTIFIED, certified_on=dt.date(2026, 11, 23)), "not looked up"),
        (Recipient(country="US", mechanism=ENDED), "SCC ended on 2026-11-21"),
        (Recipient(country="IN"), "no adequacy decision"),
        (Recipient(country="IN", mechanism=NOT_YET), "begins on 2026-11-23"),
        (Recipient(country="IN", mechanism=Mechanism(kind=Safeguard.ADEQUACY)), "no adequacy decision"),
        (Recipient(country="GI"), "no adequacy decision"),
        (Recipient(country="XX"), "not known"),
        (Recipient(country="ZZ", mechanism=CLAUSES), "not known"),
        (Recipient(country=""), "not known"),
    ],
)
def test_without_a_ground_nothing_goes(recipient: Recipient, reason: str) -> None:
    verdict = transfer_check(recipient, TODAY)
    assert not verdict.allowed
    assert reason in verdict.reason


def test_a_decision_ends_after_its_last_day() -> None:
    assert transfer_check(Recipient(country="GB"), dt.date(2031, 12, 27)).allowed
    assert not transfer_check(Recipient(country="GB"), dt.date(2031, 12, 28)).allowed


def test_one_line_switches_the_american_framework_off() -> None:
    off = dataclasses.replace(rules(), us_framework=False)
    certified = Recipient(country="US", marks=CERTIFIED, certified_on=TODAY)
    assert not transfer_check(certified, TODAY, by=off).allowed


@pytest.mark.parametrize(
    ("mechanism", "missing"),
    [
        (Mechanism(kind=Safeguard.SCC), "the document"),
        (Mechanism(kind=Safeguard.SCC, document="SCC-1"), "the day it ends"),
        (Mechanism(kind=Safeguard.BCR, document="BCR-1"), "the approving authority"),
        (Mechanism(kind=Safeguard.BCR, authority="APD"), "the day of approval"),
        (Mechanism(kind=Safeguard.SCHEME), "the certificate"),
        (Mechanism(kind=Safeguard.SCHEME, certificate="C-1"), "the day it ends"),
        (Mechanism(kind=Safeguard.ART49), "reason"),
    ],
)
def test_a_safeguard_without_its_evidence_is_none(mechanism: Mechanism, missing: str) -> None:
    verdict = transfer_check(Recipient(country="IN", mechanism=mechanism), TODAY)
    assert not verdict.allowed
    assert missing in verdict.reason


def test_an_employee_in_brussels_opens_every_record() -> None:
    for country in ("FR", "US", None, "ZZ"):
        assert may_open(Entity.BE, country, rules().entities, TODAY).allowed


@pytest.mark.parametrize("country", ["FR", "BE", "UK-less", "", None, "EL"])
def test_nevada_is_closed_to_eea_records_until_a_safeguard_is_recorded(country: str | None) -> None:
    closed = may_open(Entity.US, country, rules().entities, TODAY)
    assert not closed.allowed
    assert closed.reason
    assert "US" in rules().entities
    opened = dict(rules().entities) | {Entity.US: Recipient(country="US", mechanism=CLAUSES)}
    assert may_open(Entity.US, country, opened, TODAY).safeguard is Safeguard.SCC
    ended = dict(rules().entities) | {Entity.US: Recipient(country="US", mechanism=ENDED)}
    assert not may_open(Entity.US, country, ended, TODAY).allowed


def test_nevada_opens_records_of_its_own_side_of_the_ocean() -> None:
    assert may_open(Entity.US, "US", rules().entities, TODAY).allowed


def test_a_company_the_table_does_not_name_is_closed() -> None:
    assert not may_open(Entity.US, "US", {}, TODAY).allowed


def test_an_unconfirmed_recipient_is_given_nothing() -> None:
    known = {each.code: each for each in known_recipients()}
    assert set(known) == {"PAYMENT_PROCESSOR", "CAMPAIGN_SERVICE", "CARRIER"}
    for each in known.values():
        assert transfer_check(each.recipient(), TODAY).allowed is each.confirmed
    assert known["CAMPAIGN_SERVICE"].country == "GB"


@pytest.mark.parametrize(("key", "value"), [("eea", ["BE", "QQ"]), ("entities", {"BE": {"country": "BE"}})])
def test_a_table_with_an_invented_country_or_without_a_company_is_refused(key: str, value: object) -> None:
    with pytest.raises(Misconfigured, match=r"transfers\.toml"):
        shaped("transfers", load("transfers") | {key: value}, TransferRules)
