"""What is judged of a zip before anything in it is read: its list of files, as the zip itself states it.

Nothing is ever written under a name from a zip; such names are refused since no honest program makes them.
"""

from __future__ import annotations

import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from staffdesk.domain.screening import screen
from staffdesk.domain.support_log_rules import AddedByMacOS, Effect, Problem, SupportLogRules, ZipLimits
from staffdesk.domain.text import visible

_LONGEST_NAME: Final = 500
_WITHHELD: Final = "(a name that may not be held)"
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_LOCKED: Final = 0x1
"""The flag of a file that is encrypted."""
_HIGH: Final = 16
"""Above these bits of a file's attributes stands its mode, where the zip comes from a Unix."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file as the zip's list states it; sizes in bytes, ``mode`` 0 where the zip names none."""

    name: str = field(repr=False)
    size: int
    packed: int
    method: int = 0
    flags: int = 0
    attributes: int = 0

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, which holds nothing itself."""
        return self.name.endswith("/")

    @property
    def mode(self) -> int:
        """The kind and the rights of a file on a Unix, or 0."""
        return self.attributes >> _HIGH


@dataclass(frozen=True, slots=True)
class Judged:
    """A problem, and the file that has it, counted from 1; None where it is the whole zip's."""

    problem: Problem
    place: int | None = None

    def said(self, by: SupportLogRules, files: int) -> str:
        """Return it as a sentence; no name is in it, since a name may tell about somebody."""
        sentence = by.problems[self.problem].sentence
        return f"The zip: {sentence}." if self.place is None else f"File {self.place} of {files}: {sentence}."

    def effect(self, by: SupportLogRules) -> Effect:
        """Return what follows from it."""
        return by.problems[self.problem].effect


def judge(members: Sequence[Member], packed: int, by: SupportLogRules) -> tuple[Judged, ...]:
    """Return every problem of a zip of so many bytes, those of the whole zip first, then file by file."""
    return (*_of_the_whole(members, packed, by.limits), *_of_each(members, by))


def _of_the_whole(members: Sequence[Member], packed: int, limits: ZipLimits) -> Iterator[Judged]:
    if packed > limits.packed_bytes or sum(each.size for each in members) > limits.unpacked_bytes:
        yield Judged(Problem.TOO_LARGE)
    if len(members) > limits.files:
        yield Judged(Problem.TOO_MANY)
    if sum(each.packed for each in members) > packed:
        yield Judged(Problem.OVERLAPPING)


def _of_each(members: Sequence[Member], by: SupportLogRules) -> Iterator[Judged]:
    names = Counter(each.name for each in members)
    folded = Counter(each.casefold() for each in names)
    for place, each in enumerate(members, start=1):
        for problem in _of_one(each, by):
            yield Judged(problem, place)
        if names[each.name] > 1:
            yield Judged(Problem.TWICE, place)
        elif folded[each.name.casefold()] > 1:
            yield Judged(Problem.SAME_BUT_CASE, place)


def _of_one(member: Member, by: SupportLogRules) -> Iterator[Problem]:
    if leads_out(member.name):
        yield Problem.OUTSIDE
    if len(member.name) > by.limits.name_characters:
        yield Problem.LONG_NAME
    kind = stat.S_IFMT(member.mode)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        yield Problem.LINK
    if member.flags & _LOCKED:
        yield Problem.ENCRYPTED
    elif member.method not in by.limits.methods:
        yield Problem.METHOD
    if member.size > by.limits.ratio_from_bytes and member.size > by.limits.ratio * max(member.packed, 1):
        yield Problem.TOO_DENSE
    if is_of_macos(member.name, by.macos):
        yield Problem.MACOS


def kept_name(name: str) -> str:
    """Return a file's name as a manifest has it: what would act in it is a badge, and one that may not be held goes."""
    shown = visible(name).strip()[:_LONGEST_NAME] or "(no name)"
    return _WITHHELD if screen(shown) is not None else shown


def leads_out(name: str) -> bool:
    """Say whether a name is no plain one below the zip itself: from the root, a drive or a home, upwards, or empty."""
    parts = name.removesuffix("/").split("/")
    return (
        not name.strip("/")
        or name.startswith(("/", "~"))
        or "\\" in name
        or "\0" in name
        or _DRIVE.match(name) is not None
        or any(part in {"..", ".", ""} for part in parts)
    )


def is_of_macos(name: str, added: AddedByMacOS) -> bool:
    """Say whether a name is one of those that macOS adds to a zip."""
    parts = name.removesuffix("/").split("/")
    return parts[0] in added.folders or parts[-1] in added.names or parts[-1].startswith(added.beginnings)
