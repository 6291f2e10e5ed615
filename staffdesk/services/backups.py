"""Backups: one encrypted file, read back before it counts; a restore puts nothing in place it has not verified.

The file is a tar of a manifest, the database encrypted under a key of its own, the notes of the checkpoints, and one
sealed part: the keys, the settings and the digests of all else, under a passphrase (argon2id, AES-256-GCM).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.audit.report import BAD, Report
from staffdesk.data import maintenance
from staffdesk.data.log import Event, Log
from staffdesk.data.log_source import sqlite_log
from staffdesk.data.sqlite import SqliteDatabase
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, Conflict, StorageUnavailable
from staffdesk.domain.passwords import check
from staffdesk.parameters.shapes import policy
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.home import Home, new_key, secret_of, write_secret
from staffdesk.services.sealed_box import open_box, seal_box
from staffdesk.services.sealing import Sealer
from staffdesk.services.settings import read_settings
from staffdesk.services.verification import read_verifier_key, verify_log

FORMAT: Final = "staffdesk-backup/1"
_DATABASE: Final = "desk.db"
_SEALED: Final = "sealed"
_MANIFEST: Final = "manifest.json"
_NOTES: Final = "checkpoints"
_LARGEST_SMALL_PART: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, as it was read back."""

    path: Path
    size: int
    entries: int
    covered: int


class Backups:
    """Makes backups of the encrypted file."""

    def __init__(self, door: Door, home: Home, sealer: Sealer) -> None:
        """Back up ``home``; a checkpoint is made first."""
        self._door = door
        self._home = home
        self._sealer = sealer

    def make(self, access: Access, target: Path, passphrase: str) -> BackupReport:
        """Write a new backup file, mode 0600, and read it back.

        Raises :class:`BadInput` for a weak passphrase, :class:`StorageUnavailable` where it cannot be written or does
        not read back (then no file is left), :class:`Denied`.
        """
        check(passphrase)
        if read_settings(self._home).postgres_url is not None:
            raise BadInput(
                "This desk's data lies on PostgreSQL, which has backups of its own.",
                "Use pg_dump or the server's base backups, encrypted, and keep them 30 days at most.",
            )
        if target.exists():
            raise StorageUnavailable("The file for the backup exists already.", "Choose another file.")
        draft = Draft(wanted=Wanted(act=Act.SYSTEM_BACKUP), kinds=("backup",))

        def write(_tx: Append, _cleared: Clearance) -> tuple[None, Result]:
            return None, Result(act=Act.SYSTEM_BACKUP, kinds=("backup",), n=1)

        self._door.act(access, draft, write)
        self._sealer.seal()
        with _folder_beside(target) as folder:
            _fill(self._home, folder, passphrase)
            whole = folder / "whole"
            _pack(folder, whole)
            report = _read_back(whole, folder / "again", passphrase)
            size = whole.stat().st_size
            _put_in_place(whole, target)
        covered = 0 if report.newest_checkpoint is None else report.newest_checkpoint.size
        return BackupReport(target, size, report.entries, covered)


def restore(home: Home, source: Path, passphrase: str) -> Report:
    """Put a backup into an empty home and return what its log's verification said.

    Raises :class:`Conflict` where the home holds a desk, :class:`BadInput` for a wrong passphrase or a file that is no
    backup, :class:`StorageUnavailable` where the log in it does not verify; nothing is left behind then.
    """
    if home.key_file.exists() or home.database_file.exists():
        raise Conflict("This home holds a desk already.", "Restore into another: --home DIR")
    home.make_folders()
    with _folder_beside(home.database_file) as folder:
        keys = _unpack(source, folder, passphrase)
        report = _verified(folder, keys)
        copy = folder / "restored.db"
        maintenance.copy_encrypted(folder / _DATABASE, keys["backup_key"], copy, keys["desk_key"])
        write_secret(home.key_file, keys["desk_key"])
        try:
            for path, text in ((home.seal_key_file, "seal_key"), (home.verifier_key_file, "seal_vkey")):
                if keys.get(text):
                    write_secret(path, keys[text])
            home.settings_file.write_text(keys["settings"], encoding="utf-8")
            for note in sorted((folder / _NOTES).glob("*.note")):
                shutil.copy(note, home.checkpoints / note.name)
            copy.replace(home.database_file)
        except OSError as error:
            home.key_file.unlink(missing_ok=True)
            raise StorageUnavailable("The backup could not be put in place.", "Check the free space.") from error
    _say_restored(home, keys["desk_key"], report)
    return report


def _say_restored(home: Home, key: str, report: Report) -> None:
    database = SqliteDatabase(home.database_file, key, secret_of(key))
    try:
        with database.append() as tx:
            Log(tx, policy().version).append(Event(act=Act.SYSTEM_RESTORED, kinds=("backup",), n=report.entries))
    finally:
        database.close()


def _fill(home: Home, folder: Path, passphrase: str) -> None:
    backup_key = new_key()
    maintenance.copy_encrypted(home.database_file, home.read_key(), folder / _DATABASE, backup_key)
    (folder / _NOTES).mkdir(mode=0o700)
    for note in sorted(home.checkpoints.glob("*.note")):
        shutil.copy(note, folder / _NOTES / note.name)
    seal_key = home.seal_key_file.read_text(encoding="ascii").strip() if home.seal_key_file.exists() else ""
    sealed = {
        "backup_key": backup_key,
        "desk_key": home.read_key(),
        "seal_key": seal_key,
        "seal_vkey": read_verifier_key(home),
        "settings": home.settings_file.read_text(encoding="utf-8"),
        **{f"sha256 {name}": digest for name, digest in _digests(folder)},
    }
    (folder / _SEALED).write_bytes(seal_box(json.dumps(sealed).encode(), passphrase))
    (folder / _MANIFEST).write_text(json.dumps({"format": FORMAT, "parts": dict(_digests(folder))}), encoding="utf-8")


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in (folder / _DATABASE, *sorted((folder / _NOTES).glob("*.note"))):
        with path.open("rb") as file:
            yield str(path.relative_to(folder)), hashlib.file_digest(file, "sha256").hexdigest()


def _pack(folder: Path, whole: Path) -> None:
    descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            for path in (
                folder / _MANIFEST,
                folder / _SEALED,
                folder / _DATABASE,
                *sorted((folder / _NOTES).iterdir()),
            ):
                archive.add(path, arcname=str(path.relative_to(folder)), recursive=False)
        file.flush()
        os.fsync(file.fileno())


def _unpack(source: Path, folder: Path, passphrase: str) -> dict[str, str]:
    """Take a backup apart into ``folder``: only the parts it may have, each as long as it may be; return the keys."""
    try:
        with tarfile.open(source, mode="r:") as archive:
            for member in archive:
                name = Path(member.name)
                known = member.name in {_MANIFEST, _SEALED, _DATABASE} or (
                    len(name.parts) == 2 and name.parts[0] == _NOTES and name.suffix == ".note"  # noqa: PLR2004 - folder/file
                )
                too_long = member.name != _DATABASE and member.size > _LARGEST_SMALL_PART
                if not known or not member.isreg() or too_long:
                    raise _no_backup()
                part = archive.extractfile(member)
                if part is None:
                    raise _no_backup()
                path = folder / name
                path.parent.mkdir(mode=0o700, exist_ok=True)
                with path.open("xb") as file:
                    shutil.copyfileobj(part, file)
        (folder / _NOTES).mkdir(mode=0o700, exist_ok=True)
        sealed = json.loads(open_box((folder / _SEALED).read_bytes(), passphrase))
        found = dict(_digests(folder))
    except (OSError, tarfile.TarError, json.JSONDecodeError) as error:
        raise _no_backup() from error
    told = {name.removeprefix("sha256 "): value for name, value in sealed.items() if name.startswith("sha256 ")}
    if told != found:
        raise BadInput("This backup was changed after it was made.", "Take another backup.")
    return {str(name): str(value) for name, value in sealed.items()}


def _no_backup() -> BadInput:
    return BadInput("This file is no backup of staffdesk, or it is damaged.", "Take another backup.")


def _verified(folder: Path, keys: dict[str, str]) -> Report:
    report = verify_log(
        lambda: sqlite_log(folder / _DATABASE, keys["backup_key"]), folder / _NOTES, (keys["seal_vkey"],), None
    )
    if report.exit_code == BAD:
        raise StorageUnavailable(
            f"The log in this backup does not verify: {report.findings[0].sentence}", "Take another backup."
        )
    return report


def _read_back(whole: Path, folder: Path, passphrase: str) -> Report:
    folder.mkdir(mode=0o700)
    return _verified(folder, _unpack(whole, folder, passphrase))


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """Give a closed folder on the same file system as ``target``, and take it away whatever happens."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".staffdesk-", dir=target.absolute().parent))
    except OSError as error:
        raise StorageUnavailable("The folder for the backup cannot be written.", "Choose another.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(whole: Path, target: Path) -> None:
    try:
        os.link(whole, target)
        descriptor = os.open(target.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageUnavailable("The backup could not be put in place.", "Choose another file.") from error
