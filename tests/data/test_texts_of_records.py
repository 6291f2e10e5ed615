"""No text enters a record with a sign that could act, uncomposed, or longer than its column."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.people import Organisation, Person
from staffdesk.data.tables.support import Case, ContactReport
from staffdesk.domain.errors import BadInput
from tests import factories

LETTERS = st.text("abcé", min_size=1, max_size=5)
REFUSED = st.one_of(
    st.characters(categories=("Cc", "Cs")),
    st.sampled_from("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\U000e0041\ufffe\uffff\x7f\x85"),
)
ONE_LINE: tuple[tuple[type[Record], str], ...] = (
    (Person, "given_name"),
    (Person, "street"),
    (Person, "phone"),
    (Organisation, "name"),
)
SEVERAL_LINES: tuple[tuple[type[Record], str], ...] = ((Case, "summary"), (ContactReport, "body"))


@settings(deadline=None, max_examples=60)
@given(LETTERS, REFUSED, LETTERS, st.sampled_from(ONE_LINE))
def test_no_character_of_the_reject_list_enters_a_line(
    before: str, char: str, after: str, where: tuple[type[Record], str]
) -> None:
    record, column = where
    with pytest.raises(BadInput):
        record.checked({**_whole(record), column: f"{before}{char}{after}"})


@settings(deadline=None, max_examples=60)
@given(REFUSED.filter(lambda char: char not in "\t\n\r"), st.sampled_from(SEVERAL_LINES))
def test_no_character_of_the_reject_list_enters_a_paragraph(char: str, where: tuple[type[Record], str]) -> None:
    record, column = where
    with pytest.raises(BadInput):
        record.checked({**_whole(record), column: f"one\n{char}two"})


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["e\u0301te\u0301", "Å", "\u1112\u1161\u11ab"]), st.sampled_from(ONE_LINE))
def test_text_is_composed(text: str, where: tuple[type[Record], str]) -> None:
    record, column = where
    kept = getattr(record.checked({**_whole(record), column: text}), column)
    assert kept == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("record", "column", "limit"), [(Person, "given_name", 200), (Person, "phone", 80), (Case, "summary", 20_000)]
)
def test_text_has_a_length(record: type[Record], column: str, limit: int) -> None:
    record.checked({**_whole(record), column: "x" * limit})
    with pytest.raises(BadInput):
        record.checked({**_whole(record), column: "x" * (limit + 1)})


def _whole(record: type[Record]) -> dict[str, object]:
    """Return what a record of this class cannot do without."""
    made: dict[type[Record], Callable[[], Record]] = {
        Person: factories.person,
        Organisation: lambda: factories.organisation("x"),
        Case: lambda: factories.case("u_1"),
        ContactReport: lambda: factories.report(1, "topic"),
    }
    return {name: value for name, value in made[record]().values().items() if value is not None}
