"""The sweep: whether anything of an erased person is left, in rows, in the file's bytes and in files beside it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Final

from staffdesk.data import file_bytes
from staffdesk.data.sweeping import Rows, needles, rows_of_file, rows_of_server, unsearched
from staffdesk.domain.erasure import Swept
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.holds import rules
from staffdesk.domain.requests import number_in
from staffdesk.domain.traces import KNOWN_BY, Identity, Trace, is_ordinary
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
    files, named = 0, Counter(rows.named)
    everything = needles(identity)
    for path, _ in storage.files():
        files += 1
        if traces := _named_in(path, identity, everything):
            (left if _is_destroyed(path, traces) else named)[f"file {path.name}"] += len(traces)
    return Swept(
        left=dict(left),
        held=dict(rows.held),
        shared=dict(rows.shared),
        named=dict(named),
        texts=tuple(sorted(set(rows.texts))),
        unsearched=tuple(sorted(set(unsearched(identity, rows)) - {Trace.WORD})),
        pages=pages,
        files=files,
        aged_out=None if storage.url is None else today + dt.timedelta(days=rules().server_days),
    )


def destroy_files(storage: Storage, identity: Identity) -> int:
    """Destroy the desk's own copies (exports, what waits to be sent) that name a person; return how many."""
    everything = needles(identity)
    destroyed = 0
    for path, ours in list(storage.files()):
        if ours and _is_destroyed(path, _named_in(path, identity, everything)):
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


def _is_destroyed(path: Path, traces: Collection[Trace]) -> bool:
    """Say whether a file goes that names him: a letter about somebody else's request not for a namesake's sake."""
    if number_in(path.name) is None:
        return bool(traces)
    return not set(KNOWN_BY).isdisjoint(traces)


def _named_in(path: Path, identity: Identity, searched: Collection[bytes]) -> frozenset[Trace]:
    """Return by what a file names him; bytes are looked at only to know which parts are to be read as text."""
    found: set[Trace] = set()
    try:
        with path.open("rb") as file:
            last = b""
            while piece := file.read(_PIECE):
                whole = last + piece + file.readline(_PIECE)
                last = whole[whole.rstrip(b"\n").rfind(b"\n") + 1 :][-_PIECE:]
                lower = whole.lower()
                if b"+" in lower or any(needle in lower for needle in searched) or _has_ordinary(identity):
                    found.update(identity.found_in(whole.decode("utf-8", "replace")))
    except OSError as error:
        raise StorageUnavailable("A file beside the database cannot be read.", "Check the data folder.") from error
    return frozenset(found)


def _has_ordinary(identity: Identity) -> bool:
    return any(is_ordinary(form) for _, _, form in identity.forms)
