"""Importing again changes nothing, and a dry run writes nothing; the same on both databases."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from staffdesk.services import imports
from staffdesk.services.importing import batch_sizes
from staffdesk.services.imports import Imports
from tests.databases import Place
from tests.services.lists import SMITH, table, taken
from tests.services.offices import Office, entries
from tests.services.store_files import (
    REAL,
    column,
    contact,
    counted,
    held,
    order,
    real,
    seller,
    subscription,
    taken_in,
    written,
)

STATES = ("active", "canceled")
NEVER_HELD = frozenset(
    {
        *("payment", "billDescriptor", "payment_details", "payment_gateway_names", "gateway", "receipt"),
        *("browser_ip", "client_details", "user_agent", "session_hash", "accept_language"),
        *("token", "cart_token", "checkout_token", "order_status_url", "landing_site", "landing_site_ref"),
        *("referring_site", "lookup", "url", "invoiceUrl", "latitude", "longitude", "multipass_identifier"),
    }
)
"""Names of the real files, written here by hand: whatever stands below one of them may not be held."""


def small_batches(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(imports, "FIRST_BATCH", size)
    monkeypatch.setattr(batch_sizes, "_LARGEST_BATCH", size)


@pytest.mark.parametrize("store", ["fastspring", "shopify"])
@pytest.mark.parametrize("size", [1, 500])
def test_the_same_real_files_again_change_no_row(
    store: str, size: int, office: Office, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, size)
    access = seller(office)
    first = taken_in(office, access, real(store), store)
    assert first.of("orders")["new"]
    before = held(place)
    again = taken_in(office, access, real(store), store)
    assert again.read == first.read
    assert {state for (_, state), n in again.counts.items() if n} == {"unchanged"}
    assert held(place) == before


def test_of_several_states_the_last_stands_and_a_second_run_changes_nothing(
    office: Office, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With batches of one record, so that each state comes in a transaction of its own."""
    small_batches(monkeypatch, 1)
    access = seller(office)
    files = [
        written(tmp_path, *(order("A-1", total=total) for total in totals), order(f"B-{n}"), name=f"{n}.json")
        for n, totals in enumerate([(10, 20), (30, 40)])
    ]
    assert taken_in(office, access, files).of("orders") == {"new": 3, "changed": 1, "unchanged": 2}
    before = held(place)
    assert next(row for row in before["sales_order"] if "id-A-1" in row).count("40.00") == 1
    assert taken_in(office, access, files).of("orders") == {"new": 0, "changed": 0, "unchanged": 6}
    assert held(place) == before


@pytest.mark.parametrize("size", [1, 500])
def test_two_files_that_tell_one_order_otherwise_at_one_moment_change_nothing_when_they_come_again(
    size: int, office: Office, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: with each of them taken for news, and with a later export of the order taken for none."""
    small_batches(monkeypatch, size)
    access = seller(office)
    one, other, third = (written(tmp_path, order("A-1", total=n), order(f"B-{n}"), name=f"{n}.json") for n in (1, 2, 3))
    assert taken_in(office, access, [one]).of("orders")["new"] == 2
    assert taken_in(office, access, [other]).of("orders") == {"new": 1, "changed": 1, "unchanged": 0}
    before = held(place)
    for _ in range(2):
        back = taken_in(office, access, [one])
        assert (back.of("orders")["unchanged"], len(back.overtaken)) == (2, 1)
        again = taken_in(office, access, [other])
        assert (again.of("orders")["unchanged"], again.overtaken) == (2, [])
    assert held(place) == before
    assert taken_in(office, access, [third]).of("orders") == {"new": 1, "changed": 1, "unchanged": 0}


@pytest.mark.parametrize("size", [1, 500])
def test_of_two_words_of_a_subscription_of_one_moment_the_first_stands(
    size: int, office: Office, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, size)
    access = seller(office)
    one, other = (written(tmp_path, subscription(state, 1_790_000_000_000), name=f"{state}.json") for state in STATES)
    assert taken_in(office, access, [one]).of("subscriptions")["new"] == 1
    before = held(place)
    for _ in range(2):
        report = taken_in(office, access, [one, other])
        assert (report.of("subscriptions")["changed"], len(report.overtaken)) == (0, 1)
    assert held(place) == before


@pytest.mark.parametrize("size", [1, 500])
def test_a_dry_run_says_what_would_be_done_and_writes_entries_alone(
    size: int, office: Office, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, size)
    access = seller(office)
    file = written(
        tmp_path,
        order("A-1", contact(phone=None)),
        order("A-2", contact(phone="+4555550142", company="Lund ApS")),
        order("A-3", contact(first="Jens")),
        order("A-4", contact(first="Jens")),
        order("A-1", total=20),
        order("A-5", items=[{"display": "x" * 600, "quantity": 1}]),
    )
    before, log = held(place), len(entries(place))
    dry = Imports(office.door).run(access, "fastspring", [file], dry_run=True)
    assert held(place) == before
    assert {core.kinds[0] for core in entries(place)[log:]} == {"dry_run"}
    real_run = taken_in(office, access, [file])
    for kind in ("people", "orders", "subscriptions"):
        assert dry.of(kind) == real_run.of(kind)
    assert (dry.conflicts, dry.refused) == (real_run.conflicts, real_run.refused)
    assert (len(dry.conflicts), len(dry.refused)) == (1, 1)
    dry = Imports(office.door).run(access, "fastspring", [file], dry_run=True)
    assert {state for (_, state), n in dry.counts.items() if n} == {"unchanged"}


def test_a_dry_run_meets_what_writing_would_refuse(office: Office, tmp_path: Path) -> None:
    """A serial or a number that no column takes is known only when the rows are built."""
    access = seller(office)
    file = written(tmp_path, order("A-1"), order("A-2", contact(first="G" * 99, last="F" * 99, company="C" * 200)))
    dry = Imports(office.door).run(access, "fastspring", [file], dry_run=True)
    assert dry.refused == taken_in(office, access, [file]).refused


@pytest.mark.parametrize("store", ["fastspring", "shopify"])
def test_no_payment_browser_or_token_of_the_real_files_is_held_anywhere(
    store: str, office: Office, place: Place
) -> None:
    """The dump holds the log and its openings too."""
    files = real(store)
    taken_in(office, seller(office), files, store)
    secrets = {
        value for file in files if file.suffix == ".json" for value in _never_held(json.loads(file.read_text("utf-8")))
    }
    assert len(secrets) >= 3
    dump = _dump(place)
    assert "Jenkins" in dump if store == "fastspring" else "Norman" in dump
    assert not [secret for secret in secrets if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", dump)]


def _never_held(document: object, below: bool = False) -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield from _never_held(value, below or name in NEVER_HELD)
    elif isinstance(document, list):
        for value in document:
            yield from _never_held(value, below)
    elif below and isinstance(document, str | int | float) and len(str(document)) > 4:
        yield str(document)


def _dump(place: Place) -> str:
    with place.owner() as owner:
        tables = counted(place).keys() | {"entry", "opening", "entry_subject"}
        rows = [row for name in tables for row in owner.exec_driver_sql(f"SELECT * FROM {name}")]
    return "\n".join(
        value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for row in rows for value in row
    )


def test_the_real_files_lie_beside_the_project_or_are_said_to_be_missing() -> None:
    if not REAL.exists():
        pytest.skip("the real files are not beside the project")
    assert all(path.exists() for store in ("fastspring", "shopify") for path in real(store))


def test_a_run_is_told_from_another_by_a_digest_that_cannot_be_made_from_the_file_alone(
    place: Place, office: Office, tmp_path: Path
) -> None:
    """Seen to fail: with the bare digest of the file."""
    file, access = table(tmp_path, SMITH), seller(office)
    taken(office, access, file)
    ((digest,),) = column(place, "SELECT digest FROM import_run")
    content = hashlib.sha256(file.read_bytes())
    assert digest not in {content.hexdigest(), hashlib.sha256(content.digest()).hexdigest()}
    assert len(str(digest)) == 64
