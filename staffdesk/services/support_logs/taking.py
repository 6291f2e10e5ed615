"""Taking zips of support logs in: sealed at once, looked through where they lie, curated copies in their place."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeVar

from staffdesk.data.customers.log_bundles import HeldZip, KeepingLogBundles, LogBundles, Sealed
from staffdesk.data.deadline import Deadline
from staffdesk.data.references import Reference
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound, SessionEnded
from staffdesk.domain.log_scan import LogScan, must_not_be_held
from staffdesk.domain.support_log_rules import Problem, SupportLogRules, rules
from staffdesk.domain.support_logs import Curated, Examined, LogBundle, LogsEnded, LogState
from staffdesk.domain.traces import Identity
from staffdesk.domain.zip_directory import Judged
from staffdesk.services.clearance import Clearance
from staffdesk.services.door import Door, Result
from staffdesk.services.sessions import utc_ms
from staffdesk.services.support_logs.at_case import LOGS, AtCase, actor_of, draft_of, removed, there
from staffdesk.services.support_logs.checking import LogCheck, digest_of
from staffdesk.services.support_logs.curating import curate, met
from staffdesk.services.support_logs.examining import Step, examine, refusal
from staffdesk.services.support_logs.log_spool import LogSpool, NewFile

_CHUNK: Final = 1024 * 1024
_PATIENCE_SECONDS: Final = 20.0

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a zip that was taken in or scrubbed: its row, how many earlier ones it replaced, what was left out.

    ``unremoved`` are files of destroyed zips that the disk did not let go; without their keys nobody reads them, and
    ``run-due`` removes them.
    """

    bundle: LogBundle
    replaced: int = 0
    left_out: int = 0
    unremoved: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    identity: Identity
    bundle: LogBundle | None
    zip: HeldZip | None


class LogIntake:
    """Takes zips into cases at one home."""

    def __init__(self, door: Door, spool: LogSpool, *, by: SupportLogRules | None = None) -> None:
        """Work through ``door``; sealed files lie in ``spool``."""
        self._at = AtCase(door)
        self._spool = spool
        self._by = by or rules()
        self._check = LogCheck(door, spool, self._by)

    def add(
        self,
        access: Access,
        number: str,
        source: Path,
        *,
        curated: Curated = Curated.UNKNOWN,
        step: Step | None = None,
    ) -> Taken:
        """Take a zip into an open case: sealed at once, looked through where it lies, kept with its manifest.

        One that the customer made smaller (``curated``) replaces what is held of the case before, whose bytes are
        destroyed. Raises :class:`BadInput` with place and reason for a zip that is refused, and then nothing is kept;
        :class:`NotFound`, :class:`Denied`, :class:`StorageUnavailable`.
        """
        case = self._at.open_case(access, number)
        known = self._known(access, case, None, Act.CASE_LOGS_KEPT)
        with self._spool.new() as new:
            size, digest = self._seal(source, new)
            what = examine(
                new.reader(self._by.limits.directory_bytes), LogScan(self._by, known.identity), self._by, step
            )

            def write(tx: Change, cleared: Clearance) -> tuple[tuple[LogBundle, tuple[str, ...]], Result]:
                keeping, now = KeepingLogBundles(tx), utc_ms()
                earlier = keeping.earlier(case.id) if curated is Curated.YES else ()
                files = keeping.end(earlier, LogsEnded.REPLACED, now)
                bundle = keeping.receive(
                    case.id, actor_of(cleared), Sealed(new.name, new.key), what,
                    size=size, digest=digest, curated=curated, received_at=now,
                )  # fmt: skip
                kept = there(keeping.one(case.id, bundle))
                return (kept, files), _result(Act.CASE_LOGS_KEPT, case, what)

            bundle, files = self._kept(
                new, lambda: self._at.door.change(access, draft_of(Act.CASE_LOGS_KEPT, case), write)
            )
        return Taken(bundle, replaced=len(files), unremoved=removed(self._spool, files))

    def scrub(self, access: Access, number: str, bundle: int, *, step: Step | None = None) -> Taken:
        """Make a curated copy of a zip in quarantine, and destroy the original.

        Names of home folders, what is held of the customer and e-mail addresses give way to words in brackets; what is
        no text is left out. Where something is left nevertheless, or the zip has what must not be held, nothing is
        changed: :class:`BadInput`. Raises :class:`NotFound`, :class:`Conflict`, :class:`Denied`,
        :class:`StorageUnavailable`.
        """
        case = self._at.open_case(access, number)
        known = self._known(access, case, bundle, Act.CASE_LOGS_KEPT)
        held, original = there(known.bundle), known.zip
        if original is None or held.state is not LogState.QUARANTINED:
            raise _nothing_to_scrub(held)
        if must_not_be_held(held.found, self._by):
            raise BadInput(
                "This zip has what must not be held, and no copy of it is made.",
                "Ask the customer for one without it, and destroy this one: staffdesk case logs destroy",
            )
        most = self._by.limits.directory_bytes
        with self._spool.new() as new:
            with self._check.opened(original) as reader:
                names = met(reader, LogScan(self._by, known.identity), self._by)
                scan = LogScan(self._by, known.identity, names=names)
                left_out = curate(reader, new.writer, scan, self._by, step)
            copy = new.reader(most)
            what = examine(copy, scan, self._by)
            if what.state is not LogState.RECEIVED:
                raise BadInput(
                    "Something in it cannot be taken out here, so nothing was changed.",
                    "Ask the customer for a zip without it; look at the manifest for what was found.",
                )
            digest = digest_of(copy)

            def write(tx: Change, cleared: Clearance) -> tuple[tuple[LogBundle, tuple[str, ...]], Result]:
                keeping, now = KeepingLogBundles(tx), utc_ms()
                files = keeping.end([bundle], LogsEnded.SCRUBBED, now)
                if files != (original.sealed.file,):
                    raise Conflict("This zip was changed meanwhile.", "Look at the list of them again.")
                made = Examined(what.files, what.found, LogState.CURATED)
                copied = keeping.receive(
                    case.id, actor_of(cleared), Sealed(new.name, new.key), made, size=copy.size, digest=digest,
                    curated=held.curated, received_at=held.received_at or now,
                )  # fmt: skip
                result = Result(
                    act=Act.CASE_LOGS_KEPT, obj=(case.aid,), kinds=(LOGS, "scrubbed", *sorted(held.found)),
                    n=sum(held.found.values()),
                )  # fmt: skip
                return (there(keeping.one(case.id, copied)), files), result

            curated, files = self._kept(
                new, lambda: self._at.door.change(access, draft_of(Act.CASE_LOGS_KEPT, case), write)
            )
        return Taken(curated, replaced=1, left_out=left_out, unremoved=removed(self._spool, files))

    def _known(self, access: Access, case: Reference, bundle: int | None, act: Act) -> _Known:
        def read(tx: Read) -> _Known:
            bundles = LogBundles(tx)
            held = None if bundle is None else bundles.one(case.id, bundle)
            zips = () if bundle is None or held is None else bundles.held([bundle])
            return _Known(bundles.known_of(case.person_id), held, next(iter(zips), None))

        # All that is held of him is asked for what he is known by; whoever takes a zip in waits for its scan anyway.
        return self._at.look(access, case, act, read, Deadline(_PATIENCE_SECONDS))

    def _seal(self, source: Path, new: NewFile) -> tuple[int, str]:
        """Seal a file as it is read, and return its size and its SHA-256 in hexadecimal."""
        digest, size = hashlib.sha256(), 0
        with _opened(source) as file:
            while chunk := _chunk(file):
                size += len(chunk)
                if size > self._by.limits.packed_bytes:
                    raise refusal(Judged(Problem.TOO_LARGE), self._by, 0)
                digest.update(chunk)
                new.writer.write(chunk)
        new.writer.finish()
        return size, digest.hexdigest()

    def _kept(self, new: NewFile, change: Callable[[], R]) -> R:
        """Write the row of a new file; where nobody knows whether it stands, the file stays for ``run-due`` to see."""
        new.kept = True
        try:
            return change()
        except (BadInput, NotFound, Conflict, Denied, SessionEnded):
            new.kept = False
            raise


def _result(act: Act, case: Reference, what: Examined) -> Result:
    """Return what the log is told of a zip: by what something was found, and how often in all, never what."""
    return Result(act=act, obj=(case.aid,), kinds=(LOGS, what.state.value, *sorted(what.found)), n=what.total)


def _nothing_to_scrub(held: LogBundle) -> BadInput:
    if held.state is LogState.DESTROYED:
        return BadInput("No bytes of this zip are held.", "Look at the list of them.")
    return BadInput("Nothing was found in this zip that would be taken out.", "Read it as it is.")


def _opened(source: Path) -> IO[bytes]:
    try:
        # Not waiting: who names a pipe is told so, not left standing.
        file = os.fdopen(os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except OSError as error:
        raise BadInput("The zip cannot be read.", "Check its name, and who owns it.") from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise BadInput("This is no file.", "Name the zip itself.")
    return file


def _chunk(file: IO[bytes]) -> bytes:
    try:
        return file.read(_CHUNK)
    except OSError as error:
        raise BadInput("The zip cannot be read to its end.", "Copy it here once more, then try again.") from error
