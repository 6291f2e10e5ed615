"""What has no letter is no name: nobody is called #5001, whatever file says so; it is left out and counted.

Seen to fail: with a name taken as any other text, in each of the sources.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from staffdesk.domain.imported import Dropped
from staffdesk.domain.imported_lists import party_of
from staffdesk.domain.read_items import Imported, Refused
from staffdesk.services.importing import reader_of
from tests.services.lists import table
from tests.services.store_files import contact, order, written

NONE = ["#5001", "5001", "+32 2 123 45 67", "—", "12/2026 (3)"]
SOME = ["X Æ 12", "李小龙", "Ó", "J4n", "Żółć"]


@pytest.mark.parametrize("name", NONE)
def test_it_is_left_out_and_counted_and_the_rest_is_taken_in(name: str, tmp_path: Path) -> None:
    leads = reader_of("leads", None)
    (read,) = leads(table(tmp_path, (name, "a@b.example"), header=("Name", "E-mail")))
    assert isinstance(read, Imported)
    party = party_of(read.record)
    assert party is not None
    assert (party.family_name, party.email, read.dropped) == (None, "a@b.example", {Dropped.NAME: 1})
    (alone,) = leads(table(tmp_path, (name, ""), header=("Name", "E-mail")))
    assert isinstance(alone, Refused)
    assert "names nobody" in alone.reason


@pytest.mark.parametrize("name", SOME)
def test_a_name_of_any_script_stays(name: str, tmp_path: Path) -> None:
    (read,) = reader_of("leads", None)(table(tmp_path, (name, "a@b.example"), header=("Last name", "E-mail")))
    assert isinstance(read, Imported)
    party = party_of(read.record)
    assert party is not None
    assert party.family_name == name


def _taken(source: str, file: Path) -> Imported:
    (read,) = (each for each in reader_of(source, None)(file) if isinstance(each, Imported))
    return read


def test_so_it_is_in_what_a_store_sold_and_in_a_card(tmp_path: Path) -> None:
    buyer = contact(first="#5001", last="77", email="a@b.example")
    sold = _taken("fastspring", written(tmp_path, order("R-1", buyer)))
    shop = tmp_path / "shopify.json"
    person = {"id": 1, "first_name": "#5001", "last_name": "77", "email": "a@b.example"}
    at = "2025-01-15T17:41:00-05:00"
    shop.write_text(
        json.dumps(
            [{
                "id": 5001, "name": "#5001", "created_at": at, "currency": "USD", "total_price": "1.00",
                "financial_status": "paid", "customer": person, "billing_address": {**person, "name": "#5001 77"},
                "line_items": [{"name": "Movie", "quantity": 1, "price": "1.00"}],
            }]
        ),
        "utf-8",
    )  # fmt: skip
    card = tmp_path / "card.vcf"
    card.write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:#5001\r\nEMAIL:a@b.example\r\nEND:VCARD\r\n", "utf-8")
    for read in (sold, _taken("shopify", shop), _taken("leads", card)):
        party = party_of(read.record)
        assert party is not None
        assert (party.given_name, party.family_name, party.email) == (None, None, "a@b.example")
        assert read.dropped[Dropped.NAME] >= 1


def test_a_card_in_two_halves_of_a_name_is_refused_as_what_it_is(tmp_path: Path) -> None:
    halves = ("4111 1111", "1111 1111", "a@b.example")
    (refused,) = reader_of("leads", None)(table(tmp_path, halves, header=("First name", "Last name", "E-mail")))
    assert isinstance(refused, Refused)
    assert "card" in refused.reason
