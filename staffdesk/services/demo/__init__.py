"""``staffdesk demo``: an invented company in a new desk; the same seed on the same day gives the same company."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from staffdesk.data.actors import Actors
from staffdesk.data.database import Database
from staffdesk.data.tables.licensing import Activation
from staffdesk.data.tables.sales import Order
from staffdesk.domain import passwords
from staffdesk.domain.access import Role
from staffdesk.domain.errors import BadInput
from staffdesk.parameters.shapes import policy, sessions
from staffdesk.services.bootstrap import initialise
from staffdesk.services.demo import words
from staffdesk.services.demo.fill import Fill
from staffdesk.services.demo.making import Making
from staffdesk.services.home import Home, read_seal_key
from staffdesk.services.init_answers import Answers, Person
from staffdesk.services.opening_homes import open_database
from staffdesk.services.sealing import Sealer

MOST_PEOPLE: Final = 1_000_000
_CALLS: Final = (Role.SUPPORT, Role.SALES)
"""Whose accounts took the demo's calls; the last of them opened the fixed case, so that it is verified for support."""


@dataclass(frozen=True, slots=True, repr=False)
class DemoUser:
    """An account of the demo; its password follows from the seed, so it guards invented data alone."""

    user: str
    password: str
    role: Role


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made: counts, and an open case of a known person under which support may look."""

    home: Home
    accounts: tuple[DemoUser, ...]
    people: int
    orders: int
    activations: int
    case: str
    person: int


def make_demo(
    home: Home,
    *,
    people: int,
    seed: int,
    database_url: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Demo:
    """Make a new desk and fill it; ``progress`` is told people made and people in all.

    Raises :class:`BadInput`, :class:`Conflict` where there is a desk already, :class:`Misconfigured` without the extra
    ``demo``, :class:`StorageUnavailable`.
    """
    if not 1 <= people <= MOST_PEOPLE:
        raise BadInput(f"A demo has 1 to {MOST_PEOPLE:,} people.", "Choose another number: --people N")
    making = Making(people, seed, time.time_ns() // 1_000_000)
    users = _users(seed)
    initialise(
        home,
        Answers(people=tuple(_person(each) for each in words.employees())),
        database_url=database_url,
        passwords_given={each.user: each.password for each in users},
    )
    database = open_database(home)
    try:
        fill = Fill(database, policy().version)
        for made, rows in making.batches(_who_took_calls(database, users)):
            fill.write(rows)
            if progress is not None:
                progress(made, people)
        fill.count("case", making.calls.by_year)
        Sealer(database, read_seal_key(home), home.checkpoints, sessions().log).seal()
    finally:
        database.close()
    numbers = making.numbers.last
    return Demo(home, users, people, numbers[Order], numbers[Activation], making.case, making.person)


def _users(seed: int) -> tuple[DemoUser, ...]:
    dice = random.Random(f"passwords of {seed}")  # noqa: S311 - they guard invented data alone, and must be told again
    rules = passwords.rules().one_time
    letters = (rules.consonants, rules.vowels)

    def password() -> str:
        return "-".join("".join(dice.choice(letters[at % 2]) for at in range(5)) for _ in range(4))

    return tuple(DemoUser(each.user_name, password(), each.role) for each in words.employees())


def _person(employee: words.Employee) -> Person:
    return Person(
        full_name=employee.full_name,
        user_name=employee.user_name,
        employee_number=employee.employee_number,
        roles=(employee.role,),
    )


def _who_took_calls(database: Database, users: tuple[DemoUser, ...]) -> tuple[str, ...]:
    with database.append() as tx:
        ids = {name: staff_id for staff_id, name in Actors(tx).user_names().items()}
    return tuple(ids[each.user] for role in _CALLS for each in users if each.role is role)
