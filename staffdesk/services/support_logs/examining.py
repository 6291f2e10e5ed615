"""Looking through a zip where it lies, file by file and piece by piece; nothing of it is ever written to a disk."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import IO, Final, cast

from staffdesk.domain.errors import BadInput
from staffdesk.domain.log_scan import LogScan, effect_of
from staffdesk.domain.log_texts import PIECE, is_text, is_wide, overlapping, pieces
from staffdesk.domain.support_log_rules import Effect, Problem, SupportLogRules
from staffdesk.domain.support_logs import Counts, Examined, LogFile, LogState, added
from staffdesk.domain.zip_directory import Judged, Member, is_of_macos, judge
from staffdesk.services.support_logs.beside import BesideFiles, Part
from staffdesk.services.support_logs.sealed_stream import SealedReader

Step = Callable[[int, int], None]
"""Is told how many bytes are done, and of how many."""

_UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, RuntimeError,
    OverflowError,
)  # fmt: skip
"""What the format's own reader raises for a zip that is not what it says."""

_CONTROLS: Final = tuple(
    bytes([each]) for each in range(1, 32) if bytes([each]) not in {b"\t", b"\n", b"\v", b"\f", b"\r", b"\x1b"}
)
_MOST_CONTROLS: Final = 0.02
"""Of noise a tenth are controls; of logs hardly one in thousands."""


class Zip:
    """A zip that was opened and judged by its list: ``members`` are its files in their order, folders among them."""

    def __init__(
        self, reader: SealedReader, opened: zipfile.ZipFile, by: SupportLogRules, judged: tuple[Judged, ...]
    ) -> None:
        """Read what was judged before; use :func:`opened_zip`."""
        self._reader = reader
        self._zip = opened
        self._by = by
        self.infos = tuple(opened.infolist())
        self.judged = judged

    def beside(self) -> Iterator[Part]:
        """Yield what the zip holds beside the contents of its files; raises as :meth:`BesideFiles.parts`."""
        return BesideFiles(self._reader, self._zip, self._by.limits, self.refused).parts()

    def chunks(self, place: int) -> Iterator[bytes]:
        """Yield the bytes of a file, counted from 1; raises :class:`BadInput` where they are not what the zip says."""
        info = self.infos[place - 1]
        read = 0
        try:
            with self._zip.open(info) as file:
                while chunk := file.read(PIECE):
                    read += len(chunk)
                    if read > info.file_size:
                        raise self.refused(Judged(Problem.DAMAGED, place))
                    yield chunk
        except _UNREADABLE as error:
            raise self.refused(Judged(Problem.DAMAGED, place)) from error
        if read != info.file_size:
            raise self.refused(Judged(Problem.DAMAGED, place))

    def refused(self, judged: Judged) -> BadInput:
        """Return what is said of a zip that is not kept for this."""
        return refusal(judged, self._by, len(self.infos))


@contextmanager
def opened_zip(reader: SealedReader, by: SupportLogRules) -> Iterator[Zip]:
    """Give a zip whose list holds nothing it is refused for; raises :class:`BadInput` with place and reason."""
    try:
        # It reads and seeks, which is all that is asked of it.
        opened = zipfile.ZipFile(cast("IO[bytes]", reader))
    except _UNREADABLE as error:
        raise refusal(Judged(Problem.NO_ZIP), by, 0) from error
    with opened:
        judged = judge([_member(info) for info in opened.infolist()], reader.size, by)
        for each in judged:
            if each.effect(by) is Effect.REFUSED:
                raise refusal(each, by, len(opened.infolist()))
        yield Zip(reader, opened, by, judged)


def examine(reader: SealedReader, scan: LogScan, by: SupportLogRules, step: Step | None = None) -> Examined:
    """Look through a whole zip and return its manifest and what was found.

    Raises :class:`BadInput` where it is refused. Nothing of a text is in what is returned but the names of the files.
    """
    with opened_zip(reader, by) as whole:
        passed = _Passed(step, sum(info.file_size for info in whole.infos))
        of_files: dict[int, Counter[str]] = {}
        of_all: Counter[str] = Counter()
        for each in whole.judged:
            (of_all if each.place is None else of_files.setdefault(each.place, Counter()))[each.problem.value] += 1
        files = []
        for place, info in enumerate(whole.infos, start=1):
            digest = hashlib.sha256()
            found = of_files.setdefault(place, Counter())
            found.update(_of_file(info, _watched(whole.chunks(place), digest.update, passed), scan, by))
            if not info.is_dir():
                files.append(LogFile(place, info.orig_filename, info.file_size, digest.hexdigest(), dict(found)))
        of_all.update(_of_parts(whole.beside(), scan))
    found_in_all = added([of_all, *of_files.values()])
    return Examined(tuple(files), found_in_all, _state(found_in_all, by))


@dataclass(slots=True)
class _Passed:
    """Counts the bytes that are done and tells whoever watches."""

    step: Step | None
    total: int
    done: int = 0

    def __call__(self, chunk: bytes) -> None:
        self.done += len(chunk)
        if self.step is not None:
            self.step(self.done, self.total)


def _watched(chunks: Iterator[bytes], *watchers: Callable[[bytes], object]) -> Iterator[bytes]:
    for chunk in chunks:
        for each in watchers:
            each(chunk)
        yield chunk


def _of_file(info: zipfile.ZipInfo, chunks: Iterator[bytes], scan: LogScan, by: SupportLogRules) -> Counts:
    """Count what is in one file, its name among it; it is read to its end whatever it is, for its digest."""
    found = Counter(scan.find(info.orig_filename))
    first = next(chunks, b"")
    problem = kind_of(first, by)
    wide = is_wide(first)
    unread = False

    def watched(chunk: bytes) -> None:
        nonlocal unread
        unread = unread or (not wide and b"\0" in chunk)

    if problem is None:
        for text in overlapping(pieces(_watched(chain([first], chunks), watched))):
            found.update(scan.find(text))
        problem = Problem.UNREAD if unread else None
    if is_of_macos(info.orig_filename, by.macos):
        problem = None  # what it is was said of it already
    if problem is not None:
        found[problem.value] += 1
    for _ in chunks:
        continue
    return found


def _of_parts(parts: Iterable[Part], scan: LogScan) -> Counter[str]:
    """Count what is beside the files: texts are looked through, and what is loose counts by itself.

    A NUL may stand between two things, or behind each letter of one; it is read both ways.
    """
    found: Counter[str] = Counter()
    for part in parts:
        found[Problem.BESIDE.value] += part.loose
        chunks = iter(part.chunks)
        first = next(chunks, b"")
        if _is_noise(first):
            continue
        for text in overlapping(pieces(chain([first], chunks))):
            if "\0" in text:
                found.update(Counter(scan.find(text.replace("\0", "\n"))) | Counter(scan.find(text.replace("\0", ""))))
            else:
                found.update(scan.find(text))
    return +found


def _is_noise(beginning: bytes) -> bool:
    """Say whether bytes are no text, whatever NULs stand in it: among noise, passwords would be found by chance."""
    return not is_wide(beginning) and _MOST_CONTROLS * len(beginning) < sum(map(beginning.count, _CONTROLS))


def is_no_text(whole: Zip, place: int, by: SupportLogRules) -> bool:
    """Say whether a file is left out of a curated copy: one that is no text, or not to its end, or is of macOS."""
    if is_of_macos(whole.infos[place - 1].orig_filename, by.macos):
        return True
    chunks = whole.chunks(place)
    first = next(chunks, b"")
    return kind_of(first, by) is not None or (not is_wide(first) and any(b"\0" in chunk for chunk in chunks))


def kind_of(beginning: bytes, by: SupportLogRules) -> Problem | None:
    """Return what a file is that is no text, by its first bytes; nothing where it is text."""
    for problem, listed in by.signatures.items():
        if beginning.startswith(tuple(bytes.fromhex(each) for each in listed)):
            return problem
    return None if is_text(beginning) else Problem.UNREAD


def refusal(judged: Judged, by: SupportLogRules, files: int) -> BadInput:
    """Return what is said of a zip that is not kept; nothing of its contents is said."""
    return BadInput(judged.said(by, files), "Nothing was kept. Ask the customer for a zip without it.")


def _state(found: Counts, by: SupportLogRules) -> LogState:
    effects = {effect_of(name, by) for name in found}
    return LogState.QUARANTINED if effects & {Effect.QUARANTINED, Effect.SCRUBBED} else LogState.RECEIVED


def _member(info: zipfile.ZipInfo) -> Member:
    return Member(
        name=info.orig_filename,
        size=info.file_size,
        packed=info.compress_size,
        method=info.compress_type,
        flags=info.flag_bits,
        attributes=info.external_attr,
    )
