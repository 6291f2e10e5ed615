"""A mail that belongs to a case: which way it went, whose it is, whether its sender is proven, what of it is kept.

What servers say of a sender are the results of RFC 8601; DMARC is RFC 7489, DKIM RFC 6376.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.correspondence import Correspondent, Direction
from staffdesk.domain.numbers import Series, format_number
from staffdesk.domain.request_mail import Attachment, AttachmentKind, RequestMail, as_searched, own_words
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import visible

OF_MAIL: Final = "mail"
PROVEN: Final = "proven"
"""What stands among the kinds of an entry about a mail of a case."""

OF_CUSTOMER: Final = "the customer's"
"""What stands last among them where a server proved that the mail is the customer's own: no employee's word."""

LONGEST_TOPIC: Final = 200
_LONGEST_BODY: Final = 20_000
_LONGEST_LIST: Final = 500
_DAY_MS: Final = 86_400_000
_EARLIEST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_KILOBYTE: Final = 1024

_CASE: Final = re.compile(r"(?<![0-9A-Za-z-])C-([0-9]{4})-([0-9]{1,9})(?![0-9])", re.IGNORECASE)
_OUTSIDE: Final = re.compile(r'"(?P<quoted>(?:\\.|[^"\\])*)(?P<end>"?)|\\.?|[()]|[^"\\()]+', re.DOTALL)
_IN_COMMENT: Final = re.compile(r"\\.?|[()]|[^\\()]+", re.DOTALL)
_NAME: Final = re.compile(r"[A-Za-z0-9.-]+")
_RESULT: Final = re.compile(r"(dmarc|dkim)\s*=\s*pass(?!\S)(.*)", re.IGNORECASE | re.DOTALL)
_OF_DMARC: Final = re.compile(r"(?:^|\s)header\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
_OF_DKIM: Final = re.compile(r"(?:^|\s)header\.d\s*=\s*([^\s;]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """What of a mail is kept as a report: one line, its sender's own words, and what came along by name and size."""

    topic: str
    body: str | None
    attachments: str | None


@dataclass(frozen=True, slots=True)
class AttachedMail:
    """A mail as it stands in a case; ``at`` is UTC milliseconds.

    ``proven`` says that a server proved its sender, ``attachments`` how many came along, ``zips`` how many of them may
    be logs; none is kept. Of one that is ``elsewhere`` another case stands by it, not this one; one that is ``old``
    came long before the case did; one that ``was_there`` had been attached as a file, and is proven now. ``erased``
    says that somebody with its sender's address was erased at his own request.
    """

    number: str
    direction: Direction
    correspondent: Correspondent
    proven: bool
    at: int
    attachments: int
    zips: int
    about_nobody: bool
    elsewhere: bool = False
    old: bool = False
    was_there: bool = False
    erased: bool = False

    @property
    def line(self) -> str:
        """Say in a few words what was attached where."""
        end = "from" if self.direction is Direction.IN else "to"
        whom = "the address on file" if self.correspondent is Correspondent.CUSTOMER else "somebody else"
        return f"{self.number}: mail {end} {whom}{', proven' if self.proven else ''}"


def told_of(attached: AttachedMail) -> tuple[str, ...]:
    """Return what whoever attached a mail is to know besides."""
    told = []
    if attached.direction is Direction.IN and attached.correspondent is Correspondent.SOMEBODY_ELSE:
        why = "The case names nobody yet" if attached.about_nobody else "It is from somebody else than the case names"
        told.append(f"{why}: it does not stand for the case.")
    elif attached.direction is Direction.IN and not attached.proven:
        told.append("No server proved its sender: for your own looks it stands for nothing.")
    elif attached.elsewhere:
        told.append("It stands for another case already, and for that one alone.")
    elif attached.old:
        told.append("It came long before this case was opened: for your own looks it stands for nothing.")
    if attached.erased:
        told.append("Somebody with its address was erased at his own request: nobody is taken down by it.")
    if attached.was_there:
        told.append("It was attached as a file before; now its sender is proven.")
    if attached.attachments:
        n = attached.attachments
        told.append(f"{n} {'file that came along is' if n == 1 else 'files that came along are'} not kept.")
    if attached.zips:
        told.append("A zip of logs is taken in by itself: staffdesk case logs add NUMBER FILE")
    return tuple(told)


def came_long_before(mail: RequestMail, opened_at: int, days: int) -> bool:
    """Say whether a mail came more than so many days before a case was opened, or nothing tells when it came."""
    return mail.received_at is None or mail.received_at < opened_at - days * _DAY_MS


def case_named(mail: RequestMail) -> str | None:
    """Return the number of the case a mail names: in its subject, else in what its sender wrote; of several none."""
    for text in (mail.subject, own_words(mail.text)):
        found = {
            format_number(Series.CASE, int(each[1]), int(each[2])) for each in _CASE.finditer(text) if int(each[2]) > 0
        }
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def direction_of(mail: RequestMail, on_file: Collection[str]) -> Direction:
    """Return which way a mail went, by the addresses on file: out where it goes to one of them and is not from one."""
    if as_searched(mail.sender) in on_file:
        return Direction.IN
    return Direction.OUT if any(as_searched(each) in on_file for each in mail.recipients) else Direction.IN


def correspondent_of(mail: RequestMail, direction: Direction, on_file: Collection[str]) -> Correspondent:
    """Say whether the other end of a mail is one of the addresses on file (as :func:`normal_email` writes them)."""
    ends = (mail.sender,) if direction is Direction.IN else mail.recipients
    known = any(as_searched(each) in on_file for each in ends)
    return Correspondent.CUSTOMER if known else Correspondent.SOMEBODY_ELSE


def is_proven(mail: RequestMail, server: str | None) -> bool:
    """Say whether ``server``, which took the mail in, proved that it comes from its sender's domain.

    By DMARC, or by a DKIM signature of that domain or the one above it. The first result under its name counts alone:
    the server writes it on top and takes away what others wrote under its name.
    """
    sender = as_searched(mail.sender)
    if server is None or sender is None:
        return False
    domain = sender.rpartition("@")[2]
    for result in mail.results:
        first, *said = _bare(result).split(";")
        if first.split()[:1] and first.split()[0].casefold() == server.casefold():
            return any(_is_of(each, domain) for each in said)
    return False


def kept_of(mail: RequestMail, topic: str | None) -> Kept:
    """Return what of a mail is kept; with a ``topic`` of one's own nothing of its words is.

    Raises :class:`MustNotBeHeld` where its subject, its words or the names of what came along hold what must not be.
    """
    names = ", ".join(_described(mail.attachments))[:_LONGEST_LIST].strip() or None
    if topic is not None:
        bare = ", ".join(each.kind.value for each in mail.attachments)[:_LONGEST_LIST] or None
        return Kept(topic, None, bare)
    words = own_words(mail.text) or mail.text
    # Each whole: what is cut off is screened too.
    refuse_forbidden("\n".join((mail.subject, words, *(each.name for each in mail.attachments))), FieldKind.NOTE)
    subject = visible(mail.subject).strip()[:LONGEST_TOPIC].strip() or "(no subject)"
    body = visible(words, lines=True)[:_LONGEST_BODY].strip() or None
    return Kept(subject, body, names)


def moment_of(mail: RequestMail, now: int) -> int:
    """Return when a mail went or came, in UTC milliseconds, as its header says: never later than ``now``.

    Where no header tells a possible time, it is now.
    """
    at = mail.received_at
    return now if at is None or at < _EARLIEST.timestamp() * 1000 else min(at, now)


def zips_of(mail: RequestMail) -> int:
    """Return how many archives came along, which may be logs."""
    return sum(each.kind is AttachmentKind.ZIP for each in mail.attachments)


def _described(attachments: tuple[Attachment, ...]) -> Iterator[str]:
    for each in attachments:
        name = visible(each.name).strip() or each.kind.value
        yield f"{name} ({max(1, each.size // _KILOBYTE):,} kB)"


def _is_of(result: str, domain: str) -> bool:
    found = _RESULT.match(result.strip())
    if found is None:
        return False
    by_dmarc = found[1].casefold() == "dmarc"
    named = (_OF_DMARC if by_dmarc else _OF_DKIM).search(found[2])
    if named is None:
        return False
    signer = named[1].casefold().rstrip(".")
    return signer == domain or (not by_dmarc and "." in signer and domain.endswith(f".{signer}"))


def _bare(text: str) -> str:
    """Return a header without comments, and of what is quoted a plain name alone: a sender chooses words in both."""
    kept: list[str] = []
    at = depth = 0
    while found := (_IN_COMMENT if depth else _OUTSIDE).match(text, at):
        at, word = found.end(), found[0]
        if word in {"(", ")"}:
            depth = max(0, depth + (1 if word == "(" else -1))
            kept.append(" ")
        elif not depth and word.startswith('"'):
            kept.append(found["quoted"] if found["end"] and _NAME.fullmatch(found["quoted"]) else "?")
        elif not depth:
            kept.append("?" if word.startswith("\\") else word)
    return "".join(kept)
