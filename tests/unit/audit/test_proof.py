"""Proofs: what is written is what the public texts say, and no byte of it can be changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.audit.checkpoint import Checkpoint, generate_key, sign, verifier_key
from staffdesk.audit.entry import leaf_hash
from staffdesk.audit.proof import Growth, InclusionProof, ProofError
from staffdesk.audit.tree import Frontier, RangeRoots, TreeError, check_consistency, consistency_ranges, sibling_ranges
from tests import rfc9162

ORIGIN = "desk.example/audit/1"
SEED = generate_key()
VKEY = verifier_key("seal", SEED)


def _entries(size: int) -> list[bytes]:
    return [f"entry {at}".encode() for at in range(size)]


def _at(size: int) -> Checkpoint:
    tree = Frontier()
    tree.extend(map(leaf_hash, _entries(size)))
    return Checkpoint(origin=ORIGIN, size=size, root=tree.root())


def _roots(size: int, ranges: tuple[tuple[int, int], ...]) -> tuple[bytes, ...]:
    roots = RangeRoots(ranges)
    for index, entry in enumerate(_entries(size)):
        roots.take(index, leaf_hash(entry))
    return roots.roots()


def _proof(index: int, size: int) -> InclusionProof:
    leaf, *path = _roots(size, ((index, index + 1), *sibling_ranges(index, size)))
    return InclusionProof(index=index, leaf=leaf, path=tuple(path), note=sign(_at(size), "seal", SEED))


@given(st.data(), st.integers(1, 70))
def test_every_entry_is_proved_to_a_checker_that_only_knows_the_public_texts(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = _proof(index, size)
    assert InclusionProof.parse(proof.to_text()) == proof
    assert proof.check((VKEY,), leaf_hash(_entries(size)[index])) == _at(size)
    assert rfc9162.proved(proof.to_text(), VKEY, _entries(size)[index])
    assert not rfc9162.proved(proof.to_text(), VKEY, b"another")


@given(st.data(), st.integers(1, 70))
def test_growth_is_proved_to_that_checker_too_and_no_other_history_is(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(1, size))
    was, now = _at(old), _at(size)
    path = _roots(size, consistency_ranges(old, size))
    growth = Growth(old=old, path=path, note=sign(now, "seal", SEED))
    assert Growth.parse(growth.to_text()).check((VKEY,), was) == now
    assert old == size or rfc9162.consistent(old, size, was.root, now.root, list(path))
    with pytest.raises(TreeError):
        check_consistency(old, bytes(32), size, now.root, path)
    with pytest.raises(TreeError):
        check_consistency(old, was.root, size, bytes(32), path)
    with pytest.raises(TreeError):
        check_consistency(old, was.root, size, now.root, (*path, bytes(32)))


@pytest.mark.parametrize("whole", [_proof(5, 11).to_text(), Growth(old=0, path=(), note=_proof(0, 3).note).to_text()])
def test_no_byte_of_a_proof_can_be_changed(whole: str) -> None:
    """Each place in turn becomes another letter, a line end, nothing, or itself twice."""
    kind = InclusionProof if whole.startswith("c2sp") else Growth
    for at, char in enumerate(whole):
        for other in ("A" if char != "A" else "B", "\n", "", char * 2):
            changed = whole[:at] + other + whole[at + 1 :]
            if changed == whole:
                continue
            with pytest.raises(ProofError, match=r"\.$"):
                _checked(kind, changed)


def _checked(kind: type[InclusionProof | Growth], text: str) -> None:
    if kind is InclusionProof:
        InclusionProof.parse(text).check((VKEY,))
    else:
        Growth.parse(text).check((VKEY,), None)


def test_what_does_not_extend_what_was_seen_is_refused_with_both_sizes() -> None:
    note = sign(_at(5), "seal", SEED)
    with pytest.raises(ProofError, match="shrank: 7 entries were seen, and this checkpoint is over 5"):
        Growth(old=7, path=(), note=note).check((VKEY,), _at(7))
    with pytest.raises(ProofError, match="begin at 3"):
        Growth(old=2, path=_roots(5, consistency_ranges(2, 5)), note=note).check((VKEY,), _at(3))
    other = Checkpoint(origin=ORIGIN, size=3, root=bytes(32))
    with pytest.raises(ProofError, match="over 5 entries does not begin with the 3"):
        Growth(old=3, path=_roots(5, consistency_ranges(3, 5)), note=note).check((VKEY,), other)
