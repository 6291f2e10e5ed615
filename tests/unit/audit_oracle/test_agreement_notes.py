"""Checkpoints of two hands: the same bytes signed, and each believes and doubts the other's as its own."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffdesk.audit import checkpoint as product
from staffdesk.audit import entry, opening
from staffdesk.audit.tree import Frontier
from tests.audit_oracle import canonical, commitment, note, published, strategies, tree
from tests.audit_oracle.note import BadNoteError, Checkpoint, VerifierKey

ORIGIN = "staffdesk.example/audit/7d0c8f0e-6f0c-4e57-9d0a-1c1f6a3b9a55"
SEED, WITNESS_SEED = bytes(range(32)), bytes(range(32, 64))
SEEDS = st.binary(min_size=32, max_size=32)
ROOTS = st.binary(min_size=32, max_size=32)
SIZES = st.integers(0, 2**53 - 1)
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"], exclude_characters="+"), min_size=1, max_size=60)
# without DEL and C1, of which TestStricter speaks
PUT_IN = st.characters(max_codepoint=0x7E) | st.characters(min_codepoint=0xA0, max_codepoint=0x2100)
PUT_IN |= st.sampled_from("\n +=—\u2003")
# every verification by the oracle may start a program
PROGRAMS = settings(strategies.PATIENT, max_examples=60)


def key_of(name: str, seed: bytes) -> VerifierKey:
    return VerifierKey(name, note.public_of(seed))


def believed_by_oracle(data: str, keys: Sequence[VerifierKey]) -> Checkpoint | None:
    try:
        text, _ = note.open_note(data.encode(), keys)
        return Checkpoint.parse(text)
    except BadNoteError:
        return None


def believed_by_product(data: str, keys: Sequence[VerifierKey]) -> Checkpoint | None:
    try:
        found = product.verify(data, [str(key) for key in keys])
    except product.CheckpointError:
        return None
    return Checkpoint(found.origin, found.size, found.root)


class TestKeys:
    @given(NAMES, SEEDS)
    @strategies.PATIENT
    def test_a_key_has_one_id_and_one_text(self, name: str, seed: bytes) -> None:
        key = key_of(name, seed)
        vkey = product.verifier_key(name, seed)
        assert vkey == str(key)
        assert VerifierKey.parse(vkey) == key
        read = product.parse_verifier_key(str(key))
        assert (read.name, read.key_id, read.public_key) == (key.name, key.key_id, key.public)

    @pytest.mark.parametrize(
        "vkey", [published.SPEC_VKEY, published.GO_VKEY, published.ENOCH_VKEY, published.SUMDB_VKEY]
    )
    def test_published_keys_are_read(self, vkey: str) -> None:
        read, key = product.parse_verifier_key(vkey), VerifierKey.parse(vkey)
        assert (read.name, read.key_id, read.public_key) == (key.name, key.key_id, key.public)

    @given(st.integers(0, len(published.GO_VKEY) - 1), st.characters(exclude_categories=["Cs"]))
    @strategies.PATIENT
    def test_a_spoilt_key_is_refused_by_both(self, place: int, character: str) -> None:
        vkey = published.GO_VKEY[:place] + character + published.GO_VKEY[place + 1 :]
        try:
            VerifierKey.parse(vkey)
        except BadNoteError:
            with pytest.raises(product.CheckpointError):
                product.parse_verifier_key(vkey)
        else:
            product.parse_verifier_key(vkey)


class TestSigning:
    @given(NAMES, SIZES, ROOTS, NAMES, SEEDS)
    @PROGRAMS
    def test_a_checkpoint_has_one_note_and_both_believe_it(
        self, origin: str, size: int, root: bytes, name: str, seed: bytes
    ) -> None:
        checkpoint = Checkpoint(origin, size, root)
        by_product = product.sign(product.Checkpoint(origin=origin, size=size, root=root), name, seed)
        by_oracle = note.sign(str(checkpoint), name, seed).decode()
        assert by_product == by_oracle
        keys = [key_of(name, seed)]
        assert believed_by_oracle(by_product, keys) == checkpoint
        assert believed_by_product(by_oracle, keys) == checkpoint

    def test_a_checkpoint_that_a_public_log_signed_is_believed(self) -> None:
        keys = [VerifierKey.parse(published.SUMDB_VKEY)]
        believed = believed_by_product(published.SUMDB_NOTE.decode(), keys)
        assert believed == believed_by_oracle(published.SUMDB_NOTE.decode(), keys)
        assert believed is not None

    @pytest.mark.parametrize("known", [(0,), (1,), (0, 1), (1, 0), ()])
    def test_a_witness_may_sign_too(self, known: tuple[int, ...]) -> None:
        checkpoint = Checkpoint(ORIGIN, 3, bytes(32))
        keys = [key_of(ORIGIN, SEED), key_of("witness.example", WITNESS_SEED)]
        first = note.sign(str(checkpoint), ORIGIN, SEED).decode()
        both = first + note.sign(str(checkpoint), "witness.example", WITNESS_SEED).decode().rpartition("\n\n")[2]
        asked = [keys[number] for number in known]
        assert believed_by_product(both, asked) == believed_by_oracle(both, asked) == (checkpoint if known else None)


class TestDoubting:
    @pytest.mark.parametrize("false", [ORIGIN, "witness.example"])
    def test_a_false_signature_by_a_known_key_is_not_made_good_by_a_true_one(self, false: str) -> None:
        checkpoint, other = Checkpoint(ORIGIN, 161, bytes(32)), Checkpoint(ORIGIN, 160, bytes(32))
        lines = [
            note.sign(str(other if name == false else checkpoint), name, seed).decode().rpartition("\n\n")[2]
            for name, seed in ((ORIGIN, SEED), ("witness.example", WITNESS_SEED))
        ]
        both = f"{checkpoint}\n{''.join(lines)}"
        keys = [key_of(ORIGIN, SEED), key_of("witness.example", WITNESS_SEED)]
        assert believed_by_oracle(both, keys) is believed_by_product(both, keys) is None
        alone = [key for key in keys if key.name != false]
        assert believed_by_oracle(both, alone) == believed_by_product(both, alone) == checkpoint

    @pytest.mark.parametrize(
        "under",
        [
            "",
            "{line}",
            "{line}\n\n",
            "{line}\n{line}",
            "{line}\r\n",
            " {line}\n",
            "{line} \n",
            "{line}\nno signature\n",
            "{line}\n— witness+1 AAAAAAAA\n",
            "{line}\n— witness\u20031 AAAAAAAA\n",
            "{line}\n—  AAAAAAAA\n",
            "{line}\n— witness AAAA*AAA\n",
            "{line}\n— witness AAAAAAB=\n",
            "{line}\n— witness AAAAAA==\n",
            "{line}\n- witness AAAAAAAA\n",
        ],
    )
    def test_a_true_signature_under_which_the_form_is_broken_is_refused_by_both(self, under: str) -> None:
        text, _, line = note.sign(str(Checkpoint(ORIGIN, 3, bytes(32))), ORIGIN, SEED).decode().rpartition("\n\n")
        broken = f"{text}\n\n" + under.format(line=line.removesuffix("\n"))
        keys = [key_of(ORIGIN, SEED)]
        assert believed_by_oracle(broken, keys) is believed_by_product(broken, keys) is None

    @given(st.data())
    @settings(strategies.PATIENT, max_examples=60)
    def test_a_spoilt_note_is_believed_by_both_or_by_neither(self, data: st.DataObject) -> None:
        checkpoint = Checkpoint(ORIGIN, 161, bytes(range(32)))
        whole = note.sign(str(checkpoint), ORIGIN, SEED).decode()
        whole += note.sign(str(checkpoint), "witness.example", WITNESS_SEED).decode().rpartition("\n\n")[2]
        place = data.draw(st.integers(0, len(whole) - 1))
        put_in = data.draw(st.text(PUT_IN, max_size=2))
        cut = data.draw(st.integers(0, 2))
        changed = whole[:place] + put_in + whole[place + cut :]
        keys = [key_of(ORIGIN, SEED), key_of("witness.example", WITNESS_SEED)][: data.draw(st.integers(1, 2))]
        assert believed_by_product(changed, keys) == believed_by_oracle(changed, keys)

    @pytest.mark.parametrize(
        "text",
        [
            "{origin}\n3\n{root}\n",
            "{origin}\n0\n{root}\n",
            "{origin}\n03\n{root}\n",
            "{origin}\n+3\n{root}\n",
            "{origin}\n-3\n{root}\n",
            "{origin}\n 3\n{root}\n",
            "{origin}\n3 \n{root}\n",
            "{origin}\n\n{root}\n",
            "{origin}\n\N{ARABIC-INDIC DIGIT THREE}\n{root}\n",
            "{origin}\n3\n{root}\n\n",
            "{origin}\n3\n",
            "{origin}\n3\nAAAA\n",
            "{origin}\n3\n{root}=\n",
            "\n3\n{root}\n",
            "a log of ours\n3\n{root}\n",
            "with+plus\n3\n{root}\n",
        ],
    )
    def test_a_truly_signed_text_that_is_no_checkpoint_is_refused_by_both(self, text: str) -> None:
        text = text.format(origin=ORIGIN, root=str(Checkpoint(ORIGIN, 3, bytes(range(32)))).split("\n")[2])
        signed = note.sign(text, ORIGIN, SEED).decode()
        keys = [key_of(ORIGIN, SEED)]
        assert believed_by_product(signed, keys) == believed_by_oracle(signed, keys)


class TestStricter:
    """Where the format leaves room, the product takes less of it; it never believes what the oracle doubts."""

    @pytest.mark.parametrize(
        "text",
        [
            "{origin}\n3\n{root}\nan extension line\n",
            "{origin}\n1000000000000000000\n{root}\n",
            "{origin}\x7f\n3\n{root}\n",
            "{origin}\x9b\n3\n{root}\n",
        ],
    )
    def test_a_checkpoint_that_no_log_of_ours_can_have_is_refused(self, text: str) -> None:
        text = text.format(origin=ORIGIN, root=str(Checkpoint(ORIGIN, 3, bytes(32))).split("\n")[2])
        signed = note.sign(text, ORIGIN, SEED).decode()
        keys = [key_of(ORIGIN, SEED)]
        assert believed_by_oracle(signed, keys) == Checkpoint.parse(text)
        assert believed_by_product(signed, keys) is None

    @pytest.mark.parametrize("name", ["witness\x7f", "witness\x80"])
    def test_another_signers_name_that_holds_a_control_character_spoils_the_note(self, name: str) -> None:
        checkpoint = Checkpoint(ORIGIN, 3, bytes(32))
        both = note.sign(str(checkpoint), ORIGIN, SEED) + f"\N{EM DASH} {name} AAAAAAAA\n".encode()
        keys = [key_of(ORIGIN, SEED)]
        assert believed_by_oracle(both.decode(), keys) == checkpoint
        assert believed_by_product(both.decode(), keys) is None


class TestWholeLog:
    @given(st.lists(st.tuples(strategies.TEXT, ROOTS), min_size=1, max_size=20))
    @PROGRAMS
    def test_the_oracle_proves_a_log_that_the_product_wrote(self, terms: list[tuple[str, bytes]]) -> None:
        frontier, stored = Frontier(), []
        for seq, (term, salt) in enumerate(terms, start=1):
            core = entry.Core(
                log=ORIGIN,
                seq=seq,
                t=1_795_334_400_123 + seq,
                act="customer.search",
                out="ok",
                policy="2024-10",
                sec={"term": opening.commit(seq, "term", salt, term).hex()},
            ).encode()
            stored.append(core)
            frontier.append(entry.leaf_hash(core))
        signed = product.sign(product.Checkpoint(origin=ORIGIN, size=frontier.size, root=frontier.root()), ORIGIN, SEED)

        believed = believed_by_oracle(signed, [key_of(ORIGIN, SEED)])
        assert believed == Checkpoint(ORIGIN, len(terms), tree.tree_hash(stored))
        for seq, (core, (term, salt)) in enumerate(zip(stored, terms, strict=True), start=1):
            fields = canonical.decode(core)
            assert isinstance(fields, dict)
            assert fields["sec"] == {"term": commitment.commit(seq, "term", salt, term).hex()}
