"""Verifying a log, in a database or exported: everything is recomputed, and every fault named in its own sentence.

Memory does not grow with the entries, but for what later entries say of earlier ones (``coverings``), one root for each
checkpoint and a hundred faults of a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from staffdesk.audit.ages import Ages, Kept
from staffdesk.audit.coverings import gather
from staffdesk.audit.report import Finding, FindingKind, Findings, Report
from staffdesk.audit.seals import ELSEWHERE, OUTSIDE, ScreenedSeals, Seals, SealScreen
from staffdesk.audit.source import (
    IndexedSource,
    LogSource,
    PartialSource,
    StoredCheckpoint,
    StoredEntry,
    StoredOpening,
)
from staffdesk.audit.walk import Walk

__all__ = [
    "Finding",
    "FindingKind",
    "IndexedSource",
    "Kept",
    "LogSource",
    "PartialSource",
    "Report",
    "StoredCheckpoint",
    "StoredEntry",
    "StoredOpening",
    "verify",
]


def verify(
    source: LogSource,
    *,
    origin: str,
    vkeys: Sequence[str],
    outside: Sequence[str] | None,
    elsewhere: Sequence[str] = (),
    now_ms: int,
    tail_limit_ms: int,
    kept: Kept | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Verify a log and report every fault; writes nothing.

    ``outside`` are the notes kept in the directory outside, None where no such directory is kept; one that is empty or
    ends before the checkpoints in the database is a fault, and so are several notes newer than any in the database.
    None of them may be younger than the source's snapshot. ``elsewhere`` are notes somebody carried away at any time,
    which the log must still contain. ``now_ms`` and ``tail_limit_ms`` are milliseconds. ``kept`` is how long nothing
    may go, None where that is not to be judged. ``progress`` is called with the number of entries read so far.
    Raises ``CheckpointError`` when one of ``vkeys`` is not a key.
    """
    notes = {OUTSIDE: outside or (), ELSEWHERE: elsewhere}
    due = None if kept is None else (kept, now_ms)
    walk, seals, findings = _pass(source, origin, vkeys, notes, due, progress or _silent, indexed=True)
    if not walk.met_all_coverings:
        walk, seals, findings = _pass(source, origin, vkeys, notes, due, progress or _silent, indexed=False)
    if outside is not None:
        seals.tell_rolled_back()
        seals.tell_lost(walk.order.last)
    truncated = seals.tell_truncated(walk.order.last, source.head())
    walk.openings.finish(truncated=truncated)
    walk.order.tell(findings)
    walk.strays.tell(walk.order, findings, truncated=truncated)
    beyond = seals.beyond(walk.order.last) if source.head() is None else None
    if beyond is not None and walk.newest is None:
        sentence = f"The file ends at entry {walk.order.last}, before every checkpoint: nothing in it is proved."
        findings.add(FindingKind.TRUNCATED, walk.order.last + 1, beyond, sentence)
    _tell_head(findings, walk.order.last_row, source.head())
    uncovered = walk.order.last_row - (walk.newest.size if walk.newest is not None else 0)
    oldest = None if walk.oldest_uncovered is None else max(0, now_ms - walk.oldest_uncovered)
    return Report(
        entries=walk.entries,
        erased_openings=walk.openings.erased,
        pruned=walk.pruned,
        newest_checkpoint=walk.newest,
        uncovered=uncovered,
        uncovered_age_ms=oldest,
        tail_limit_ms=tail_limit_ms,
        findings=findings.all(),
        ends_before=beyond,
    )


def _pass(
    source: LogSource,
    origin: str,
    vkeys: Sequence[str],
    notes: Mapping[str, Sequence[str]],
    due: tuple[Kept, int] | None,
    progress: Callable[[int], None],
    *,
    indexed: bool,
) -> tuple[Walk, Seals, Findings]:
    findings = Findings()
    seals = Seals(origin, vkeys, findings)
    screen = SealScreen(origin, tuple(vkeys))
    seals.take_stored(source.seals_looked_at(screen) if isinstance(source, ScreenedSeals) else source.checkpoints())
    for place, kept in notes.items():
        seals.take(kept, place)
    seals.tell_unknown()
    coverings = gather(source, origin, indexed=indexed)
    ages = None if due is None else Ages(coverings, *due, findings)
    walk = Walk(source, origin, seals, coverings, findings, ages)
    walk.run(progress)
    return walk, seals, findings


def _tell_head(findings: Findings, last: int, head: int | None) -> None:
    """Add a finding when the head row lags behind the entries: it takes each number before the entry does."""
    if head is not None and head < last:
        sentence = f"The head row has given the number {head}, but the log ends at entry {last}: the head was altered."
        findings.add(FindingKind.ALTERED, head + 1, last, sentence)


def _silent(_entries: int) -> None:
    """Tell nobody how far it is."""
