"""What the calls about support logs need first: zips on a disk, and zips in the demo's case."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from staffdesk.domain.access import Role
from tests.services.log_zips import AT_HOME, CLEAN, zipped

if TYPE_CHECKING:
    from tests.faults.arranging import At

_WHY = "the recording stops after an hour"


def sent(at: At, content: bytes = CLEAN) -> Path:
    """Return a zip as a customer sent it."""
    path = at.file("logs.zip")
    path.write_bytes(zipped({"app.log": content}))
    return path


def taken(at: At, content: bytes = CLEAN) -> int:
    """Return the number of a zip that was taken in."""
    return at.desk.support_logs.intake.add(at.by(Role.SUPPORT), at.demo.case, sent(at, content)).bundle.id


CASES: dict[str, Callable[[At], Callable[[], object]]] = {
    "support_logs.ask": lambda at: partial(at.desk.support_logs.ask, at.by(Role.SUPPORT), at.demo.case, _WHY),
    "support_logs.of_case": lambda at: partial(at.desk.support_logs.of_case, at.by(Role.SUPPORT), at.demo.case),
    "support_logs.manifest": lambda at: partial(
        at.desk.support_logs.manifest, at.by(Role.SUPPORT), at.demo.case, taken(at)
    ),
    "support_logs.told_to": lambda at: partial(
        at.desk.support_logs.told_to, at.by(Role.SUPPORT), at.demo.case, taken(at), "fr"
    ),
    "support_logs.not_to_be_held": lambda at: partial(at.desk.support_logs.not_to_be_held, at.by(Role.PRIVACY)),
    "support_logs.read": lambda at: partial(at.desk.support_logs.read, at.by(Role.SUPPORT), at.demo.case, taken(at), 1),
    "support_logs.destroy": lambda at: partial(
        at.desk.support_logs.destroy, at.by(Role.SUPPORT), at.demo.case, taken(at)
    ),
    "support_logs.intake.add": lambda at: partial(
        at.desk.support_logs.intake.add, at.by(Role.SUPPORT), at.demo.case, sent(at)
    ),
    "support_logs.intake.scrub": lambda at: partial(
        at.desk.support_logs.intake.scrub, at.by(Role.SUPPORT), at.demo.case, taken(at, AT_HOME)
    ),
}
