"""The frozen format: names, order and bytes that any later version, and anybody else's tool, must reproduce.

The vectors were computed without this package, from the RFCs. A difference here is never repaired in the vectors: it is
a new version of the format.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, TypedDict

from staffdesk.audit.checkpoint import Checkpoint, parse, sign, verifier_key, verify
from staffdesk.audit.entry import FIELDS, Core, leaf_hash
from staffdesk.audit.opening import commit
from staffdesk.audit.tree import Frontier


class _Commitment(TypedDict):
    seq: int
    field: str
    salt: str
    value: str
    commitment: str


class _Tree(TypedDict):
    leaves: list[str]
    roots: list[str]
    frontiers: list[str]


class _Checkpoint(TypedDict):
    seed: str
    key_name: str
    verifier_key: str
    origin: str
    size: int
    root: str
    note: str


class _Entry(TypedDict):
    core: dict[str, object]
    bytes: str
    leaf: str


class _Vectors(TypedDict):
    entries: list[_Entry]
    commitments: list[_Commitment]
    tree: _Tree
    checkpoint: _Checkpoint


def _read() -> _Vectors:
    path = Path(__file__).parent / "golden" / "log-v1.json"
    vectors: _Vectors = json.loads(path.read_text(encoding="ascii"))
    return vectors


VECTORS: Final = _read()


def test_the_names_and_order_of_the_fields_are_frozen() -> None:
    for entry in VECTORS["entries"]:
        assert tuple(entry["core"]) == FIELDS


def test_the_bytes_and_leaf_of_an_entry_are_frozen() -> None:
    for entry in VECTORS["entries"]:
        data = entry["bytes"].encode()
        core = Core.decode(data)
        assert {name: getattr(core, name) for name in FIELDS} == {
            name: tuple(value) if isinstance(value, list) else value for name, value in entry["core"].items()
        }
        assert core.encode() == data
        assert leaf_hash(data).hex() == entry["leaf"]


def test_the_commitments_are_frozen() -> None:
    for each in VECTORS["commitments"]:
        made = commit(each["seq"], each["field"], bytes.fromhex(each["salt"]), each["value"])
        assert made.hex() == each["commitment"]


def test_the_roots_of_no_to_eight_leaves_are_frozen() -> None:
    tree = Frontier()
    told = VECTORS["tree"]
    for size in range(9):
        assert (tree.root().hex(), tree.to_bytes().hex()) == (told["roots"][size], told["frontiers"][size])
        if size < 8:
            tree.append(bytes.fromhex(told["leaves"][size]))


def test_a_signed_checkpoint_is_frozen() -> None:
    told = VECTORS["checkpoint"]
    seed = bytes.fromhex(told["seed"])
    checkpoint = Checkpoint(origin=told["origin"], size=told["size"], root=bytes.fromhex(told["root"]))
    assert sign(checkpoint, told["key_name"], seed) == told["note"]
    assert verifier_key(told["key_name"], seed) == told["verifier_key"]
    assert verify(told["note"], [told["verifier_key"]]) == checkpoint == parse(told["note"])[0]
