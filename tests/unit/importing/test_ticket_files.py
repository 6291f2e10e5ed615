"""Whatever is named as a support service's file is read, or refused with the place and the reason."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.domain.imported_tickets import ImportedTicket
from staffdesk.domain.read_items import Imported, LeftOut, ReadItem, Refused
from staffdesk.services.importing import reader_of
from tests.services.ticket_files import comment, conversation, freshdesk, zendesk

GOOD = json.dumps(freshdesk(12))


def read(path: Path, content: str | bytes, source: str = "freshdesk") -> list[ReadItem]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return list(reader_of(source, None, [path])(path))


@pytest.mark.parametrize(
    ("content", "taken", "refused"),
    [
        (b"", 0, "is empty"),
        (b"\x00" * 50, 0, "not JSON"),
        ("Ticket ID,Subject\n12,x\n", 0, "not JSON"),
        ("<html><body>", 0, "not JSON"),
        (GOOD.encode("utf-16"), 0, "not UTF-8"),
        (GOOD.encode("latin-1").replace(b"Lund", b"L\xfcnd"), 0, "not UTF-8"),
        (b"\xef\xbb\xbf" + GOOD.encode(), 1, ""),
        (f"[{GOOD}", 1, "ends before its list does"),
        (f"[{GOOD},{GOOD[:-40]}", 1, "ends inside"),
        (f"{GOOD}\n{GOOD}\n{{broken\n", 2, "not well-formed"),
        ("[" + '{"a":' * 90 + "1" + "}" * 90 + "]", 0, "nested too deeply"),
        ("[1, null, []]", 0, "not an object"),
        (json.dumps([comment(1, 77, "x", 14)]), 0, "neither a ticket"),
        (json.dumps({"ticket": None}), 0, "not an object"),
        (json.dumps([freshdesk(12, id="12; DROP")]), 0, "number is not one"),
        (json.dumps([freshdesk(12, created_at="yesterday")]), 0, "created_at"),
        (json.dumps([freshdesk(12, requester={"name": "M", "email": "4111 1111 1111 1111"})]), 0, "requester.email"),
        (json.dumps([freshdesk(12, conversations="none")]), 0, "not a list"),
        (json.dumps([conversation(1, ticket_id=None)]), 0, "number is not one"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(content: str | bytes, taken: int, refused: str, tmp_path: Path) -> None:
    items = read(tmp_path / "tickets.json", content)
    assert sum(isinstance(each, Imported) for each in items) == taken
    reasons = [each.reason for each in items if isinstance(each, Refused)]
    assert bool(reasons) == bool(refused)
    assert all(refused in reason for reason in reasons)
    assert not any("4111" in reason or "DROP" in reason for reason in reasons)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 2**70), st.text(max_size=8), st.just("2026-09-14T10:00:00Z")),
    lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(st.text(max_size=5), inside, max_size=3)),
    max_leaves=6,
)


@pytest.mark.parametrize("source", ["freshdesk", "zendesk"])
def test_no_value_of_any_field_is_more_than_a_refusal(source: str, tmp_path: Path) -> None:
    whole = freshdesk(12, conversations=[conversation(1)]) if source == "freshdesk" else zendesk(
        12, comments=[comment(1, 77, "x", 14)], custom_fields=[], metric_set={}
    )  # fmt: skip

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(sorted(whole)), _JSON, max_size=4), st.booleans())
    def once(values: dict[str, object], wrapped: bool) -> None:
        ticket = {**whole, **values}
        document = {"ticket": ticket} if wrapped else [ticket]
        for item in read(tmp_path / "t.json", json.dumps(document), source):
            assert isinstance(item, Imported | Refused | LeftOut)
            assert not isinstance(item, Refused) or "not foreseen" not in item.reason

    once()


def test_a_page_that_a_hostile_hand_wrote_holds_nobody_up(tmp_path: Path) -> None:
    page = "<a" * 60_000 + "<!--" * 20_000
    began = time.monotonic()
    items = read(tmp_path / "t.json", json.dumps([freshdesk(12, description_text=None, description=page)]))
    assert time.monotonic() - began < 25
    assert [type(each) for each in items][-1] is Imported


def test_a_text_that_is_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    (item,) = read(tmp_path / "t.json", json.dumps([freshdesk(12, description_text="It stops. " * 5_000)]))
    assert isinstance(item, Imported)
    assert isinstance(item.record, ImportedTicket)
    (message,) = item.record.messages
    assert message.cut
    assert len(message.text or "") < 20_000
