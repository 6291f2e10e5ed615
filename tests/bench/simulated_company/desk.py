"""The desk's acts, each with the entries that the real one writes for it and with the standing it would compute."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from staffdesk.domain.access import Act, Entity, Level, Outcome, Purpose, Role
from tests.bench.simulated_company.customers import Customer, File, new_aid
from tests.bench.simulated_company.employees import Employee, related
from tests.bench.simulated_company.references import OUTSIDE, ROLE_OF, Case, Reference, worth
from tests.bench.simulated_company.writing import Journal, Written

BREAK_GLASS: Final = "break-glass"
WORDS: Final = ("words",)
ORDER_NUMBER: Final = ("order", "invoice", "serial", "words")
E_MAIL: Final = ("email",)
CASE_NUMBER: Final = ("case",)
MOST_LISTED: Final = 20

PHONE: Final = ("contact", "person.phone")
MAIL: Final = ("contact", "person.email")
STREET: Final = ("address", "person.street")
MAC: Final = ("network", "activation.mac")


class Desk:
    """Writes what somebody does into the journal; times are UTC milliseconds, and the caller's to choose."""

    def __init__(self, dice: random.Random, journal: Journal, file: File) -> None:
        """Work on a file of customers."""
        self.dice = dice
        self.journal = journal
        self.file = file
        self.cases: list[Case] = []

    def act(
        self,
        by: Employee,
        t: int,
        act: Act,
        *,
        role: Role | None = None,
        purpose: Purpose | None = None,
        ref: Reference = None,
        customer: Customer | None = None,
        obj: tuple[str, ...] = (),
        kinds: tuple[str, ...] = (),
        n: int = 0,
        out: Outcome = Outcome.OK,
        level: Level | None = None,
        sec: tuple[str, ...] = (),
        result: bool = False,
    ) -> int:
        """Write one entry; return its place. Whose record it is stands first in ``obj``.

        A ``result`` stands after an intent, which keeps the number that was typed.
        """
        number, standing, basis = worth(by, purpose, ref, customer, t)
        typed = ("reason.reference",) if ref is OUTSIDE and not result else ()
        return self.journal.write(
            Written(
                t=t,
                act=act,
                out=out,
                by=by,
                sid=self.journal.sid(by, t),
                role=role if purpose is None or role is not None else ROLE_OF[purpose],
                purpose=purpose,
                ref=number,
                standing=standing,
                basis=basis,
                rel=() if customer is None else related(by, [customer]),
                level=level,
                obj=obj if customer is None else (customer.aid, *obj),
                kinds=kinds,
                n=n,
                sec=(*sec, *typed),
            )
        )

    def refer(self, by: Employee, t: int, ref: Reference) -> None:
        """Take a typed number as the reference."""
        self.act(by, t, Act.SESSION_REFERRED, role=by.roles[0], ref=ref)

    def search(
        self,
        by: Employee,
        t: int,
        purpose: Purpose,
        ref: Reference,
        found: Sequence[Customer],
        how: Sequence[str] = WORDS,
    ) -> int:
        """Search and see what is found; return when it is on the screen. Pauses while typing are searches too."""
        kinds = tuple(how)
        shown = [each for each in found if by.entity is Entity.BE or not each.in_eea][:MOST_LISTED]
        if kinds == WORDS:
            for _ in range(self.dice.choice((0, 0, 1, 1, 2))):
                self.act(by, t, Act.CUSTOMER_SEARCH, purpose=purpose, ref=ref, kinds=kinds, sec=("term",))
                t += self.dice.randint(700, 2500)
        self.act(by, t, Act.CUSTOMER_SEARCH, purpose=purpose, ref=ref, kinds=kinds, sec=("term",))
        t += self.dice.randint(5, 60)
        number, standing, basis = worth(by, purpose, ref, None, t)
        hit = "order" if kinds == ORDER_NUMBER else "case" if kinds == CASE_NUMBER else "person"
        self.journal.write(
            Written(
                t=t,
                act=Act.CUSTOMER_LISTED,
                out=Outcome.OK,
                by=by,
                sid=self.journal.sid(by, t),
                role=ROLE_OF[purpose],
                purpose=purpose,
                ref=number,
                standing=standing,
                basis=basis,
                rel=related(by, shown),
                level=Level.LISTED,
                obj=tuple(dict.fromkeys(each.aid for each in shown)),
                kinds=(hit,) if shown else (),
                n=len(shown),
            )
        )
        return t

    def open(
        self,
        by: Employee,
        t: int,
        purpose: Purpose,
        ref: Reference,
        customer: Customer,
        *,
        kind: str = "person",
        glass: bool = False,
    ) -> int:
        """Open a record; return the entry's place."""
        company = () if customer.company is None else (customer.company,)
        if isinstance(ref, Case) and ref.closed_at is None:
            ref.busy_until = max(ref.busy_until, t)
        kinds = (BREAK_GLASS, kind) if glass else (kind,)
        return self.act(
            by, t, Act.CUSTOMER_OPENED, purpose=purpose, ref=ref, customer=customer, obj=company, kinds=kinds, n=1,
            level=Level.OPENED,
        )  # fmt: skip

    def reveal(
        self,
        by: Employee,
        t: int,
        purpose: Purpose,
        ref: Reference,
        customer: Customer,
        what: tuple[str, str],
        *,
        copied: bool = False,
        glass: bool = False,
    ) -> int:
        """Reveal one value, or copy it."""
        act = Act.CUSTOMER_COPIED if copied else Act.CUSTOMER_REVEALED
        kinds = (BREAK_GLASS, *what) if glass else what
        return self.act(by, t, act, purpose=purpose, ref=ref, customer=customer, kinds=kinds, n=1, level=Level.REVEALED)

    def refused(
        self, by: Employee, t: int, purpose: Purpose, ref: Reference, customer: Customer, *, role: Role | None = None
    ) -> int:
        """Try to open a record and be refused; ``role`` is one that may, where something else stood against it."""
        kinds = (Act.CUSTOMER_OPENED.value, "person")
        number, standing, basis = worth(by, purpose, ref, customer, t)
        return self.journal.write(
            Written(
                t=t,
                act=Act.DENIED,
                out=Outcome.DENIED,
                by=by,
                sid=self.journal.sid(by, t),
                role=role,
                purpose=purpose,
                ref=number,
                standing=standing,
                basis=basis,
                rel=related(by, [customer]),
                obj=(customer.aid,),
                kinds=kinds,
                n=1,
                sec=("reason.reference",) if ref is OUTSIDE else (),
            )
        )

    def break_glass(self, by: Employee, t: int, purpose: Purpose, ref: Reference, customer: Customer) -> int:
        """Ask for a break-glass and get it; return the place of the entry that grants it."""
        kinds = (BREAK_GLASS, "person")
        self.act(
            by, t, Act.CUSTOMER_BREAK_GLASS, purpose=purpose, ref=ref, customer=customer, kinds=kinds, n=1,
            out=Outcome.INTENT,
        )  # fmt: skip
        return self.act(
            by, t + 9, Act.CUSTOMER_BREAK_GLASS, purpose=purpose, ref=ref, customer=customer, kinds=kinds, n=1,
            level=Level.OPENED, sec=("reason.break_glass",), result=True,
        )  # fmt: skip

    def new_case(self, by: Employee, t: int, purpose: Purpose, customer: Customer | None = None) -> Case:
        """Start a case, about a customer or about nobody yet."""
        case = Case(new_aid(self.dice, "c"), by, t, purpose, customer)
        role = _for_cases(by)
        self.act(by, t, Act.CASE_OPENED, role=role, customer=customer, kinds=("case",), out=Outcome.INTENT)
        self.act(by, t + 11, Act.CASE_OPENED, role=role, customer=customer, obj=(case.aid,), kinds=("case",), n=1)
        self.cases.append(case)
        return case

    def ticket(self, owner: Employee, t: int, purpose: Purpose, customer: Customer) -> Case:
        """Take in a ticket, which leaves no entry."""
        case = Case(new_aid(self.dice, "c"), owner, t, purpose, customer, imported=True)
        self.cases.append(case)
        return case

    def tie(self, by: Employee, t: int, case: Case, customer: Customer) -> None:
        """Say whom a case is about."""
        self._pair(by, t, Act.CASE_TIED, case, customer, ("case",), purpose=case.purpose)
        case.customer = customer

    def note(self, by: Employee, t: int, case: Case, *, purpose: Purpose | None = None) -> None:
        """Note something in a case; one that is closed by then takes no note."""
        if case.closed_at is not None and t >= case.closed_at:
            return
        case.busy_until = max(case.busy_until, t + 10)
        self._pair(by, t, Act.CASE_NOTED, case, case.customer, ("report",), purpose=purpose or case.purpose)

    def close(self, by: Employee, t: int, case: Case) -> None:
        """Close a case once nobody works on it: an own one, or a colleague's with a reason."""
        t = max(t, case.busy_until + 5000)
        role = _for_cases(by)
        whose, sec = ((), ()) if case.owner is by else ((case.owner.staff_id,), ("reason.close",))
        self.act(
            by, t, Act.CASE_CLOSED, role=role, customer=case.customer, obj=(case.aid,), kinds=("case",),
            out=Outcome.INTENT,
        )  # fmt: skip
        self.act(
            by, t + 12, Act.CASE_CLOSED, role=role, customer=case.customer, obj=(case.aid, *whose), kinds=("case",),
            n=1, sec=sec,
        )  # fmt: skip
        case.closed_at = t + 12

    def _pair(
        self,
        by: Employee,
        t: int,
        act: Act,
        case: Case,
        customer: Customer | None,
        kinds: tuple[str, ...],
        *,
        purpose: Purpose,
    ) -> None:
        """Write the intent, which names the case only where it is already its own, and what came of it."""
        known = () if act is Act.CASE_TIED else (case.aid,)
        self.act(by, t, act, purpose=purpose, ref=case, customer=customer, obj=known, kinds=kinds, out=Outcome.INTENT)
        self.act(by, t + 10, act, purpose=purpose, ref=case, customer=customer, obj=(case.aid,), kinds=kinds, n=1)


def _for_cases(by: Employee) -> Role:
    """Return the role in which somebody starts and closes cases, where no purpose decides: the table's first."""
    return Role.SUPPORT if Role.SUPPORT in by.roles else Role.SALES
