"""What is told of an erasure that is done: what went, what a law keeps until when, what the sweep found, and the proof.

No personal data stands in it but what privacy wrote to show what became of something outside the desk. That the entry
is in the log whoever keeps a checkpoint can check: the audit path of RFC 9162 leads from the entry's leaf to the root
that the checkpoint signs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from staffdesk.audit.tree import Frontier, sibling_ranges
from staffdesk.data.checkpoints import Checkpoints
from staffdesk.data.customers.kept_rows import KeptRows
from staffdesk.data.customers.places_outside import Noted, noted_of
from staffdesk.data.destructions import Destructions, Done
from staffdesk.data.tombstones import Tombstones
from staffdesk.data.transaction import Transaction
from staffdesk.domain.erasure import Destroyed
from staffdesk.domain.errors import NotFound
from staffdesk.domain.holds import rules
from staffdesk.domain.request_words import rows_of
from staffdesk.domain.request_work import clearing_words, place
from staffdesk.services.sessions import day_in_brussels

_AT_ONCE: Final = 5_000
_DESTROYED: Final = {
    Destroyed.INDEX: "Index",
    Destroyed.FILES: "Files",
    Destroyed.SERVER: "Server",
    Destroyed.SWEEP: "Sweep",
    Destroyed.PAGES: "Pages",
}


@dataclass(frozen=True, slots=True)
class Inclusion:
    """An entry's place in the log: its number, the log's size, its leaf hash and audit path, the checkpoint."""

    seq: int
    size: int
    leaf: bytes
    path: tuple[bytes, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """An erasure as it is certified; ``erased_at`` is UTC milliseconds, ``held`` the rows kept by table and last day.

    ``outside`` is what was found outside the desk and what became of it there.
    ``inclusion`` is None until a checkpoint covers the entry.
    """

    request: str | None
    people: int
    erased_at: int
    destroyed: tuple[Done, ...]
    held: tuple[tuple[str, dt.date, int], ...]
    inclusion: Inclusion | None
    outside: tuple[Noted, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether everything is destroyed and swept but what a server lets go of by a day that is told."""
        at_once = [each for each in self.destroyed if each.what is not Destroyed.PAGES]
        return bool(at_once) and all(each.at is not None for each in at_once)


def certificate(tx: Transaction, request_id: int, request: str) -> Certificate:
    """Return the certificate of a request's erasure; raises :class:`NotFound` where none was made."""
    buried = [each for each in Tombstones(tx).buried() if each.request == request]
    if not buried:
        raise NotFound("Nobody was erased under this request.", "See how far it is: staffdesk requests list")
    return Certificate(
        request=request,
        people=len(buried),
        erased_at=buried[0].at,
        destroyed=tuple(_with_day(each, buried[0].at) for each in Destructions(tx).of_request(request_id)),
        held=KeptRows(tx).by_day(request_id),
        inclusion=_inclusion(tx, buried[0].seq),
        outside=noted_of(tx, request_id),
    )


def certificate_lines(found: Certificate) -> Iterator[str]:
    """Yield what a certificate says, a line each but for its checkpoint, which is a signed note of several."""
    yield f"People erased: {found.people}, on {day_in_brussels(found.erased_at)}"
    yield "Finished: yes" if found.finished else "Finished: no, staffdesk run-due goes on"
    for each in found.destroyed:
        yield f"{_DESTROYED[each.what]}: {each.result or 'waits for run-due'}"
    for table, until, n in found.held:
        yield f"Kept: {rows_of(table, n)} until {until}"
    for noted in found.outside:
        shown = f" ({noted.evidence})" if noted.evidence else ""
        became = clearing_words(noted.outcome, waits=noted.waits)
        yield f"{place(noted.place).name}: {became}{shown}, {day_in_brussels(noted.at)}"
    if found.inclusion is None:
        yield "Its entry is not covered by a checkpoint yet: the next one does."
    else:
        yield f"Entry {found.inclusion.seq} of {found.inclusion.size} in the log, leaf {found.inclusion.leaf.hex()}"
        yield found.inclusion.checkpoint


def _with_day(each: Done, erased_at: int) -> Done:
    """Say by which day a server's tables are written anew, while they are not."""
    if each.what is not Destroyed.PAGES or each.at is not None:
        return each
    by = day_in_brussels(erased_at) + dt.timedelta(days=rules().pages_days)
    return replace(each, result=f"tables and indexes written anew by {by}")


def _inclusion(tx: Transaction, seq: int) -> Inclusion | None:
    checkpoints = Checkpoints(tx)
    newest = checkpoints.newest()
    if newest is None or newest.size < seq:
        return None
    leaf = checkpoints.leaves_after(seq - 1, 1)[0]
    path = tuple(_root(checkpoints, first, after) for first, after in sibling_ranges(seq - 1, newest.size))
    return Inclusion(seq, newest.size, leaf, path, newest.note)


def _root(checkpoints: Checkpoints, first: int, after: int) -> bytes:
    tree = Frontier()
    for at in range(first, after, _AT_ONCE):
        tree.extend(checkpoints.leaves_after(at, min(_AT_ONCE, after - at)))
    return tree.root()
