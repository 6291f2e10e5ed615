"""The zips of support logs of cases, and the keys of their files."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.belongings import Belongings
from staffdesk.data.customers.erasing_traces import identity_of
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.support import Case
from staffdesk.data.tables.support_logs import LogBundleFile, LogBundleRow
from staffdesk.data.transaction import AnyRow, Change, Read, Transaction
from staffdesk.domain.support_log_rules import Problem, SupportLogRules, quarantine_ends
from staffdesk.domain.support_logs import (
    HELD,
    Curated,
    Examined,
    LogBundle,
    LogFile,
    LogsEnded,
    LogState,
    Quarantined,
    counted,
    counts_of,
)
from staffdesk.domain.traces import Identity

_BUNDLE: Final = register.table(LogBundleRow)
_FILE: Final = register.table(LogBundleFile)
_CASE: Final = register.table(Case)
_HOLD: Final = register.table(Hold)

_SHOWN: Final = sa.select(
    _BUNDLE.c.id, _BUNDLE.c.state, _BUNDLE.c.curated, _BUNDLE.c.asked_at, _BUNDLE.c.received_at, _BUNDLE.c.size,
    _BUNDLE.c.digest, _BUNDLE.c.files, _BUNDLE.c.found, _BUNDLE.c.ended_at, _BUNDLE.c.ended, _BUNDLE.c.why,
)  # fmt: skip
_OF_CASE: Final = _SHOWN.where(_BUNDLE.c.case_id == sa.bindparam("case")).order_by(_BUNDLE.c.id)
_ONE: Final = _SHOWN.where(_BUNDLE.c.id == sa.bindparam("bundle"), _BUNDLE.c.case_id == sa.bindparam("case"))
_FILES: Final = (
    sa.select(_FILE.c.place, _FILE.c.name, _FILE.c.size, _FILE.c.digest, _FILE.c.found)
    .where(_FILE.c.bundle_id == sa.bindparam("bundle"))
    .order_by(_FILE.c.place)
)
_ASKED: Final = (
    sa.select(_BUNDLE.c.id)
    .where(_BUNDLE.c.case_id == sa.bindparam("case"), _BUNDLE.c.state == LogState.ASKED.value)
    .order_by(_BUNDLE.c.id)
    .limit(1)
    .with_for_update()
)
_EARLIER: Final = (
    sa.select(_BUNDLE.c.id)
    .where(_BUNDLE.c.case_id == sa.bindparam("case"), _BUNDLE.c.state.in_(sorted(HELD)))
    .order_by(_BUNDLE.c.id)
    .with_for_update()
)
_TO_END: Final = (
    sa.select(_BUNDLE.c.id, _BUNDLE.c.file)
    .where(_BUNDLE.c.id.in_(sa.bindparam("ids", expanding=True)), _BUNDLE.c.state.in_(sorted(HELD)))
    .with_for_update()
)
_END: Final = (
    sa.update(_BUNDLE)
    .where(_BUNDLE.c.id.in_(sa.bindparam("ids", expanding=True)), _BUNDLE.c.state.in_(sorted(HELD)))
    .values(
        state=LogState.DESTROYED.value, file=None, key=None, ended_at=sa.bindparam("now"), ended=sa.bindparam("how")
    )
)
_KNOWN: Final = sa.select(_BUNDLE.c.file).where(_BUNDLE.c.file.is_not(None))
# A restriction is the customer's own wish, and keeps what is his as it is until he lifts it (GDPR Art. 18).
_HELD: Final = sa.exists(
    sa.select(_HOLD.c.id).where(
        _HOLD.c.record_table == _BUNDLE.name, _HOLD.c.record_id == _BUNDLE.c.id, _HOLD.c.ended_at.is_(None)
    )
)
_DUE: Final = (
    sa.select(_BUNDLE.c.id, _CASE.c.aid)
    .join(_CASE, _CASE.c.id == _BUNDLE.c.case_id)
    .where(
        _BUNDLE.c.state.in_(sorted(HELD)),
        ~_HELD,
        sa.or_(
            _CASE.c.closed_at <= sa.bindparam("closed"),
            _BUNDLE.c.received_at <= sa.bindparam("received"),
            sa.and_(
                _BUNDLE.c.state == LogState.QUARANTINED.value, _BUNDLE.c.received_at <= sa.bindparam("quarantined")
            ),
        ),
    )
    .order_by(_BUNDLE.c.id)
)


_QUARANTINED: Final = (
    sa.select(_BUNDLE.c.id, _CASE.c.number, _BUNDLE.c.received_at, _BUNDLE.c.found)
    .join(_CASE, _CASE.c.id == _BUNDLE.c.case_id)
    .where(_BUNDLE.c.state == LogState.QUARANTINED.value)
    .order_by(_BUNDLE.c.received_at, _BUNDLE.c.id)
)
_HOLDING: Final = (
    _SHOWN.add_columns(_BUNDLE.c.file, _BUNDLE.c.key, _CASE.c.number, _CASE.c.aid)
    .join(_CASE, _CASE.c.id == _BUNDLE.c.case_id)
    .where(_BUNDLE.c.key.is_not(None))
    .order_by(_BUNDLE.c.id)
)
_HOLDING_ONE_OF: Final = _HOLDING.where(_BUNDLE.c.id.in_(sa.bindparam("ids", expanding=True)))
_ALTER: Final = (
    sa.update(_BUNDLE)
    .where(_BUNDLE.c.id == sa.bindparam("bundle"), _BUNDLE.c.state.in_(sorted(HELD)))
    .values(state=LogState.QUARANTINED.value, found=sa.bindparam("counts"))
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """The name of a file and the key that opens it."""

    file: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class HeldZip:
    """A zip whose bytes are held: its case by number and audit id, its row, what opens it, its manifest."""

    case: str
    aid: str
    bundle: LogBundle
    sealed: Sealed
    files: tuple[LogFile, ...]


def in_quarantine(tx: Transaction, by: SupportLogRules) -> tuple[Quarantined, ...]:
    """Return every zip in quarantine, the oldest first. As :func:`known_files`."""
    return tuple(
        Quarantined(int(row.id), str(row.number), counts_of(row.found), quarantine_ends(row.received_at, by))
        for row in tx.rows(_QUARANTINED)
    )


def known_files(tx: Transaction) -> frozenset[str]:
    """Return the names of the files that have a row; asked while the door is closed, since they are nobody's data."""
    return frozenset(str(row[0]) for row in tx.rows(_KNOWN))


def due_bundles(tx: Transaction, *, closed: int, received: int, quarantined: int) -> tuple[tuple[int, str], ...]:
    """Return the zips, each with its case's audit id, whose case was closed or that came by these moments.

    In UTC milliseconds. A restricted one stays: that is the customer's own wish. As :func:`known_files`.
    """
    moments = {"closed": closed, "received": received, "quarantined": quarantined}
    return tuple((int(row.id), str(row.aid)) for row in tx.rows(_DUE, moments))


class LogBundles:
    """What is held of zips; wants the open door."""

    def __init__(self, tx: Read) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def of_case(self, case_id: int) -> tuple[LogBundle, ...]:
        """Return the zips of a case, in the order in which they were asked for or came."""
        return tuple(map(_bundle, self._tx.rows(_OF_CASE, {"case": case_id})))

    def one(self, case_id: int, bundle: int) -> LogBundle | None:
        """Return one zip of a case."""
        row = self._tx.row(_ONE, {"case": case_id, "bundle": bundle})
        return None if row is None else _bundle(row)

    def files(self, bundle: int) -> tuple[LogFile, ...]:
        """Return the manifest of a zip."""
        rows = self._tx.rows(_FILES, {"bundle": bundle})
        return tuple(LogFile(row.place, row.name, row.size, row.digest, counts_of(row.found)) for row in rows)

    def held(self, only: Collection[int] | None = None) -> tuple[HeldZip, ...]:
        """Return each zip whose bytes are held, in the order in which they came; of some numbers ``only``."""
        rows = self._tx.rows(_HOLDING) if only is None else self._tx.rows(_HOLDING_ONE_OF, {"ids": sorted(only)})
        return tuple(
            HeldZip(row.number, row.aid, _bundle(row), Sealed(str(row.file), bytes(row.key)), self.files(row.id))
            for row in rows
        )

    def known_of(self, person_id: int | None) -> Identity:
        """Return what is held of the customer that may stand in his logs; nothing where a case names nobody."""
        return Identity({}) if person_id is None else identity_of(Belongings(self._tx, [person_id]))


class KeepingLogBundles(LogBundles):
    """Notes that zips were asked for and came, and destroys their keys."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        super().__init__(tx)
        self._change = tx

    def ask(self, case_id: int, staff_id: str, why: str, now: int) -> int:
        """Note that a zip was asked for; return its number."""
        asked = {"case_id": case_id, "state": LogState.ASKED, "asked_at": now, "asked_by": staff_id, "why": why}
        (number,) = Writing(self._change).add([LogBundleRow.checked(asked)])
        return number

    def earlier(self, case_id: int) -> tuple[int, ...]:
        """Return the zips of a case whose bytes are held, locked until the transaction ends."""
        return tuple(int(row[0]) for row in self._tx.rows(_EARLIER, {"case": case_id}))

    def receive(
        self,
        case_id: int,
        staff_id: str,
        sealed: Sealed,
        what: Examined,
        *,
        size: int,
        digest: str,
        curated: Curated,
        received_at: int,
    ) -> int:
        """Write a zip with its manifest, as the one that was asked for first where one was; return its number."""
        values = {
            "case_id": case_id, "state": what.state, "received_at": received_at, "taken_by": staff_id,
            "curated": curated, "size": size, "digest": digest, "files": len(what.files),
            "found": counted(what.found) or None, "file": sealed.file, "key": sealed.key,
        }  # fmt: skip
        row = LogBundleRow.checked(values)
        asked = None if what.state is LogState.CURATED else self._tx.row(_ASKED, {"case": case_id})
        if asked is None:
            (number,) = Writing(self._change).add([row])
        else:
            number = int(asked[0])
            written = {name: value for name, value in row.values().items() if name in values}
            self._change.write(sa.update(_BUNDLE).where(_BUNDLE.c.id == number).values(written))
        Writing(self._change).add([_row(number, each) for each in what.files])
        return number

    def alter(self, bundle: LogBundle, problem: Problem) -> int:
        """Note that a zip is not what came, so that nobody reads it; return 0 where its bytes are held no more."""
        found = {**bundle.found, problem.value: 1}
        return self._change.write(_ALTER, {"bundle": bundle.id, "counts": counted(found)})

    def end(self, bundles: Collection[int], how: LogsEnded, now: int) -> tuple[str, ...]:
        """Destroy the keys of zips, and say why; return the names of their files. Who held bytes no more is left."""
        if not bundles:
            return ()
        files = tuple(str(row.file) for row in self._tx.rows(_TO_END, {"ids": sorted(bundles)}))
        self._change.write(_END, {"ids": sorted(bundles), "now": now, "how": how.value})
        return files


def _row(bundle: int, file: LogFile) -> LogBundleFile:
    return LogBundleFile.checked(
        {
            "bundle_id": bundle, "place": file.place, "name": file.name, "size": file.size, "digest": file.digest,
            "found": counted(file.found) or None,
        }
    )  # fmt: skip


def _bundle(row: AnyRow) -> LogBundle:
    return LogBundle(
        id=row.id,
        state=LogState(row.state),
        curated=Curated(row.curated),
        asked_at=row.asked_at,
        received_at=row.received_at,
        size=row.size,
        digest=row.digest,
        files=row.files,
        found=counts_of(row.found),
        ended_at=row.ended_at,
        ended=None if row.ended is None else LogsEnded(row.ended),
        why=row.why or "",
    )
