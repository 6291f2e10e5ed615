"""Canonical bytes: one value, one sequence of bytes, the same as another implementation of RFC 8785 writes."""

from __future__ import annotations

import unicodedata

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from staffdesk.audit.canonical import DEPTH, LIMIT, CanonicalError, Value, decode, encode


def _readable(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text) and not any(unicodedata.category(each) == "Cc" for each in text)


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(lambda text: unicodedata.normalize("NFC", text))
keys = st.text(st.characters(max_codepoint=126, min_codepoint=32))
scalars = st.none() | st.booleans() | st.integers(1 - LIMIT, LIMIT - 1) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@given(values)
@example('a"\\/b')
@example({"": [], "a": {}, "B": "\u2028"})
def test_every_value_comes_back_and_is_written_as_rfc_8785_says(value: Value) -> None:
    data = encode(value)
    assert decode(data) == value
    assert data == rfc8785.dumps(value)


def test_a_tuple_is_written_as_a_list() -> None:
    assert encode((1, ("a",))) == b'[1,["a"]]'


@given(st.binary() | st.text().map(str.encode))
@example(b"[" * 100_000)
@example(b"9" * 5_000)
@example(b"\xff")
@example(b"\xef\xbb\xbf1")
def test_no_bytes_raise_anything_but_the_one_error(data: bytes) -> None:
    try:
        value = decode(data)
    except CanonicalError:
        return
    assert encode(value) == data


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"NaN",
        b"9007199254740992",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\n"',
        b'"\x7f"',
        '"\x85"'.encode(),
        '"e\u0301"'.encode(),
        b'"\\ud800"',
        '{"\u00e9":1}'.encode(),
        b"",
    ],
)
def test_what_is_json_but_not_its_canonical_form_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        decode(data)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        LIMIT,
        -LIMIT,
        b"bytes",
        {1: "a"},
        {"é": 1},
        {None: 1},
        {"a", "b"},
        "\ud800",
        "\x00",
        "a\nb",
        "\x7f",
        "\u0085",
        "e\u0301",
        {"a": ["e\u0301"]},
        {"\n": 1},
        object(),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(CanonicalError):
        encode(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(CanonicalError):
        encode(loop)


def test_depth_is_bounded_alike_for_writing_and_reading() -> None:
    deep: list[object] = []
    for _ in range(DEPTH - 1):
        deep = [deep]
    assert decode(encode(deep)) == deep
    with pytest.raises(CanonicalError):
        encode([deep])
    with pytest.raises(CanonicalError):
        decode(b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1))


@given(st.text())
def test_a_text_is_taken_exactly_when_it_is_in_nfc_without_controls_and_surrogates(text: str) -> None:
    fine = _readable(text) and not any(0xD800 <= ord(each) <= 0xDFFF for each in text)
    try:
        encode([text])
    except CanonicalError:
        assert not fine
    else:
        assert fine


def test_text_starting_with_a_combining_mark_does_not_touch_the_quotation_mark() -> None:
    for mark in range(0x300, 0x370):
        for before in '",:[{\\':
            assert unicodedata.is_normalized("NFC", before + chr(mark)) == unicodedata.is_normalized("NFC", chr(mark))


@given(values)
def test_the_error_never_repeats_the_value(value: Value) -> None:
    with pytest.raises(CanonicalError) as caught:
        encode({"k": [value, "secret\x00"]})
    assert "secret" not in str(caught.value)
