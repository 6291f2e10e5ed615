"""A desk's erasures, as ``run-due`` and the certificate ask for them; the moves of a request carry them out."""

from __future__ import annotations

from staffdesk.data.database import Database
from staffdesk.data.entries import Entries
from staffdesk.services.clearance import today_in_brussels
from staffdesk.services.erasure.due import Announce, Finished
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.erasure.replay import run_due
from staffdesk.services.erasure.retention import LetGo, let_go
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.home import Home
from staffdesk.services.sessions import utc_ms


class Erasures:
    """What follows an erasure, on one home."""

    def __init__(self, home: Home, database: Database, policy: str) -> None:
        """Work on a home whose ``database`` is open."""
        self._home = home
        self._database = database
        self._policy = policy

    @property
    def ledger(self) -> Ledger:
        """The ledger that :func:`staffdesk.services.erasure.plans.execute` writes its line into first."""
        with self._database.append() as tx:
            origin = Entries(tx).origin()
        storage = self._storage
        return Ledger(storage.ledger_file, storage.secret, origin)

    def run_due(self, announce: Announce | None = None) -> Finished:
        """Finish destructions, sweep, and end the holds whose day is past; nobody need be signed in.

        ``announce`` is told before the file is written anew, during which no desk can work. Raises
        :class:`StorageUnavailable`; what was done before stays done, and the next run goes on.
        """
        return run_due(self._storage, self._policy, today_in_brussels(), utc_ms(), announce)

    def let_go(self) -> LetGo:
        """Erase whose data have had their time, for :meth:`run_due` to finish; raises as it does."""
        return let_go(self._storage, self._policy, today_in_brussels(), utc_ms())

    @property
    def _storage(self) -> Storage:
        return Storage.of_home(self._home, self._database)
