"""An entry: exactly the fields of version 1, and no bytes taken that this program would not have written."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.audit import canonical
from staffdesk.audit.entry import COPIED, FIELDS, Core, EntryError, copies, leaf_hash
from staffdesk.audit.scan import reader, scanned
from staffdesk.domain.access import Act, Outcome

ORIGIN = "desk.example/audit/1"

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
numbers = st.integers(0, canonical.LIMIT - 1)
lists = st.lists(texts, max_size=3).map(tuple)
commitments = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_.]{0,63}", fullmatch=True), st.from_regex(r"[0-9a-f]{64}", fullmatch=True), max_size=3
)
cores = st.builds(
    Core,
    log=st.just(ORIGIN) | texts,
    seq=st.integers(1, canonical.LIMIT - 1),
    t=numbers,
    n=numbers,
    act=texts,
    out=texts,
    policy=texts,
    rel=lists,
    obj=lists,
    kinds=lists,
    sec=commitments,
    **{
        name: st.none() | texts
        for name in ("actor", "role", "entity", "sid", "host", "purpose", "ref", "standing", "basis", "level")
    },
)


def _plain() -> dict[str, object]:
    core = Core(log=ORIGIN, seq=1, t=0, act="customer.opened", out="ok", policy="2024-10")
    value: dict[str, object] = json.loads(core.encode())
    return value


@given(cores)
def test_every_entry_comes_back_from_its_bytes(core: Core) -> None:
    assert Core.decode(core.encode()) == core


@given(cores)
def test_the_fast_reader_reads_what_the_decoder_reads(core: Core) -> None:
    data = core.encode()
    found = reader(core.log)(data)
    assert found is None or found == scanned(Core.decode(data))


def test_the_fast_reader_takes_an_ordinary_entry() -> None:
    core = Core(
        log=ORIGIN,
        seq=7,
        t=1_795_334_400_123,
        act="customer.listed",
        out="ok",
        actor="u_ł",
        obj=("s_1", "s_2"),
        kinds=("person",),
        n=2,
        policy="2024-10",
        sec={"b": "0" * 64, "a": "f" * 64},
    )
    assert reader(ORIGIN)(core.encode()) == scanned(core)
    assert reader("desk.example/audit/2")(core.encode()) is None


@given(cores, st.data())
def test_the_fast_reader_takes_no_bytes_that_the_decoder_refuses(core: Core, data: st.DataObject) -> None:
    changed = bytearray(core.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        change = data.draw(st.sampled_from(["set", "cut", "twice"]))
        if change == "set":
            changed[at] = data.draw(st.integers(0, 255) | st.sampled_from(list(b'"\\,:{}[]0a')))
        elif change == "cut" and len(changed) > 1:
            del changed[at]
        else:
            changed[at:at] = changed[at : at + data.draw(st.integers(1, 90))]
    found = reader(core.log)(bytes(changed))
    if found is not None:
        assert found == scanned(Core.decode(bytes(changed)))


@pytest.mark.parametrize(
    "sec",
    ['"b":"{0}","a":"{0}"', '"a":"{0}","a":"{0}"', '"a":"{0}",', '"A":"{0}"', '"a":"{0}0"', '"":"{0}"'],
)
def test_neither_reader_takes_commitments_out_of_order_or_form(sec: str) -> None:
    data = Core(log=ORIGIN, seq=1, t=0, act="a.b", out="ok", policy="1").encode()
    data = data.replace(b'"sec":{}', b'"sec":{' + sec.format("0" * 64).encode() + b"}")
    assert reader(ORIGIN)(data) is None
    with pytest.raises(EntryError):
        Core.decode(data)


@pytest.mark.parametrize("text", ["e\u0301", "\x7f", "\u0085", "\x00", "\\/", "\\u0041", "\\n", "\\x"])
def test_neither_reader_takes_text_that_is_not_canonical(text: str) -> None:
    data = Core(log=ORIGIN, seq=1, t=0, act="a.b", out="ok", policy="1").encode()
    data = data.replace(b'"policy":"1"', f'"policy":"{text}"'.encode())
    assert reader(ORIGIN)(data) is None
    with pytest.raises(EntryError):
        Core.decode(data)


@given(st.binary())
def test_no_bytes_raise_anything_but_the_one_error(data: bytes) -> None:
    with pytest.raises(EntryError):
        Core.decode(data)


def test_the_fields_are_those_of_the_design_in_its_order() -> None:
    order = "v log seq t act out actor role entity sid host purpose ref standing basis rel level obj kinds n policy sec"
    assert " ".join(FIELDS) == order
    assert set(COPIED) < set(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_a_missing_field_is_refused(name: str) -> None:
    value = _plain()
    del value[name]
    with pytest.raises(EntryError):
        Core.decode(canonical.encode(value))


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(EntryError):
        Core.decode(canonical.encode({**_plain(), "prev": "00"}))


@pytest.mark.parametrize("version", [0, 2, "1", None, True])
def test_an_unknown_version_is_refused_before_anything_else(version: object) -> None:
    with pytest.raises(EntryError, match="version"):
        Core.decode(canonical.encode({**_plain(), "v": version, "new": 1}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seq", 0),
        ("seq", True),
        ("seq", "1"),
        ("t", -1),
        ("t", None),
        ("n", False),
        ("act", None),
        ("out", 1),
        ("log", []),
        ("policy", None),
        ("actor", 1),
        ("actor", True),
        ("obj", "s_1"),
        ("obj", [1]),
        ("kinds", None),
        ("rel", {}),
        ("sec", []),
        ("sec", {"term": "0"}),
        ("sec", {"term": "A" * 64}),
        ("sec", {"Term": "0" * 64}),
        ("sec", {"": "0" * 64}),
        ("sec", {"term": None}),
    ],
)
def test_a_field_of_a_wrong_type_is_refused_in_bytes_and_in_values(name: str, value: object) -> None:
    with pytest.raises(EntryError, match=name):
        Core.decode(canonical.encode({**_plain(), name: value}))
    made: Callable[..., Core] = Core
    core = made(**{**_plain(), name: value})
    with pytest.raises(EntryError, match=name):
        core.encode()


def test_the_domain_words_are_written_as_their_text() -> None:
    core = Core(log=ORIGIN, seq=1, t=0, act=Act.CUSTOMER_OPENED, out=Outcome.OK, policy="1")
    assert Core.decode(core.encode()).act == "customer.opened"


def test_copies_are_the_columns_a_database_filters_by() -> None:
    core = Core(log=ORIGIN, seq=1, t=5, act="customer.opened", out="ok", actor="u_1", policy="1")
    assert copies(core) == {
        "t": 5,
        "act": "customer.opened",
        "out": "ok",
        "actor": "u_1",
        "purpose": None,
        "ref": None,
        "standing": None,
        "level": None,
    }


def test_a_leaf_differs_from_any_inner_node() -> None:
    assert leaf_hash(b"ab") != leaf_hash(b"") != leaf_hash(b"\x01ab")
