"""Words reach a widget as content and in no other way; the source is read to be sure of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import staffdesk.tui
from staffdesk.tui.plain import apart, column, fit, plain

FOLDER = Path(staffdesk.tui.__file__).parent
_TAKE_TEXT = frozenset({"Static", "Label", "Button", "Option", "Collapsible", "TabPane", "Checkbox", "RadioButton"})
_METHODS = frozenset({"update", "notify", "add_option", "add_options", "add_row", "add_column"})
_TITLES = frozenset({"border_title", "border_subtitle", "tooltip"})


def _literal_or_content(node: ast.expr) -> bool:
    """Say whether an expression is no bare text from elsewhere: a constant, or something made by a content function."""
    match node:
        case ast.Constant():
            return True
        case ast.JoinedStr():
            return False
        case ast.IfExp():
            return _literal_or_content(node.body) and _literal_or_content(node.orelse)
        case ast.BoolOp():
            return all(map(_literal_or_content, node.values))
        case ast.BinOp():
            return False
        case ast.Call(func=ast.Name(id="str")):
            return False
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "replace" | "strip")):
            return False
        case _:
            return True


def _faults(source: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _TAKE_TEXT:
                if not _literal_or_content(first) or (isinstance(first, ast.Constant) and first.value):
                    yield node.lineno
            case ast.Call(func=ast.Attribute(attr=name), args=[first, *_]) if name in _METHODS:
                if not _literal_or_content(first):
                    yield node.lineno
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name in _TITLES:
                made = isinstance(value, ast.Name) or (isinstance(value, ast.Call) and isinstance(value.func, ast.Name))
                if not made:
                    yield node.lineno


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.py")), ids=lambda file: file.stem)
def test_no_widget_is_given_bare_text(file: Path) -> None:
    assert list(_faults(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "careless",
    [
        'Static(f"{name}")', "Static(str(name))", 'Static("[b]" + name)', 'self.update(" ".join(names))',
        'box.border_title = f"{name}"', "box.border_title = 'x' if y else name", 'Option(f"{name}", id="x")',
    ],
)  # fmt: skip
def test_a_careless_line_would_be_found(careless: str) -> None:
    assert list(_faults(careless)) != []


def test_markup_is_shown_as_it_stands() -> None:
    for text in ("[red]x[/red]", "[@click=app.quit]x", "[/]", "[$primary]", "a [bob@example.org]", "\\[x]"):
        assert plain(text).plain == text
        assert not plain(text).spans


@given(st.text())
def test_what_is_shown_holds_no_character_that_acts_or_hides(text: str) -> None:
    shown = plain(text).plain
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
    assert not any(character in shown for character in "\u202e\u2066\u200b\ufeff\U000e0041\u2028")


@given(st.text(max_size=30), st.integers(0, 40))
def test_a_fitted_text_is_exactly_as_wide_as_its_column(text: str, width: int) -> None:
    assert fit(plain(text), width).cell_length == width
    assert column(plain(text), width).cell_length == width


def test_of_two_texts_on_a_line_the_right_one_stays_whole() -> None:
    line = apart(plain("a very long name that has no room"), plain("masked"), 20)
    assert line.plain.endswith(" masked")
    assert line.cell_length == 20
