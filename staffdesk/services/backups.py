"""Backups: one encrypted file, read back before it counts; a restore puts nothing in place it has not verified."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from staffdesk.audit.report import BAD, Report
from staffdesk.data import maintenance
from staffdesk.data.log import Event, Log
from staffdesk.data.log_source import sqlite_log
from staffdesk.data.sqlite import SqliteDatabase
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import BadInput, Conflict, StorageUnavailable
from staffdesk.domain.passwords import check
from staffdesk.parameters.shapes import policy, sessions
from staffdesk.services import backup_file
from staffdesk.services.clearance import Clearance, Wanted, today_in_brussels
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.erasure.replay import replay
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.home import Home, new_key, secret_of, write_secret
from staffdesk.services.public_keys import keys_in
from staffdesk.services.sealing import Sealer
from staffdesk.services.sessions import utc_ms
from staffdesk.services.settings import read_settings
from staffdesk.services.verification import read_verifier_key, verify_log


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

    def make(self, access: Access, target: Path, ask_passphrase: Callable[[], str]) -> BackupReport:
        """Write a new backup file, mode 0600, and read it back.

        Whether this person may is decided, and logged, before the passphrase is asked for. The entry that it was begun
        is in the backup, the one that it was made and read back comes after. Raises
        :class:`BadInput` for a weak passphrase, :class:`StorageUnavailable` where it cannot be written or does not read
        back (then no file is left), :class:`Denied`.
        """
        if read_settings(self._home).postgres_url is not None:
            raise BadInput(
                "This desk's data lies on PostgreSQL, which has backups of its own.",
                "Use pg_dump or the server's base backups, encrypted, and keep them 30 days at most.",
            )
        if target.exists():
            raise StorageUnavailable("The file for the backup exists already.", "Choose another file.")
        self._enter(access, "begun", 0)
        passphrase = ask_passphrase()
        check(passphrase)
        self._sealer.seal()
        with _folder_beside(target) as folder:
            try:
                whole = _fill(self._home, folder, passphrase)
                report = _read_back(whole, folder / "again", passphrase)
                size = whole.stat().st_size
            except OSError as error:
                raise StorageUnavailable("The backup could not be written.", "Check the free space.") from error
            _put_in_place(whole, target)
        self._enter(access, "made", report.entries)
        covered = 0 if report.newest_checkpoint is None else report.newest_checkpoint.size
        return BackupReport(target, size, report.entries, covered)

    def _enter(self, access: Access, kind: str, n: int) -> None:
        draft = Draft(wanted=Wanted(act=Act.SYSTEM_BACKUP), kinds=(kind,), n=n)

        def write(_tx: Append, _cleared: Clearance) -> tuple[None, Result]:
            return None, Result(act=Act.SYSTEM_BACKUP, kinds=(kind,), n=n)

        self._door.act(access, draft, write, intent=False)


def restore(home: Home, source: Path, passphrase: str, ledger: Path | None) -> Report:
    """Put a backup into an empty home and return what its log's verification said.

    ``ledger`` is the newest copy of the ledger of erasures, None where nobody was ever erased at this desk: whoever it
    names is erased again before anything is in place. The entry that says so is sealed, unless the key that signs
    checkpoints is another user's, who seals it himself.

    Raises :class:`Conflict` where the home holds anything of a desk, :class:`BadInput` for a wrong passphrase or a file
    that is no backup, :class:`StorageUnavailable` where the log in it does not verify, where the ledger is missing,
    shorter than the backup knows of, or was altered, and where it cannot be put in place; nothing is left behind then.
    """
    if any(path.exists() for path in _files_of(home)) or any(home.checkpoints.glob("*")):
        raise Conflict("This home holds a desk already.", "Restore into another: --home DIR")
    with _made_folders(home), _folder_beside(home.database_file) as folder:
        try:
            keys = backup_file.unpack(source, folder, passphrase)
            report = _verified(folder, keys)
            copy = folder / "restored.db"
            maintenance.copy_encrypted(folder / backup_file.DATABASE, keys["backup_key"], copy, keys["desk_key"])
            kept = _ledger_beside(folder, ledger)
            _say_restored(copy, keys, folder / backup_file.NOTES, report, kept)
            _place(home, keys, folder, copy, kept)
        except OSError as error:
            raise StorageUnavailable("The backup could not be put in place.", "Check the free space.") from error
    return report


def _files_of(home: Home) -> tuple[Path, ...]:
    database = home.database_file
    beside = tuple(database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal"))
    return (database, *beside, home.key_file, home.seal_key_file, home.verifier_key_file, home.settings_file,
            home.ledger_file)  # fmt: skip


@contextmanager
def _made_folders(home: Home) -> Iterator[None]:
    """Make a home's folders, and take away whatever came into them, and those that were not there, if it fails."""
    wanted = (home.config, home.data, home.checkpoints)
    made = [
        folder for each in wanted for folder in reversed((each, *each.parents)) if not folder.exists()
    ]  # the outermost first
    home.make_folders()
    try:
        yield
    except BaseException:
        for path in (*_files_of(home), *home.checkpoints.glob("*.note")):
            path.unlink(missing_ok=True)
        for folder in reversed(list(dict.fromkeys(made))):
            with suppress(OSError):
                folder.rmdir()
        raise


def _ledger_beside(folder: Path, ledger: Path | None) -> Path:
    """Take a copy of the ledger, so that the one that was named stays as it is."""
    kept = folder / "erasures.ledger"
    if ledger is not None:
        try:
            shutil.copyfile(ledger, kept)
        except OSError as error:
            raise StorageUnavailable("The ledger of erasures cannot be read.", "Check its name.") from error
        kept.chmod(0o600)
    return kept


def _place(home: Home, keys: dict[str, str], folder: Path, copy: Path, ledger: Path) -> None:
    """Put the parts where they belong, the database last: without it the rest opens nothing."""
    write_secret(home.key_file, keys["desk_key"])
    for path, name in ((home.seal_key_file, "seal_key"), (home.verifier_key_file, "seal_vkey")):
        if keys.get(name):
            write_secret(path, keys[name])
    write_secret(home.settings_file, keys["settings"].removesuffix("\n"))
    for note in sorted((folder / backup_file.NOTES).glob("*.note")):
        shutil.copy(note, home.checkpoints / note.name)
    if ledger.exists():
        ledger.replace(home.ledger_file)
    copy.replace(home.database_file)
    _sync_folder(home.data)


def _say_restored(path: Path, keys: dict[str, str], notes: Path, report: Report, ledger: Path) -> None:
    """Erase again whom the ledger names, append the entry and seal it, before anything is in place.

    A home that cannot be sealed, or in which somebody erased would be back, is not made.
    """
    key, seed = keys["desk_key"], keys.get("seal_key")
    database = SqliteDatabase(path, key, secret_of(key))
    kind = ("backup",) if ledger.exists() else ("backup", "without_ledger")
    try:
        with database.append() as tx:
            Log(tx, policy().version).append(Event(act=Act.SYSTEM_RESTORED, kinds=kind, n=report.entries))
        storage = Storage(database=database, secret=secret_of(key), ledger_file=ledger, path=path, key=key)
        replay(storage, policy().version, today_in_brussels(), utc_ms())
        Sealer(database, bytes.fromhex(seed) if seed else None, notes, sessions().log).seal()
    finally:
        database.close()


def _fill(home: Home, folder: Path, passphrase: str) -> Path:
    """Gather the parts and return the file."""
    backup_key = new_key()
    copy = folder / backup_file.DATABASE
    maintenance.copy_encrypted(home.database_file, home.read_key(), copy, backup_key)
    _copy_notes(home, folder / backup_file.NOTES, copy, backup_key)
    sealed = {
        "backup_key": backup_key,
        "desk_key": home.read_key(),
        "seal_key": _seal_key(home),
        "seal_vkey": read_verifier_key(home),
        "settings": home.settings_file.read_text(encoding="utf-8"),
    }
    return backup_file.pack(folder, sealed, passphrase)


def _copy_notes(home: Home, folder: Path, copy: Path, key: str) -> None:
    """Take along what was signed of the entries in the copy: another desk may have signed more since."""
    folder.mkdir(mode=0o700)
    with sqlite_log(copy, key) as source:
        covered = max((each.size for each in source.checkpoints()), default=0)
    for note in sorted(home.checkpoints.glob("*.note")):
        if note.stem.isdecimal() and int(note.stem) <= covered:
            shutil.copy(note, folder / note.name)


def _seal_key(home: Home) -> str:
    """Return the key that signs checkpoints; nothing where it is another user's, who keeps it himself."""
    try:
        return home.seal_key_file.read_text(encoding="ascii").strip()
    except (FileNotFoundError, PermissionError):
        return ""


def _verified(folder: Path, keys: dict[str, str]) -> Report:
    report = verify_log(
        lambda: sqlite_log(folder / backup_file.DATABASE, keys["backup_key"]),
        folder / backup_file.NOTES,
        keys_in(keys["seal_vkey"]),
        None,
    )
    if report.exit_code == BAD:
        raise StorageUnavailable(
            f"The log in this backup does not verify: {report.findings[0].sentence}", "Take another backup."
        )
    return report


def _read_back(whole: Path, folder: Path, passphrase: str) -> Report:
    folder.mkdir(mode=0o700)
    try:
        return _verified(folder, backup_file.unpack(whole, folder, passphrase))
    except BadInput as error:
        raise StorageUnavailable("The backup did not read back as it was written.", "Check the disk.") from error


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
    """Give the file its name, which nothing else has; without a hard link, since the disks backups go to have none."""
    claimed = False
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        claimed = True
        whole.replace(target)
        _sync_folder(target.absolute().parent)
    except OSError as error:
        if claimed:
            target.unlink(missing_ok=True)
        raise StorageUnavailable("The backup could not be put in place.", "Choose another file.") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
