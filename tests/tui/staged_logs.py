"""Support logs as a scene shows them, one in quarantine, one read, one destroyed, one asked for; a licence request."""

from __future__ import annotations

from staffdesk.domain.licence_requests import Checklist, Seat, Ticked, rules
from staffdesk.domain.support_logs import Curated, LogBundle, LogFile, LogsEnded, LogState
from tests.tui.staged_requests import NOON

TEXT = "".join(
    f"2026-11-27 09:00:{n:02}.123456 MovieRecorder[47] {what}\n"
    for n, what in enumerate(
        ["capture began, 25 fps, 0 dropped", "opened /Users/(user)/Movies/take 1.mov", "\u202egnol \x1b]0;x"] * 12
    )
)
_DAY_MS = 24 * 60 * 60 * 1000


def _bundle(number: int, state: LogState, days: int, **values: object) -> LogBundle:
    given: dict[str, object] = {
        "id": number, "state": state, "curated": Curated.UNKNOWN, "asked_at": None, "size": 48_211, "files": 3,
        "received_at": NOON - days * _DAY_MS, "digest": "5f" * 32, "found": {}, "ended_at": None, "ended": None,
        "why": "", **values,
    }  # fmt: skip
    return LogBundle(**given)  # type: ignore[arg-type] # the fields of a zip


def bundles() -> tuple[LogBundle, ...]:
    """Return the zips of a case, the oldest first."""
    return (
        _bundle(7, LogState.DESTROYED, 9, ended_at=NOON, ended=LogsEnded.SCRUBBED, found={"home": 12, "email": 1}),
        _bundle(8, LogState.CURATED, 9),
        _bundle(9, LogState.QUARANTINED, 1, found={"google_token": 1, "known_mac": 2}),
        _bundle(
            10, LogState.ASKED, 0, asked_at=NOON, received_at=None, size=None, digest=None, files=None,
            why="the recording stops after an hour",
        ),
    )  # fmt: skip


def files() -> tuple[LogFile, ...]:
    """Return what the second of them holds."""
    return (
        LogFile(1, "MovieRecorder/app.log", 2_480_112, "a1" * 32),
        LogFile(2, "MovieRecorder/devices.log", 12_004, "b2" * 32),
        LogFile(3, "\u202egnol \x1b]0;x", 311, "c3" * 32),
    )


def licence_request() -> Checklist:
    """Return a licence request of which one step is done."""
    kind = rules().kind("other_person")
    first, *others = kind.steps
    done = Ticked(first, NOON, "anna", "his mail of today")
    seats = (Seat(31, NOON, True, ("•••••••", "00:1B:63:••:••:••", "192.0.2.•")), Seat(32, NOON, active=False))
    return Checklist(
        "C-2026-0412", "other_person", kind.title, 7, "Norvand Caption", (done, *map(Ticked, others)), seats
    )
