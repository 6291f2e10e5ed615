"""The oracle's notes and checkpoints, held against notes that others signed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.audit_oracle import note, published
from tests.audit_oracle.note import BadNoteError, Checkpoint, VerifierKey


class TestNotes:
    @pytest.mark.parametrize(
        "vkey", [published.SPEC_VKEY, published.GO_VKEY, published.ENOCH_VKEY, published.SUMDB_VKEY]
    )
    def test_published_keys_are_read_and_written_with_their_published_id(self, vkey: str) -> None:
        assert str(VerifierKey.parse(vkey)) == vkey

    @pytest.mark.parametrize(
        ("data", "vkey"),
        [
            (published.SPEC_NOTE, published.SPEC_VKEY),
            (published.GO_NOTE, published.GO_VKEY),
            (published.SUMDB_NOTE, published.SUMDB_VKEY),
        ],
    )
    def test_published_notes_are_believed_and_every_changed_bit_is_not(self, data: bytes, vkey: str) -> None:
        key = VerifierKey.parse(vkey)
        text, signers = note.open_note(data, [key])
        assert (text, set(signers)) == (data.decode().rpartition("\n\n")[0] + "\n", {key})
        for place in (0, len(text) // 2, len(text) - 1, len(data) - 9):
            changed = bytearray(data)
            changed[place] ^= 1
            with pytest.raises(BadNoteError):
                note.open_note(bytes(changed), [key])

    def test_signing_gives_the_published_note(self) -> None:
        assert note.sign(published.GO_TEXT, "PeterNeumann", published.GO_SEED) == published.GO_NOTE

    def test_a_second_signature_counts_when_its_key_is_known_and_is_ignored_when_not(self) -> None:
        peter, enoch, other = (
            VerifierKey.parse(vkey) for vkey in (published.GO_VKEY, published.ENOCH_VKEY, published.SPEC_VKEY)
        )
        both = published.GO_NOTE + published.ENOCH_LINE.encode()
        assert note.open_note(both, [peter, enoch, other]) == (published.GO_TEXT, frozenset({peter, enoch}))
        assert note.open_note(both, [peter]) == (published.GO_TEXT, frozenset({peter}))
        with pytest.raises(BadNoteError, match="no known key"):
            note.open_note(both, [other])

    def test_a_known_keys_false_signature_spoils_the_note_beside_a_true_one(self) -> None:
        peter, enoch = VerifierKey.parse(published.GO_VKEY), VerifierKey.parse(published.ENOCH_VKEY)
        false = published.ENOCH_LINE.replace("+QQ=", "+QU=").replace("rwz+eBzm", "rwz+eBzn")
        with pytest.raises(BadNoteError, match="signature is false"):
            note.open_note(published.GO_NOTE + false.encode(), [peter, enoch])

    def test_a_text_may_hold_empty_lines_and_what_follows_the_last_one_are_signatures(self) -> None:
        text = "Ognuno sta solo sul cuor della terra\n\ned è subito sera.\n"
        key = VerifierKey("quasimodo.example/salvatore", note.public_of(published.GO_SEED))
        assert note.open_note(note.sign(text, key.name, published.GO_SEED), [key]) == (text, frozenset({key}))

    @pytest.mark.parametrize("text", ["", "no end of line", "tab\there\n", "nul\x00\n", "return\r\n"])
    def test_a_text_that_no_note_may_have_is_neither_signed_nor_believed(self, text: str) -> None:
        with pytest.raises(BadNoteError):
            note.sign(text, "a.example", published.GO_SEED)
        key = VerifierKey("a.example", note.public_of(published.GO_SEED))
        true = key.key_id + Ed25519PrivateKey.from_private_bytes(published.GO_SEED).sign(text.encode())
        with pytest.raises(BadNoteError):
            note.open_note(f"{text}\n— a.example {base64.b64encode(true).decode()}\n".encode(), [key])

    @pytest.mark.parametrize("name", ["", "a b", "a\u00a0b", "a\u2003b", "a+b"])
    def test_a_name_that_no_key_may_have_is_refused(self, name: str) -> None:
        with pytest.raises(BadNoteError):
            note.sign("text\n", name, published.GO_SEED)
        with pytest.raises(BadNoteError):
            VerifierKey.parse(str(VerifierKey(name, note.public_of(published.GO_SEED))))

    @pytest.mark.parametrize(
        "change",
        [
            lambda data: data.replace("\n\n", "\n"),
            lambda data: data.removesuffix("\n"),
            lambda data: data + "\n",
            lambda data: data.replace("—", "-"),
            lambda data: data.replace("PeterNeumann ", "PeterNeumann  "),
            lambda data: data.replace("If", "\tIf"),
            lambda data: data.replace("JnAM=", "JnAN="),
            lambda data: data.replace("JnAM=", "JnAM"),
            lambda data: data + data.rpartition("\n\n")[2] * 100,
        ],
    )
    def test_a_malformed_note_is_refused(self, change: Callable[[str], str]) -> None:
        with pytest.raises(BadNoteError):
            note.open_note(change(published.GO_NOTE.decode()).encode(), [VerifierKey.parse(published.GO_VKEY)])

    @pytest.mark.parametrize(
        "vkey",
        [
            "",
            "PeterNeumann",
            published.GO_VKEY.replace("c74f", "c74e"),
            published.GO_VKEY.replace("+AR", "+BR"),
            published.GO_VKEY[:-4],
            "+" + published.GO_VKEY,
        ],
    )
    def test_a_malformed_key_is_refused(self, vkey: str) -> None:
        with pytest.raises(BadNoteError):
            VerifierKey.parse(vkey)

    def test_the_openssl_command_believes_and_doubts_by_itself(self) -> None:
        if note.openssl_with_ed25519() is None:
            pytest.skip("no openssl command with Ed25519 here: the cryptography library verifies in its place")
        public, message, signature = note._RFC_8032_TEST_3
        assert note.is_signature(public, message, signature)
        assert not note.is_signature(public, message + b"!", signature)
        assert not note.is_signature(public, message, signature[:-1])


class TestCheckpoints:
    def test_the_example_of_tlog_checkpoint_is_read_and_written_back(self) -> None:
        text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        checkpoint = Checkpoint.parse(text)
        assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
        assert checkpoint.root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
        assert str(checkpoint) == text

    def test_extension_lines_are_kept_and_change_nothing_else(self) -> None:
        checkpoint = Checkpoint("a.example/log", 0, sha256().digest(), ("one", "two"))
        assert Checkpoint.parse(str(checkpoint)) == checkpoint

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "a\n1\n",
            "\n1\n{root}\n",
            "a\n01\n{root}\n",
            "a\n-1\n{root}\n",
            "a\n+1\n{root}\n",
            "a\n\N{FULLWIDTH DIGIT ONE}\n{root}\n",
            "a\n1\n{root}",
            "a\n1\n{root}\nopen line",
            "a\n1\n{root}\n\nb\n",
            "a\n1\nAAAA\n",
            "a\n1\n{root}=\n",
        ],
    )
    def test_a_malformed_checkpoint_is_refused(self, text: str) -> None:
        with pytest.raises(BadNoteError):
            Checkpoint.parse(text.format(root="CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="))
