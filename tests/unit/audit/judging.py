"""What a test asks of the verifier after tampering."""

from __future__ import annotations

from collections.abc import Sequence

from staffdesk.audit.entry import Core
from staffdesk.audit.report import Finding, FindingKind
from tests.unit.audit.sample_log import DAY_MS, START_MS, SampleLog


def findings(log: SampleLog) -> Sequence[Finding]:
    """Verify a log that must not be sound, long after its last entry."""
    report = log.verify(now_ms=START_MS + 9 * DAY_MS)
    assert report.exit_code == 20
    return report.findings


def only(log: SampleLog) -> tuple[FindingKind, int, int, str]:
    """Return the one finding: a fault is named once, and not followed by what merely results from it."""
    found = findings(log)
    assert len(found) == 1, found
    return found[0].kind, found[0].seq_from, found[0].seq_to, found[0].sentence


def core_of(log: SampleLog, seq: int) -> Core:
    """Return the stored entry of a number, decoded."""
    data = log.row(seq).core
    assert data is not None
    return Core.decode(data)


def flipped(data: bytes, at: int) -> bytes:
    """Return bytes with one bit of one of them changed."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
