"""A curated copy: a new zip in which nothing tells about a person, as far as the desk can know."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import IO, cast

from staffdesk.domain.log_scan import LogScan
from staffdesk.domain.log_texts import overlapping, pieces, uncut
from staffdesk.domain.support_log_rules import SupportLogRules
from staffdesk.services.support_logs.examining import Step, is_no_text, opened_zip
from staffdesk.services.support_logs.sealed_stream import SealedReader, SealedWriter


def curate(
    reader: SealedReader, writer: SealedWriter, scan: LogScan, by: SupportLogRules, step: Step | None = None
) -> int:
    """Write the texts of a zip anew, scrubbed, and return how many files were left out: what is no text is.

    Names of files are scrubbed too. ``scan`` knows what :func:`met` met. Raises :class:`BadInput`,
    :class:`StorageUnavailable`.
    """
    left_out, done = 0, 0
    taken: set[str] = set()
    with (
        opened_zip(reader, by) as whole,
        zipfile.ZipFile(cast("IO[bytes]", writer), "w", zipfile.ZIP_DEFLATED) as made,
    ):
        total = sum(info.file_size for info in whole.infos)
        for place, info in enumerate(whole.infos, start=1):
            if info.is_dir():
                continue
            if is_no_text(whole, place, by):
                left_out += 1
                continue
            name = _free(scan.scrub(info.orig_filename), taken)
            taken.add(name.casefold())
            anew = zipfile.ZipInfo(name, info.date_time)
            anew.compress_type = zipfile.ZIP_DEFLATED
            with made.open(anew, "w") as file:
                for piece in uncut(pieces(whole.chunks(place)), partial(_places, scan)):
                    file.write(piece.encode(scan.scrub(piece.text)))
                    done += len(piece.text)
                    if step is not None:
                        step(min(done, total), total)
    writer.finish()
    return left_out


def met(reader: SealedReader, scan: LogScan, by: SupportLogRules) -> frozenset[str]:
    """Return the names of home folders and accounts in the texts of a zip and in its files' names, folded.

    Of very many, which no honest log has, the first are returned. Raises as :func:`curate`.
    """
    names: set[str] = set()
    with opened_zip(reader, by) as whole:
        for place, info in enumerate(whole.infos, start=1):
            names.update(scan.names_in(info.orig_filename))
            if not info.is_dir() and not is_no_text(whole, place, by):
                for text in overlapping(pieces(whole.chunks(place))):
                    names.update(scan.names_in(text))
                    if len(names) >= by.known.most:
                        return frozenset(names)
    return frozenset(names)


def _places(scan: LogScan, text: str) -> Iterator[tuple[int, int]]:
    return ((each.begin, each.end) for each in scan.places(text))


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name that no other file has: two home folders have one name once they are scrubbed."""
    path, n, free = PurePosixPath(name), 1, name
    while free.casefold() in taken:
        n += 1
        free = str(path.with_name(f"{path.stem} ({n}){path.suffix}"))
    return free
