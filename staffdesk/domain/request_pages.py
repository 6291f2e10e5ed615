"""One request in full, as its page shows it: masked for the role in force."""

from __future__ import annotations

from dataclasses import dataclass

from staffdesk.domain.grounds import RefusalGround
from staffdesk.domain.local_settings import CardRule
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.records import Cell
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_progress import RequestStanding
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.requests import ANSWERED, RequestType, may_answer
from staffdesk.domain.reveals import Asked


@dataclass(frozen=True, slots=True)
class Told:
    """A recipient outside the house who is to be told; times are UTC milliseconds, ``code`` is the desk's own word.

    ``ground`` is why he need not be, where it was asked.
    """

    recipient: str
    state: str
    made_at: int
    sent_at: int | None
    code: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Contested:
    """A field that is contested: what stands in it, what is to stand there and what shows it, as far as it is noted.

    ``given_to`` are the names of those outside the house who were given it; ``stays`` says that it was found right.
    """

    key: str
    label: str
    old: str
    new: str = ""
    evidence: str = ""
    given_to: tuple[str, ...] = ()
    stays: bool = False

    def __repr__(self) -> str:
        return f"<Contested {self.key}>"


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """A move that was made, and the state it led to; ``at`` is UTC milliseconds, ``by_desk`` where nobody made it.

    ``who`` made it and his ``reason`` are empty for whoever does not go on with the request.
    """

    name: str
    state: str
    at: int
    by_desk: bool
    who: str = ""
    reason: str = ""

    def __repr__(self) -> str:
        return f"<Made {self.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class Refused:
    """What is refused under a request, or is to be: the ground and the facts that show it."""

    ground: RefusalGround
    facts: str

    def __repr__(self) -> str:
        return f"<Refused {self.ground}>"


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter that was sent, or saved to be sent by hand, at ``at`` in UTC milliseconds.

    ``recipient`` is the code of whom it is for, empty where it is for the person.
    """

    kind: Letter
    at: int
    way: str
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """Another request that came along with one: its number and type."""

    number: str
    kind: str


@dataclass(frozen=True, slots=True, repr=False)
class RequestPage:
    """A request with what was asked, by whom it was received, who is told, and the letter that answers it.

    ``received_by`` is the role in which it was received, with the name where the reader sees it; ``letter`` is empty
    as long as there is none to send, or where the role does not see it; ``standing`` has the moves that are open to the
    reader, ``history`` those that were made; ``seq`` is the entry it was opened under; ``contested`` are the fields
    whose accuracy is, where the role sees what is in them. ``card_rule`` is what holds of the identity card where this
    type waits for proof, for the officer. ``language`` is the code of the one it is answered in, ``linked`` the
    requests that came in one letter with it, ``reveals`` the consultations of which an employee is to be named;
    ``refused`` is what was decided against, ``letters`` are those that went out or were saved.
    """

    request: RequestRow
    registered_at: int
    received_by: str
    requester: Cell
    reply_address: Cell
    note: Cell
    told: tuple[Told, ...]
    letter: str
    letter_sent: bool
    standing: RequestStanding
    history: tuple[Made, ...]
    seq: int
    contested: tuple[Contested, ...] = ()
    card_rule: CardRule | None = None
    language: str = "en"
    linked: tuple[Linked, ...] = ()
    reveals: tuple[Asked, ...] = ()
    refused: Refused | None = None
    letters: tuple[Posted, ...] = ()

    @property
    def letter_way(self) -> str:
        """How the letter that stands here went: by mail, or saved to be sent by hand; empty where it waits."""
        own = [each.way for each in self.letters if not each.recipient]
        return own[-1] if own and self.letter_sent else ""

    @property
    def sends(self) -> bool:
        """Whether a letter waits that may be sent now."""
        return bool(self.letter) and not self.letter_sent and may_answer(self.request.kind, self.request.state)

    @property
    def waits(self) -> str:
        """For what a letter waits that may not be sent yet, in words; for telling recipients before anything else."""
        untold = TaskState.OPEN in self.standing.work.recipients
        return "waits until all are told" if untold else "waits for the places outside"

    def __repr__(self) -> str:
        return f"<RequestPage {self.request.number}>"


def to_be_cleared(page: RequestPage) -> str:
    """Return the places outside in which an erased person's data were found and may still be; nothing once answered."""
    request = page.request
    erased = request.kind == RequestType.ERASE and request.carried_out_at is not None
    return page.standing.work.to_be_cleared if erased and request.state not in ANSWERED else ""
