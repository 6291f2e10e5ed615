"""The tree: the root of RFC 9162 for any number of leaves, whatever was stored in between."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from staffdesk.audit.tree import EMPTY_ROOT, Frontier, TreeError, root_from_path, sibling_ranges

leaves = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def _root_by_definition(of: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1: split at the largest power of two that is smaller than the number of leaves."""
    if not of:
        return sha256(b"").digest()
    if len(of) == 1:
        return of[0]
    split = 1 << ((len(of) - 1).bit_length() - 1)
    return sha256(b"\x01" + _root_by_definition(of[:split]) + _root_by_definition(of[split:])).digest()


@given(leaves)
def test_the_root_is_that_of_the_definition(of: list[bytes]) -> None:
    tree = Frontier()
    tree.extend(of)
    assert (tree.size, tree.root()) == (len(of), _root_by_definition(of))


@given(leaves, leaves)
def test_a_tree_goes_on_growing_from_its_stored_peaks(before: list[bytes], after: list[bytes]) -> None:
    tree = Frontier()
    tree.extend(before)
    stored = Frontier.from_bytes(tree.to_bytes())
    assert stored == tree
    assert len(tree.to_bytes()) == 8 + 32 * len(before).bit_count()
    stored.extend(after)
    assert stored.root() == _root_by_definition(before + after)


@given(st.data(), st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70))
def test_an_audit_path_leads_from_its_leaf_to_the_root_and_from_no_other(data: st.DataObject, of: list[bytes]) -> None:
    index = data.draw(st.integers(0, len(of) - 1))
    path = [_root_by_definition(of[first:after]) for first, after in sibling_ranges(index, len(of))]
    assert root_from_path(of[index], index, len(of), path) == _root_by_definition(of)
    other = bytes(byte ^ 1 for byte in of[index])
    assert root_from_path(other, index, len(of), path) != _root_by_definition(of)
    with pytest.raises(TreeError):
        root_from_path(of[index], index, len(of), [*path, bytes(32)])
    with pytest.raises(TreeError):
        sibling_ranges(len(of), len(of))


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


def test_a_copy_grows_by_itself() -> None:
    tree = Frontier()
    tree.append(bytes(32))
    other = tree.copy()
    other.append(bytes(32))
    assert (tree.size, tree.root()) == (1, bytes(32))
    assert other.size == 2


@given(st.binary(max_size=120))
@example(b"")
@example((3).to_bytes(8, "big") + bytes(32))
@example((1).to_bytes(8, "big") + bytes(33))
def test_no_bytes_raise_anything_but_the_one_error(data: bytes) -> None:
    try:
        tree = Frontier.from_bytes(data)
    except TreeError:
        return
    assert tree.to_bytes() == data


@pytest.mark.parametrize("length", [0, 31, 32, 63, 65, 96])
def test_peaks_that_are_not_as_many_as_the_size_asks_for_are_refused(length: int) -> None:
    with pytest.raises(TreeError):
        Frontier.from_bytes((5).to_bytes(8, "big") + bytes(length))


@pytest.mark.parametrize("leaf", [b"", bytes(31), bytes(33)])
def test_a_leaf_of_another_length_is_refused(leaf: bytes) -> None:
    with pytest.raises(TreeError):
        Frontier().append(leaf)
