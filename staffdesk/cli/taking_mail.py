"""One mail from what is proposed to what becomes of it: asked where somebody can be, else only where it is clear."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from staffdesk.cli.output import put, put_pairs, say
from staffdesk.cli.request_text import as_json
from staffdesk.cli.seat import Seat
from staffdesk.domain.access import Access
from staffdesk.domain.errors import BadInput, Conflict
from staffdesk.domain.intake import Proposal, disbelieved
from staffdesk.domain.request_letters import LetterKind, Understood
from staffdesk.domain.request_mail import Attachment, RequestMail
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.request_words import ASKED
from staffdesk.domain.requests import RequestType
from staffdesk.domain.text import visible


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said on the command line of the mails it names; ``asks`` where a person can be asked."""

    types: tuple[RequestType, ...] = ()
    language: str | None = None
    person: int | None = None
    join: str | None = None
    anew: bool = False
    card: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one mail: the requests it was received as, or the one it joined."""

    proposal: Proposal
    received: tuple[RequestRow, ...] = ()
    joined: str = ""
    told: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return it as plain values, none of them the mail's."""
        return {
            "kind": self.proposal.understood.kind.value,
            "types": [each.value for each in self.proposal.understood.types],
            "language": self.proposal.understood.language,
            "customer": self.proposal.customer,
            "matches": [each.id for each in self.proposal.matches],
            "card": self.proposal.card,
            "received": [as_json(each) for each in self.received],
            "joined": self.joined or None,
            "told": list(self.told),
        }


def take(at: Seat, access: Access, mail: RequestMail, wish: Wish, name: str, *, quiet: bool) -> Taken:
    """Take one mail in, or join it to its request; raises :class:`BadInput`, :class:`Conflict` where unclear."""
    if mail.automatic and not wish.types and wish.join is None:
        raise BadInput(
            "No person wrote this mail: it is an absence note, a bounce or a list's.", "With --type it is taken in."
        )
    proposed = at.desk.intake.propose(access, mail, customer=wish.person)
    proposal = replace(proposed, card=proposed.card or wish.card)
    if not quiet:
        _show(name, mail, proposal)
    number = _to_join(proposal, wish)
    if number is not None:
        at.desk.intake.join(access, number, mail, kind=proposal.understood.kind, card=proposal.card)
        told = _after_joining(number, proposal)
        _tell(f"{name}: joined {number}.", told, quiet=quiet)
        return Taken(proposal, joined=number, told=told)
    types = _types(proposal, wish)
    customer = _customer(proposal, wish)
    received = at.desk.intake.receive(
        access,
        mail,
        types,
        customer=customer,
        language=wish.language or proposal.understood.language,
        card=proposal.card,
    )
    told = _after_receiving(received.unkept, received.unstopped, proposal, mail)
    if not quiet:
        for each in received.requests:
            due = f"due {each.hard_due.isoformat()} (with a pause {each.soft_due.isoformat()})"
            put(f"{each.number}, {ASKED.get(each.kind, each.kind)}, {due}")
    _tell("", told, quiet=quiet)
    return Taken(proposal, received.requests, told=told)


def _show(name: str, mail: RequestMail, proposal: Proposal) -> None:
    read = proposal.understood
    pairs = {
        "Mail": name,
        "From": f"{mail.sender_name} <{mail.sender}>".strip(),
        "Answer to": mail.reply_to if _elsewhere(mail) else "",
        "Asks": " and ".join(ASKED[each] for each in read.types)
        if read.kind is LetterKind.REQUEST
        else read.kind.value,
        "Language": read.language or "not sure",
        "Customer": _matched(proposal),
        "Answers": proposal.case or "",
        "Open": ", ".join(f"{each.number} {ASKED.get(each.kind, each.kind)}" for each in proposal.still_open),
        "Attached": ", ".join(map(_attached, mail.attachments)),
    }
    put_pairs({label: value for label, value in pairs.items() if value})


def _asks(read: Understood) -> str:
    return " and ".join(ASKED[each] for each in read.types) if read.kind is LetterKind.REQUEST else read.kind.value


def _elsewhere(mail: RequestMail) -> bool:
    return bool(mail.reply_to) and mail.reply_to.casefold() != mail.sender.casefold()


def _matched(proposal: Proposal) -> str:
    if not proposal.matches:
        return "nobody on file" if proposal.customer is None else str(proposal.customer)
    rows = ", ".join(f"{each.id} {each.title}" for each in proposal.matches)
    return f"{rows}{' and more' if proposal.more else ''}"


def _attached(attachment: Attachment) -> str:
    return f"{attachment.kind.value}, {max(1, attachment.size // 1024):,} kB"


def _to_join(proposal: Proposal, wish: Wish) -> str | None:
    """Return the request a mail is to join; raises :class:`Conflict` where that is for a person to say."""
    if wish.join is not None or wish.anew:
        return wish.join
    if proposal.case is not None and not wish.types:
        return _to_join_its_case(proposal, proposal.case, wish)
    types = wish.types or proposal.types or proposal.understood.types
    doubles = proposal.duplicates(types) or (
        proposal.still_open if proposal.understood.kind is LetterKind.REMINDER else ()
    )
    if not doubles or proposal.taken:
        return None
    numbers = ", ".join(each.number for each in doubles)
    if not wish.asks:
        raise Conflict(
            f"This person asked this before and has no answer yet: {numbers}.",
            "Say --join NUMBER, or --anew for a new one.",
        )
    return (
        doubles[0].number if agreed(f"Asked before, as {numbers}. Join {doubles[0].number}?", otherwise=True) else None
    )


def _to_join_its_case(proposal: Proposal, case: str, wish: Wish) -> str | None:
    """Return the request a mail names, where it is its sender's and the mail asks nothing else."""
    plain = proposal.case_kind is not None and not proposal.asks_more
    if proposal.case_kind is None:
        say(f"{case} is not answered to the address that this mail came from.")
    elif proposal.asks_more:
        say(f"It answers {case}, and asks something else.")
    if wish.asks:
        return case if agreed(f"Join {case}?", otherwise=plain) else None
    if proposal.case_kind is None:
        raise Conflict(
            f"This mail names {case}, which is perhaps somebody else's.",
            "Read it, and say --join NUMBER, or --anew for a request of its own.",
        )
    return case if plain else None


def _types(proposal: Proposal, wish: Wish) -> tuple[RequestType, ...]:
    if wish.types:
        return wish.types
    if proposal.taken and not proposal.types:
        numbers = ", ".join(each.number for each in proposal.taken)
        raise Conflict(
            f"This mail was taken in already, as {numbers}.", f"staffdesk requests show {proposal.taken[0].number}"
        )
    proposed = proposal.types
    if proposed and (
        not wish.asks or agreed(f"Take in {' and '.join(each.value for each in proposed)}?", otherwise=True)
    ):
        return proposed
    if wish.asks:
        return _asked_types()
    raise BadInput(
        _UNCLEAR[proposal.understood.kind],
        "Read it, and say --type TYPE (once for each thing asked), or --join NUMBER.",
    )


_UNCLEAR: Final = {
    LetterKind.REQUEST: "It is not clear what this mail asks.",
    LetterKind.UNSURE: "It is not clear what this mail asks.",
    LetterKind.REMINDER: "This is a reminder, and no open request of its sender is known.",
    LetterKind.COMPLAINT: "This is a complaint, not a request.",
}


def _customer(proposal: Proposal, wish: Wish) -> int | None:
    if proposal.customer is not None or not proposal.matches:
        return proposal.customer
    ids = ", ".join(str(each.id) for each in proposal.matches)
    if not wish.asks:
        raise BadInput(f"Several people have this address: {ids}.", "Say whose it is: --person ID")
    answer = _line(f"Whose is it ({ids}; empty: nobody's yet)? ")
    if answer and answer not in ids.split(", "):
        raise BadInput("That is none of them.", "Say whose it is: --person ID")
    return int(answer) if answer else None


def _after_joining(number: str, proposal: Proposal) -> tuple[str, ...]:
    told = []
    if proposal.understood.kind is LetterKind.COMPLAINT:
        told.append(f"It complains: note that on {number}, if an authority has it.")
    if proposal.card:
        told.append("Something attached may be a card: look at it in the mailbox, record the check, delete it there.")
    return tuple(told)


def _after_receiving(unkept: str, unstopped: str, proposal: Proposal, mail: RequestMail) -> tuple[str, ...]:
    told = []
    if disbelieved(mail, time.time_ns() // 1_000_000):
        told.append("Only its own date says when it was sent, long ago: it is received now.")
    if _elsewhere(mail):
        told.append("It is answered to another address than it came from: see to it that both are the customer's.")
    if unkept:
        told.append(f"Its words were not kept. {unkept}")
    if unstopped:
        told.append(f"Mail to this person was not stopped. {unstopped}")
    if proposal.card:
        told.append("Something attached may be a card: look at it in the mailbox, record the check, delete it there.")
    return tuple(told)


def _tell(line: str, told: Sequence[str], *, quiet: bool) -> None:
    if line and not quiet:
        put(line)
    say(*told)


def agreed(question: str, *, otherwise: bool) -> bool:
    """Ask on the terminal; ``otherwise`` is what an empty line means."""
    answer = _line(f"{question} [{'Y/n' if otherwise else 'y/N'}] ").lower()
    return otherwise if not answer else answer in {"y", "yes"}


def _asked_types() -> tuple[RequestType, ...]:
    words = ", ".join(each.value for each in RequestType)
    answer = _line(f"What does it ask ({words}; several with spaces)? ")
    try:
        return tuple(RequestType(each) for each in answer.replace(",", " ").split()) or _nothing()
    except ValueError:
        raise BadInput("That is no type of request.", f"Take some of {words}.") from None


def _nothing() -> tuple[RequestType, ...]:
    raise BadInput("Nothing was taken in.", "Say --type TYPE, or --join NUMBER.")


def _line(question: str) -> str:
    sys.stderr.write(visible(question))
    sys.stderr.flush()
    return sys.stdin.readline().strip()
