"""Two hands wrote the log's formats from the same public texts: what one writes, the other writes and reads too."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffdesk.audit import canonical as product_canonical
from staffdesk.audit import entry, opening
from staffdesk.audit.tree import EMPTY_ROOT, Frontier, node_hash
from tests.audit_oracle import canonical, commitment, published, strategies, tree
from tests.audit_oracle.canonical import NotCanonicalError, Value

MOST_LEAVES = 300

ENTRIES = st.lists(st.binary(max_size=40), max_size=MOST_LEAVES)
FIELDS = st.from_regex(entry.OPENING_FIELD, fullmatch=True)
NUMBERS = st.integers(1, 2**53 - 1)
SALTS = st.binary(min_size=commitment.SALT_BYTES, max_size=commitment.SALT_BYTES)
HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)

# the fields that the log is designed with
DESIGNED = "v log seq t act out actor role entity sid host purpose ref standing basis rel level obj kinds n policy sec"

ANY_TEXT = st.text(st.characters(exclude_categories=[]))
ANY_VALUE: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.floats() | ANY_TEXT | st.binary(max_size=3) | st.integers() | strategies.INTEGERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT | st.integers(), inner, max_size=4),
    max_leaves=10,
)
ALMOST_JSON = st.text(st.sampled_from('[]{}",:\\/0123456789-+.eE truefalsn\u0301é\x7f\n'), max_size=14).map(str.encode)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Canonical bytes with one place cut out, put in or changed: most are no longer canonical, some still are."""
    data = canonical.encode(draw(strategies.VALUES))
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(start + 2, len(data))))
    return data[:start] + draw(st.binary(max_size=2) | st.sampled_from([b'"', b",", b" ", b"0", b"\\"])) + data[end:]


@st.composite
def cores(draw: st.DrawFn) -> entry.Core:
    text = strategies.NOT_EMPTY
    perhaps = st.none() | text
    several = st.lists(text, max_size=4).map(tuple)
    return entry.Core(
        log=draw(text),
        seq=draw(NUMBERS),
        t=draw(NUMBERS),
        act=draw(text),
        out=draw(text),
        actor=draw(perhaps),
        role=draw(perhaps),
        entity=draw(perhaps),
        sid=draw(perhaps),
        host=draw(perhaps),
        purpose=draw(perhaps),
        ref=draw(perhaps),
        standing=draw(perhaps),
        basis=draw(perhaps),
        rel=draw(several),
        level=draw(perhaps),
        obj=draw(several),
        kinds=draw(several),
        n=draw(st.integers(0, 2**53 - 1)),
        policy=draw(text),
        sec=draw(st.dictionaries(FIELDS, HEX, max_size=3)),
    )


def by_oracle(value: object) -> bytes | None:
    try:
        return canonical.encode(value)
    except NotCanonicalError:
        return None


def by_product(value: object) -> bytes | None:
    try:
        return product_canonical.encode(value)
    except product_canonical.CanonicalError:
        return None


def read_by_oracle(data: bytes) -> tuple[Value] | None:
    try:
        return (canonical.decode(data),)
    except NotCanonicalError:
        return None


def read_by_product(data: bytes) -> tuple[object] | None:
    try:
        return (product_canonical.decode(data),)
    except product_canonical.CanonicalError:
        return None


class TestCanonicalBytes:
    @given(strategies.VALUES)
    @strategies.PATIENT
    def test_a_value_has_one_spelling(self, value: Value) -> None:
        assert product_canonical.encode(value) == canonical.encode(value)

    @pytest.mark.parametrize(
        "value",
        [
            2**53,
            -(2**53),
            1.0,
            "\x00",
            "\x1f",
            "\x7f",
            "\x80",
            "\x9f",
            "\ud800",
            "e\u0301",
            {"é": 1},
            {1: 1},
            {"\x7f": 1},
        ],
    )
    def test_both_refuse_what_stands_just_outside(self, value: object) -> None:
        assert by_product(value) is by_oracle(value) is None

    @pytest.mark.parametrize(
        "value", [2**53 - 1, 1 - 2**53, " ~", "\xa0", "\ud7ff\ue000", "\xe9", {"": ""}, '\\"\u0301']
    )
    def test_both_write_what_stands_just_inside(self, value: object) -> None:
        assert by_product(value) == by_oracle(value) is not None

    @given(ANY_VALUE)
    @settings(strategies.PATIENT, max_examples=100)
    def test_what_one_refuses_to_write_the_other_refuses(self, value: object) -> None:
        assert by_product(value) == by_oracle(value)

    @given(strategies.VALUES)
    @strategies.PATIENT
    def test_each_reads_what_the_other_wrote(self, value: Value) -> None:
        assert product_canonical.decode(canonical.encode(value)) == value
        assert canonical.decode(product_canonical.encode(value)) == value

    @given(spoilt())
    @settings(strategies.PATIENT, max_examples=100)
    def test_spoilt_bytes_are_read_by_both_or_by_neither(self, data: bytes) -> None:
        assert read_by_product(data) == read_by_oracle(data)

    @given(ALMOST_JSON | st.binary(max_size=8))
    @settings(strategies.PATIENT, max_examples=150)
    def test_bytes_that_are_almost_json_are_read_by_both_or_by_neither(self, data: bytes) -> None:
        assert read_by_product(data) == read_by_oracle(data)

    @pytest.mark.parametrize(("depth", "held"), [(1, True), (32, True), (33, False)])
    def test_lists_in_lists_are_held_to_a_depth_by_the_product_alone(self, depth: int, *, held: bool) -> None:
        data = b"[" * depth + b"161" + b"]" * depth
        value = canonical.decode(data)
        assert by_oracle(value) == data
        assert by_product(value) == (data if held else None)
        assert read_by_product(data) == ((value,) if held else None)


class TestEntries:
    @given(cores())
    @strategies.PATIENT
    def test_an_entry_is_the_canonical_object_of_its_fields(self, core: entry.Core) -> None:
        fields = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(core).items()}
        data = core.encode()
        assert data == canonical.encode(fields)
        assert canonical.decode(data) == fields
        assert set(fields) == set(DESIGNED.split())
        assert entry.Core.decode(canonical.encode(fields)) == core

    @given(st.binary(max_size=400))
    @strategies.PATIENT
    def test_an_entry_has_one_leaf_hash(self, data: bytes) -> None:
        assert entry.leaf_hash(data) == tree.leaf_hash(data)


class TestTree:
    @pytest.mark.parametrize("size", range(len(published.CT_ROOTS)))
    def test_the_roots_of_certificate_transparency(self, size: int) -> None:
        frontier = Frontier()
        frontier.extend(entry.leaf_hash(leaf) for leaf in published.CT_LEAVES[:size])
        assert frontier.root().hex() == published.CT_ROOTS[size]

    def test_a_growing_log_has_the_root_of_the_rfc_at_every_size(self) -> None:
        frontier = Frontier()
        leaves: list[bytes] = []
        assert frontier.root() == EMPTY_ROOT == tree.tree_hash([])
        for size in range(1, MOST_LEAVES + 1):
            leaves.append(entry.leaf_hash(size.to_bytes(2, "big")))
            frontier.append(leaves[-1])
            assert frontier.size == size
            assert frontier.root() == tree.tree_hash(leaves, tree.already_hashed)

    @given(ENTRIES, st.integers(0, MOST_LEAVES))
    @strategies.PATIENT
    def test_a_log_put_away_and_taken_up_again_has_the_root_of_the_rfc(self, data: list[bytes], put_away: int) -> None:
        before, after = data[:put_away], data[put_away:]
        frontier = Frontier()
        frontier.extend(map(entry.leaf_hash, before))
        other = frontier.copy()
        taken_up = Frontier.from_bytes(frontier.to_bytes())
        taken_up.extend(map(entry.leaf_hash, after))
        other.append(bytes(32))
        assert (taken_up.size, taken_up.root()) == (len(data), tree.tree_hash(data))
        assert (frontier.size, frontier.root()) == (len(before), tree.tree_hash(before))

    @given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
    @strategies.PATIENT
    def test_two_subtrees_have_one_parent(self, left: bytes, right: bytes) -> None:
        assert node_hash(left, right) == tree.tree_hash([left, right], tree.already_hashed)


class TestCommitments:
    @given(NUMBERS, FIELDS, SALTS, strategies.TEXT)
    @strategies.PATIENT
    def test_a_value_has_one_commitment(self, seq: int, field: str, salt: bytes, value: str) -> None:
        assert opening.commit(seq, field, salt, value) == commitment.commit(seq, field, salt, value)

    @given(SALTS, st.text(st.characters(exclude_categories=[]), min_size=1))
    @strategies.PATIENT
    def test_a_value_that_one_refuses_the_other_refuses(self, salt: bytes, value: str) -> None:
        if by_oracle(value) is not None:
            return
        with pytest.raises(product_canonical.CanonicalError):
            opening.commit(1, "term", salt, value)

    @pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
    def test_a_salt_of_another_length_is_refused_by_both(self, salt: bytes) -> None:
        for commit in (opening.commit, commitment.commit):
            with pytest.raises(ValueError, match=r".+"):
                commit(1, "term", salt, "müller")
