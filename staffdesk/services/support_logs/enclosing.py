"""The zips of a customer in the copy of his data: each as it is held, with its manifest (policy D.8, GDPR Art. 15(3)).

What must not be held goes along too: he sent it, and may have all that is held of him. Nobody here reads it on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from staffdesk.data.customers.log_bundles import HeldZip, LogBundles
from staffdesk.data.transaction import Read
from staffdesk.domain.errors import NotFound
from staffdesk.domain.support_log_rules import SupportLogRules, rules
from staffdesk.domain.support_logs import Manifest
from staffdesk.services.door import Door
from staffdesk.services.support_logs.checking import LogCheck
from staffdesk.services.support_logs.log_spool import LogSpool
from staffdesk.services.support_logs.printing import manifest_text

_FOLDER = "logs"


@dataclass(frozen=True, slots=True, repr=False)
class Enclosed:
    """The files that go into a package by name, and the zips that do not, each with why: a key of its sentences."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


class LogEnclosing:
    """Puts zips of logs into packages at one home."""

    def __init__(self, door: Door, spool: LogSpool, *, by: SupportLogRules | None = None) -> None:
        """Note alarms through ``door``; sealed files lie in ``spool``."""
        self._by = by or rules()
        self._spool = spool
        self._check = LogCheck(door, spool, self._by)

    def held(self, tx: Read, bundles: Collection[int]) -> tuple[HeldZip, ...]:
        """Return those of some zips whose bytes are held, inside a look that was logged."""
        return LogBundles(tx).held(bundles)

    def enclosed(self, zips: Collection[HeldZip], language: str, most: int) -> Enclosed:
        """Return the bytes of zips and their manifests, up to ``most`` bytes in all; the rest is named as too large.

        Raises :class:`Altered` for one that is not what came, after the alarm, and :class:`StorageUnavailable`.
        """
        files: dict[str, bytes] = {}
        left_out: dict[str, str] = {}
        for held in zips:
            name = f"{_FOLDER}/{held.case}-{held.bundle.id}"
            files[f"{name}.txt"] = manifest_text(
                Manifest(held.case, held.bundle, held.files), language, self._by
            ).encode()
            if sum(map(len, files.values())) + (held.bundle.size or 0) > most:
                left_out[f"{name}.zip"] = "logs_large"
                continue
            try:
                self._check.whole(held)
                with self._spool.opened(held.sealed.file, held.sealed.key, most) as reader:
                    files[f"{name}.zip"] = reader.read()
            except NotFound:
                left_out[f"{name}.zip"] = "logs_elsewhere"
        return Enclosed(files, left_out)
