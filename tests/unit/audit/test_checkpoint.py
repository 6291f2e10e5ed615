"""Checkpoints: the published note format, readable by other people's tools, and any change of one is seen."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from staffdesk.audit import cosignature
from staffdesk.audit.checkpoint import (
    Checkpoint,
    CheckpointError,
    UnknownKeyError,
    generate_key,
    parse,
    parse_verifier_key,
    sign,
    verifier_key,
    verify,
)
from tests.unit.audit.sample_log import ORIGIN, SEED

TOLD = Checkpoint(origin=ORIGIN, size=100, root=bytes(range(32)))
NOTE = sign(TOLD, ORIGIN, SEED)
VKEY = verifier_key(ORIGIN, SEED)

# A tree head of Go's public checksum database and its published key: the same formats, made by another program.
GO_VKEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_NOTE = (
    "go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n\u2014 sum.golang.org "
    "Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=\n"
)


def test_a_tree_head_signed_by_another_program_verifies() -> None:
    told = verify(GO_NOTE, [GO_VKEY])
    assert (told.origin, told.size) == ("go.sum database tree", 6476701)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.integers(0, 2**53),
    st.binary(min_size=32, max_size=32),
)
def test_every_checkpoint_comes_back_from_its_note(origin: str, size: int, root: bytes) -> None:
    told = Checkpoint(origin=origin, size=size, root=root)
    note = sign(told, ORIGIN, SEED)
    assert verify(note, [VKEY]) == told
    assert parse(note)[0] == told


def test_the_note_is_three_lines_an_empty_one_and_the_signature() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == [ORIGIN, "100", base64.b64encode(bytes(range(32))).decode(), ""]
    assert lines[4].startswith(f"\u2014 {ORIGIN} ")
    assert lines[5:] == [""]


@pytest.mark.parametrize("at", range(len(NOTE)))
def test_no_character_of_a_checkpoint_can_be_changed_or_cut(at: int) -> None:
    for other in {"A", "1", "\n", "=", "\u00e9", chr(ord(NOTE[at]) ^ 1)} - {NOTE[at]}:
        with pytest.raises(CheckpointError):
            verify(NOTE[:at] + other + NOTE[at + 1 :], [VKEY])
    with pytest.raises(CheckpointError):
        verify(NOTE[:at] + NOTE[at + 1 :], [VKEY])


def test_the_unused_bits_of_base64_are_no_hiding_place() -> None:
    head, last = NOTE.removesuffix("=\n"), "=\n"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = head[:-1] + alphabet[alphabet.index(head[-1]) ^ 1] + last
    assert base64.b64decode(twin.split(" ")[-1]) == base64.b64decode(NOTE.split(" ")[-1])
    with pytest.raises(CheckpointError):
        verify(twin, [VKEY])


def test_signatures_of_witnesses_are_passed_over() -> None:
    witness = sign(TOLD, "witness.example", bytes(32)).rpartition("\n\n")[2]
    assert verify(NOTE + witness, [VKEY]) == TOLD
    assert [each.name for each in parse(NOTE + witness)[1]] == [ORIGIN, "witness.example"]


def test_sixteen_signatures_are_taken_and_a_thousand_refused() -> None:
    witnesses = [sign(TOLD, f"witness{number}.example", SEED).rpartition("\n\n")[2] for number in range(1000)]
    assert verify(NOTE + "".join(witnesses[:15]), [VKEY]) == TOLD
    with pytest.raises(CheckpointError):
        verify(NOTE + "".join(witnesses), [VKEY])


def test_a_further_line_in_the_text_is_refused_though_it_is_signed() -> None:
    key = parse_verifier_key(VKEY)
    body = NOTE.partition("\n\n")[0] + "\nfurther\n"
    signature = base64.b64encode(key.key_id + Ed25519PrivateKey.from_private_bytes(SEED).sign(body.encode())).decode()
    with pytest.raises(CheckpointError, match="three lines"):
        verify(f"{body}\n\u2014 {ORIGIN} {signature}\n", [VKEY])


def test_one_wrong_signature_of_a_known_key_refuses_the_note() -> None:
    other = verifier_key("second.example", bytes(32))
    wrong = sign(Checkpoint(origin=ORIGIN, size=99, root=bytes(32)), "second.example", bytes(32)).rpartition("\n\n")[2]
    assert verify(NOTE + wrong, [VKEY]) == TOLD
    with pytest.raises(CheckpointError):
        verify(NOTE + wrong, [VKEY, other])


def test_a_note_by_another_key_is_told_apart_from_an_altered_one() -> None:
    for keys in ([], [verifier_key(ORIGIN, bytes(32))], [verifier_key("other.example", SEED)]):
        with pytest.raises(UnknownKeyError):
            verify(NOTE, keys)


@given(st.text())
@example("")
@example("\n\n")
@example("a\n1\n\n\u2014 a AAAA\n")
@example(NOTE.replace("\n100\n", "\n0100\n"))
@example(NOTE.replace("\n100\n", "\n\u0661\u0660\u0660\n"))
@example(NOTE.replace("\n\n", "\nextension\n\n"))
@example(NOTE.replace("\n\u2014", "\r\n\u2014"))
@example(NOTE + "\u2014 a b\n" * 101)
@example("\ud800" + NOTE)
def test_no_text_raises_anything_but_the_one_error(text: str) -> None:
    with pytest.raises(CheckpointError):
        verify(text, [VKEY])


@given(st.text())
@example(VKEY.upper())
@example(VKEY + "=")
@example(VKEY.replace("+", "+0", 1))
@example(VKEY.replace("desk", "disk"))
@example("a b+00000000+AAAA")
def test_no_text_is_taken_for_a_key_that_is_none(text: str) -> None:
    with pytest.raises(CheckpointError):
        parse_verifier_key(text)


def test_a_key_comes_back_from_its_text() -> None:
    seed = generate_key()
    assert len(seed) == 32
    assert seed != generate_key()
    key = parse_verifier_key(verifier_key("desk.example", seed))
    assert key.name == "desk.example"
    assert verify(sign(TOLD, "desk.example", seed), [verifier_key("desk.example", seed)]) == TOLD


@pytest.mark.parametrize(
    ("told", "name", "seed"),
    [
        (Checkpoint(origin="", size=1, root=bytes(32)), ORIGIN, SEED),
        (Checkpoint(origin="a\nb", size=1, root=bytes(32)), ORIGIN, SEED),
        (Checkpoint(origin="a\x1b", size=1, root=bytes(32)), ORIGIN, SEED),
        (Checkpoint(origin="a\ud800", size=1, root=bytes(32)), ORIGIN, SEED),
        (Checkpoint(origin="a", size=-1, root=bytes(32)), ORIGIN, SEED),
        (Checkpoint(origin="a", size=1, root=bytes(31)), ORIGIN, SEED),
        (TOLD, "two words", SEED),
        (TOLD, "a+b", SEED),
        (TOLD, "", SEED),
        (TOLD, "\u2003", SEED),
        (TOLD, ORIGIN, SEED[:31]),
    ],
)
def test_what_a_note_cannot_hold_is_not_signed(told: Checkpoint, name: str, seed: bytes) -> None:
    with pytest.raises(CheckpointError):
        sign(told, name, seed)


@pytest.mark.parametrize("at", [-1, 1 << 64])
def test_a_witness_says_no_time_that_its_line_cannot_hold(at: int) -> None:
    with pytest.raises(CheckpointError):
        cosignature.cosign(NOTE, "witness.example", SEED, at)
