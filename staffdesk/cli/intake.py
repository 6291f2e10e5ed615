"""Taking in requests that came by mail: what a mail seems to ask, whose it is, and what becomes of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.seat import Seat, home_of, seat
from staffdesk.cli.taking_mail import Taken, Wish, agreed, take
from staffdesk.domain.access import Access, Purpose
from staffdesk.domain.errors import BadInput, Conflict, StaffdeskError
from staffdesk.domain.intake_rules import rules
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
Card = Annotated[
    bool, typer.Option("--card", help="What is attached shows who asks, though it is small or of an odd kind.")
]
Anew = Annotated[bool, typer.Option("--anew", help="Take it in as new, whatever it answers or doubles.")]
Destroy = Annotated[bool, typer.Option("--destroy", help="Overwrite and remove each file that was taken in.")]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing: do what is proposed where it is clear.")]


def take_in(
    files: Files,
    *,
    user: User,
    kinds: Types = None,
    language: Language = None,
    person: Person = None,
    join: Join = None,
    anew: Anew = False,
    card: Card = False,
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
    wish = Wish(tuple(kinds or ()), language, person, join, anew, card, asks)
    taken: list[dict[str, object]] = []
    failed: list[StaffdeskError] = []
    with seat(home, user, password_fd) as at:
        for file in files:
            try:
                taken.append(_one(at, at.access(purpose, reference), file, wish, destroy=destroy, quiet=as_data))
            except (BadInput, Conflict) as error:
                name = visible(file.name)
                taken.append({"file": name, **_refused(name, error)})
                failed.append(error)
    if as_data:
        put_json(taken)
    _end(failed)


def fetch(
    *,
    user: User,
    mails: Annotated[
        list[int] | None, typer.Option("--mail", metavar="N", min=1, help="This mail of the folder, looked at or not.")
    ] = None,
    from_now: Annotated[
        bool, typer.Option("--from-now", help="Look at nothing that is in the folder by now; for the first time.")
    ] = False,
    kinds: Types = None,
    language: Language = None,
    person: Person = None,
    join: Join = None,
    anew: Anew = False,
    card: Card = False,
    purpose: Why = Purpose.RIGHTS,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_data: Json = False,
) -> None:
    """Take in what is new in the mailbox that settings.toml names; where it is not clear, it waits for a person.

    Nothing in the mailbox is ever deleted; it is flagged or moved only where mailbox.after says so, and what may have
    a card attached stays where it is.
    """
    _refuse_nonsense(language, join, new=bool(kinds) or anew)
    if (kinds or person or join or anew or card) and len(mails or ()) != 1:
        raise BadInput("That is said of one mail.", "Name it: --mail N")
    from staffdesk.services.intake.mailbox import watched  # noqa: PLC0415 - the library of IMAP, which help never needs

    wish = Wish(tuple(kinds or ()), language, person, join, anew, card)
    rows: list[dict[str, object]] = []
    failed: list[StaffdeskError] = []
    with seat(home, user, password_fd) as at, watched(home_of(home)) as box:
        if from_now:
            say(f"{box.begin():,} mails are old from now on.")
        at_once = rules().limits.mails_at_once
        for number in mails or box.new[:at_once]:
            try:
                taken = _fetched(at, at.access(purpose, reference), box.mail(number), number, wish, quiet=as_data)
            except (BadInput, Conflict) as error:
                box.leave(number)
                rows.append({"mail": number, **_refused(f"mail {number}", error)})
                failed.append(error)
                continue
            became = box.take(number, card=taken.proposal.card)
            rows.append({"mail": number, **taken.as_json(), "mailbox": became})
            if not as_data:
                put(f"mail {number}: {became}")
        left, more = box.left, len(box.new)
    if as_data:
        put_json({"mails": rows, "left": list(left), "more": more})
        _end(failed if mails else [])
        return
    if more and not mails:
        say(f"{more:,} more are new: run it again.")
    if left:
        say(f"Left for a person: {', '.join(map(str, left))}.", "Read them; --mail N with --type, --join or --person.")
    elif not rows:
        say("Nothing new in the mailbox.")
    _end(failed if mails else [])


def _end(failed: Sequence[StaffdeskError]) -> None:
    if failed:
        raise typer.Exit(failed[0].exit_code)


def _fetched(at: Seat, access: Access, raw: bytes, number: int, wish: Wish, *, quiet: bool) -> Taken:
    from staffdesk.services.intake.reading import read_mail  # noqa: PLC0415 - as above

    return take(at, access, read_mail(raw), wish, f"mail {number}", quiet=quiet)


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


def _destroyed(file: Path, name: str, wish: Wish, *, destroy: bool, card: bool) -> bool:
    from staffdesk.services.intake.destroying import destroy as destroy_file  # noqa: PLC0415 - as above

    wanted = destroy or (wish.asks and agreed(f"Overwrite and remove {name}?", otherwise=False))
    if not wanted:
        if card:
            say(f"{name} is still there, with what is attached to it.", "--destroy overwrites and removes it.")
        return False
    done = destroy_file(file)
    say(f"{name}: {done.sentence}", done.hint)
    return done.gone


def _refused(name: str, error: StaffdeskError) -> dict[str, object]:
    say(f"{name}: {error.sentence}", error.hint)
    return {"refused": error.sentence, "hint": error.hint}
