"""The sweep: whether anything of an erased person is left, in rows, in the file's bytes and in files beside it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from staffdesk.data import file_bytes
from staffdesk.data.neighbours import made_together
from staffdesk.data.sweeping import Rows, needles, rows_of_file, rows_of_server, unsearched
from staffdesk.domain.erasure import Swept
from staffdesk.domain.holds import rules
from staffdesk.domain.traces import Identity, Trace
from staffdesk.services.erasure.files import is_destroyed, named_in
from staffdesk.services.erasure.storage import Storage


def sweep(storage: Storage, identity: Identity, today: dt.date) -> Swept:
    """Search everything the desk owns for a person; nothing is believed of what the plan took.

    In the bytes of an encrypted file each identifier is looked for that stands in no row any more: one that a held
    invoice has is there rightly, and is named as not searched; nor is one believed that two values of a row make
    together. On a server the bytes are the server's: the day is told on which its journal and backups are past. Raises
    :class:`StorageUnavailable`.
    """
    rows = _rows(storage, identity)
    searched = needles(identity, rows.present)
    left = Counter(rows.left)
    pages, by_chance = 0, frozenset[bytes]()
    if storage.path is not None:
        found, pages = file_bytes.count(storage.path, storage.key, list(searched))
        by_chance = made_together(storage.path, storage.key, found)
        for needle, times in found.items():
            if needle not in by_chance:
                left[f"bytes {searched.get(needle, Trace.WORD).value}"] += times
    files, named = 0, Counter(rows.named)
    everything = needles(identity)
    for path, _ in storage.files():
        files += 1
        if traces := named_in(path, identity, everything):
            (left if is_destroyed(path, traces) else named)[f"file {path.name}"] += len(traces)
    return Swept(
        left=dict(left),
        held=dict(rows.held),
        shared=dict(rows.shared),
        named=dict(named),
        texts=tuple(sorted(set(rows.texts))),
        rows=tuple(sorted(rows.rows)),
        unsearched=tuple(sorted({*unsearched(identity, rows), *(searched[each] for each in by_chance)} - {Trace.WORD})),
        pages=pages,
        files=files,
        aged_out=None if storage.url is None else today + dt.timedelta(days=rules().server_days),
    )


def _rows(storage: Storage, identity: Identity) -> Rows:
    if storage.path is not None:
        return rows_of_file(storage.path, storage.key, identity)
    return rows_of_server(storage.url or "", identity)
