"""What a postal code looks like by country, which returned mail counts, and how complete and current a record is."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.access import Basis, Purpose, RecordKind, Role, Standing
from staffdesk.domain.accuracy import Returned, first_to_ask, rules, upkeep_of
from staffdesk.domain.classes import Exposure
from staffdesk.domain.postal_codes import doubt
from staffdesk.domain.postal_codes import rules as postal_rules
from staffdesk.domain.records import Cell, Record, Row

ADDRESSES = Path(__file__).parents[4] / "shared" / "realdata" / "addresses"
TODAY = dt.date(2026, 11, 27)
NOON = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("BE", "1050"), ("BE", "B-1050"), ("nl", "1012ab"), ("NL", "1012 AB"), ("GB", "SW1A 1AA"), ("PL", "00950"),
        ("LV", "LV-1010"), ("IE", "D02 AF30"), ("US", "10001-1234"), ("SE", "114 55"), ("XX", "whatever"),
        ("BE", None), (None, "1050"),
    ],
)  # fmt: skip
def test_a_postal_code_that_looks_like_its_countrys_is_not_doubted(country: str | None, code: str | None) -> None:
    assert doubt(country, code) == ""


@pytest.mark.parametrize(
    ("country", "code"),
    [("BE", "10500"), ("BE", "0123"), ("NL", "1012"), ("US", "1050"), ("de", "1050"), ("GB", "75001")],
)
def test_one_of_another_country_is_told_of(country: str, code: str) -> None:
    assert doubt(country, code) == f"not as in {country.upper()}"


def test_of_the_real_codes_those_alone_are_doubted_that_are_several_or_a_part_or_none() -> None:
    if not ADDRESSES.is_dir():
        pytest.skip("the real addresses are not beside the project")
    looked_at, doubted = 0, []
    for file in sorted(ADDRESSES.glob("countries_*.yaml")):
        country = file.stem.removeprefix("countries_").upper()
        for part in file.read_text("utf-8").split("\n---"):
            found = re.search(r"(?m)^\s+postcode:\s*['\"]?([^'\"\n]+)", part)
            own = re.search(r"(?m)^\s+country_code:\s*['\"]?(\w\w)", part)
            if found is not None and (own is None or own[1].upper() == country):
                looked_at += 1
                doubted += [(country, found[1].strip())] if doubt(country, found[1].strip()) else []
    assert looked_at == 84
    assert [(country, code[:6]) for country, code in doubted] == [
        ("DE", "63739,"), ("ES", "20001;"), ("FR", "68100;"), ("GB", "E10"), ("NL", "0000NA"),
    ]  # fmt: skip


@given(st.text(max_size=20), st.sampled_from(sorted(postal_rules().patterns)))
def test_nothing_that_is_typed_is_refused(code: str, country: str) -> None:
    assert doubt(country, code) in {"", f"not as in {country}"}


@pytest.mark.parametrize(
    ("status", "counts"), [("5.1.1", True), ("5.1.10", True), ("5.10.1", False), ("5.2.2", False), ("", False)]
)
def test_a_status_counts_by_its_whole_parts(status: str, counts: bool) -> None:
    assert rules().bounces.says_unreachable("failed", status) is counts


@pytest.mark.parametrize(
    ("known_on", "bounced_at", "news"),
    [
        (NOON.date(), None, True), (NOON.date() + dt.timedelta(days=1), None, False),
        (NOON.date(), int(NOON.timestamp() * 1000), False), (NOON.date(), 1, True),
    ],
)  # fmt: skip
def test_a_mail_that_came_back_before_the_address_was_confirmed_says_nothing(
    known_on: dt.date, bounced_at: int | None, news: bool
) -> None:
    assert Returned(1, "s_1", "a@b.example", bounced_at, known_on).is_news(NOON) is news


def _record(**cells: Cell) -> Record:
    held = {name: Cell(f"person:7:{name}", name.capitalize(), "x") for name in rules().complete.person}
    dates = {"obtained_on": Cell("", "", "2024-01-02"), "confirmed_on": Cell("", "", None, held=False)}
    row = Row("person", 7, {**held, **dates, **cells})
    return Record(
        RecordKind.PERSON, 7, 7, "", Role.SUPPORT, Purpose.SUPPORT, "", Standing.NONE, Basis.OWN, 1, {"person": (row,)},
        ("person", 7),
    )  # fmt: skip


def test_a_record_says_what_it_lacks_and_what_is_to_be_asked() -> None:
    empty = Cell("person:7:phone", "Telephone", None, held=False)
    (found,) = upkeep_of(_record(phone=empty, email=Cell("", "E-mail", "•••", Exposure.MASKED)), TODAY)
    assert found.complete == "87 %, lacks Telephone"
    assert found.prompt == "not confirmed since 2024-01-02: confirm at the next contact"
    unseen = Cell("person:7:street", "Street", None, Exposure.NONE, held=False)
    confirmed = Cell("", "", "2026-10-01")
    (found,) = upkeep_of(_record(street=unseen, confirmed_on=confirmed), TODAY)
    assert (found.complete, found.prompt) == ("100 %", "")
    (found,) = upkeep_of(_record(confirmed_on=confirmed, bounced_at=Cell("", "", "2026-11-01T10:00:00Z")), TODAY)
    assert found.prompt == "mail came back on 2026-11-01: ask for another address"


def test_what_is_to_be_asked_as_a_call_ends_names_the_company_where_it_is_about_that() -> None:
    old = _record()
    assert first_to_ask(old, TODAY) == "not confirmed since 2024-01-02: confirm at the next contact"
    confirmed = _record(confirmed_on=Cell("", "", "2026-10-01"))
    company = Row("organisation", 3, {"obtained_on": Cell("", "", "2022-08-01"), "name": Cell("", "Company", "Buhr")})
    both = dataclasses.replace(confirmed, sections={**confirmed.sections, "organisation": (company,)})
    assert first_to_ask(both, TODAY) == "Company: not confirmed since 2022-08-01: confirm at the next contact"
    assert first_to_ask(confirmed, TODAY) == ""
