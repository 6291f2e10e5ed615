"""How a test verifies the log of its database, as a command on the home would."""

from __future__ import annotations

from pathlib import Path

from staffdesk.audit import export
from staffdesk.data.log_source import postgres_log, sqlite_log
from staffdesk.services.verification import LogOpener
from tests.databases import KEY, Place


def opener(place: Place) -> LogOpener:
    """Return what opens the place's stored log for reading."""
    path, url = place.path, place.url
    if path is not None:
        return lambda: sqlite_log(path, KEY)
    assert url is not None
    return lambda: postgres_log(url)


def export_log(place: Place, path: Path) -> None:
    """Write the stored log as lines, as the command does."""
    with path.open("w", encoding="ascii") as file, opener(place)() as source:
        file.writelines(export.lines(source, source.origin))
