"""Making a desk: its keys, its database, its first accounts; all of it or nothing, and only once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from staffdesk.audit.checkpoint import generate_key, verifier_key
from staffdesk.data import maintenance
from staffdesk.data.beginning import Beginning
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log, new_audit_id
from staffdesk.data.staff import Accounts
from staffdesk.data.tables.sharing import PolicyVersion, Recipient
from staffdesk.data.tables.staff import Staff
from staffdesk.domain import passwords
from staffdesk.domain.access import Act, Role
from staffdesk.domain.errors import BadInput, Conflict, LogUnavailable, StorageUnavailable
from staffdesk.domain.passwords import PasswordContext
from staffdesk.domain.policy import matrix
from staffdesk.domain.transfers import known_recipients
from staffdesk.parameters.shapes import policy, sessions
from staffdesk.services.home import Home, new_key, read_seal_key, write_secret
from staffdesk.services.init_answers import Answers, Person, answers_of
from staffdesk.services.new_account import NewAccount, checked_account
from staffdesk.services.opening_homes import open_database
from staffdesk.services.password_hashes import PasswordHashes
from staffdesk.services.recovery_key import RecoveryKey
from staffdesk.services.sealing import KEY_NAME, Sealer
from staffdesk.services.sessions import day_in_brussels, utc_ms
from staffdesk.services.settings import Settings, write_settings
from staffdesk.services.staff_accounts import AUDIT_PREFIX

_DAY_MS: Final = 86_400_000
_ORIGIN_BYTES: Final = 8
_MUST_BEGIN: Final = (Act.STAFF_ADDED, Act.STAFF_APPROVED)


@dataclass(frozen=True, slots=True, repr=False)
class First:
    """An account of a new desk; ``password`` is the one-time password, or None where the person gave one."""

    user_name: str
    full_name: str
    roles: tuple[Role, ...]
    password: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Initialised:
    """A new desk: its log's origin, its accounts, and the recovery key, to be written down before it is forgotten."""

    origin: str
    accounts: tuple[First, ...]
    recovery: RecoveryKey


@dataclass(frozen=True, slots=True, repr=False)
class _Ready:
    """An account whose password is hashed."""

    account: NewAccount
    password_hash: str
    one_time: str | None
    staff_id: str = field(default_factory=lambda: new_audit_id(AUDIT_PREFIX))


def initialise(
    home: Home,
    answers: Answers,
    *,
    database_url: str | None = None,
    passwords_given: Mapping[str, str] | None = None,
    hashes: PasswordHashes | None = None,
    keep: Callable[[RecoveryKey], None] | None = None,
) -> Initialised:
    """Make a desk in ``home``; ``passwords_given`` are by user name, everybody else gets a one-time password.

    ``keep`` is handed the recovery key once the database is built and before anybody is in it: if it raises, there is
    no desk, so that none is ever there whose recovery key nobody has.

    Slow on purpose (a third of a second an account). A failure removes what was made, but for the empty tables of a
    PostgreSQL database, on which the next try goes on. Raises :class:`BadInput`, :class:`Conflict` where there is a
    desk already, :class:`Misconfigured`, :class:`StorageUnavailable`.
    """
    settings = Settings(database_url or answers.database)
    now = utc_ms()
    ready = _ready(answers, passwords_given or {}, hashes or PasswordHashes(), now)
    refuse_second(home)
    with _all_or_nothing(home):
        key = _make_keys(home)
        write_settings(home, settings)
        _build(home, settings, key)
        database = open_database(home)
        try:
            _refuse_begun(database)
            if keep is not None:
                keep(RecoveryKey.of(key))
            origin = _begin(database, ready, now)
            Sealer(database, read_seal_key(home), home.checkpoints, sessions().log).seal_quietly()
        finally:
            database.close()
    return Initialised(
        origin=origin,
        accounts=tuple(
            First(each.account.user_name, each.account.full_name, each.account.roles, each.one_time) for each in ready
        ),
        recovery=RecoveryKey.of(key),
    )


def refuse_second(home: Home) -> None:
    """Refuse a home in which anything of a desk is; raises :class:`Conflict`."""
    if home.begun:
        raise _begun_already()


def check_reply(key: str, replies: Mapping[str, str]) -> None:
    """Refuse the newest reply, to the question ``key``, as :func:`initialise` would refuse it later.

    Raises :class:`BadInput`, :class:`Misconfigured`.
    """
    answers = answers_of(replies)
    _checked(answers, [(person, person.roles) for person in answers.so_far(key)], utc_ms())
    if key == "database":
        Settings(answers.database)


def _ready(answers: Answers, given: Mapping[str, str], hashes: PasswordHashes, now: int) -> tuple[_Ready, ...]:
    accounts = _accounts(answers, now)
    unknown = given.keys() - {account.user_name for account in accounts}
    if unknown:
        raise BadInput("A password was given for nobody among the people named.", "Name everybody once.")
    for account in accounts:
        if account.user_name in given:
            context = PasswordContext(account.user_name, account.full_name, policy().controller.name)
            passwords.check(given[account.user_name], context)
    return tuple(_with_password(account, given.get(account.user_name), hashes) for account in accounts)


def _with_password(account: NewAccount, given: str | None, hashes: PasswordHashes) -> _Ready:
    one_time = passwords.generate_one_time() if given is None else None
    return _Ready(account, hashes.hash(given or one_time or ""), one_time)


def _accounts(answers: Answers, now: int) -> tuple[NewAccount, ...]:
    accounts = _checked(answers, answers.with_roles(), now)
    for act in _MUST_BEGIN:
        may = matrix().acts[act].roles
        if all(set(each.roles).isdisjoint(may) for each in accounts):
            raise BadInput(f"Nobody has the role {' or '.join(may)}.", "A desk begins with both: nobody does it alone.")
    return accounts


def _checked(answers: Answers, people: Sequence[tuple[Person, tuple[Role, ...]]], now: int) -> tuple[NewAccount, ...]:
    accounts = tuple(
        checked_account(
            user_name=person.name,
            full_name=person.full_name,
            employee_number=person.employee_number or str(place),
            entity=person.entity or answers.entity,
            roles=roles,
            email=person.email,
            valid_from=day_in_brussels(now),
            valid_until=None,
            matrix=matrix(),
        )
        for place, (person, roles) in enumerate(people, start=1)
    )
    for keys in ([each.user_name for each in accounts], [each.employee_number for each in accounts]):
        if len(set(keys)) != len(keys):
            raise BadInput("Two people have the same user name or employee number.", "Give each their own.")
    return accounts


def _make_keys(home: Home) -> str:
    """Make the folders and the keys, and return the database's."""
    home.make_folders()
    key, seed = new_key(), generate_key()
    write_secret(home.key_file, key)
    write_secret(home.seal_key_file, seed.hex())
    write_secret(home.verifier_key_file, verifier_key(KEY_NAME, seed))
    return key


def _build(home: Home, settings: Settings, key: str) -> None:
    if settings.postgres_url is None:
        maintenance.upgrade_sqlite(home.database_file, key, create=True)
    else:
        maintenance.upgrade_postgres(settings.postgres_url)


@contextmanager
def _on_the_way() -> Iterator[None]:
    """Say of a database that takes no entry that there is no desk: nothing was to be shown yet."""
    try:
        yield
    except LogUnavailable as error:
        raise StorageUnavailable(
            "The database did not take the first entry, so no desk was made.",
            "Check the free space and the database server, then begin again.",
        ) from error


def _refuse_begun(database: Database) -> None:
    with _on_the_way(), database.append() as tx:
        if Beginning(tx).made():
            raise _begun_already()


def _begin(database: Database, ready: tuple[_Ready, ...], now: int) -> str:
    """Write the first rows and the first entry in one transaction; return the log's origin."""
    origin = f"staffdesk/{secrets.token_hex(_ORIGIN_BYTES)}"
    with _on_the_way(), database.append() as tx:
        beginning = Beginning(tx)
        if beginning.made():
            raise _begun_already()
        beginning.begin(origin, _policy_version(), _recipients(), now)
        accounts = Accounts(tx)
        for each in ready:
            accounts.add(_row(each, tx.secret, now))
            accounts.give_roles(each.staff_id, each.account.roles)
        staff_ids = tuple(each.staff_id for each in ready)
        Log(tx, policy().version).append(Event(act=Act.SYSTEM_BOOTSTRAP, obj=staff_ids, n=len(ready)))
    return origin


def _row(ready: _Ready, secret: bytes, now: int) -> Staff:
    days = sessions().first_password_days
    return ready.account.row(
        ready.staff_id,
        secret,
        password_hash=ready.password_hash,
        expires_at=None if ready.one_time is None else now + days * _DAY_MS,
        in_force=True,
        now=now,
    )


def _policy_version() -> PolicyVersion:
    rules = policy()
    return PolicyVersion.checked(
        {"code": rules.version, "in_force_on": rules.in_force_on, "digest": rules.digest, "summary": rules.text}
    )


def _recipients() -> tuple[Recipient, ...]:
    return tuple(
        Recipient.checked(
            {
                "code": known.code,
                "name": known.name,
                "country": known.country,
                "purpose": known.purpose,
                "contract": known.contract,
                "mechanism": known.mechanism,
                "mechanism_until": known.valid_until,
                "contact": known.contact or None,
            }
        )
        for known in known_recipients()
    )


@contextmanager
def _all_or_nothing(home: Home) -> Iterator[None]:
    """Remove every file and folder made inside the block if it fails, and none that was there before."""
    made = [folder for folder in _folders(home) if not folder.exists()]
    try:
        yield
    except BaseException:
        for path in (home.key_file, home.seal_key_file, home.verifier_key_file, home.settings_file):
            path.unlink(missing_ok=True)
        for path in (*home.data.glob(f"{home.database_file.name}*"), *home.checkpoints.glob("*")):
            path.unlink(missing_ok=True)
        for folder in made:
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def _folders(home: Home) -> tuple[Path, ...]:
    """Return the folders of a home and those above them, inner ones first."""
    found = {folder for leaf in (home.checkpoints, home.config) for folder in (leaf, *leaf.parents)}
    return tuple(sorted(found, key=lambda folder: len(folder.parts), reverse=True))


def _begun_already() -> Conflict:
    return Conflict(
        "There is a desk here already, and it is left as it is.", "Open it: staffdesk; or choose another: --home DIR"
    )
