"""Verifying the log: of a home (the key file, no sign-in, nothing written) or of an exported file (public key only)."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from staffdesk.audit.checkpoint import CheckpointError
from staffdesk.audit.export import ExportError
from staffdesk.audit.report import Report
from staffdesk.audit.verifier import Kept, verify
from staffdesk.data.log_parts import LongExport
from staffdesk.data.log_source import DatabaseSource, postgres_log, sqlite_log
from staffdesk.domain import log_retention
from staffdesk.domain.errors import BadInput, StorageUnavailable
from staffdesk.parameters.shapes import sessions
from staffdesk.services.home import Home
from staffdesk.services.public_keys import keys_in, read_keys
from staffdesk.services.sealing import notes_by_name, notes_outside
from staffdesk.services.settings import read_settings

LogOpener = Callable[[], AbstractContextManager[DatabaseSource]]
Progress = Callable[[int, int], None]
_HOUR_MS: Final = 60 * 60 * 1000
_DAY_MS: Final = 24 * _HOUR_MS


def log_of(home: Home) -> LogOpener:
    """Return what opens the home's stored log for reading; raises :class:`StorageUnavailable` without the key file."""
    settings = read_settings(home)
    if settings.postgres_url is not None:
        url = settings.postgres_url
        return lambda: postgres_log(url)
    key = home.read_key()
    return lambda: sqlite_log(home.database_file, key)


def verify_home(
    home: Home, progress: Progress | None = None, *, kept: Path | None = None, key_files: Sequence[Path] = ()
) -> Report:
    """Verify a home's log against its checkpoints inside and outside; exit codes 0, 10 (tail too old), 20 (bad).

    ``kept`` is a folder of checkpoints that were carried away once, which the log must still contain; ``key_files``
    are public keys kept with them, where the home's own are not to be believed: the desk's, and that of whoever signs
    beside it. Raises :class:`BadInput` for a folder without checkpoints or a file without a key.
    """
    keys = read_keys(*key_files) if key_files else keys_in(read_verifier_key(home))
    elsewhere = () if kept is None else _kept(kept)
    try:
        return verify_log(log_of(home), home.checkpoints, keys, progress, elsewhere)
    except CheckpointError as error:
        raise BadInput(str(error), "Give the public key of the checkpoints: --key FILE") from error


def verify_log(
    open_log: LogOpener,
    folder: Path,
    keys: Sequence[str],
    progress: Progress | None,
    elsewhere: Sequence[str] = (),
) -> Report:
    """Verify what ``open_log`` gives against the notes in ``folder``; ``progress`` is told entries read and in all.

    Desks may go on working meanwhile. Raises ``CheckpointError`` where one of ``keys`` is no public key.
    """
    before = notes_by_name(folder)
    with open_log() as source:
        total = source.head() or 0
        return verify(
            source,
            origin=source.origin,
            vkeys=keys,
            outside=(*before.values(), *_since(before, folder, source)),
            elsewhere=elsewhere,
            now_ms=time.time_ns() // 1_000_000,
            tail_limit_ms=sessions().log.tail_hours * _HOUR_MS,
            kept=_kept_for(),
            progress=None if progress is None else lambda done: progress(done, total),
        )


def _since(before: Collection[str], folder: Path, source: DatabaseSource) -> tuple[str, ...]:
    """Return the notes that came into the folder after a first reading and that the snapshot holds too.

    ``before`` are the names of the files that the first reading found.

    A desk that seals between the first reading and the snapshot is seen in both; what is sealed after the snapshot
    covers entries that the snapshot does not have, and would read as a log cut off.
    """
    fresh = set(notes_by_name(folder, before).values())
    return tuple(row.note for row in source.checkpoints() if row.note in fresh) if fresh else ()


def verify_export(path: Path, checkpoints: Path, *key_files: Path) -> Report:
    """Verify an exported log with nothing but checkpoints and the public keys; raises :class:`BadInput`."""
    try:
        source = LongExport(path)
        return verify(
            source,
            origin=source.origin,
            vkeys=read_keys(*key_files),
            outside=None,
            elsewhere=_kept(checkpoints),
            now_ms=time.time_ns() // 1_000_000,
            tail_limit_ms=sessions().log.tail_hours * _HOUR_MS,
            kept=_kept_for(),
        )
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("The exported log cannot be read.", "Check its name: --export FILE") from error
    except (ExportError, CheckpointError) as error:
        raise BadInput(str(error), "Give an exported log, a folder of checkpoints and the public key.") from error


def read_verifier_key(home: Home) -> str:
    """Return the public keys of the checkpoints, the desk's own first; raises :class:`StorageUnavailable`."""
    try:
        return home.verifier_key_file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageUnavailable(
            "The public key of the checkpoints cannot be read.", "Put the file seal.vkey back into the configuration."
        ) from error


def _kept_for() -> Kept:
    """Return how long nothing of a log may go; of values a day less, since they expire up to a midnight."""
    entries, reasons, values = log_retention.rules().least_days
    return Kept(*(_DAY_MS * days for days in (entries, reasons, values - 1, log_retention.rules().clock_days)))


def _kept(folder: Path) -> tuple[str, ...]:
    """Return the notes somebody kept; without one there is nothing to hold the log against."""
    notes = notes_outside(folder)
    if not notes:
        raise BadInput("No checkpoint is in this folder.", "Give a folder with at least one file named *.note.")
    return notes
