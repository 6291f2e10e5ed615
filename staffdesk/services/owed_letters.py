"""Letters that a hold's end wrote, sent by ``run-due``: nobody is signed in, and nobody reads them over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from staffdesk.data.customers.kept_rows import KeptRows
from staffdesk.data.customers.request_letters import Owed, RequestLetters, WritingLetters
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.access import Act
from staffdesk.domain.erasure import ERASED
from staffdesk.domain.errors import NotSent, StorageUnavailable
from staffdesk.domain.request_work import Way
from staffdesk.services import letters
from staffdesk.services.door import Door, Result
from staffdesk.services.letters import Language
from staffdesk.services.post import Sent
from staffdesk.services.request_letters import Delivery, Drafted
from staffdesk.services.request_numbers import REQUEST

NO_ADDRESS: Final = "no address kept"
"""How a letter goes to somebody whose address was forgotten with the file of his request (policy-rules C25)."""


@dataclass(slots=True)
class Told:
    """Numbers of requests by what became of their letter; what is ``saved`` goes by hand, ``unsent`` is tried again.

    ``still`` are those of them of which something else is kept on.
    """

    mailed: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    nobody: list[str] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    still: set[str] = field(default_factory=set)


class OwedLetters:
    """Sends what is owed to people whose data a law held."""

    def __init__(self, door: Door, delivery: Delivery) -> None:
        """Write through ``door``."""
        self._door = door
        self._delivery = delivery

    def send(self) -> Told:
        """Send every letter that waits, and note of each how it went; raises :class:`LogUnavailable`."""
        told = Told()
        due = Result(act=Act.REQUEST_OPENED, kinds=(REQUEST, "letters"))
        waiting, kept_on = self._door.scheduled_look(due, _owed)
        for owed in waiting:
            if owed.request_id in kept_on:
                told.still.add(owed.number)
            if owed.replies_to in {"", ERASED}:
                self._note(owed, None)
                told.nobody.append(owed.number)
                continue
            try:
                sent = self._delivery.deliver(_drafted(owed))
            except (NotSent, StorageUnavailable):
                told.unsent.append(owed.number)
                continue
            self._note(owed, sent)
            (told.mailed if sent.way is Way.MAIL else told.saved).append(owed.number)
        return told

    def _note(self, owed: Owed, sent: Sent | None) -> None:
        how = NO_ADDRESS if sent is None else sent.way.value
        kinds = (REQUEST, "sent", owed.kind.value, how)
        said = Result(act=Act.REQUEST_MOVED, obj=(owed.aid,), kinds=kinds, n=1)

        def write(tx: Change) -> tuple[int, Result]:
            writing = WritingLetters(tx)
            return writing.to_nobody(owed.id, how) if sent is None else writing.sent(owed.id, how, sent.at), said

        self._door.scheduled(said, write)


def _owed(tx: Read) -> tuple[tuple[Owed, ...], frozenset[int]]:
    owed = RequestLetters(tx).owed()
    return owed, KeptRows(tx).under([each.request_id for each in owed])


def _drafted(owed: Owed) -> Drafted:
    written = letters.Written(owed.subject, owed.body)
    return Drafted(owed.number, owed.request_id, owed.kind, Language(owed.language), written, owed.replies_to)
