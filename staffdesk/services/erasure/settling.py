"""What became of the erasures that were begun, written into the ledger: made, or come to nothing."""

from __future__ import annotations

from collections.abc import Iterable

from staffdesk.data.entries import Entries, newest
from staffdesk.data.place import place
from staffdesk.data.tombstones import Tombstones
from staffdesk.data.transaction import Append, Transaction
from staffdesk.domain.access import Act
from staffdesk.services.erasure.ledger import Ledger, Line


def settle(tx: Append, ledger: Ledger, now: int) -> None:
    """Write of each erasure that is open in the ledger what became of it, as far as this database knows.

    None can be under way meanwhile: each has its place in the log's queue before its line is begun, and so has this.
    Raises :class:`StorageUnavailable`.
    """
    if not any(not line.done for line in ledger.lines()):
        return
    newest(tx)
    buried = {each.aid: each.seq for each in Tombstones(tx).buried()}
    for line in ledger.lines():
        if line.done:
            continue
        if line.subject in buried:
            ledger.complete(line.subject, buried[line.subject], now)
        elif came_to_nothing(tx, line):
            ledger.void(line.subject, now)


def may_have_been_made(tx: Transaction, lines: Iterable[Line]) -> bool:
    """Say whether an erasure was begun in another place than this one, so that this is a copy that was put back.

    It was made there after the copy or it was not, which nobody can tell here; and whom it was about is here.
    """
    here = place(tx)
    elsewhere = [line.subject for line in lines if not line.done and line.place and line.place != here]
    return bool(elsewhere) and bool(Entries(tx).customers(elsewhere))


def came_to_nothing(tx: Transaction, line: Line) -> bool:
    """Say whether an erasure of which this database has nothing was taken back, and not made after it was copied.

    An erasure's own entry is the next one after those that stood when it was begun: another one there says that it was
    never committed. Where none stands there, or other entries before it, only the ledger can tell; nor does the entry
    that a restore writes tell anything: the copy ended before it, and the erasure may have been made afterwards. What
    a server's own tools put back has no such entry, so it must be the very place in which the erasure was begun.
    """
    if line.place != place(tx):
        return False
    entries = Entries(tx)
    leaf = entries.leaf(line.after)
    if leaf is None or leaf.hex() != line.leaf or entries.leaf(line.after + 1) is None:
        return False
    following = entries.entry(line.after + 1)  # None where it was pruned, which a restore's never is
    return following is None or following.act != Act.SYSTEM_RESTORED
