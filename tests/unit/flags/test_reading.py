"""A log in a file is read as it was exported or as somebody made it up; a line that is none is named by its number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from staffdesk.audit.entry import leaf_hash
from staffdesk.audit.export import entry_line, write_header
from staffdesk.audit.source import StoredEntry
from staffdesk.domain.errors import BadInput
from staffdesk.services.flag_reading import entries_in
from tests.unit.flags.stories import Story

LEAST = {"t": 1_767_600_000_000, "act": "customer.opened"}


def test_an_exported_log_comes_back_whole(tmp_path: Path) -> None:
    entries = Story().weeks(range(3), (9, 10)).entries()
    file = tmp_path / "log.jsonl"
    stored = [StoredEntry(each.seq, each.encode(), leaf_hash(each.encode()), (), ()) for each in entries]
    pruned = StoredEntry(0, None, b"", (), ())
    file.write_text(write_header("log.example") + entry_line(pruned) + "".join(map(entry_line, stored)))
    assert list(entries_in(file)) == entries


def test_an_invented_line_may_leave_out_what_has_a_natural_value(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text(f"{json.dumps(LEAST)}\n\n{json.dumps(LEAST | {'obj': ['s_1']})}\n")
    first, second = entries_in(file)
    assert (first.seq, first.out, first.actor, first.obj) == (1, "ok", None, ())
    assert (second.seq, second.obj) == (2, ("s_1",))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Line 2 is not an entry: it is no JSON."),
        ("[]", "Line 2 is not an entry: it is no object."),
        ('{"act": "customer.opened"}', "Line 2 is not an entry: t is missing."),
        (json.dumps(LEAST | {"t": "now"}), "Line 2 is not an entry: t has a wrong type or value."),
        (json.dumps(LEAST | {"obj": "s_1"}), "Line 2 is not an entry: obj has a wrong type or value."),
        (json.dumps(LEAST | {"act": "customer.eaten"}), "Line 2 is not an entry: its act is not known."),
        (json.dumps(LEAST | {"name": "Ann"}), "Line 2 is not an entry: it has a field that no entry has."),
        (json.dumps(LEAST | {"seq": 1}), "Line 2 is not an entry: its seq, 1, is not after 1."),
        ('{"seq": 2, "core": "{}", "leaf": ""}', "Line 2 is not an entry: its core has not the fields of an entry."),
    ],
)
def test_a_line_that_is_no_entry_is_named(line: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text(f"{json.dumps(LEAST)}\n{line}\n")
    with pytest.raises(BadInput) as refused:
        list(entries_in(file))
    assert refused.value.sentence == said
