"""Where a desk's data lies, as an erasure must reach it: the database, its file or server, the folders, the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.data import maintenance, vacuuming
from staffdesk.data.database import Database
from staffdesk.data.local_settings import LocalSettings
from staffdesk.domain.sizes import size_in_words
from staffdesk.parameters.shapes import search
from staffdesk.services.campaign.folder import written_in
from staffdesk.services.home import Home, secret_of
from staffdesk.services.settings import read_settings
from staffdesk.services.support_logs.expiry import remove_unknown
from staffdesk.services.support_logs.log_spool import LogSpool

_BYTES_A_MINUTE: Final = 2e9
"""What writing a file anew was measured at, rounded down."""
_BYTES_A_MINUTE_ON_A_SERVER: Final = 5e9
"""The same of a server's tables, with their indexes: 8 GB of a million people in 71 s, the longest in 15."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """A desk's storage: ``path`` and ``key`` of the encrypted file, or the ``url`` of a server.

    ``owned`` are the folders whose files are the desk's to destroy, ``searched`` those that are searched besides.
    In ``logs`` lie customers' support logs, each sealed under a key of its row: nothing in them can be read here, and
    they go with their rows.
    """

    database: Database
    secret: bytes
    ledger_file: Path
    path: Path | None = None
    key: str = ""
    url: str | None = None
    owned: tuple[Path, ...] = ()
    searched: tuple[Path, ...] = ()
    logs: Path | None = None

    @classmethod
    def of_home(cls, home: Home, database: Database) -> Storage:
        """Return the storage of a home whose ``database`` is open."""
        key, url = home.read_key(), read_settings(home).postgres_url
        return cls(
            database=database,
            secret=secret_of(key),
            ledger_file=home.ledger_file,
            path=home.database_file if url is None else None,
            key=key,
            url=url,
            owned=(home.exports, home.spool, home.letters),
            searched=(home.data,),
            logs=home.log_spool,
        )

    def files(self) -> Iterator[tuple[Path, bool]]:
        """Yield each file beside the database, and whether it is the desk's to destroy.

        What was written for the campaign service is not, since others are withdrawn by it: it lies in the folder that
        an admin named until somebody has passed it on.
        """
        own = "" if self.path is None else self.path.name
        seen: set[Path] = set()
        for folders, ours in ((self.owned, True), (self.searched, False)):
            for path in (path for folder in folders if folder.is_dir() for path in sorted(folder.rglob("*"))):
                is_database = self.path is not None and path.parent == self.path.parent and path.name.startswith(own)
                is_sealed = self.logs is not None and path.parent == self.logs
                if path.is_file() and not path.is_symlink() and not is_database and not is_sealed and path not in seen:
                    seen.add(path)
                    yield path, ours
        with self.database.append() as tx:
            folder = LocalSettings(tx).campaign_folder().path
        for path in () if folder is None else written_in(Path(folder)):
            if path not in seen:
                yield path, False

    def remove_unknown_logs(self) -> int:
        """Remove every sealed file of support logs whose row is gone; return how many."""
        return 0 if self.logs is None else remove_unknown(self.database, LogSpool(self.logs))

    def forget_deleted(self) -> None:
        """Take out what was deleted, and keep or empty the trigrams as their number asks.

        In the encrypted file the word indexes are rewritten in brief steps; a server takes out rows and index entries.
        """
        if self.path is not None:
            maintenance.forget_words(self.path, self.key)
            maintenance.fit_trigrams_sqlite(self.path, self.key, search().trigrams)
            maintenance.empty_the_journal(self.path, self.key)
        if self.url is not None:
            maintenance.fit_trigrams_postgres(self.url, search().trigrams)
            vacuuming.vacuum_postgres(self.url)

    def write_tables_anew(self, announce: Callable[[str], object]) -> None:
        """Let a server write its tables and indexes anew, with no place left where something stood, after saying so."""
        if self.url is not None:
            size = maintenance.size_of_postgres(self.url)
            announce(
                "Where erased rows stood their bytes are left on the server, so its tables are written anew now:"
                f" {size_in_words(size)}, about {_minutes(size, _BYTES_A_MINUTE_ON_A_SERVER)} min, and nobody reads"
                " a table while it is written."
            )
            vacuuming.write_anew_postgres(self.url)

    def see_room_to_compact(self) -> None:
        """Raise :class:`StorageUnavailable` where the disk has no room for :meth:`compact`."""
        if self.path is not None:
            maintenance.see_room_to_compact(self.path)

    def what_compacting_costs(self) -> str:
        """Say what :meth:`compact` means for colleagues, from the size of the file."""
        size = 0 if self.path is None else self.path.stat().st_size
        return (
            f"Erased bytes are still in the file, so it is written anew now: {size_in_words(size)},"
            f" about {_minutes(size, _BYTES_A_MINUTE)} min, and no desk works until it is done."
        )

    def compact(self) -> None:
        """Write the file anew, which holds the write lock all the while: every desk is refused until it is done.

        The last resort, where the bytes were searched and something was found: the indexes are merged and the journal
        emptied before, and that is nearly always enough. It wants twice the room that the file has.
        """
        if self.path is not None:
            maintenance.compact(self.path, self.key)


def _minutes(size: int, bytes_a_minute: float) -> int:
    return max(1, round(size / bytes_a_minute))
