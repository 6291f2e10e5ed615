"""A bad record is reported with its place and stops nothing else; no file, whatever is in it, breaks a reader."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.imported import Place
from staffdesk.domain.read_items import Imported, ReadItem, Refused, UnknownColumns
from staffdesk.services.importing import SOURCES, reading
from tests.unit.importing.conftest import told

ReadText = Callable[[str, str | bytes], list[ReadItem]]
Real = Callable[[str], Path]


def order(number: int) -> str:
    fields = {
        "id": number,
        "name": f"#{number}",
        "created_at": "2025-01-05T10:00:00Z",
        "currency": "EUR",
        "total_price": "1.00",
        "note": 'brackets ]}{[ and "quotes" \\',
    }
    return json.dumps(fields)


def numbers(items: list[ReadItem]) -> list[str]:
    return [item.record.number for item in items if isinstance(item, Imported) and hasattr(item.record, "number")]


BAD = {
    "a word": ("oops", "It is not well-formed JSON."),
    "a number": ("12", "It is not an object with named fields."),
    "a text": ('"x"', "It is not an object with named fields."),
    "a list": ("[[]]", "It is not an object with named fields."),
    "nothing": ("null", "It is not an object with named fields."),
    "a missing number": ('{"id": 1}', "Field name is missing."),
    "a bracket of the wrong kind": ('{"a": [1}', "It is not well-formed JSON."),
    "a bracket left open": ('{"a": {"b": 1}', "It is not well-formed JSON."),
    "a quote left open": ('{"a": "b\n}', "It is not well-formed JSON."),
    "a line break in a text": ('{"id": 1, "note": "a\nb"\n}', "It is not well-formed JSON."),
    "a comma too many": ('{"a": 1,,}', "It is not well-formed JSON."),
    "a name twice": (
        '{"id": 1, "name": "#1", "name": "#2"}',
        "A field stands in it twice, so it cannot be told which one counts.",
    ),
    "a name twice inside": (
        '{"id": 1, "customer": {"id": 1, "id": 2}}',
        "A field stands in it twice, so it cannot be told which one counts.",
    ),
    "no number at all": ('{"id": NaN}', "It is not well-formed JSON."),
    "a number too long": (f'{{"id": {"9" * 41}}}', "A number in it is too long."),
    "a number too large": ('{"id": 1.5e9999999999999999999}', "A number in it is too large."),
    "an amount too large": (order(1).replace('"1.00"', "1e999999"), "Field total_price: it is not an amount."),
    "too many levels": ('{"a":' * 65 + "1" + "}" * 65, "It is nested too deeply to be an order."),
}


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("wrapper", ['{{"orders": [{}], "next": null}}', "[{}]"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_bad_record_is_reported_with_its_place_and_stops_nothing_else(
    read_text: ReadText, wrapper: str, at: int, bad: str, reason: str
) -> None:
    records = [order(1), order(2)]
    records.insert(at, bad)
    items = read_text("shopify", wrapper.format(", \n".join(records)))
    name = "orders" if "orders" in wrapper else ""
    assert numbers(items) == ["#1", "#2"]
    assert [told(item) for item in items if isinstance(item, Refused)] == [(Place("export", f"{name}[{at}]"), reason)]


def test_bytes_that_are_not_utf8_spoil_their_record_alone(read_text: ReadText) -> None:
    text = f"[{order(1)}, {order(2)}, {order(3)}]".encode().replace(b"#2", b"#2\xff")
    items = read_text("shopify", text)
    assert numbers(items) == ["#1", "#3"]
    assert told(items[1]) == (Place("export", "[1]"), reading.NOT_UTF8[0])


def test_a_terminal_escape_a_card_number_and_a_lone_surrogate_are_refused_unquoted(read_text: ReadText) -> None:
    def sold(name: str) -> str:
        return json.dumps({**json.loads(order(1)), "line_items": [{"name": name}]})

    hostile = ["\x1b]0;title\x07", "4111 1111 1111 1111", "\ud800", "a\u202eb", "password: hunter2hunter"]
    items = read_text("shopify", f"[{', '.join(map(sold, hostile))}, {order(9)}]")
    assert numbers(items) == ["#9"]
    reasons = [item.reason for item in items if isinstance(item, Refused)]
    assert len(reasons) == len(hostile)
    assert all(reason.startswith("Field line_items[0].name: The text holds ") for reason in reasons)
    assert not any(text in reason for text in hostile for reason in reasons)


@pytest.mark.parametrize("field", ["email", "phone"])
def test_a_card_number_in_the_wrong_field_is_refused_too(read_text: ReadText, field: str) -> None:
    value = "4111111111111111@mail.example" if field == "email" else "4111 1111 1111 1111"
    text = json.dumps([{**json.loads(order(1)), field: value}])
    (refused,) = read_text("shopify", text)
    assert isinstance(refused, Refused)
    assert "card number" in refused.reason


def test_a_document_cut_off_keeps_what_came_before(read_text: ReadText) -> None:
    whole = f'{{"orders": [{order(1)}, {order(2)}, {order(3)}]}}'
    third = whole.rindex('{"id"')
    cut = read_text("shopify", whole[: third + 20])
    assert numbers(cut) == ["#1", "#2"]
    assert cut[-1] == Refused(Place("export", "orders[2]"), "The file ends inside this record. Export it again.")
    between = read_text("shopify", whole[: third - 2])
    assert numbers(between) == ["#1", "#2"]
    assert between[-1] == Refused(
        Place("export", "orders"), "The file ends before its list does, so records may be missing. Export it again."
    )


def test_what_follows_the_document_is_not_passed_over_in_silence(read_text: ReadText) -> None:
    items = read_text("shopify", f"[{order(1)}] [{order(2)}]")
    assert numbers(items) == ["#1"]
    assert told(items[1]) == (Place("export"), "Something follows the end of the JSON document; it was not read.")


@given(data=st.data())
@pytest.mark.parametrize(("store", "text"), [("shopify", f'{{"a": [1], "orders": [{order(1)}, {order(2)}]}}')])
def test_a_file_cut_anywhere_gives_its_whole_records_and_says_that_it_was_cut(
    read_text: ReadText, store: str, text: str, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(text) - 1))
    items = read_text(store, text[:cut])
    whole = [f"#{number}" for number in (1, 2) if cut >= text.index(order(number)) + len(order(number))]
    assert numbers(items) == whole
    assert isinstance(items[-1], Refused)


@given(
    st.sampled_from(["fastspring", "shopify"]),
    st.one_of(
        st.binary(max_size=200),
        st.text(alphabet='{}[]",:\\ \n\r\x00\ufeffa1\u00e9#', max_size=80),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda below: (
                st.lists(below, max_size=4)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            *("order", "orders", "events", "data", "type", "id", "reference", "items", "subscription"),
                            *("state", "account", "customer", "name", "email", "line_items", "fulfillments", "live"),
                            *("billing_address", "changed", "total", "currency", "display", "product"),
                        ]
                    ),
                    below,
                )
            ),
        ).map(json.dumps),
    ),
)
def test_no_file_breaks_a_reader(read_text: ReadText, store: str, text: str | bytes) -> None:
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    items = read_text(store, content)
    assert all(isinstance(item, Imported | Refused | UnknownColumns) for item in items)


@pytest.mark.parametrize("store", sorted(SOURCES))
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b" \n\t", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        ('[{"id": 1}]'.encode("utf-16"), reading.NOT_UTF8[0]),
    ],
)
def test_a_file_that_cannot_be_an_export_is_refused_once(
    read_text: ReadText, store: str, content: bytes, reason: str
) -> None:
    assert list(map(told, read_text(store, content))) == [(Place("export"), reason)]


@pytest.mark.parametrize("store", sorted(SOURCES))
def test_a_byte_order_mark_before_json_is_no_fault(read_text: ReadText, store: str) -> None:
    (item,) = read_text(store, b"\xef\xbb\xbf[0]")
    assert isinstance(item, Refused)
    assert item.place.position == "[0]"


@pytest.mark.parametrize("store", sorted(SOURCES))
def test_a_missing_file_a_folder_and_a_pipe_are_refused_once(store: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert list(map(told, SOURCES[store](tmp_path / "none.json"))) == [
        (Place("none.json"), "The file cannot be read: No such file or directory.")
    ]
    assert list(map(told, SOURCES[store](tmp_path))) == [(Place(tmp_path.name), "It is not a file.")]
    assert list(map(told, SOURCES[store](tmp_path / "pipe"))) == [(Place("pipe"), "It is not a file.")]


@pytest.mark.parametrize("store", sorted(SOURCES))
def test_a_file_larger_than_the_limit_is_refused_once(store: str, tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(reading.SIZE_LIMIT + 1)
    assert list(SOURCES[store](path)) == [
        Refused(Place("large.json"), "The file is larger than 64 MB. Export a shorter period.")
    ]


def test_a_record_that_would_fill_the_memory_is_refused_alone(
    read_text: ReadText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "RECORD_LIMIT", 1_000)
    large = json.dumps({**json.loads(order(2)), "note": "x" * 1_000})
    items = read_text("shopify", f"[{order(1)}, {large}, {order(3)}]")
    assert numbers(items) == ["#1", "#3"]
    assert [told(item) for item in items if isinstance(item, Refused)] == [
        (Place("export", "[1]"), "A record of more than 4 MB is no order.")
    ]


def test_a_file_of_nothing_but_brackets_is_given_up_early(read_text: ReadText) -> None:
    (refused,) = read_text("shopify", b"[" * 3_000_000)
    assert told(refused) == (Place("export", "[0]"), "It is nested too deeply to be an order.")
    _, depth = reading._end_of(b"[" * 3_000_000, 0)
    assert depth == 10_001


def test_a_file_name_is_named_in_characters_that_print(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"orders-\xff.json")
    path.write_bytes(b"")
    (refused,) = SOURCES["shopify"](path)
    refused.place.file.encode("utf-8")


def test_no_record_prints_its_values(real: Real) -> None:
    for name in ("store-fastspring/order_completed.json", "store-shopify/orders.json"):
        for item in SOURCES[name.split("/")[0].removeprefix("store-")](real(name)):
            assert isinstance(item, Imported)
            assert not {"Jenkins", "Norman", "all.com"} & set(repr(item).replace("'", " ").split())
            assert "Leeroy" not in repr(item.record)
            assert "Bob" not in repr(item)


def test_an_unknown_column_whose_name_must_not_be_held_goes_by_its_number(read_text: ReadText) -> None:
    items = read_text("shopify", "4111 1111 1111 1111,Name,Created at,Currency,Total\n")
    assert items == [UnknownColumns(Place("export"), ("column 1",))]
