"""What the terminal knows of the person in front of it: who, and for each of two calls why and for which case.

Decisions are the services' alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from staffdesk.domain.access import Access, Act, Grant, Purpose, Role, Standing
from staffdesk.tui.trail import Trail, Where

if TYPE_CHECKING:
    from staffdesk.domain.matters import CaseRow
    from staffdesk.domain.policy import AccessMatrix
    from staffdesk.domain.records import Record
    from staffdesk.services.sign_in import SignedIn


@dataclass(slots=True, repr=False)
class Call:
    """One call at this terminal: why and under which number one looks in it, for which case, and where it was.

    ``standing`` is what the reference was worth when it was last used, ``opened`` the record last opened under it,
    ``grants`` the break-glasses asked for in it; ``caller`` is who called as it was typed into the new case, and
    ``searched`` what was last searched for in its case, so that neither need be typed again.
    """

    purpose: Purpose | None = None
    reference: str = ""
    case: CaseRow | None = None
    standing: Standing | None = None
    opened: Where | None = None
    caller: str = ""
    searched: str = ""
    grants: dict[Where, Grant] = field(default_factory=dict)

    @property
    def begun(self) -> bool:
        """Whether there is something to come back to."""
        return bool(self.reference) or self.purpose is not None

    def work_under(self, reference: str) -> None:
        """Take a reference; what was known under another one is not true of this one."""
        if reference != self.reference:
            self.reference, self.case, self.standing, self.opened = reference, None, None, None
            self.caller = self.searched = ""
            self.grants.clear()


@dataclass(slots=True, repr=False)
class Session:
    """A signed-in person at this terminal.

    ``seq`` is the newest entry known here, ``unsealed`` why no checkpoint covers it (empty where one can be made);
    ``calls`` are the two calls there can be and ``at`` the place of the one in hand; ``trail`` the records opened;
    ``begun`` is False until a one-time password was changed, before which nothing is answered; ``told`` whether the
    news of the sign-in were shown. What may be offered comes from the access table; whether it is granted is decided
    again at each access.
    """

    signed_in: SignedIn
    host: str
    seq: int = 0
    log_lost: bool = False
    unsealed: str = ""
    begun: bool = True
    told: bool = False
    calls: list[Call] = field(default_factory=lambda: [Call(), Call()])
    at: int = 0
    trail: Trail = field(default_factory=Trail)

    @property
    def sid(self) -> str:
        """The session id the services know."""
        return self.signed_in.sid

    @property
    def call(self) -> Call:
        """The call in hand."""
        return self.calls[self.at]

    @property
    def other(self) -> Call | None:
        """The call that waits, where one does."""
        other = self.calls[1 - self.at]
        return other if other.begun else None

    @property
    def purpose(self) -> Purpose | None:
        """Why one looks in the call in hand."""
        return self.call.purpose

    @property
    def reference(self) -> str:
        """The number under which one looks in the call in hand."""
        return self.call.reference

    @property
    def case(self) -> CaseRow | None:
        """The case in hand."""
        return self.call.case

    @property
    def caller(self) -> str:
        """Who called, as it was typed, until a record was opened in this call."""
        return "" if self.call.opened is not None else self.call.caller

    @property
    def sought(self) -> str:
        """What was last searched for in the call in hand, or else who called, until a record was opened in it."""
        return "" if self.call.opened is not None else self.call.searched or self.call.caller

    @property
    def standing(self) -> Standing | None:
        """What the reference in hand was worth when it was last used, or nothing before that."""
        return self.call.standing

    @property
    def access(self) -> Access:
        """Who asks and why, at this moment."""
        return Access(session=self.sid, purpose=self.purpose, reference=self.reference or None, host=self.host)

    @property
    def desk_access(self) -> Access:
        """Who asks, for acts that concern no customer and so need no purpose."""
        return Access(session=self.sid, host=self.host)

    def access_to(self, where: Where) -> Access:
        """Who asks and why for one record: under its break-glass, as long as one holds."""
        grant = self.call.grants.get(where)
        if grant is None or grant.until <= time.time_ns() // 1_000_000:
            return self.access
        return replace(self.access, break_glass=grant.number)

    def may(self, act: Act) -> bool:
        """Say whether any of this person's roles does this act, so that it is worth offering."""
        roles = self.signed_in.roles
        return any(_matrix().role_in_force(roles, purpose, act) is not None for purpose in (None, *Purpose))

    def role(self, act: Act) -> Role | None:
        """Return the role in which this person does an act for the purpose in hand, or nothing."""
        return _matrix().role_in_force(self.signed_in.roles, self.purpose, act)

    def purposes(self) -> tuple[Purpose, ...]:
        """Return the purposes for which this person may search."""
        roles = self.signed_in.roles
        return tuple(each for each in Purpose if _matrix().role_in_force(roles, each, Act.CUSTOMER_SEARCH) is not None)

    def switch(self) -> None:
        """Go on with the other call: its purpose, its number, its case."""
        self.at = 1 - self.at

    def take(self, case: CaseRow, caller: str = "") -> None:
        """Work under this case: its number is the reference and its kind the purpose, where that is one of mine.

        With another case in hand it is the other call. Of a new one ``caller`` is who called, where nobody is known.
        """
        self._go_to_call_of(case.number)
        self.call.work_under(case.number)
        self.call.case = case
        self.call.caller = caller or self.call.caller
        if case.kind in self.purposes():
            self.call.purpose = Purpose(case.kind)

    def work_for(self, purpose: Purpose, reference: str) -> None:
        """Work for a purpose under a reference, written as the desk keeps it; a case in hand waits with its own."""
        self._go_to_call_of(reference)
        self.call.work_under(reference)
        if purpose is not self.call.purpose:
            self.call.purpose, self.call.standing = purpose, None
            self.call.grants.clear()

    def drop(self, number: str) -> None:
        """Forget a case that was closed."""
        self.calls = [Call() if call.case is not None and call.case.number == number else call for call in self.calls]

    def forget_purpose(self) -> None:
        """Ask again why, in both calls: so long without a key, another one may have begun."""
        for call in self.calls:
            call.purpose = None
            call.caller = call.searched = ""
            call.grants.clear()
        self.trail.forget()

    def opened(self, record: Record) -> None:
        """Note what an opened record told about its reference, where one is now, and the entry it was opened under."""
        where = (record.kind, record.id)
        for call in self.calls:
            if (call.reference, call.purpose) == (record.reference, record.purpose):
                call.standing, call.opened = record.standing, where
        self.trail.opened(where)
        self.logged(record.seq)

    def logged(self, seq: int) -> None:
        """Note that the log lives and has come so far."""
        self.seq = max(self.seq, seq)
        self.log_lost = False

    def _go_to_call_of(self, reference: str) -> None:
        """Go to the call of a reference; a new one takes the other place where a case is in hand."""
        if reference and self.calls[1 - self.at].reference == reference:
            self.switch()
        elif self.case is not None and self.reference != reference:
            self.switch()
            self.calls[self.at] = Call()


def _matrix() -> AccessMatrix:
    from staffdesk.domain.policy import matrix  # noqa: PLC0415 - read behind the first frame

    return matrix()
