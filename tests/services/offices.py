"""A small firm on a fresh database, with passwords that are cheap to check and a clock that the test moves."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import pytest

from staffdesk.audit.entry import Core
from staffdesk.data.credentials import Credentials
from staffdesk.data.database import Database
from staffdesk.data.log import new_audit_id
from staffdesk.data.staff import Accounts
from staffdesk.domain.access import Access, Entity, Role
from staffdesk.domain.errors import SignInFailed, StaffdeskError
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import policy
from staffdesk.services.door import Door
from staffdesk.services.new_account import checked_account
from staffdesk.services.password_hashes import PasswordHashes
from staffdesk.services.sign_in import SignedIn, SignIn
from staffdesk.services.staff_accounts import StaffAccounts
from tests.databases import Place

CHEAP: Final = PasswordHashes(time_cost=1, memory_kib=8, lanes=1)
PASSWORD: Final = "four teal bicycles left"
WRONG: Final = "three grey bicycles left"
HOST: Final = "front desk"


@dataclass(slots=True)
class Clock:
    """A clock that stands where the test put it, at first at the time of day; in UTC milliseconds."""

    now: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    def __call__(self) -> int:
        return self.now

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        self.now += int(dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).total_seconds() * 1000)


@dataclass(slots=True)
class Office:
    """The services over a database, as one desk has them."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    hashes: PasswordHashes = CHEAP

    @property
    def sign_in(self) -> SignIn:
        return SignIn(self.door, self.database, hashes=self.hashes, clock=self.clock)

    @property
    def staff(self) -> StaffAccounts:
        return StaffAccounts(self.door, self.database, hashes=self.hashes, clock=self.clock)

    @property
    def door(self) -> Door:
        return Door(self.database, matrix(), policy().version, deadline_seconds=2.0)

    def hire(
        self,
        user_name: str,
        *roles: Role,
        in_force: bool = True,
        once_until: int | None = None,
        valid_from: dt.date = dt.date(2020, 1, 1),
        valid_until: dt.date | None = None,
    ) -> str:
        """Put an account into the database, past the two people it takes; return its id."""
        account = checked_account(
            user_name=user_name,
            full_name=f"{user_name.title()} Holm",
            employee_number=user_name,
            entity=Entity.BE,
            roles=roles,
            email=f"{user_name}@softron.example",
            valid_from=valid_from,
            valid_until=valid_until,
            matrix=matrix(),
        )
        staff_id = new_audit_id("u")
        with self.database.append() as tx:
            Credentials(tx).queue()
            row = account.row(
                staff_id,
                tx.secret,
                password_hash=self.hashes.hash(PASSWORD),
                expires_at=once_until,
                in_force=in_force,
                now=self.clock(),
            )
            Accounts(tx).add(row)
            Accounts(tx).give_roles(staff_id, account.roles)
        return staff_id

    def come_in(self, user_name: str, password: str = PASSWORD, host: str = HOST) -> SignedIn:
        """Sign in."""
        return self.sign_in.sign_in(user_name, password, host)

    def access(self, user_name: str) -> Access:
        """Sign in and return who asks."""
        return Access(session=self.come_in(user_name).sid, host=HOST)


def entries(place: Place) -> tuple[Core, ...]:
    """Return the whole log."""
    with place.owner() as connection:
        rows = connection.exec_driver_sql("SELECT core FROM entry ORDER BY seq").all()
    return tuple(Core.decode(bytes(row[0])) for row in rows if row[0] is not None)


def acts(place: Place) -> Sequence[tuple[str, str]]:
    """Return act and outcome of every entry, in order."""
    return [(core.act, core.out) for core in entries(place)]


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs together and return what each returned or raised."""
    together = threading.Barrier(len(jobs))
    came: list[object] = []

    def run(job: Callable[[], object]) -> None:
        together.wait()
        try:
            came.append(job())
        except StaffdeskError as error:
            came.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def refusal(office: Office, user_name: str, password: str = WRONG, host: str = HOST) -> tuple[str, str]:
    """Return the sentence and the hint of a sign-in that is refused."""
    with pytest.raises(SignInFailed) as caught:
        office.come_in(user_name, password, host)
    return caught.value.sentence, caught.value.hint
