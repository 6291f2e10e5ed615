"""Letting somebody in again with the key file alone: no sign-in, but an entry, and everybody who reviews is told."""

from __future__ import annotations

from staffdesk.data.credentials import Credential, Credentials
from staffdesk.data.log import Event
from staffdesk.data.sessions import Sessions
from staffdesk.data.transaction import Append
from staffdesk.domain import passwords
from staffdesk.domain.access import Act, Outcome
from staffdesk.domain.accounts import typed_user_name
from staffdesk.domain.errors import Conflict, NotFound
from staffdesk.parameters.shapes import policy, sessions
from staffdesk.services.home import Home, read_seal_key
from staffdesk.services.journal import Journal
from staffdesk.services.opening_homes import open_database
from staffdesk.services.password_hashes import PasswordHashes
from staffdesk.services.sealing import Sealer
from staffdesk.services.sessions import Clock, utc_ms

_DAY_MS = 86_400_000


def recover(home: Home, user_name: str) -> str:
    """Give an account a new one-time password and return it, to be shown once; its sessions end at once.

    For who holds the key file: it asks for no password. Any account, since nobody else gives a new password to who lost
    his; the only admin above all. Every admin and auditor is told at the next sign-in. Raises
    :class:`NotFound`, :class:`Conflict` for an account that was closed, :class:`StorageUnavailable`.
    """
    database = open_database(home)
    sealer = Sealer(database, read_seal_key(home), home.checkpoints, sessions().log)
    try:
        return give_one_time_password(Journal(database, policy().version, sealer.after), user_name, PasswordHashes())
    finally:
        sealer.close()
        database.close()


def give_one_time_password(journal: Journal, user_name: str, hashes: PasswordHashes, *, clock: Clock = utc_ms) -> str:
    """As :func:`recover`, on a database that is open."""
    name = typed_user_name(user_name)
    password = passwords.generate_one_time()
    fresh = hashes.hash(password)
    with journal.writing() as (tx, write):
        known = _open_account(tx, name)
        write(Event(act=Act.SYSTEM_RECOVERED, out=Outcome.INTENT, obj=(known.staff_id,)))
    now = clock()
    expires_at = now + sessions().first_password_days * _DAY_MS
    with journal.writing() as (tx, write):
        credentials = Credentials(tx)
        credentials.queue()
        found = _open_account(tx, name)
        if credentials.replace(found.staff_id, found.hash, fresh, once=True, expires_at=expires_at) != 1:
            raise Conflict("The account was changed by somebody else just now.", "Try again.")
        credentials.forget_all(found)
        ended = Sessions(tx).end_all(found.staff_id, now, "password given anew")
        write(Event(act=Act.SYSTEM_RECOVERED, obj=(found.staff_id,), n=ended))
    return password


def _open_account(tx: Append, user_name: str) -> Credential:
    found = Credentials(tx).of_name(user_name)
    if not isinstance(found, Credential):
        raise NotFound("There is no such account.", "An admin sees the names: staffdesk staff list")
    if found.disabled:
        raise Conflict("This account is closed.", "An admin adds a new one: staffdesk staff add")
    return found
