"""What is proposed for a mail, and what somebody decided of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.intake_rules import rules
from staffdesk.domain.records import Hit
from staffdesk.domain.request_letters import LetterKind, Understood, understand
from staffdesk.domain.request_mail import RequestMail, answered_case, own_words
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.requests import RequestType
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import clean_text, visible

_LONGEST_NOTE: Final = 4_000
_DAY: Final = 24 * 3600 * 1000
_EARLIEST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """What a mail seems to be, for whoever takes it in.

    ``case`` is the number of the request it names, ``case_kind`` what that asks where it is of whoever wrote;
    ``matches`` are the people with its sender's address, masked for the role that asks, and ``customer`` the one taken
    for him, where it is clear; ``taken`` what was received by this very mail before, ``still_open`` what that customer
    asked and has no answer to.
    """

    understood: Understood
    case: str | None = None
    case_kind: RequestType | None = None
    matches: tuple[Hit, ...] = ()
    more: bool = False
    customer: int | None = None
    taken: tuple[RequestRow, ...] = ()
    still_open: tuple[RequestRow, ...] = ()
    card: bool = False

    def __repr__(self) -> str:
        return f"<Proposal {self.understood.kind.value}>"

    @property
    def types(self) -> tuple[RequestType, ...]:
        """The types to take in: those of a letter that asks something, without those taken in before."""
        before = {each.kind for each in self.taken}
        asked = self.understood.types if self.understood.kind is LetterKind.REQUEST else ()
        return tuple(each for each in asked if each.value not in before)

    @property
    def asks_more(self) -> bool:
        """Whether a mail that answers a request asks something else as well."""
        return bool(self.types) and self.case_kind is not None and self.case_kind not in self.types

    def duplicates(self, types: tuple[RequestType, ...]) -> tuple[RequestRow, ...]:
        """Return the open requests of the same person and one of these types."""
        return tuple(each for each in self.still_open if RequestType(each.kind) in types)


def reading_of(mail: RequestMail) -> Understood:
    """Say what a mail asks by what its sender wrote himself; by all of it, where he wrote nothing himself."""
    own = own_words(mail.text)
    return understand(mail.subject, own or mail.text)


def may_have_card(mail: RequestMail) -> bool:
    """Say whether a card may have come along: whatever is attached and is neither a logo nor text."""
    smallest = rules().limits.card_kilobytes
    return any(each.may_be_card(smallest) for each in mail.attachments)


def case_of(mail: RequestMail) -> str | None:
    """Return the number of the request a mail answers."""
    return answered_case(mail)


def receipt_of(mail: RequestMail, now: int) -> int:
    """Return when a mail was received, in UTC milliseconds: as its header says, but never later than now.

    A header that names a time before the law, or none, counts for nothing, nor does an old date of the sender's own:
    then it is now.
    """
    if mail.received_at is None or mail.received_at < _EARLIEST.timestamp() * 1000 or disbelieved(mail, now):
        return now
    return min(mail.received_at, now)


def disbelieved(mail: RequestMail, now: int) -> bool:
    """Say whether a mail's date is its sender's word alone and too long ago to be the receipt."""
    days = rules().limits.claimed_days
    return mail.claimed and mail.received_at is not None and mail.received_at < now - days * _DAY


def note_of(mail: RequestMail) -> tuple[str | None, str]:
    """Return what of a mail's words is kept as what is asked, and why nothing is, where nothing may be.

    What would be refused if somebody typed it is not kept because a customer did.
    """
    words = own_words(mail.text) or mail.text
    text = visible(f"{mail.subject}\n\n{words}".strip(), lines=True)[:_LONGEST_NOTE].strip()
    if not text:
        return None, ""
    try:
        # Its own words and its subject, each whole: what is cut off is screened too.
        refuse_forbidden(f"{mail.subject}\n{words}", FieldKind.NOTE)
        return clean_text(text, _LONGEST_NOTE), ""
    except BadInput as error:
        return None, error.sentence
