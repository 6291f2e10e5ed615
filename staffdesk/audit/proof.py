"""Proofs as text: that an entry stands in a log, and that a log only grew; both end with the checkpoint they lead to.

The first is C2SP ``tlog-proof``, the second what C2SP ``tlog-witness`` asks a log to send. Both are checked with
nothing but the log's public key.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from staffdesk.audit.checkpoint import Checkpoint, CheckpointError, from_base64, parse, to_base64, verify
from staffdesk.audit.tree import EMPTY_ROOT, HASH_BYTES, TreeError, check_consistency, root_from_path

HEADER: Final = "c2sp.org/tlog-proof@v1"

MOST_HASHES: Final = 63
"""More lines than any tree below 2^63 leaves has levels."""

_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


class ProofError(ValueError):
    """The text is no proof, or it does not prove what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """The path from the leaf of entry ``index + 1`` to the root that a checkpoint names.

    ``leaf`` is what the file says of itself and proves nothing before the path was followed.
    """

    index: int
    leaf: bytes
    path: tuple[bytes, ...]
    note: str

    def to_text(self) -> str:
        """Return the file; the extra line holds the leaf hash, so that the entry itself need not be shown."""
        lines = (HEADER, f"extra {to_base64(self.leaf)}", f"index {self.index}", *map(to_base64, self.path))
        return "\n".join(lines) + "\n\n" + self.note

    @classmethod
    def parse(cls, text: str) -> InclusionProof:
        """Return what a file says, nothing of it proved; raises ``ProofError``."""
        lines, note = _parted(text)
        if lines[0] != HEADER:
            raise ProofError(f"The first line of a proof is {HEADER}.")
        if len(lines) < 3 or not lines[1].startswith("extra ") or not lines[2].startswith("index "):  # noqa: PLR2004
            raise ProofError("After its first line a proof has the lines extra and index.")
        index = _number(lines[2].removeprefix("index "))
        return cls(index=index, leaf=_hash(lines[1].removeprefix("extra ")), path=_hashes(lines[3:]), note=note)

    def check(self, vkeys: Sequence[str], leaf: bytes | None = None) -> Checkpoint:
        """Return the signed checkpoint that the path leads to from ``leaf``, or from the one the file names.

        Raises ``ProofError``, whose text says what does not hold.
        """
        found = _signed(self.note, vkeys)
        if leaf is not None and leaf != self.leaf:
            raise ProofError("The entry's bytes do not give the leaf that this proof is of.")
        try:
            root = root_from_path(self.leaf, self.index, found.size, self.path)
        except TreeError:
            raise ProofError("The path is not of this entry in a tree of the checkpoint's size.") from None
        if root != found.root:
            raise ProofError("The path does not lead to the root of the checkpoint.")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A checkpoint, and the proof that its tree begins with one of ``old`` leaves."""

    old: int
    path: tuple[bytes, ...]
    note: str

    def to_text(self) -> str:
        """Return what is sent to a witness."""
        return "\n".join((f"old {self.old}", *map(to_base64, self.path))) + "\n\n" + self.note

    @classmethod
    def parse(cls, text: str) -> Growth:
        """Return what was sent, nothing of it proved; raises ``ProofError``."""
        lines, note = _parted(text)
        if not lines[0].startswith("old "):
            raise ProofError("The first line of what a witness is sent is the word old and a size.")
        return cls(old=_number(lines[0].removeprefix("old ")), path=_hashes(lines[1:]), note=note)

    def check(self, vkeys: Sequence[str], seen: Checkpoint | None) -> Checkpoint:
        """Return the signed checkpoint once it extends the one that was seen; raises ``ProofError``.

        What was never seen before is taken as it is: ``old`` must then be 0.
        """
        found = _signed(self.note, vkeys)
        require_growth(self.old, self.path, seen, found)
        return found


def require_growth(old: int, path: Sequence[bytes], seen: Checkpoint | None, found: Checkpoint) -> None:
    """Raise ``ProofError`` unless ``found`` extends ``seen``."""
    if seen is None:
        if old or path:
            raise ProofError(f"Nothing of this log was seen yet, so nothing of size {old} can be extended.")
        return
    if found.origin != seen.origin:
        raise ProofError("The checkpoint belongs to another log.")
    if found.size < seen.size:
        raise ProofError(f"The log shrank: {seen.size} entries were seen, and this checkpoint is over {found.size}.")
    if old != seen.size:
        raise ProofError(f"The proof must begin at {seen.size} entries, which were seen last, and not at {old}.")
    try:
        check_consistency(old, seen.root if seen.size else EMPTY_ROOT, found.size, found.root, path)
    except TreeError:
        sentence = (
            f"The log over {found.size} entries does not begin with the {seen.size} seen before: it was rewritten."
        )
        raise ProofError(sentence) from None


def _signed(note: str, vkeys: Sequence[str]) -> Checkpoint:
    try:
        return verify(note, vkeys)
    except CheckpointError as error:
        raise ProofError(f"The checkpoint proves nothing. {error}") from error


def _parted(text: str) -> tuple[list[str], str]:
    """Part the lines from the checkpoint, which stands after the first empty line."""
    head, blank, note = text.partition("\n\n")
    if not blank:
        raise ProofError("A proof is lines, an empty line and a checkpoint.")
    try:
        parse(note)
    except CheckpointError as error:
        raise ProofError(f"The checkpoint of the proof is not in its format. {error}") from error
    return head.split("\n"), note


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ProofError("A number in a proof is written in decimal without leading zeroes.")
    return int(text)


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > MOST_HASHES:
        raise ProofError(f"A proof has at most {MOST_HASHES} hashes.")
    return tuple(map(_hash, lines))


def _hash(text: str) -> bytes:
    try:
        data = from_base64(text)
    except CheckpointError:
        data = b""
    if len(data) != HASH_BYTES:
        raise ProofError("A hash in a proof is 32 bytes in base64.")
    return data
