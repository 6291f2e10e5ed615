"""Taking in requests that came by mail: what a mail seems to ask, whose it is, and what becomes of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, put_pairs, say
from staffdesk.cli.request_text import as_json
from staffdesk.cli.seat import Seat, seat
from staffdesk.domain.access import Access, Purpose
from staffdesk.domain.errors import BadInput, Conflict, StaffdeskError
from staffdesk.domain.intake import Proposal
from staffdesk.domain.matters import RequestRow
from staffdesk.domain.request_letters import LetterKind
from staffdesk.domain.request_mail import Attachment, RequestMail
from staffdesk.domain.requests import RequestType
from staffdesk.domain.text import visible

_LANGUAGES: Final = ("en", "fr", "nl", "de")

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Mails, saved as .eml files.")]
Types = Annotated[
    list[RequestType] | None,
    typer.Option("--type", help="What is asked; once for each thing. Without it, what its words say."),
]
Language = Annotated[
    str | None, typer.Option("--language", metavar="LANGUAGE", help="en, fr, nl or de; else as it is written.")
]
Person = Annotated[
    int | None,
    typer.Option("--person", metavar="ID", min=1, help="Whose it is, by customer number; nobody is searched."),
]
Join = Annotated[str | None, typer.Option("--join", metavar="NUMBER", help="The request this mail belongs to.")]
Anew = Annotated[bool, typer.Option("--anew", help="Take it in as new, whatever it answers or doubles.")]
Destroy = Annotated[bool, typer.Option("--destroy", help="Overwrite and remove each file that was taken in.")]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing: do what is proposed where it is clear.")]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said on the command line of the mails it names; ``asks`` where a person can be asked."""

    types: tuple[RequestType, ...] = ()
    language: str | None = None
    person: int | None = None
    join: str | None = None
    anew: bool = False
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


def take_in(
    files: Files,
    *,
    user: User,
    kinds: Types = None,
    language: Language = None,
    person: Person = None,
    join: Join = None,
    anew: Anew = False,
    destroy: Destroy = False,
    yes: Yes = False,
    purpose: Why = Purpose.RIGHTS,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Take in what mails ask: matched to people, the type and language proposed; their attachments are never kept.

    What answers a request of ours joins it. Where it is not clear what a mail asks, --type says it. Where files could
    not be taken in the exit code is that of the first.
    """
    _refuse_nonsense(language, join, new=bool(kinds) or anew)
    asks = not (yes or as_data) and sys.stdin.isatty() and sys.stderr.isatty()
    wish = Wish(tuple(kinds or ()), language, person, join, anew, asks)
    taken: list[dict[str, object]] = []
    failed: list[StaffdeskError] = []
    with seat(home, user, password_fd) as at:
        for file in files:
            try:
                taken.append(_one(at, at.access(purpose, reference), file, wish, destroy=destroy, quiet=as_data))
            except BadInput as error:
                taken.append(_refused(file, error))
                failed.append(error)
            except Conflict as error:
                taken.append(_refused(file, error))
                failed.append(error)
    if as_data:
        put_json(taken)
    if failed:
        raise typer.Exit(failed[0].exit_code)


def _refuse_nonsense(language: str | None, join: str | None, *, new: bool) -> None:
    if language is not None and language not in _LANGUAGES:
        raise BadInput("Letters are not written in this language here.", "Take one of en, fr, nl, de.")
    if join is not None and new:
        raise BadInput("A mail either joins a request or becomes a new one.", "Leave out --join, or --type and --anew.")


def _one(at: Seat, access: Access, file: Path, wish: Wish, *, destroy: bool, quiet: bool) -> dict[str, object]:
    from staffdesk.services.intake.reading import load, read_mail  # noqa: PLC0415 - help needs no data layer

    mail = read_mail(load(file))
    name = visible(file.name)
    taken = take(at, access, mail, wish, name, quiet=quiet)
    gone = _destroyed(file, name, wish, destroy=destroy, card=taken.proposal.card)
    return {"file": name, **taken.as_json(), "destroyed": gone}


def take(at: Seat, access: Access, mail: RequestMail, wish: Wish, name: str, *, quiet: bool) -> Taken:
    """Take one mail in, or join it to its request; raises :class:`BadInput`, :class:`Conflict` where unclear."""
    if mail.automatic and not wish.types and wish.join is None:
        raise BadInput(
            "No person wrote this mail: it is an absence note, a bounce or a list's.", "With --type it is taken in."
        )
    proposal = at.desk.intake.propose(access, mail, customer=wish.person)
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
    told = _after_receiving(received.unkept, received.unstopped, proposal)
    if not quiet:
        for each in received.requests:
            due = f"due {each.hard_due.isoformat()} (with a pause {each.soft_due.isoformat()})"
            put(f"{each.number}, {each.kind}, {due}")
    _tell("", told, quiet=quiet)
    return Taken(proposal, received.requests, told=told)


def _show(name: str, mail: RequestMail, proposal: Proposal) -> None:
    read = proposal.understood
    pairs = {
        "Mail": name,
        "From": f"{mail.sender_name} <{mail.sender}>".strip(),
        "Asks": " and ".join(each.value for each in read.types) if read.kind is LetterKind.REQUEST else read.kind.value,
        "Language": read.language or "not sure",
        "Customer": _matched(proposal),
        "Answers": proposal.case or "",
        "Open": ", ".join(f"{each.number} {each.kind}" for each in proposal.still_open),
        "Attached": ", ".join(map(_attached, mail.attachments)),
    }
    put_pairs({label: value for label, value in pairs.items() if value})


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
        return proposal.case if not wish.asks or _agreed(f"Join {proposal.case}?", otherwise=True) else None
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
        doubles[0].number if _agreed(f"Asked before, as {numbers}. Join {doubles[0].number}?", otherwise=True) else None
    )


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
        not wish.asks or _agreed(f"Take in {' and '.join(each.value for each in proposed)}?", otherwise=True)
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


def _after_receiving(unkept: str, unstopped: str, proposal: Proposal) -> tuple[str, ...]:
    told = []
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


def _destroyed(file: Path, name: str, wish: Wish, *, destroy: bool, card: bool) -> bool:
    from staffdesk.services.intake.destroying import destroy as destroy_file  # noqa: PLC0415 - as above

    wanted = destroy or (wish.asks and _agreed(f"Overwrite and remove {name}?", otherwise=False))
    if not wanted:
        if card:
            say(f"{name} is still there, with what is attached to it.", "--destroy overwrites and removes it.")
        return False
    done = destroy_file(file)
    say(f"{name}: {done.sentence}", done.hint)
    return done.gone


def _refused(file: Path, error: StaffdeskError) -> dict[str, object]:
    name = visible(file.name)
    say(f"{name}: {error.sentence}", error.hint)
    return {"file": name, "refused": error.sentence}


def _agreed(question: str, *, otherwise: bool) -> bool:
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
