"""A desk's own files on its machine: whose they are, who can reach them, and what of it lies elsewhere."""

from __future__ import annotations

import pwd
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from staffdesk.audit.entry import Core
from staffdesk.domain.access import Act
from staffdesk.domain.errors import StaffdeskError
from staffdesk.services.home import Home
from staffdesk.services.machine.finding import Finding, open_still, unread, wrong
from staffdesk.services.settings import stated_settings
from staffdesk.services.verification import log_of

_OF_OTHERS: Final = 0o077
_WRITTEN_BY_OTHERS: Final = 0o022
_DAY: Final = 86_400
_HOUR: Final = 3_600
_BACKUP_DAYS: Final = 7
"""A backup older than a week loses more than a small team can type again."""


def file_findings(home: Home) -> Iterator[Finding]:
    """Yield what was found of a home that is there."""
    try:
        owner = home.data.stat().st_uid
    except OSError:
        yield unread(
            "Files", "The data folder is not there, or closed to you.", "Run it as the desk's account, or root."
        )
        return
    found = (*_modes(home), *_owners(home, owner), *_folders_above(home, owner))
    yield from found or (Finding("Files", f"all belong to {_name(owner)}, closed to others"),)
    yield _seal_key(home, owner)
    yield _checkpoints(home)
    yield _backups(home)


def _secret_files(home: Home) -> Iterator[Path]:
    yield from (home.key_file, home.seal_key_file, home.settings_file, home.data / "incidents.log")
    yield from sorted(home.data.glob(f"{home.database_file.name}*"))


def _modes(home: Home) -> Iterator[Finding]:
    folders = (home.config, home.data, home.checkpoints)
    for path, mode in (*((each, "700") for each in folders), *((each, "600") for each in _secret_files(home))):
        if _mode(path) & _OF_OTHERS:
            what = "folder" if path in folders else "file"
            yield wrong("Files", f"The {what} {path.name} is open to others.", f"Run: chmod {mode} {path}")
    if _mode(home.verifier_key_file) & _WRITTEN_BY_OTHERS:
        yield wrong(
            "Files",
            f"Others can change {home.verifier_key_file.name}, by which checkpoints are checked.",
            f"Run: chmod 644 {home.verifier_key_file}",
        )


def _owners(home: Home, owner: int) -> Iterator[Finding]:
    for path in (home.config, home.checkpoints, *_secret_files(home)):
        found = _owner(path)
        if found not in {None, owner} and path != home.seal_key_file:
            yield wrong(
                "Files",
                f"{path.name} belongs to {_name(found)}, the data folder to {_name(owner)}.",
                f"Run as root: chown {_name(owner)} {path}",
            )


def _folders_above(home: Home, owner: int) -> Iterator[Finding]:
    """Look at every folder on the way: who can rename one puts another desk in this one's place."""
    for path in dict.fromkeys((*home.config.parents, *home.data.parents)):
        mode = _mode(path)
        if mode & _WRITTEN_BY_OTHERS and not mode & stat.S_ISVTX:
            yield wrong("Files", f"Others can put another folder in the place of {path}.", f"Run: chmod go-w {path}")
        elif _owner(path) not in {None, 0, owner}:
            yield wrong(
                "Files",
                f"{path}, above the desk, belongs to {_name(_owner(path))}.",
                "Put the desk below folders of root or of its own account.",
            )


def _seal_key(home: Home, owner: int) -> Finding:
    found = _owner(home.seal_key_file)
    if found not in {None, owner}:
        return Finding("Proof", f"seal.key belongs to {_name(found)}, the desk to {_name(owner)}")
    if found is None:
        return Finding("Proof", "seal.key is not here: checkpoints are signed elsewhere")
    return open_still(
        "Proof",
        "Desk and seal.key belong to one account: who has it can rewrite the log and sign that.",
        "Only a checkpoint kept elsewhere shows it; or give seal.key to another account.",
    )


def _checkpoints(home: Home) -> Finding:
    notes = sorted(home.checkpoints.glob("*.note"))
    if not notes:
        return open_still("Copies", "No checkpoint lies outside the database.", "Sign one: staffdesk audit checkpoint")
    hours = (time.time() - notes[-1].stat().st_mtime) / _HOUR
    if home.checkpoints.stat().st_dev == home.data.stat().st_dev:
        return open_still(
            "Copies",
            f"{len(notes):,} checkpoints, the newest {hours:,.0f} hours old, lie on the disk of the data.",
            "Copy the folder of checkpoints to another machine; what is kept there cannot be seen from here.",
        )
    return Finding("Copies", f"{len(notes):,} checkpoints on another disk, the newest {hours:,.0f} hours old")


def _backups(home: Home) -> Finding:
    try:
        if stated_settings(home).postgres_url is not None:
            return unread("Backups", "PostgreSQL keeps its own.", "Keep them encrypted, and 30 days at most.")
        with log_of(home)() as log:
            made = [core.t for entry in log.by_act([Act.SYSTEM_BACKUP]) if (core := _core(entry.core)) is not None]
    except StaffdeskError as error:
        return unread("Backups", error.sentence, error.hint)
    hint = "Make one: staffdesk backup FILE --as ADMIN, and keep it on another machine."
    if not made:
        return open_still("Backups", "The log knows of no backup.", hint)
    days = (time.time() - max(made) / 1000) / _DAY
    if days > _BACKUP_DAYS:
        return open_still("Backups", f"The newest backup is {days:,.0f} days old.", hint)
    return Finding("Backups", f"the newest is {days:,.1f} days old; where it lies is not known here")


def _core(stored: bytes | None) -> Core | None:
    """Return an entry that says a backup was made and read back; one that says it was begun counts for nothing."""
    if stored is None:
        return None
    core = Core.decode(stored)
    return core if core.kinds == ("made",) else None


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:  # what is not there is another look's to tell
        return 0


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except OSError:
        return None


def _name(uid: int | None) -> str:
    try:
        return "nobody" if uid is None else pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"
