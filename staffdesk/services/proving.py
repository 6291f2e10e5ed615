"""Proving one entry, or that the log only grew, to somebody who has the public key and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.audit.checkpoint import Checkpoint, CheckpointError, verify
from staffdesk.audit.entry import Core, EntryError, leaf_hash
from staffdesk.audit.proof import Growth, InclusionProof, ProofError
from staffdesk.audit.tree import RangeRoots, TreeError, consistency_ranges, sibling_ranges
from staffdesk.data.log_source import DatabaseSource
from staffdesk.domain.errors import BadInput, NotFound, NotSound
from staffdesk.services.home import Home
from staffdesk.services.public_keys import keys_in, read_keys
from staffdesk.services.sealing import notes_outside
from staffdesk.services.verification import log_of, read_verifier_key

MOST_BYTES: Final = 1 << 20
"""Of a file with a note or a proof; a note with a hundred signatures has a tenth."""

_AGAIN: Final = "Run: staffdesk audit verify"


@dataclass(frozen=True, slots=True)
class Proved:
    """What a proof showed: the entry, its leaf hash, and the checkpoint that holds it."""

    seq: int
    leaf: bytes
    checkpoint: Checkpoint


def prove_entry(home: Home, seq: int, checkpoint: Path | None = None, key_file: Path | None = None) -> InclusionProof:
    """Return the proof that an entry stands in the log, against a checkpoint given or the newest that covers it.

    Needs the key file and no sign-in, as verifying does, and writes nothing: nothing of the entry but its hash stands
    in a proof. Raises :class:`NotFound` where no checkpoint covers the entry, and :class:`NotSound` where the log does
    not have the checkpoint's root any more.
    """
    keys = keys_in(read_verifier_key(home)) if key_file is None else read_keys(key_file)
    with log_of(home)() as source:
        note, found = _covering(home, source, seq, checkpoint, keys)
        path_ranges = sibling_ranges(seq - 1, found.size)
        leaf, *path = _roots(source, ((seq - 1, seq), *path_ranges), found.size)
        core = source.core(seq)
    proof = InclusionProof(index=seq - 1, leaf=leaf, path=tuple(path), note=note)
    try:
        proof.check(keys, None if core is None else leaf_hash(core))
    except ProofError as error:
        raise NotSound(f"Entry {seq} cannot be proved: the log is not what was signed. {error}", _AGAIN) from error
    return proof


def prove_growth(home: Home, older: Path | None, newer: Path, key_file: Path | None = None) -> Growth:
    """Return the proof that the log of one checkpoint begins with that of another, or with nothing.

    Raises :class:`BadInput` for files that are no checkpoints of this log, :class:`NotSound` where it has them no more.
    """
    keys = keys_in(read_verifier_key(home)) if key_file is None else read_keys(key_file)
    note, new = _given(newer, keys)
    old = None if older is None else _given(older, keys)[1]
    size = 0 if old is None else old.size
    if size > new.size:
        raise BadInput("The older checkpoint is over more entries than the newer one.", "Change --from and --to.")
    with log_of(home)() as source:
        path = _roots(source, consistency_ranges(size, new.size), new.size)
    proof = Growth(old=size, path=path, note=note)
    try:
        proof.check(keys, old)
    except ProofError as error:
        raise NotSound(f"The log is not what was signed. {error}", _AGAIN) from error
    return proof


def check_proof(file: Path, key_file: Path, entry: Path | None = None) -> Proved:
    """Check a proof offline; with ``entry`` the leaf is that of the entry's bytes.

    Raises :class:`BadInput` for files that cannot be read, and :class:`NotSound` for what does not hold.
    """
    keys, text = read_keys(key_file), read_text(file, "The proof")
    if text.startswith("old "):
        raise BadInput(f"{file.name} is a proof of growth.", "Give the older checkpoint too: --from FILE")
    core = None if entry is None else _core(entry)
    try:
        proof = InclusionProof.parse(text)
        found = proof.check(keys, None if core is None else leaf_hash(core.encode()))
    except ProofError as error:
        raise NotSound(f"Nothing is proved. {error}") from error
    except CheckpointError as error:
        raise BadInput(str(error), "Give the public key of the checkpoints: --key FILE") from error
    if core is not None and (core.seq, core.log) != (proof.index + 1, found.origin):
        raise NotSound(f"Nothing is proved. The entry says of itself that it is number {core.seq} of another place.")
    return Proved(proof.index + 1, proof.leaf, found)


def check_growth(file: Path, key_file: Path, older: Path) -> Checkpoint:
    """Check offline that a log grew from an older checkpoint; raises as :func:`check_proof`."""
    keys, text = read_keys(key_file), read_text(file, "The proof")
    _, seen = _given(older, keys)
    try:
        return Growth.parse(text).check(keys, seen if seen.size else None)
    except ProofError as error:
        raise NotSound(f"Nothing is proved. {error}") from error


def proof_as_json(proof: InclusionProof) -> dict[str, object]:
    """Return a proof as a program reads it, hashes in hexadecimal digits."""
    return {
        "seq": proof.index + 1,
        "index": proof.index,
        "leaf": proof.leaf.hex(),
        "path": [each.hex() for each in proof.path],
        "checkpoint": proof.note,
    }


def read_text(path: Path, what: str) -> str:
    """Return a small text file as it is; raises :class:`BadInput`."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) <= MOST_BYTES:
            return data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{what} cannot be read.", "Check its name, and that it is a file of text.") from error
    raise BadInput(f"{what} is longer than any can be.", "Check its name.")


def _core(path: Path) -> Core:
    try:
        return Core.decode(read_text(path, "The entry").removesuffix("\n").encode())
    except EntryError as error:
        raise NotSound(f"Nothing is proved. The entry is not in the format of the log. {error}") from error


def _covering(
    home: Home, source: DatabaseSource, seq: int, given: Path | None, keys: Sequence[str]
) -> tuple[str, Checkpoint]:
    """Return the checkpoint to prove against: the one given, or the newest in the folder outside or in the database."""
    found: list[tuple[str, Checkpoint]] = []
    if given is not None:
        found.append(_given(given, keys))
    else:
        for note in (*notes_outside(home.checkpoints)[-1:], *[row.note for row in source.checkpoints()][-1:]):
            try:
                found.append((note, verify(note, keys)))
            except CheckpointError as error:
                raise NotSound(f"The newest checkpoint proves nothing. {error}", _AGAIN) from error
    best = max(found, key=lambda each: each[1].size, default=None)
    if seq < 1 or best is None or best[1].size < seq:
        covered = f"is over {best[1].size} entries" if best is not None else "was never made"
        raise NotFound(
            f"No checkpoint covers entry {seq}: the newest {covered}.", "Wait for the next one, or name another entry."
        )
    if best[1].origin != source.origin:
        raise BadInput("This checkpoint belongs to another log.", "Give one of this desk: --checkpoint FILE")
    return best


def _given(path: Path, keys: Sequence[str]) -> tuple[str, Checkpoint]:
    note = read_text(path, "The checkpoint")
    try:
        return note, verify(note, keys)
    except CheckpointError as error:
        raise BadInput(
            f"{path.name} is no checkpoint by this key. {error}", "Give its public key: --key FILE"
        ) from error


def _roots(source: DatabaseSource, ranges: Sequence[tuple[int, int]], size: int) -> tuple[bytes, ...]:
    """Return the roots of ranges of the stored leaves, in one pass that holds a few hashes."""
    wanted = RangeRoots(ranges)
    for index, leaf in enumerate(source.leaves()):
        if index == size:
            break
        wanted.take(index, leaf)
    try:
        return wanted.roots()
    except TreeError as error:
        raise NotSound(f"The log ends before the {size} entries that were signed: it was cut off.", _AGAIN) from error


def growth_as_json(proof: Growth) -> dict[str, object]:
    """Return a consistency proof as a program reads it."""
    return {"old": proof.old, "path": [each.hex() for each in proof.path], "checkpoint": proof.note}
