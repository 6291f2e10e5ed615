"""The sweep: whether anything of an erased person is left, in rows, in the file's bytes and in files beside it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from staffdesk.data import file_bytes
from staffdesk.data.sweeping import Rows, needles, rows_of_file, rows_of_server
from staffdesk.domain.erasure import Identity, Swept, Trace
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.holds import rules
from staffdesk.services.erasure.storage import Storage

_PIECE: Final = 1 << 20


def sweep(storage: Storage, identity: Identity, today: dt.date) -> Swept:
    """Search everything the desk owns for a person; nothing is believed of what the plan took.

    In the bytes of an encrypted file each identifier is looked for that stands in no row any more: one that a held
    invoice has is there rightly, and is named as not searched. On a server the bytes are the server's: the day is told
    on which its journal and backups are past. Raises :class:`StorageUnavailable`.
    """
    rows = _rows(storage, identity)
    searched = needles(identity, rows.present)
    left = Counter(rows.left)
    pages = 0
    if storage.path is not None:
        found, pages = file_bytes.count(storage.path, storage.key, list(searched))
        for needle, times in found.items():
            left[f"bytes {searched.get(needle, Trace.WORD).value}"] += times
    files = 0
    everything = needles(identity)
    for path, _ in storage.files():
        files += 1
        if times := sum(1 for trace in _named_in(path, everything) if trace is not Trace.WORD):
            left[f"file {path.name}"] += times
    return Swept(
        left=dict(left),
        held=dict(rows.held),
        shared=dict(rows.shared),
        named=dict(rows.named),
        texts=tuple(sorted(set(rows.texts))),
        unsearched=tuple(sorted({trace for trace, _ in rows.present if trace is not Trace.WORD})),
        pages=pages,
        files=files,
        aged_out=None if storage.url is None else today + dt.timedelta(days=rules().server_days),
    )


def destroy_files(storage: Storage, identity: Identity) -> int:
    """Destroy the desk's own copies (exports, what waits to be sent) that name a person; return how many."""
    everything = needles(identity)
    destroyed = 0
    for path, ours in list(storage.files()):
        if ours and any(trace is not Trace.WORD for trace in _named_in(path, everything)):
            try:
                path.unlink()
            except OSError as error:
                raise StorageUnavailable(
                    "A file that names an erased person cannot be removed.", "Check the data folder."
                ) from error
            destroyed += 1
    return destroyed


def _rows(storage: Storage, identity: Identity) -> Rows:
    if storage.path is not None:
        return rows_of_file(storage.path, storage.key, identity)
    return rows_of_server(storage.url or "", identity)


def _named_in(path: Path, searched: Mapping[bytes, Trace]) -> Iterator[Trace]:
    longest = max(map(len, searched), default=0)
    met: set[bytes] = set()
    try:
        with path.open("rb") as file:
            before = b""
            while piece := file.read(_PIECE):
                text = (before + piece).lower()
                for needle in searched.keys() - met:
                    if needle in text:
                        met.add(needle)
                        yield searched[needle]
                before = piece[-longest:] if longest else b""
    except OSError as error:
        raise StorageUnavailable("A file beside the database cannot be read.", "Check the data folder.") from error
