"""Letters that a hold's end wrote, sent by ``run-due``: nobody is signed in, and nobody reads them over.

Each is claimed first, so that of two runs one alone sends it; what was claimed and never noted is not sent again, since
it may have gone out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from staffdesk.data.customers.kept_rows import KeptRows
from staffdesk.data.customers.request_letters import LeftSending, Owed, RequestLetters, WritingLetters
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Act
from staffdesk.domain.erasure import ERASED
from staffdesk.domain.errors import BadInput, Misconfigured, NotSent, PerhapsSent, StorageUnavailable
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_work import Way
from staffdesk.domain.requests import rules
from staffdesk.services import letters
from staffdesk.services.door import Door, Result
from staffdesk.services.letters import Language
from staffdesk.services.post import Sent
from staffdesk.services.request_letters import Delivery, Drafted
from staffdesk.services.request_numbers import REQUEST
from staffdesk.services.sessions import utc_ms

NO_ADDRESS: Final = "no address kept"
"""How a letter goes to somebody whose address was forgotten with the file of his request (policy-rules C25)."""
_MINUTE: Final = 60_000


@dataclass(slots=True)
class Told:
    """Numbers of requests by what became of their letter; what is ``saved`` goes by hand, ``unsent`` is tried again.

    Beside what is ``unsent`` stands why. ``unsure`` may have gone out: its sending broke off. Of those that are
    ``still`` something else is kept on.
    """

    mailed: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    nobody: list[str] = field(default_factory=list)
    unsent: dict[str, str] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    still: set[str] = field(default_factory=set)


class OwedLetters:
    """Sends what is owed to people whose data a law held."""

    def __init__(self, door: Door, delivery: Delivery, *, clock: Callable[[], int] = utc_ms) -> None:
        """Write through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._delivery = delivery
        self._clock = clock

    def send(self) -> Told:
        """Send every letter that waits, and note of each how it went; raises :class:`LogUnavailable`."""
        told = Told()
        due = Result(act=Act.REQUEST_OPENED, kinds=(REQUEST, "letters"))
        before = self._clock() - rules().periods.claim_minutes * _MINUTE
        stopped, waiting, kept_on = self._door.scheduled_look(due, lambda tx: (_stopped(tx, before), *_owed(tx)))
        for each in stopped:
            self._unsure(each, told)
        for owed in waiting:
            if owed.request_id in kept_on:
                told.still.add(owed.number)
            if owed.replies_to in {"", ERASED}:
                self._note(owed, None)
                told.nobody.append(owed.number)
                continue
            if not self._write(owed, "sending", lambda writing, letter: writing.claim(letter, self._clock())):
                continue  # another run has it
            try:
                sent = self._delivery.deliver(_drafted(owed))
            except PerhapsSent:
                self._unsure(owed, told)
                continue
            except (BadInput, Misconfigured, NotSent, StorageUnavailable) as error:
                self._write(owed, "not sent", WritingLetters.give_back)
                told.unsent[owed.number] = error.sentence
                continue
            self._note(owed, sent)
            (told.mailed if sent.way is Way.MAIL else told.saved).append(owed.number)
        return told

    def _unsure(self, letter: Owed | LeftSending, told: Told) -> None:
        if self._write(letter, "may have gone out", WritingLetters.not_known):
            told.unsure.append(letter.number)

    def _note(self, owed: Owed, sent: Sent | None) -> None:
        def note(writing: WritingLetters, letter: int) -> int:
            if sent is None:
                return writing.to_nobody(letter, NO_ADDRESS)
            return writing.went(letter, sent.way.value, sent.at)

        self._write(owed, "sent", note, NO_ADDRESS if sent is None else sent.way.value)

    def _write(
        self, letter: Owed | LeftSending, what: str, write: Callable[[WritingLetters, int], int], *more: str
    ) -> bool:
        """Write what becomes of a letter, where nobody did before; say whether it was written."""
        kinds = (REQUEST, what, Letter.ERASED.value, *more)
        said = Result(act=Act.REQUEST_MOVED, obj=(letter.aid,), kinds=kinds, n=1)

        def written(tx: Change) -> tuple[bool, Result | None]:
            done = write(WritingLetters(tx), letter.id) == 1
            return done, said if done else None

        return self._door.scheduled(said, written)


def _stopped(tx: Read, before: int) -> tuple[LeftSending, ...]:
    return RequestLetters(tx).left_sending(before)


def _owed(tx: Read) -> tuple[tuple[Owed, ...], frozenset[int]]:
    owed = RequestLetters(tx).owed()
    return owed, KeptRows(tx).under([each.request_id for each in owed])


def _drafted(owed: Owed) -> Drafted:
    written = letters.Written(owed.subject, owed.body)
    return Drafted(owed.number, owed.request_id, owed.kind, Language(owed.language), written, owed.replies_to)
