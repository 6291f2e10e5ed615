"""A curated copy: a new zip in which nothing tells about a person, as far as the desk can know."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from itertools import chain
from pathlib import PurePosixPath
from typing import IO, cast

from staffdesk.domain.log_scan import LogScan
from staffdesk.domain.log_texts import pieces
from staffdesk.domain.support_logs import SupportLogRules
from staffdesk.domain.zip_directory import is_of_macos
from staffdesk.services.support_logs.examining import Step, kind_of, opened_zip
from staffdesk.services.support_logs.sealed_stream import SealedReader, SealedWriter


def curate(
    reader: SealedReader, writer: SealedWriter, scan: LogScan, by: SupportLogRules, step: Step | None = None
) -> int:
    """Write the texts of a zip anew, scrubbed, and return how many files were left out: what is no text is.

    Names of files are scrubbed too. Raises :class:`BadInput`, :class:`StorageUnavailable`.
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
            chunks = whole.chunks(place)
            first = next(chunks, b"")
            if is_of_macos(info.orig_filename, by.macos) or kind_of(first, by) is not None:
                left_out += 1
                continue
            name = _free(scan.scrub(info.orig_filename), taken)
            taken.add(name.casefold())
            anew = zipfile.ZipInfo(name, info.date_time)
            anew.compress_type = zipfile.ZIP_DEFLATED
            with made.open(anew, "w") as file:
                for piece in pieces(chain([first], chunks)):
                    file.write(piece.encode(scan.scrub(piece.text)))
                    done += len(piece.text)
                    if step is not None:
                        step(min(done, total), total)
    writer.finish()
    return left_out


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name that no other file has: two home folders have one name once they are scrubbed."""
    path, n, free = PurePosixPath(name), 1, name
    while free.casefold() in taken:
        n += 1
        free = str(path.with_name(f"{path.stem} ({n}){path.suffix}"))
    return free
