"""Whether a zip is still what came: its bytes and its manifest against one another, wherever it is opened (policy D.8).

What is not is an alarm: from then on nobody reads it, an entry says so, and privacy is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from staffdesk.data.customers.log_bundles import HeldZip, KeepingLogBundles
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Act
from staffdesk.domain.errors import BadInput
from staffdesk.domain.support_log_rules import Problem, SupportLogRules
from staffdesk.domain.support_logs import LogState
from staffdesk.domain.zip_directory import kept_name
from staffdesk.services.door import Door, Result
from staffdesk.services.support_logs.at_case import LOGS
from staffdesk.services.support_logs.examining import Zip, opened_zip
from staffdesk.services.support_logs.log_spool import LogSpool
from staffdesk.services.support_logs.sealed_stream import Altered, SealedReader

_CHUNK: Final = 1024 * 1024


class LogCheck:
    """Opens zips at one home, and raises the alarm about one that is not what came."""

    def __init__(self, door: Door, spool: LogSpool, by: SupportLogRules) -> None:
        """Note alarms through ``door``; sealed files lie in ``spool``."""
        self._door = door
        self._spool = spool
        self._by = by

    @contextmanager
    def opened(self, held: HeldZip) -> Iterator[SealedReader]:
        """Give a zip to be read; raises :class:`Altered` after the alarm, as does whoever finds out in the block.

        Raises :class:`NotFound` where its file is not at this desk, :class:`StorageUnavailable`.
        """
        sealed = held.sealed
        try:
            with self._spool.opened(sealed.file, sealed.key, self._by.limits.directory_bytes) as reader:
                if digest_of(reader) != held.bundle.digest or reader.size != held.bundle.size:
                    raise altered()
                yield reader
        except Altered:
            self._alarm(held, Problem.ALTERED)
            raise

    def whole(self, held: HeldZip) -> None:
        """Compare every file of a zip with its manifest; raises as :meth:`opened`.

        One that today's limits would refuse is compared as a whole alone.
        """
        with self.opened(held) as reader, suppress(BadInput), opened_zip(reader, self._by) as whole:
            places = [place for place, info in enumerate(whole.infos, start=1) if not info.is_dir()]
            if places != [each.place for each in held.files]:
                raise altered()
            for place in places:
                compare(whole, held, place)

    def missing(self, held: HeldZip) -> None:
        """Raise the alarm, once, about a zip whose file is not at the only desk there is; it is not asked for again."""
        if Problem.MISSING.value not in held.bundle.found:
            self._alarm(held, Problem.MISSING)

    def _alarm(self, held: HeldZip, problem: Problem) -> None:
        said = Result(
            act=Act.CASE_LOGS_KEPT,
            obj=(held.aid,),
            kinds=(LOGS, LogState.QUARANTINED.value, problem.value),
            n=1,
        )

        def write(tx: Change) -> tuple[None, Result | None]:
            # Whose bytes were destroyed while they were read was not altered.
            return None, said if KeepingLogBundles(tx).alter(held.bundle, problem) else None

        self._door.scheduled(said, write)


def compare(whole: Zip, held: HeldZip, place: int) -> None:
    """Compare one file of an opened zip with its manifest; raises :class:`Altered`."""
    stands = next((each for each in held.files if each.place == place), None)
    info, digest = whole.infos[place - 1], hashlib.sha256()
    try:
        for chunk in whole.chunks(place):
            digest.update(chunk)
    except BadInput as error:
        raise altered() from error
    if stands is None or (stands.name, stands.size, stands.digest) != (
        kept_name(info.orig_filename), info.file_size, digest.hexdigest(),
    ):  # fmt: skip
        raise altered()


def digest_of(reader: SealedReader) -> str:
    """Return the SHA-256 of a zip in hexadecimal; the reader stands at its beginning afterwards."""
    digest = hashlib.sha256()
    reader.seek(0)
    while part := reader.read(_CHUNK):
        digest.update(part)
    reader.seek(0)
    return digest.hexdigest()


def altered() -> Altered:
    """Return what is said of a zip that is not what came."""
    return Altered(
        "This zip, or its manifest, is not what came: it is in quarantine, and privacy is told.",
        "Destroy it, and ask the customer for another.",
    )
