"""What the terminal knows of the person in front of it: who, why, for which case. Decisions are the services' alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from staffdesk.domain.access import Access, Act, Purpose, Role, Standing
from staffdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from staffdesk.domain.matters import CaseRow
    from staffdesk.domain.policy import AccessMatrix
    from staffdesk.domain.records import Record
    from staffdesk.services.sign_in import SignedIn


@dataclass(slots=True, repr=False)
class Session:
    """A signed-in person at this terminal.

    ``seq`` is the newest entry known here, ``unsealed`` why no checkpoint covers it (empty where one can be made);
    ``standings`` what each reference was worth when it was last used; ``begun`` is False until a one-time password was
    changed, before which nothing is answered; ``told`` whether the news of the sign-in were shown. What may be offered
    comes from the access table; whether it is granted is decided again at each access.
    """

    signed_in: SignedIn
    host: str
    purpose: Purpose | None = None
    reference: str = ""
    case: CaseRow | None = None
    other: CaseRow | None = None
    seq: int = 0
    log_lost: bool = False
    unsealed: str = ""
    begun: bool = True
    told: bool = False
    standings: dict[str, Standing] = field(default_factory=dict)

    @property
    def sid(self) -> str:
        """The session id the services know."""
        return self.signed_in.sid

    @property
    def access(self) -> Access:
        """Who asks and why, at this moment."""
        return Access(session=self.sid, purpose=self.purpose, reference=self.reference or None, host=self.host)

    @property
    def desk_access(self) -> Access:
        """Who asks, for acts that concern no customer and so need no purpose."""
        return Access(session=self.sid, host=self.host)

    @property
    def standing(self) -> Standing | None:
        """What the reference in hand was worth when it was last used, or nothing before that."""
        return self.standings.get(self.reference)

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

    def take(self, case: CaseRow) -> None:
        """Work under this case: its number is the reference and its kind the purpose, where that is one of mine."""
        if self.case is not None and self.case.number != case.number:
            self.other = self.case
        self.case = case
        self.reference = case.number
        if case.kind in self.purposes():
            self.purpose = Purpose(case.kind)

    def work_for(self, purpose: Purpose, reference: str) -> None:
        """Work for a purpose under a reference that was typed, which is kept as the desk writes it."""
        self.purpose = purpose
        self.reference = _as_kept(reference)
        if self.case is not None and self.case.number != self.reference:
            self.other, self.case = self.case, None

    def drop(self, number: str) -> None:
        """Forget a case that was closed."""
        if self.other is not None and self.other.number == number:
            self.other = None
        if self.case is not None and self.case.number == number:
            self.case, self.reference, self.purpose = None, "", None

    def forget_purpose(self) -> None:
        """Ask again why: so long without a key, another call may have begun."""
        self.purpose = None

    def opened(self, record: Record) -> None:
        """Note what an opened record told about the reference, and the entry it was opened under."""
        self.standings[record.reference] = record.standing
        self.logged(record.seq)

    def logged(self, seq: int) -> None:
        """Note that the log lives and has come so far."""
        self.seq = max(self.seq, seq)
        self.log_lost = False


def _as_kept(typed: str) -> str:
    """Return a number as references are kept; what is none is left to the services to refuse."""
    from staffdesk.domain.identifiers import normal_number  # noqa: PLC0415 - read behind the first frame
    from staffdesk.domain.numbers import parse_number  # noqa: PLC0415 - as above

    try:
        return str(parse_number(typed) or normal_number(typed))
    except BadInput:
        return typed


def _matrix() -> AccessMatrix:
    from staffdesk.domain.policy import matrix  # noqa: PLC0415 - read behind the first frame

    return matrix()
