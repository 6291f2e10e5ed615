"""Reviewing the log: pages, one entry, verification, export; each reading is itself an entry."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from staffdesk.audit import export
from staffdesk.audit.entry import FIELDS, Core
from staffdesk.audit.report import Report
from staffdesk.data.actors import Actors
from staffdesk.data.entries import Entries, Selection
from staffdesk.data.references import LARGEST, References
from staffdesk.data.transaction import Append, Read
from staffdesk.domain.access import Access, Act, Purpose, Standing
from staffdesk.domain.access_table import Opening
from staffdesk.domain.errors import BadInput, NotFound, StorageUnavailable
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.text import clean_line
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.redaction import identifiers_of, redacted
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import LogOpener, verify_log

PAGE: Final = 50
LONGEST_PAGE: Final = 1_000
LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are wanted: by user name, act, customer number, purpose, standing and time (UTC milliseconds)."""

    who: str | None = None
    act: str | None = None
    customer: int | None = None
    purpose: str | None = None
    standing: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in a list: the fields of ``core``, and what its ids stand for where that is still known."""

    seq: int
    fields: Mapping[str, object]
    who: str
    reference: str
    customers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries, newest first; ``next_before`` asks for the page after this one, None at the end."""

    entries: tuple[EntryRow, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One entry in full, with the openings the reader may read, by field."""

    row: EntryRow
    openings: Mapping[str, str] = field(repr=False)
    withheld: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogState:
    """How long the log is and how much of it is covered by a checkpoint."""

    size: int
    covered: int
    trouble: str

    @property
    def uncovered(self) -> int:
        """Entries that no checkpoint covers yet."""
        return self.size - self.covered


class AuditReview:
    """The log, for admins and auditors."""

    def __init__(
        self, door: Door, matrix: AccessMatrix, sealer: Sealer, open_log: LogOpener, folder: Path, verifier_key: str
    ) -> None:
        """Read through ``door``; verify on a connection of its own that ``open_log`` gives."""
        self._door = door
        self._matrix = matrix
        self._sealer = sealer
        self._open_log = open_log
        self._folder = folder
        self._verifier_key = verifier_key

    def list(self, access: Access, wanted: EntryFilter, before: int | None = None, limit: int = PAGE) -> EntryPage:
        """Return a page of entries, newest first; raises :class:`NotFound` for an unknown name or number."""
        if not 0 < limit <= LONGEST_PAGE:
            raise BadInput(f"A page holds 1 to {LONGEST_PAGE} entries.", "Ask for fewer.")
        wanted = _checked(wanted)
        before = None if before is None else max(0, min(before, LARGEST))
        draft = Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=_named(wanted))

        def read(tx: Append, _cleared: Clearance) -> tuple[EntryPage, Result]:
            rows = _rows(tx, Entries(tx).page(_selection(tx, wanted), before, limit + 1))
            page = EntryPage(rows[:limit], rows[limit - 1].seq if len(rows) > limit else None)
            # The name is one of an account by now: anything else that was typed must not stand in the log.
            who = () if wanted.who is None else (f"who:{wanted.who}",)
            return page, Result(act=Act.AUDIT_LISTED, kinds=(*who, *_named(wanted)), n=len(page.entries))

        return self._door.act(access, draft, read, intent=False)

    def entry(self, access: Access, seq: int) -> EntryDetail:
        """Return one entry in full, with the openings these roles may read; the reading is an entry that names it."""
        draft = Draft(wanted=Wanted(act=Act.AUDIT_OPENED), kinds=(f"entry:{seq}",), n=1)

        def read(tx: Read, cleared: Clearance, _ticket: object) -> EntryDetail:
            core = Entries(tx).entry(seq) if 0 < seq <= LARGEST else None
            if core is None or cleared.role is None:
                raise NotFound("There is no such entry, or it was pruned.", "Look at the list of entries.")
            role = cleared.role
            kinds = [kind.value for kind in Opening if self._matrix.reads_opening(role, kind)]
            found = dict(Entries(tx).openings(seq, kinds))
            row = _rows(tx, (core,))[0]
            if not self._matrix.reads_opening(role, Opening.VALUE):
                known = identifiers_of(tx, row.customers)
                found = {name: redacted(text, known) for name, text in found.items()}
            return EntryDetail(row, found, tuple(name for name in core.sec if name not in found))

        return self._door.look(access, draft, read)

    def verify(self, access: Access, progress: Callable[[int, int], None] | None = None) -> Report:
        """Verify the whole log; ``progress`` is told entries read and entries in all. Both are entries themselves."""
        intent = Draft(wanted=Wanted(act=Act.AUDIT_VERIFIED), kinds=("verify",))
        self._door.act(access, intent, lambda _tx, _cleared: (None, _result("started", 0)))
        report = verify_log(self._open_log, self._folder, (self._verifier_key,), progress)
        self._door.act(
            access,
            intent,
            lambda _tx, _cleared: (None, _result(f"exit:{report.exit_code}", report.entries)),
            intent=False,
        )
        return report

    def export(self, access: Access, path: Path) -> Callable[[], int]:
        """Log an export and create its new 0600 file; return what writes the log there and counts the entries.

        Call that once, when the session has ended: the desk's last checkpoint covers the session's own entries, and
        the file must hold all that a checkpoint covers. No openings are exported.
        """
        draft = Draft(wanted=Wanted(act=Act.AUDIT_EXPORTED), kinds=("jsonl",))

        def enter(_tx: Append, _cleared: Clearance) -> tuple[None, Result]:
            return None, Result(act=Act.AUDIT_EXPORTED, kinds=("jsonl",))

        self._door.act(access, draft, enter)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise StorageUnavailable(
                "The file for the export exists already or cannot be written.", "Choose another file."
            ) from error

        def write_lines() -> int:
            count = -1
            with os.fdopen(descriptor, "w", encoding="ascii") as file, self._open_log() as source:
                for line in export.lines(source, source.origin):
                    file.write(line)
                    count += 1
            return count

        return write_lines

    def checkpoint(self, access: Access) -> str:
        """Sign the log as it is now and return the note; raises :class:`StorageUnavailable` without the key."""
        if not self._sealer.active:
            raise StorageUnavailable(
                "The key that signs checkpoints belongs to another user.", "Ask who runs the sealing service."
            )
        draft = Draft(wanted=Wanted(act=Act.AUDIT_VERIFIED), kinds=("checkpoint",))
        self._door.act(access, draft, lambda _tx, _cleared: (None, _result("checkpoint", 1)), intent=False)
        return self._sealer.seal() or ""

    def state(self, access: Access) -> LogState:
        """Return the log's length and coverage; it is shown on every screen and is no entry of its own."""
        return self._door.peek(access, lambda tx: _state(tx, self._sealer.trouble))


def _state(tx: Append, trouble: str) -> LogState:
    size, _, covered = Entries(tx).state()
    return LogState(size, covered, trouble)


def _result(kind: str, n: int) -> Result:
    return Result(act=Act.AUDIT_VERIFIED, kinds=(kind,), n=n)


def _checked(wanted: EntryFilter) -> EntryFilter:
    """Refuse a word that the log does not know: it would find nothing, and look like an answer."""
    for name, known in (("act", Act), ("purpose", Purpose), ("standing", Standing)):
        value = getattr(wanted, name)
        if value is not None and value not in list(known):
            raise BadInput(f"The log knows no such {name}.", f"Choose one of: {', '.join(known)}.")
    who = None if wanted.who is None else clean_line(wanted.who, LONGEST_NAME)
    return replace(
        wanted, who=who, since_ms=_within_a_column(wanted.since_ms), until_ms=_within_a_column(wanted.until_ms)
    )


def _within_a_column(moment: int | None) -> int | None:
    return None if moment is None else max(-LARGEST, min(moment, LARGEST))


def _named(wanted: EntryFilter) -> tuple[str, ...]:
    """Name the parts of a filter, with the values of closed lists."""
    found = [f"{name}:{value}" for name in ("act", "purpose", "standing") if (value := getattr(wanted, name))]
    found += [name for name in ("who", "customer", "since_ms", "until_ms") if getattr(wanted, name) is not None]
    return tuple(found)


def _selection(tx: Append, wanted: EntryFilter) -> Selection:
    actor = None
    if wanted.who is not None:
        known = {name: staff_id for staff_id, name in Actors(tx).user_names().items()}
        actor = known.get(wanted.who)
        if actor is None:
            raise NotFound("There is no account with this user name.", "Look at: staffdesk staff list")
    aid = None
    if wanted.customer is not None:
        subject = References(tx).subject("person", wanted.customer)
        if subject is None:
            raise NotFound("There is no customer with this number.", "Take the number from the record.")
        aid = subject.aid
    return Selection(
        actor=actor,
        act=wanted.act,
        aid=aid,
        purpose=wanted.purpose,
        standing=wanted.standing,
        since=wanted.since_ms,
        until=wanted.until_ms,
    )


def _rows(tx: Append | Read, cores: tuple[Core, ...]) -> tuple[EntryRow, ...]:
    names = Actors(tx).user_names()
    entries = Entries(tx)
    numbers = entries.numbers([core.ref for core in cores if core.ref is not None])
    customers = entries.customers([aid for core in cores for aid in core.obj])
    return tuple(
        EntryRow(
            seq=core.seq,
            fields={name: getattr(core, name) for name in FIELDS},
            who=names.get(core.actor, "-") if core.actor is not None else "-",
            reference="" if core.ref is None else numbers.get(core.ref, ""),
            customers=tuple(customers[aid] for aid in core.obj if aid in customers),
        )
        for core in cores
    )
