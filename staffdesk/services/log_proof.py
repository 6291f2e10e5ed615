"""Proving the log: verified here, exported to be verified elsewhere, signed as it is now; each is an entry itself."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.audit import export
from staffdesk.audit.report import Report, exit_kind
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.new_files import NEW, new_file
from staffdesk.services.public_keys import keys_in
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import LogOpener, verify_log

Progress = Callable[[int, int], None]

_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written: where, how many entries, how many of them a checkpoint covers, and where those lie."""

    path: Path
    entries: int
    covered: int
    checkpoints: Path


class LogProof:
    """What shows that the log is whole, for admins and auditors."""

    def __init__(
        self, door: Door, sealer: Sealer, open_log: LogOpener, folder: Path, verifier_keys: str, exports: Path
    ) -> None:
        """Log through ``door``; read on a connection of its own that ``open_log`` gives; export into ``exports``.

        ``verifier_keys`` are the public keys by which checkpoints are believed, one a line.
        """
        self._door = door
        self._sealer = sealer
        self._open_log = open_log
        self._folder = folder
        self._keys = keys_in(verifier_keys)
        self._exports = exports

    def verify(self, access: Access, progress: Progress | None = None) -> Report:
        """Verify the whole log; ``progress`` is told entries read and entries in all. Both are entries themselves."""
        intent = Draft(wanted=Wanted(act=Act.AUDIT_VERIFIED), kinds=("verify",))
        self._door.act(access, intent, lambda _tx, _cleared: (None, _result("started", 0)))
        report = verify_log(self._open_log, self._folder, self._keys, progress)
        self._door.act(
            access,
            intent,
            lambda _tx, _cleared: (None, _result(exit_kind(report.exit_code), report.entries)),
            intent=False,
        )
        return report

    def export(self, access: Access, path: Path) -> Callable[[], int]:
        """Log an export and create its new 0600 file; return what writes the log there and counts the entries.

        Call that once, when the session has ended: the desk's last checkpoint covers the session's own entries, and
        the file must hold all that a checkpoint covers. No openings are exported.
        """
        self._log_export(access)
        descriptor = _new_file(path)
        if descriptor is None:
            raise StorageUnavailable(
                "The file for the export exists already or cannot be written.", "Choose another file."
            )
        return lambda: self._write(descriptor, None, None)

    def export_here(self, access: Access, progress: Progress | None = None) -> Exported:
        """Log an export, seal, and write the log into a new 0600 file of the home's folder of exports.

        The session goes on, so the file ends where the newest checkpoint does: all of it can be proved. Where the key
        that signs is another user's, it ends with the newest entry. Raises :class:`StorageUnavailable`, and leaves no
        half of a file behind.
        """
        self._log_export(access)
        self._sealer.seal()
        with self._open_log() as source:
            covered = max((row.size for row in source.checkpoints()), default=0)
            last = covered if self._sealer.active else None
            path, descriptor = self._new_export(last or source.head() or 0)
        try:
            entries = self._write(descriptor, last, progress)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise StorageUnavailable(
                    "The export could not be written: the disk did not take it.", "Free some space, then try again."
                ) from error
            raise
        return Exported(path, entries, min(covered, entries), self._folder)

    def checkpoint(self, access: Access) -> str:
        """Sign the log as it is now and return the note; raises :class:`StorageUnavailable` without the key."""
        if not self._sealer.active:
            raise StorageUnavailable(
                "The key that signs checkpoints belongs to another user.", "Ask who runs the sealing service."
            )
        draft = Draft(wanted=Wanted(act=Act.AUDIT_VERIFIED), kinds=("checkpoint",))
        self._door.act(access, draft, lambda _tx, _cleared: (None, _result("checkpoint", 1)), intent=False)
        return self._sealer.seal() or ""

    def _log_export(self, access: Access) -> None:
        draft = Draft(wanted=Wanted(act=Act.AUDIT_EXPORTED), kinds=("jsonl",))

        def enter(_tx: Append, _cleared: Clearance) -> tuple[None, Result]:
            return None, Result(act=Act.AUDIT_EXPORTED, kinds=("jsonl",))

        self._door.act(access, draft, enter)

    def _write(self, descriptor: int, last: int | None, progress: Progress | None) -> int:
        """Write header and entries up to number ``last``, and return how many entries."""
        count = -1
        with os.fdopen(descriptor, "w", encoding="ascii") as file, self._open_log() as source:
            total = source.head() or 0 if last is None else last
            for line in export.lines(source, source.origin, last=last):
                file.write(line)
                count += 1
                if progress is not None and (count % _EVERY == 0 or count == total):
                    progress(count, total)
            file.flush()
            os.fsync(file.fileno())
        return count

    def _new_export(self, entries: int) -> tuple[Path, int]:
        """Make a file whose name says when and how much."""
        return new_file(self._exports, f"log-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{entries}", ".jsonl")


def _new_file(path: Path) -> int | None:
    try:
        return os.open(path, NEW, 0o600)
    except OSError:
        return None


def _result(kind: str, n: int) -> Result:
    return Result(act=Act.AUDIT_VERIFIED, kinds=(kind,), n=n)
