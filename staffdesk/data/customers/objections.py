"""Carrying out an objection to marketing: keyed digests of what mail must not go to, and subscriptions that end."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.customers.digests import Addressee, digests, known_by, phone_digests, suppressed_by
from staffdesk.data.prepared import Prepared
from staffdesk.data.tables.people import Person
from staffdesk.data.tables.requests import RecipientTask, Suppression
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.tables.tombstones import ErasedAs
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.marketing import SubscriptionStatus, TaskState

_PERSON: Final = register.table(Person)
_SUBSCRIPTION: Final = register.table(Subscription)
_SUPPRESSION: Final = register.table(Suppression)
_ERASED_AS: Final = register.table(ErasedAs)
_TASK: Final = register.table(RecipientTask)

_HOLD: Final = sa.select(_PERSON.c.id).where(_PERSON.c.id == sa.bindparam("person")).with_for_update()
_SUPPRESS: Final = sa.text(
    "INSERT INTO suppression (kind, digest, no_mail, no_return, since) VALUES (:kind, :digest, TRUE, FALSE, :now) "
    "ON CONFLICT (kind, digest) DO UPDATE SET no_mail = TRUE, since = excluded.since"
)
_HELD: Final = sa.select(_SUPPRESSION.c.digest).where(
    _SUPPRESSION.c.digest.in_(sa.bindparam("digests", expanding=True)),
    sa.or_(_SUPPRESSION.c.no_mail.is_(sa.true()), _SUPPRESSION.c.since >= sa.bindparam("stopped")),
)
_KEEP_AWAY: Final = sa.text(
    "INSERT INTO suppression (kind, digest, no_mail, no_return, since) VALUES (:kind, :digest, TRUE, TRUE, :now) "
    "ON CONFLICT (kind, digest) DO UPDATE SET no_mail = TRUE, no_return = TRUE, since = excluded.since"
)
_ERASE_AS: Final = sa.text("INSERT INTO erased_as (digest, seq) VALUES (:digest, :seq) ON CONFLICT DO NOTHING")
_ERASED_IN: Final = sa.select(_ERASED_AS.c.seq).where(_ERASED_AS.c.digest.in_(sa.bindparam("digests", expanding=True)))
_ALSO: Final = _ERASED_AS.alias("also")
_TWIN: Final = _PERSON.alias("twin")
_SAME_ADDRESSEE: Final = (
    sa.select(_TWIN.c.id, _TWIN.c.aid)
    .join(
        _PERSON,
        sa.or_(
            _TWIN.c.id == _PERSON.c.id,
            _TWIN.c.email_normal == _PERSON.c.email_normal,
            sa.and_(_TWIN.c.store == _PERSON.c.store, _TWIN.c.account_id == _PERSON.c.account_id),
        ),
    )
    .where(_PERSON.c.id == sa.bindparam("person"))
    .order_by(_TWIN.c.id)
)
_END: Final = (
    sa.update(_SUBSCRIPTION)
    .where(_SUBSCRIPTION.c.person_id.in_(sa.bindparam("people", expanding=True)))
    .values(
        status=SubscriptionStatus.UNSUBSCRIBED.value,
        ended_on=sa.func.coalesce(_SUBSCRIPTION.c.ended_on, sa.bindparam("today", type_=sa.Date())),
        evidence=None,
    )
)
_TELL: Final = sa.insert(_TASK)
_NO_MAIL: Final = (
    sa.select(_SUPPRESSION.c.id)
    .where(
        _SUPPRESSION.c.digest.in_(sa.bindparam("digests", expanding=True)),
        _SUPPRESSION.c.no_mail.is_(sa.true()),
    )
    .limit(1)
)


class Objections:
    """Carries an objection out."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def hold(self, person_id: int) -> None:
        """Let nobody else receive an objection of this person until the transaction ends."""
        self._tx.row(_HOLD, {"person": person_id})

    def suppress(self, person_id: int, now: int, *, erased_in: int | None = None) -> int:
        """Let no mail go to what a person is known by, and return how much that is; what is suppressed stays so.

        An address is suppressed without its tag, and so with any.
        Where he is erased, no import brings him back either; ``erased_in`` is the entry that says so.
        """
        known = self.known_by(person_id) if erased_in is None else suppressed_by(self._tx, person_id)
        for kind, digest in known:
            values = {"kind": kind, "digest": digest, "now": now}
            if erased_in is None:
                self._tx.write(_SUPPRESS, values)
            else:
                self._tx.write(_KEEP_AWAY, values)
                self._tx.write(_ERASE_AS, {"digest": digest, "seq": erased_in})
        return len(known)

    def known_by(self, person_id: int) -> tuple[tuple[str, str], ...]:
        """Return the keyed digests of what a person is known by, by kind."""
        return known_by(self._tx, person_id)

    def suppress_again(self, known: Sequence[tuple[str, str]], stopped: int, now: int) -> int:
        """Suppress what a copy of the database does not know of; return how much that is.

        What was ``stopped`` (UTC milliseconds) after its owner had opted in again is not known there either.
        """
        asked = {"digests": [digest for _, digest in known], "stopped": stopped}
        held = {str(row[0]) for row in self._tx.rows(_HELD, asked)}
        lost = [(kind, digest) for kind, digest in known if digest not in held]
        for kind, digest in lost:
            self._tx.write(_SUPPRESS, {"kind": kind, "digest": digest, "now": now})
        return len(lost)

    def end_subscriptions(self, person_id: int, today: dt.date) -> tuple[str, ...]:
        """End every subscription of a person, and of records of him by the same address; drop their evidence.

        Returns the audit ids of all those people, for the entry that says so.
        """
        people = self._tx.rows(_SAME_ADDRESSEE, {"person": person_id})
        self._tx.write(_END, {"people": [row.id for row in people], "today": today})
        return tuple(str(row.aid) for row in people)

    def tell(self, request_id: int, recipient: str, now: int) -> int:
        """Let it be told to a recipient outside the house."""
        values = {"request_id": request_id, "recipient": recipient, "state": TaskState.OPEN.value, "made_at": now}
        return self._tx.write(_TELL, values)


_NO_RETURN: Final = sa.select(_SUPPRESSION.c.digest).where(
    _SUPPRESSION.c.digest.in_(sa.bindparam("digests", expanding=True)),
    _SUPPRESSION.c.no_return.is_(sa.true()),
)
_ERASED_WITH: Final = (
    sa.select(_ERASED_AS.c.digest)
    .where(_ERASED_AS.c.seq.in_(_ERASED_IN))
    .group_by(_ERASED_AS.c.digest)
    .having(
        sa.func.count()
        == sa.select(sa.func.count())
        .select_from(_ALSO)
        .where(_ALSO.c.digest == _ERASED_AS.c.digest)
        .correlate(_ERASED_AS)
        .scalar_subquery()
    )
)
_ANY_ERASED: Final = Prepared(sa.select(_SUPPRESSION.c.id).where(_SUPPRESSION.c.no_return.is_(sa.true())).limit(1))
_LET_RETURN: Final = (
    sa.update(_SUPPRESSION)
    .where(
        _SUPPRESSION.c.digest.in_(sa.bindparam("digests", expanding=True)),
        _SUPPRESSION.c.no_return.is_(sa.true()),
    )
    .values(no_return=False)
)


class Suppressions:
    """Tells to whom no mail goes; needs the open door."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def keeps_from(self, addressee: Addressee) -> bool:
        """Say whether somebody with any of this objected to mail.

        Raises :class:`BadInput` for what is no e-mail address.
        """
        digests = list(self.digests(addressee))
        return bool(digests) and self._tx.row(_NO_MAIL, {"digests": digests}) is not None

    def erased(self, addressees: Iterable[Iterable[Addressee]]) -> frozenset[int]:
        """Return the places, counted from 0, where one of those named was erased and must not come back by an import.

        Raises as :meth:`keeps_from`.
        """
        if self._tx.row(_ANY_ERASED) is None:
            return frozenset()
        whose: dict[str, set[int]] = defaultdict(set)
        for at, named in enumerate(addressees):
            for addressee in named:
                for digest in self.digests(addressee):
                    whose[digest].add(at)
        rows = self._tx.rows(_NO_RETURN, {"digests": list(whose)}) if whose else ()
        return frozenset(at for row in rows for at in whose[str(row[0])])

    def erased_in(self, digests: Iterable[str]) -> frozenset[int]:
        """Return the entries of the erasures of whoever had any of these keyed digests."""
        known = list(digests)
        rows = self._tx.rows(_ERASED_IN, {"digests": known}) if known else ()
        return frozenset(int(row[0]) for row in rows)

    def digests(self, addressee: Addressee) -> Iterator[str]:
        """Yield the keyed digest of each thing somebody is known by; raises as :meth:`keeps_from`."""
        return digests(self._tx.secret, addressee)


class Returning(Suppressions):
    """Lets somebody who was erased be a customer again: a person's decision, which the caller records."""

    def __init__(self, tx: Change) -> None:
        """Write in ``tx``."""
        super().__init__(tx)
        self._change = tx

    def let_return(self, addressee: Addressee) -> int:
        """Forget that he must not come back, not that no mail goes to him; return how much was forgotten.

        With his e-mail address go the telephone and the accounts that were erased with it, or no import knew him by
        those again; but none that was also somebody else's who was erased. A telephone, which many may share, goes
        alone.
        """
        known = {*self.digests(addressee), *phone_digests(self._tx.secret, addressee)}
        his = list(self.digests(Addressee(addressee.email))) if known else []
        if his:
            known.update(str(row[0]) for row in self._change.rows(_ERASED_WITH, {"digests": his}))
        return self._change.write(_LET_RETURN, {"digests": sorted(known)}) if known else 0
