"""The oracle itself, held against answers that others published: it judges the product's log, so who judges it?"""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit_oracle import canonical, commitment, published, strategies, tree
from tests.audit_oracle.canonical import NotCanonicalError, Value


class TestCanonicalBytes:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            # testdata of github.com/cyberphone/json-canonicalization, by the author of RFC 8785, where the restriction
            # admits it (structures.json without its key "\n")
            ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
            (
                {"1": {"f": {"f": "hi", "F": 5}}, "10": {}, "": "empty", "a": {}, "111": [{}], "A": {}},
                '{"":"empty","1":{"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
            ),
            ([None, True, False], "[null,true,false]"),
            # two characters for which Unicode has no single one, so NFC as they stand
            ({"Unnormalized Unicode": "\u1e0d\u0307"}, '{"Unnormalized Unicode":"\u1e0d\u0307"}'),
            # RFC 8785 section 3.2.2.2: two characters of the permitted ones are escaped and no other, not even "/"
            ('€$A\'B"\\\\"/', '"€$A\'B\\"\\\\\\\\\\"/"'),
            ("\u2028\u00a0\ufeff😂", '"\u2028\u00a0\ufeff😂"'),
            ([0, -1, 2**53 - 1, 1 - 2**53], "[0,-1,9007199254740991,-9007199254740991]"),
        ],
    )
    def test_published_examples_have_their_published_spelling(self, value: Value, expected: str) -> None:
        assert canonical.encode(value) == expected.encode()
        assert canonical.decode(expected.encode()) == value

    @pytest.mark.parametrize(
        "value",
        [
            2**53,
            -(2**53),
            1.0,
            float("nan"),
            "line\nfeed",
            "tab\t",
            "\x00",
            "\x7f",
            "\x85",
            "\ud800",
            "e\u0301",  # not NFC, which RFC 8785 alone would let through
            {"é": 1},
            {"a\n": 1},
            {1: 1},
            (1, 2),
            b"bytes",
            {"deep": [{"er": 0.5}]},
        ],
    )
    def test_what_the_restriction_excludes_is_refused(self, value: object) -> None:
        with pytest.raises(NotCanonicalError):
            canonical.encode(value)

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b" 1",
            b"1 ",
            b"[1, 2]",
            b"[1,]",
            b"[,1]",
            b"[1",
            b"01",
            b"-0",
            b"+1",
            b"1.0",
            b"1e3",
            b"9007199254740992",
            b"1" * 5000,
            b"NaN",
            b"True",
            b'{"b":1,"a":2}',
            b'{"a":1,"a":1}',
            b'{"a":1,"a":2}',
            b'{"a" :1}',
            b'{"a"}',
            b"{a:1}",
            b'"\\u0061"',
            b'"\\/"',
            b'"\\n"',
            b'"a\nb"',
            b'"\\ud83d\\ude02"',
            b'"open',
            b'"\\"',
            b'"\xff"',
            b'"\xed\xa0\x80"',
            b'\xef\xbb\xbf"bom"',
            '"e\u0301"'.encode(),
            '{"é":1}'.encode(),
            b'"two""values"',
        ],
    )
    def test_any_other_spelling_is_refused(self, data: bytes) -> None:
        with pytest.raises(NotCanonicalError):
            canonical.decode(data)

    @given(strategies.VALUES)
    @strategies.PATIENT
    def test_a_third_hand_writes_the_same_bytes(self, value: Value) -> None:
        assert canonical.encode(value) == rfc8785.dumps(value)

    @given(strategies.VALUES)
    @strategies.PATIENT
    def test_what_is_written_is_read_back(self, value: Value) -> None:
        data = canonical.encode(value)
        assert canonical.decode(data) == value == json.loads(data)

    @given(st.text(st.sampled_from('[]{}",:\\0123456789-truefalsn e'), max_size=12).map(str.encode))
    @settings(strategies.PATIENT, max_examples=60)
    def test_what_is_read_has_one_spelling(self, data: bytes) -> None:
        try:
            value = canonical.decode(data)
        except NotCanonicalError:
            return
        assert canonical.encode(value) == data


class TestTree:
    @pytest.mark.parametrize("size", range(len(published.CT_ROOTS)))
    def test_the_roots_of_certificate_transparency(self, size: int) -> None:
        assert tree.tree_hash(published.CT_LEAVES[:size]).hex() == published.CT_ROOTS[size]

    def test_the_leaf_hashes_of_certificate_transparency(self) -> None:
        assert [tree.leaf_hash(leaf).hex() for leaf in published.CT_LEAVES] == published.CT_LEAF_HASHES

    @pytest.mark.parametrize("size", range(len(published.CT_ROOTS)))
    def test_a_pruned_log_has_the_same_root(self, size: int) -> None:
        leaves = [bytes.fromhex(leaf) for leaf in published.CT_LEAF_HASHES[:size]]
        assert tree.tree_hash(leaves, tree.already_hashed).hex() == published.CT_ROOTS[size]

    @given(st.integers(2, 10**9))
    @strategies.PATIENT
    def test_a_list_is_cut_at_the_power_of_two_that_the_rfc_names(self, n: int) -> None:
        k = tree.largest_power_of_two_smaller_than(n)
        assert k.bit_count() == 1
        assert k < n <= 2 * k


class TestCommitment:
    def test_the_bytes_are_those_of_the_formula(self) -> None:
        # put together and hashed with printf, xxd and sha256sum
        assert commitment.preimage(161, "q", bytes(range(32)), "müller").hex() == (
            "73746166666465736b2d61756469742d636f6d6d69742d7631" "00"
            "00000000000000a1" "0001" "71"
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
            "00000009" "226dc3bc6c6c657222"
        )  # fmt: skip
        assert commitment.commit(161, "q", bytes(range(32)), "müller").hex() == (
            "152be41b3c029058c3a96cbc38965ec9eaaf1b6dbf3b7406fdc3732170e292da"
        )
        assert commitment.commit(2**32, "change", b"\xff" * 32, {"old": None, "new": "Åse"}).hex() == (
            "3bab3edd72152908314eea0824fffc923d87b69c1d9e2870d96c78d7255deae6"
        )

    @pytest.mark.parametrize(
        ("seq", "field", "salt"),
        [
            (-1, "q", bytes(32)),
            (2**64, "q", bytes(32)),
            (1, "é", bytes(32)),
            (1, "q" * 2**16, bytes(32)),
            (1, "q", b""),
        ],
    )
    def test_what_does_not_fit_its_place_is_refused(self, seq: int, field: str, salt: bytes) -> None:
        with pytest.raises(ValueError, match=r".+"):
            commitment.commit(seq, field, salt, "x")
