"""Mails of cases: attached from a file, or from the mailbox that customers write to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User, Why
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.seat import home_of, seat
from staffdesk.domain.correspondence import Direction
from staffdesk.domain.errors import BadInput, Conflict, NotFound

if TYPE_CHECKING:
    from staffdesk.cli.seat import Seat
    from staffdesk.domain.access import Purpose
    from staffdesk.domain.case_mail import AttachedMail
    from staffdesk.domain.request_mail import RequestMail
    from staffdesk.services.intake.mailbox import Watched

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The case's number.")]
File = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The mail, saved as an .eml file.")]
In = Annotated[
    bool | None, typer.Option("--in/--out", help="It came to us, or we sent it; else by whose address it has.")
]
Topic = Annotated[
    str | None,
    typer.Option("--topic", metavar="TEXT", help="What it is about, in your words: none of its own are kept then."),
]
_MAILBOX: Final = "case_mailbox"


def attach_mail(
    number: Number,
    file: File = None,
    *,
    user: User,
    mail: Annotated[
        int | None, typer.Option("--mail", metavar="N", min=1, help="This mail of the mailbox, in place of a file.")
    ] = None,
    came: In = None,
    topic: Topic = None,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Attach a mail to an open case: what its sender wrote himself is kept; what came along is named and counted.

    That it is the customer's own is proven only by the mailbox's server; a file is the word of who hands it in.
    """
    from staffdesk.domain.case_mail import told_of  # noqa: PLC0415 - the commands of cases need it seldom

    way = None if came is None else Direction.IN if came else Direction.OUT
    if (file is None) is (mail is None):
        raise BadInput("One mail is attached at a time.", "Name its file, or --mail N.")
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, number)
        if file is not None:
            attached = at.desk.case_mails.attach_file(access, number, file, direction=way, topic=topic)
        else:
            from staffdesk.services.intake.mailbox import watched  # noqa: PLC0415 - the library of IMAP

            with watched(home_of(home), _MAILBOX) as box:
                attached = at.desk.case_mails.attach(
                    access, number, _read(box, mail or 0), direction=way, topic=topic, server=box.proves
                )
                box.take(mail or 0, card=False)
    if as_json:
        put_json(_as_json(attached))
    else:
        put(f"{attached.line}, {as_utc(attached.at)}")
    say(*told_of(attached))
    if file is not None:
        say(f"{file.name} is still where it was.")


def fetch_mails(
    *,
    user: User,
    from_now: Annotated[
        bool, typer.Option("--from-now", help="Look at nothing that is in the folder by now; for the first time.")
    ] = False,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Attach what is new in the mailbox of settings.toml to the open cases it names; the rest waits for a person.

    Taken in is a mail that names one case and comes from the address on file of whom that is about. Nothing in the
    mailbox is ever deleted.
    """
    from staffdesk.domain.intake_rules import rules  # noqa: PLC0415 - help needs neither
    from staffdesk.services.intake.mailbox import watched  # noqa: PLC0415 - as above

    with seat(home, user, password_fd) as at, watched(home_of(home), _MAILBOX) as box:
        if from_now:
            say(f"{box.begin():,} mails are old from now on.")
        new = box.new[: rules().limits.mails_at_once]
        rows = [_fetched(at, box, number, purpose, quiet=as_json) for number in new]
        left, more = box.left, len(box.new)
    if as_json:
        put_json({"mails": rows, "left": list(left), "more": more})
    elif not rows:
        say("Nothing new in the mailbox.")
    if more:
        say(f"{more:,} more are new: run it again.")
    if left:
        say(f"Left for a person: {', '.join(map(str, left))}.", "staffdesk case mail NUMBER --mail N attaches one.")


def _fetched(at: Seat, box: Watched, number: int, purpose: Purpose | None, *, quiet: bool) -> dict[str, object]:
    from staffdesk.domain.case_mail import told_of  # noqa: PLC0415 - as above

    try:
        mail = _read(box, number)
        case = _case_of(mail)
        attached = at.desk.case_mails.attach(at.access(purpose, case), case, mail, server=box.proves, his_own=True)
    except (BadInput, Conflict, NotFound) as error:
        box.leave(number)
        say(f"mail {number}: {error.sentence}", error.hint)
        return {"mail": number, "refused": error.sentence, "hint": error.hint}
    became = box.take(number, card=False)
    if not quiet:
        put(f"mail {number}: {attached.line}, {as_utc(attached.at)}; {became}")
    say(*told_of(attached))
    return {"mail": number, **_as_json(attached), "mailbox": became}


def _case_of(mail: RequestMail) -> str:
    from staffdesk.domain.case_mail import case_named  # noqa: PLC0415 - as in every command, what it needs alone

    case = case_named(mail)
    if case is None or mail.automatic:
        said = "No person wrote this mail." if mail.automatic else "This mail names no case, or several."
        raise BadInput(said, "Read it, and say to which case it belongs.")
    return case


def _read(box: Watched, number: int) -> RequestMail:
    from staffdesk.services.intake.reading import read_mail  # noqa: PLC0415 - help needs no data layer

    return read_mail(box.mail(number), names=True)


def _as_json(attached: AttachedMail) -> dict[str, object]:
    return {
        "case": attached.number,
        "direction": attached.direction.value,
        "correspondent": attached.correspondent.value,
        "proven": attached.proven,
        "was_there": attached.was_there,
        "erased": attached.erased,
        "at": as_utc(attached.at),
        "attachments": attached.attachments,
        "zips": attached.zips,
    }
