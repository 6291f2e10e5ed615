"""Appending to the log: one number, one entry, its openings and copies, in the caller's transaction."""

import secrets
import time
import unicodedata
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final

import sqlalchemy as sa

from staffdesk.audit.entry import Core, copies, leaf_hash
from staffdesk.audit.opening import commit, kind_of, new_salt
from staffdesk.data import register
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.log import Entry, EntrySubject, Head, Opening
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Act, Basis, Entity, Level, Outcome, Purpose, Relation, Role, Standing
from staffdesk.domain.errors import LogUnavailable

_LONGEST_HOST: Final = 80
_HEAD: Final = register.table(Head)
_ENTRY: Final = register.table(Entry)
_SUBJECT: Final = register.table(EntrySubject)
_OPENING: Final = register.table(Opening)

_NEXT: Final = Prepared(
    sa.update(_HEAD)
    .where(_HEAD.c.id == 1)
    .values(seq=_HEAD.c.seq + 1, t=sa.bindparam("now"))
    .returning(_HEAD.c.seq, _HEAD.c.origin)
)
_ADD_ENTRY: Final = Prepared(sa.insert(_ENTRY), [column.name for column in _ENTRY.columns])
_ADD_SUBJECT: Final = Prepared(sa.insert(_SUBJECT), [column.name for column in _SUBJECT.columns])
_ADD_OPENING: Final = Prepared(sa.insert(_OPENING), [column.name for column in _OPENING.columns])


@dataclass(frozen=True, slots=True)
class Opened:
    """A value that the entry only commits to; a ``reason`` is read by admins, all else by privacy alone."""

    field: str
    value: str = dataclass_field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, in the log's words; ``obj`` and ``ref`` are audit ids, never a customer's own number."""

    act: Act
    out: Outcome = Outcome.OK
    actor: str | None = None
    role: Role | None = None
    entity: Entity | None = None
    sid: str | None = None
    host: str = ""
    purpose: Purpose | None = None
    ref: str | None = None
    standing: Standing | None = None
    basis: Basis | None = None
    rel: tuple[Relation, ...] = ()
    level: Level | None = None
    obj: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    n: int = 0
    openings: tuple[Opened, ...] = ()


class Log:
    """The log, inside a transaction that may write it."""

    def __init__(self, tx: Append, policy: str) -> None:
        """Write in ``tx``, under the version of the privacy policy in force."""
        self._tx = tx
        self._policy = policy

    def append(self, event: Event) -> Ticket:
        """Add an entry and return its ticket, which opens the door once the transaction is committed.

        The number comes from one UPDATE … RETURNING on the head row: gapless, and the lock that orders writers.
        Times are UTC milliseconds; order is by number alone.
        """
        now = time.time_ns() // 1_000_000
        head = self._tx.row(_NEXT, {"now": now})
        if head is None:
            raise LogUnavailable("Nothing was shown: the log has no head.", "Restore a backup: staffdesk restore")
        seq, origin = int(head[0]), str(head[1])
        salted = [(opened, new_salt()) for opened in event.openings]
        core = Core(
            v=1,
            log=origin,
            seq=seq,
            t=now,
            act=event.act.value,
            out=event.out.value,
            actor=event.actor,
            role=_text(event.role),
            entity=_text(event.entity),
            sid=event.sid,
            host=_as_shown(event.host),
            purpose=_text(event.purpose),
            ref=event.ref,
            standing=_text(event.standing),
            basis=_text(event.basis),
            rel=tuple(relation.value for relation in event.rel),
            level=_text(event.level),
            obj=event.obj,
            kinds=event.kinds,
            n=event.n,
            policy=self._policy,
            sec={opened.field: commit(seq, opened.field, salt, opened.value).hex() for opened, salt in salted},
        )
        encoded = core.encode()
        self._tx.write(_ADD_ENTRY, {"seq": seq, "core": encoded, "leaf": leaf_hash(encoded), **copies(core)})
        if event.obj:
            self._tx.write(_ADD_SUBJECT, [{"aid": aid, "seq": seq} for aid in dict.fromkeys(event.obj)])
        if salted:
            self._tx.write(_ADD_OPENING, [_opening(seq, opened, salt) for opened, salt in salted])
        ticket = Ticket(seq, origin)
        self._tx.issue(ticket)
        return ticket


def _opening(seq: int, opened: Opened, salt: bytes) -> dict[str, object]:
    kind = kind_of(opened.field).value
    return {"seq": seq, "field": opened.field, "kind": kind, "salt": salt, "value": opened.value}


def _as_shown(host: str) -> str:
    """Return a terminal's name as the log can hold it: whoever set it must not be able to stop the log with it."""
    shown = "".join(char for char in host if char.isprintable())
    return unicodedata.normalize("NFC", shown)[:_LONGEST_HOST]


def _text(value: Role | Entity | Purpose | Standing | Basis | Level | None) -> str | None:
    return None if value is None else value.value


def new_audit_id(prefix: str) -> str:
    """Return a random id under which the log knows a subject or a reference; 80 bits, with a letter for its kind."""
    return f"{prefix}_{secrets.token_hex(10)}"
