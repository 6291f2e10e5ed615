"""The record's sixth pane: where data came from, what it is used for, to whom it was given, what may be asked.

Seen to fail: with a part that has nothing to tell left out, and with the source's own word.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from staffdesk.domain.campaign import Explained
from staffdesk.domain.provenance import Source
from staffdesk.domain.records import Record, Row
from staffdesk.tui.record.privacy import privacy_lines
from staffdesk.tui.record.sight import Sight
from tests.tui import stage

_PARTS: Final = ("Where from", "Used for", "Given to", "Rights", "Why news")


def _told(record: Record) -> dict[str, list[str]]:
    """Return the lines of each part."""
    parts: dict[str, list[str]] = {}
    for line in privacy_lines(record, Sight()):
        if line.key.endswith(".0"):
            parts[line.draw(110).plain] = []
        elif line.key:
            parts[list(parts)[-1]].append(" ".join(line.draw(110).plain.split()))
    return parts


def _mail(status: str, started: str | None, ended: str | None) -> Row:
    return stage.cells("subscription", 1, {
        "list_name": ("List", "product news", None), "status": ("Status", status, None),
        "started_on": ("Since", started, None), "ended_on": ("Until", ended, None),
    })  # fmt: skip


def test_the_four_parts_tell_what_the_policy_promises() -> None:
    record = stage.record()
    record = replace(
        record, sections={**record.sections, "subscription": (_mail("unsubscribed", "2024-01-02", "2026-03-04"),)}
    )
    told = _told(record)
    assert list(told) == ["Where from", "Used for", "Given to", "Rights", "Why news"]
    assert told["Why news"] == ["h says why, or why not; that reading is an entry."]
    assert told["Where from"] == ["Person online store · import 7 from fastspring, 2026-11-22 · 2019-05-02"]
    assert any(line.startswith("Activations licensing and activation, and nothing else") for line in told["Used for"])
    assert not any(line.startswith("Product news") for line in told["Used for"])
    assert told["Given to"][1] == (
        "Carrier Anders · GB · delivering · name, e-mail · last 2026-10-02 · safeguard adequacy until 2031-12-27"
    )
    assert "Open DSR-2026-0017 deletion · received · due Mon 2026-12-21" in told["Rights"]
    assert "Product news stopped since 2026-03-04 · product news" in told["Rights"]
    assert "Holds None recorded." in told["Rights"]


def test_product_news_are_a_use_only_where_they_are_sent() -> None:
    record = stage.record()
    record = replace(record, sections={**record.sections, "subscription": (_mail("subscribed", "2024-01-02", None),)})
    assert any(line.startswith("Product news mail about products") for line in _told(record)["Used for"])


def test_no_part_is_left_empty() -> None:
    bare = replace(stage.record(), sections={}, given=(), customer=None)
    assert _told(bare) == {part: ["None recorded."] for part in _PARTS}


def test_why_he_gets_news_or_not_is_told_with_the_contact_the_ground_and_what_shows_it() -> None:
    record = stage.record()
    record = replace(record, sections={**record.sections, "subscription": ()})
    explained = Explained(
        customer=1, eligible=False, event="online store · 2026-01-15", basis="his consent", evidence=("a form",),
        against=("objected to mail", "left the list"), given_on=dt.date(2026, 11, 1), seq=9,
    )  # fmt: skip
    assert _told(replace(record, news=explained))["Why news"] == [
        "Gets it no", "Contact online store · 2026-01-15", "Ground his consent", "Shown by a form",
        "Against it objected to mail; left the list", "Given on 2026-11-01",
    ]  # fmt: skip
    withheld = {table: rows for table, rows in record.sections.items() if table != "subscription"}
    assert _told(replace(record, sections=withheld))["Why news"] == [f"{record.role} is not told."]


def test_another_source_is_told_by_the_kind_of_record_it_is_of_in_words() -> None:
    record = stage.record()
    cases = tuple(
        stage.cells("support_case", number, {
            "source": ("Source", source, None), "obtained_on": ("Obtained on", day, None),
            "event": ("Event", "IBC 2026" if source == "EVENT_PARTNER" else None, None),
            "partner_id": ("Partner", "9" if source == "EVENT_PARTNER" else None, None),
        })
        for number, (source, day) in enumerate(
            [("CALL_IN", "2026-11-20"), ("CALL_IN", "2026-11-22"), ("EVENT_PARTNER", "2026-09-12")]
        )
    )  # fmt: skip
    told = _told(replace(record, sections={**record.sections, "support_case": cases}, partners={9: "Nordlys"}))
    assert told["Where from"][1:] == [
        "Cases call to us · 2026-11-20 to 2026-11-22",
        "Cases event of a partner · IBC 2026 · by Nordlys · 2026-09-12",
    ]
    assert not [word for word in Source if any(word.value in line for part in told.values() for line in part)]
