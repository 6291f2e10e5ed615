"""What the ledger outside the database has of those who left a list, so that no restored backup mails them again."""

from __future__ import annotations

from collections.abc import Mapping

from staffdesk.data.log import new_audit_id
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.marketing import Suppressed
from staffdesk.services.erasure.ledger import Ledger, Stop

_IMPORTED = "i"
"""The letter of what is known by no request: each batch has an id of its own."""


def stop_of(stopped: Mapping[str, tuple[str, ...]], at: int) -> Stop:
    """Return the ledger's line for the addresses of a batch, by keyed digest, each with who got news there."""
    people = tuple(dict.fromkeys(aid for aids in stopped.values() for aid in aids))
    digests = tuple((Suppressed.EMAIL.value, digest) for digest in stopped)
    return Stop(request=new_audit_id(_IMPORTED), subjects=people, digests=digests, at=at)


def no_ledger() -> Ledger:
    """Refuse: where nobody named a ledger, nobody who leaves a list is taken in."""
    raise StorageUnavailable("There is no ledger of who left a list.", "Run it on a desk.")
