"""A mail that may ask something: what was read of it, which of its words are the sender's, which case it answers.

Of an attachment nothing is known but its kind and its size: a card that came along is looked at where it lies, in the
mailbox (privacy policy, H.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.numbers import Series, format_number


class AttachmentKind(StrEnum):
    """What an attachment says it is; it is not opened to see."""

    IMAGE = "image"
    PDF = "pdf"
    MAIL = "mail"
    ZIP = "zip"
    TEXT = "text"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment: what it says it is, how many bytes it has, its name where that was asked for; no content."""

    kind: AttachmentKind
    size: int
    name: str = ""

    def may_be_card(self, from_kilobytes: int) -> bool:
        """Say whether it may show an identity card: a PDF, a mail, or what is larger than a logo and no text."""
        if self.kind in {AttachmentKind.PDF, AttachmentKind.MAIL}:
            return True
        return self.kind is not AttachmentKind.TEXT and self.size >= from_kilobytes * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Delivery:
    """What a mail server says of one address: the ``action`` it took and its ``status``, as ``5.1.1`` (RFC 3464)."""

    address: str
    action: str
    status: str

    def __repr__(self) -> str:
        return f"<Delivery {self.action} {self.status}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RequestMail:
    """What was read of a mail; ``received_at`` is UTC milliseconds, None where no header tells a possible time.

    ``claimed`` says that its sender alone tells that time.
    ``results`` are what servers say of its sender (RFC 8601), the last server first, where it names one alone.
    ``automatic`` is a mail no person wrote: an absence note, a bounce, a mailing list; ``returned`` is what a bounce
    tells of each address.
    """

    sender: str
    sender_name: str
    reply_to: str
    subject: str
    text: str
    message_id: str
    answers: str = ""
    received_at: int | None = None
    claimed: bool = False
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    returned: tuple[Delivery, ...] = ()
    cut: bool = False
    recipients: tuple[str, ...] = ()
    results: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<RequestMail with {len(self.attachments)} attachments>"

    @property
    def identity(self) -> str:
        """What tells this mail from every other: its own id, or what stands in it."""
        return self.message_id or "\n".join((self.sender, str(self.received_at), self.subject, self.text))

    @property
    def reply_address(self) -> str:
        """Where the sender wants the answer."""
        return self.reply_to or self.sender


def as_searched(address: str) -> str | None:
    """Return an address as it is searched for, or None for what is none."""
    try:
        return normal_email(address)
    except BadInput:
        return None


_DASH: Final = "[-\u2010\u2011\u2012\u2013\u2014 ]"
_NUMBER: Final = re.compile(
    rf"(?<![0-9a-z])dsr{_DASH}{{1,3}}([0-9]{{4}}){_DASH}{{1,3}}([0-9]{{1,9}})(?![0-9])", re.IGNORECASE
)

_WROTE: Final = re.compile(
    r"^\W{0,3}(?:on|am|op|le|el|il|den|em|\d{1,4}[./-]\d{1,2})\b[^\n]{4,200}?(?:\n[^\n]{0,200}?)?"
    r"(?:wrote|schrieb|schreef|[\xe9e]crit|escribi\xf3|ha scritto|skrev|escreveu"
    r"|\u043d\u0430\u043f\u0438\u0441\u0430\u043b)[^\n]{0,80}:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_RULE: Final = re.compile(
    r"^[ \t>]*(?:-{2,}[ \t]*(?:original|urspr\xfcngliche|oorspronkelijk|message d|message tr|forwarded"
    r"|weitergeleitete|doorgestuurd)[^\n]*|_{10,}[ \t]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER: Final = re.compile(
    r"^[ \t*]*(?:from|von|van|de|exp\xe9diteur|sent|gesendet|verzonden|envoy\xe9|date|datum|to|an|aan|\xe0"
    r"|subject|betreff|onderwerp|objet)[ *\xa0]*:[^\n]*$",
    re.IGNORECASE,
)
_HEADERS_OF_A_QUOTE: Final = 3


def own_words(text: str) -> str:
    """Return what the sender wrote himself, without the mail he quotes and its quoted lines."""
    kept = text
    rule = _RULE.search(kept)
    if rule is not None:
        kept = kept[: rule.start()]
    lines = kept.split("\n")
    for place in range(len(lines)):
        if _is_header_block(lines[place : place + _HEADERS_OF_A_QUOTE + 2]):
            lines = lines[:place]
            break
    kept = "\n".join(lines)
    wrote = _introduction(kept)
    if wrote is not None:
        # Below the quoted lines whoever answers there goes on.
        kept = kept[: wrote[0]] + "\n" + kept[wrote[1] :]
    return "\n".join(line for line in kept.split("\n") if not line.lstrip().startswith(">")).strip()


def _introduction(text: str) -> tuple[int, int] | None:
    """Return where ``On Monday … wrote:`` stands, where quoted lines follow it, or nothing does but the quote."""
    for found in _WROTE.finditer(text):
        rest = text[found.end() :].lstrip("\n ")
        if rest.startswith(">"):
            return found.start(), found.end()
        if found.group().count("\n") <= 1:
            return found.start(), len(text)
    return None


def _is_header_block(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()][:_HEADERS_OF_A_QUOTE]
    return (
        bool(lines)
        and bool(lines[0].strip())
        and len(filled) == _HEADERS_OF_A_QUOTE
        and all(_HEADER.match(line) for line in filled)
    )


def numbers_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the request numbers that stand in texts, each once, the first one first."""
    found = [
        format_number(Series.REQUEST, int(each[1]), int(each[2]))
        for text in texts
        for each in _NUMBER.finditer(text)
        if int(each[2]) > 0
    ]
    return tuple(dict.fromkeys(found))


def answered_case(mail: RequestMail) -> str | None:
    """Return the case a mail answers: the one its subject names, else the one its text and its quote do.

    None where it names none, or several and the subject none of them.
    """
    for place in ((mail.subject,), (own_words(mail.text),), (mail.text, mail.answers)):
        named = numbers_in(place)
        if len(named) == 1:
            return named[0]
        if named:
            return None
    return None
