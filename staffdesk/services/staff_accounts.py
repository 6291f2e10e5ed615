"""Employees' accounts: an admin asks, an approver puts in force, and nobody decides about his own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from staffdesk.data.database import Database
from staffdesk.data.deciding import Deciding
from staffdesk.data.local_settings import LocalSettings
from staffdesk.data.log import new_audit_id
from staffdesk.data.references import LARGEST
from staffdesk.data.sessions import Sessions
from staffdesk.data.staff import Accounts, Asked
from staffdesk.data.transaction import Append
from staffdesk.domain import passwords
from staffdesk.domain.access import Access, Act, Entity, Role
from staffdesk.domain.accounts import AccountState
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.masking import mask_name, mask_text
from staffdesk.domain.matters import Account
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.policy import matrix as shipped_matrix
from staffdesk.parameters.shapes import SessionRules
from staffdesk.parameters.shapes import sessions as shipped_sessions
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.new_account import checked_account, checked_roles
from staffdesk.services.password_hashes import PasswordHashes
from staffdesk.services.sessions import Clock, day_in_brussels, started_within, utc_ms
from staffdesk.services.staff_deciding import not_decided, one_row, undecidable
from staffdesk.services.staff_sessions import StaffSessions, draft_of, known

AUDIT_PREFIX: Final = "u"
_DAY_MS = 86_400_000
_CLOSING: Final = "closing"
"""What stands in the entry by which the closing of an account was asked for, where other changes have roles."""
_ROLE_TAKEN: Final = "role taken away"
_TWO: Final = 2
_MUST_REMAIN: Final = (Act.STAFF_ADDED, Act.STAFF_APPROVED)
"""What somebody must always be able to do, or no account could ever be made again."""


class StaffAccounts(StaffSessions):
    """Makes, changes and closes accounts; every method raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(
        self,
        door: Door,
        database: Database,
        *,
        hashes: PasswordHashes | None = None,
        matrix: AccessMatrix | None = None,
        rules: SessionRules | None = None,
        clock: Clock = utc_ms,
    ) -> None:
        """Write through ``door``; whose account is meant is looked up in ``database`` first, for the intent's entry."""
        super().__init__(
            door, database, matrix=matrix or shipped_matrix(), rules=rules or shipped_sessions(), clock=clock
        )
        self._hashes = hashes or PasswordHashes()

    def add(
        self,
        access: Access,
        *,
        user_name: str,
        full_name: str,
        employee_number: str,
        entity: Entity,
        roles: Sequence[Role],
        email: str | None = None,
        valid_from: dt.date | None = None,
        valid_until: dt.date | None = None,
    ) -> tuple[Account, str]:
        """Make an account that waits for an approver; return it with its first password, to be shown once.

        Slow on purpose (a third of a second): call it in a worker. Raises :class:`BadInput`, also for a user name or
        employee number that somebody has or had, and for the e-mail address of another account in use.
        """
        now = self._clock()
        new = checked_account(
            user_name=user_name,
            full_name=full_name,
            employee_number=employee_number,
            entity=entity,
            roles=roles,
            email=email,
            valid_from=valid_from or day_in_brussels(now),
            valid_until=valid_until,
            matrix=self._matrix,
        )
        staff_id = new_audit_id(AUDIT_PREFIX)
        password = passwords.generate_one_time()
        password_hash = self._hashes.hash(password)
        expires_at = now + self._rules.first_password_days * _DAY_MS

        def write(tx: Append, cleared: Clearance) -> tuple[Account, Result]:
            accounts, by = self._begun(tx, cleared)
            if accounts.taken(new.user_name, new.employee_number):
                raise BadInput(
                    "Somebody has, or had, this user name or employee number.",
                    "Choose another; staffdesk staff list shows them.",
                )
            if new.email is not None and normal_email(new.email) in map(normal_email, accounts.addresses()):
                raise BadInput(
                    "Another account has this e-mail address; two accounts of one person would approve each other.",
                    "Close the other first, or give this one its own address.",
                )
            accounts.add(
                new.row(
                    staff_id,
                    tx.secret,
                    password_hash=password_hash,
                    expires_at=expires_at,
                    in_force=False,
                    now=by.now,
                )
            )
            one_row(accounts.ask(staff_id, new.roles, by))
            return self._seen(accounts, staff_id, by), Result(act=Act.STAFF_ADDED, obj=(staff_id,), kinds=new.roles)

        draft = Draft(wanted=Wanted(act=Act.STAFF_ADDED), obj=(staff_id,), kinds=new.roles)
        return self._door.act(access, draft, write), password

    def change_roles(self, access: Access, user_name: str, roles: Sequence[Role]) -> Account:
        """Ask for exactly these roles, in the place of what was asked before; an approver puts them in force.

        Raises :class:`Conflict` where the account is closed, and where it has exactly these and nothing waits.
        """
        wanted = checked_roles(roles, self._matrix)
        staff_id = self._id_of(user_name)

        def write(tx: Append, cleared: Clearance) -> tuple[Account, Result]:
            accounts, by = self._begun(tx, cleared)
            account = known(accounts, staff_id, by)
            if account.state == AccountState.DISABLED:
                raise Conflict("This account is closed.", "Add a new one: staffdesk staff add")
            if account.pending is None and set(account.roles) == set(wanted):
                raise Conflict("This account has exactly these roles.", "Choose others, or leave it as it is.")
            one_row(accounts.ask(account.id, wanted, by))
            return self._seen(accounts, account.id, by), Result(act=Act.STAFF_ROLE, obj=(account.id,), kinds=wanted)

        return self._door.act(access, draft_of(Act.STAFF_ROLE, staff_id, wanted), write)

    def approve(self, access: Access, pending_id: int) -> Account:
        """Put a change in force, or close the account where that was asked for; of two approvers at once one does.

        Where it takes a role away, the account's sessions end in the same transaction.

        Raises :class:`Denied` to who asked for it and to whom it is about, :class:`Conflict` where it was decided
        already, where who asked may not ask any more or where nobody would be left to manage or approve accounts,
        :class:`NotFound`.
        """
        with self._database.append() as tx:
            asked = Accounts(tx).asked(pending_id) if 0 < pending_id <= LARGEST else None
        asking = self._matrix.acts[Act.STAFF_ROLE].roles

        def write(tx: Append, cleared: Clearance) -> tuple[Account, Result]:
            accounts, by = self._begun(tx, cleared)
            if asked is None:
                raise NotFound("There is no such change.", "staffdesk staff list shows what waits.")
            if accounts.approve(pending_id, by, asking) != 1:
                still = accounts.still_asked(pending_id, asking, by.today)
                raise not_decided(accounts.asked(pending_id) or asked, by, still_asked=still)
            if not asked.roles:
                closed = Result(act=Act.STAFF_DISABLED, obj=(asked.staff_id,), n=self._close(tx, asked.staff_id, by))
                return self._seen(accounts, asked.staff_id, by), closed
            roles = checked_roles(asked.roles, self._matrix)
            before = known(accounts, asked.staff_id, by).roles
            if accounts.put_in_force(asked.staff_id) != 1:
                raise Conflict("This account is closed.", "Add a new one: staffdesk staff add")
            accounts.give_roles(asked.staff_id, roles)
            self._refuse_nobody_left(accounts, by)
            # What a role showed stays on an open screen until its session ends.
            if not set(before) <= set(roles):
                Sessions(tx).end_all(asked.staff_id, by.now, _ROLE_TAKEN)
            return self._seen(accounts, asked.staff_id, by), Result(
                act=Act.STAFF_APPROVED, obj=(asked.staff_id,), kinds=roles
            )

        staff_id = None if asked is None else asked.staff_id
        return self._door.act(access, draft_of(Act.STAFF_APPROVED, staff_id, _kinds(asked)), write)

    def refuse(self, access: Access, pending_id: int) -> Account:
        """Refuse a change, so that it waits no more; the account stays as it is. Raises as :meth:`approve`."""
        with self._database.append() as tx:
            asked = Accounts(tx).asked(pending_id) if 0 < pending_id <= LARGEST else None

        def write(tx: Append, cleared: Clearance) -> tuple[Account, Result]:
            accounts, by = self._begun(tx, cleared)
            if asked is None:
                raise NotFound("There is no such change.", "staffdesk staff list shows what waits.")
            if accounts.refuse(pending_id, by) != 1:
                raise not_decided(accounts.asked(pending_id) or asked, by, still_asked=True)
            return self._seen(accounts, asked.staff_id, by), Result(
                act=Act.STAFF_REFUSED, obj=(asked.staff_id,), kinds=_kinds(asked)
            )

        staff_id = None if asked is None else asked.staff_id
        return self._door.act(access, draft_of(Act.STAFF_REFUSED, staff_id, _kinds(asked)), write)

    def accounts(self, access: Access) -> tuple[Account, ...]:
        """Return every account, by user name, masked for who does not manage them."""

        def read(tx: Append, cleared: Clearance) -> tuple[tuple[Account, ...], Result]:
            accounts, by = self._begun(tx, cleared)
            signed = Sessions(tx).sign_ins(**started_within(by.now, self._rules))
            name = "" if cleared.actor is None else cleared.actor.user_name
            deputy = LocalSettings(tx).deputy(by.today)
            found = tuple(
                replace(
                    self._masked(account, by.role),
                    undecidable=undecidable(account, by, name),
                    deputy=deputy is not None and deputy.staff_id == account.id,
                    last_sign_in=signed.get(account.id, (None, 0))[0],
                    open_sessions=signed.get(account.id, (None, 0))[1],
                )
                for account in accounts.all(by.today)
            )
            return found, Result(act=Act.STAFF_LISTED, n=len(found))

        return self._door.act(access, Draft(wanted=Wanted(act=Act.STAFF_LISTED)), read, intent=False)

    def disable(self, access: Access, user_name: str) -> Account:
        """Close an account for good and end its sessions in the same transaction.

        Where that would leave who asks alone with a role that signs looks off, it is asked for and an approver does it:
        nobody makes himself the only one who could decide about himself.

        Raises :class:`Denied` for one's own, :class:`Conflict` where nobody would be left to manage or approve.
        """
        staff_id = self._id_of(user_name)

        def write(tx: Append, cleared: Clearance) -> tuple[Account, Result]:
            accounts, by = self._begun(tx, cleared)
            account = known(accounts, staff_id, by)
            if account.id == by.staff_id:
                raise Denied("Nobody closes his own account.", "Ask another admin.")
            if account.state == AccountState.DISABLED:
                raise Conflict("This account is closed already.", "Nothing is left to do.")
            if self._leaves_one_alone(accounts, account, by):
                one_row(accounts.ask(account.id, (), by))
                asked = Result(act=Act.STAFF_ROLE, obj=(account.id,), kinds=(_CLOSING,))
                return self._seen(accounts, account.id, by), asked
            ended = self._close(tx, account.id, by)
            return self._seen(accounts, account.id, by), Result(act=Act.STAFF_DISABLED, obj=(account.id,), n=ended)

        return self._door.act(access, draft_of(Act.STAFF_DISABLED, staff_id), write)

    def _close(self, tx: Append, staff_id: str, by: Deciding) -> int:
        """Close an account and return how many sessions ended with it."""
        accounts = Accounts(tx)
        one_row(accounts.disable(staff_id, by))
        self._refuse_nobody_left(accounts, by)
        return Sessions(tx).end_all(staff_id, by.now, "account closed")

    def _leaves_one_alone(self, accounts: Accounts, account: Account, by: Deciding) -> bool:
        roles = self._matrix.acts[Act.AUDIT_REVIEWED].roles
        counts = account.state == AccountState.IN_FORCE and not set(roles).isdisjoint(account.roles)
        return counts and accounts.holders(roles, by.today) <= _TWO

    def _refuse_nobody_left(self, accounts: Accounts, by: Deciding) -> None:
        for act in _MUST_REMAIN:
            roles = self._matrix.acts[act].roles
            if not accounts.holders(roles, by.today):
                raise Conflict(
                    f"Nobody would be left with the role {' or '.join(roles)}.", "Give it to somebody else first."
                )

    def _seen(self, accounts: Accounts, staff_id: str, by: Deciding) -> Account:
        return self._masked(known(accounts, staff_id, by), by.role)

    def _masked(self, account: Account, role: Role) -> Account:
        """Mask what the role does not see of an employee; the user name stays, or nobody knew what is decided on."""
        if self._matrix.exposure(role, PrivacyClass.STAFF) is Exposure.SHOWN:
            return account
        return replace(
            account, full_name=mask_name(account.full_name), employee_number=mask_text(account.employee_number)
        )


def _kinds(asked: Asked | None) -> tuple[str, ...]:
    """Return what the entries of a decision name: the roles that were asked for, or that it is a closing."""
    if asked is None:
        return ()
    return asked.roles or (_CLOSING,)
