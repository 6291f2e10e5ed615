"""What is printed: columns that line up, and nothing that a terminal would act on."""

from __future__ import annotations

import json

import pytest

from staffdesk.cli import output

HOSTILE = "a\x1b]52;c;RVZJTA==\x07b\x9bc\x7fd\u202ee\x00f\r\ng"


def _acts(text: str) -> list[str]:
    return [
        char for char in text if (ord(char) < 0x20 and char != "\n") or 0x7F <= ord(char) < 0xA0 or char == "\u202e"
    ]


def test_no_control_character_of_a_value_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.put(HOSTILE)
    output.put(HOSTILE, lines=True)
    output.put_table(("Name",), [(HOSTILE,)])
    output.put_pairs({HOSTILE: HOSTILE})
    output.put_json({HOSTILE: HOSTILE})
    output.say(HOSTILE)
    printed = capsys.readouterr()
    assert _acts(printed.out) == []
    assert _acts(printed.err) == []
    assert "U+001B" in printed.out


def test_json_gives_every_value_back_as_it_is_stored(capsys: pytest.CaptureFixture[str]) -> None:
    output.put_json({"name": HOSTILE + "佐々木"})
    assert json.loads(capsys.readouterr().out) == {"name": HOSTILE + "佐々木"}


def test_columns_line_up_also_where_letters_are_wide(capsys: pytest.CaptureFixture[str]) -> None:
    output.put_table(("Name", "Town"), [("佐々木", "札幌"), ("Bo", "Gent"), ("e\u0301", "x")])
    assert capsys.readouterr().out.splitlines() == [
        "Name    Town",
        "佐々木  札幌",
        "Bo      Gent",
        "e\u0301       x",
    ]


def test_a_value_of_several_lines_stays_under_itself(capsys: pytest.CaptureFixture[str]) -> None:
    output.put_pairs({"Text": "one\ntwo", "Topic": "x"}, indent="  ")
    assert capsys.readouterr().out.splitlines() == ["  Text   one", "         two", "  Topic  x"]
