"""Customers' support logs in a case: zips that are asked for, taken in, listed, read, scrubbed, destroyed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.options import Home, Json, PasswordFd, User, Why, refuse_absent
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.progress import progress
from staffdesk.cli.seat import seat
from staffdesk.cli.support_log_text import (
    bundle_as_json,
    bundle_line,
    file_as_json,
    files_in_words,
    put_manifest,
    quarantined_as_json,
    quarantined_words,
    unremoved_in_words,
)
from staffdesk.domain.support_logs import Curated, LogState

if TYPE_CHECKING:
    from staffdesk.services.support_logs.taking import Taken

logs_app = typer.Typer(no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The case's number.")]
Zip = Annotated[int, typer.Argument(metavar="ZIP", help="The zip's number, as the list has it.")]


@logs_app.command("ask")
def ask_for_logs(
    number: Number,
    *,
    user: User,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What they are needed for, in one line.")],
    language: Annotated[str | None, typer.Option("--language", help="In which he is asked; else his own.")] = None,
    product: Annotated[str, typer.Option("--product", help="Whose logs; else our program's.")] = "",
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Note in an open case that logs were asked for, and print words to ask with: no file is demanded."""
    with seat(home, user, password_fd) as at:
        logs = at.desk.support_logs
        logs.words_to_ask(language or "en", product, number)  # refused before anything is noted
        asked = logs.ask(at.access(purpose, number), number, why)
        words = logs.words_to_ask(language or asked.language, product, number)
    if as_json:
        put_json({**bundle_as_json(asked.bundle), "language": language or asked.language, "words": words})
    else:
        put(words)
    say(
        f"Noted in {number}: zip {asked.bundle.id} was asked for.",
        f"When it comes: staffdesk case logs add {number} FILE",
    )


@logs_app.command("add")
def add_logs(
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip the customer sent.")],
    *,
    user: User,
    curated: Annotated[
        Curated, typer.Option("--curated", help="Whether the customer took things out; yes replaces what came before.")
    ] = Curated.UNKNOWN,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take a zip into an open case: sealed, looked through where it lies, never unpacked.

    Destroy your own copy of it afterwards.
    """
    refuse_absent(file, "The zip")
    with seat(home, user, password_fd) as at, progress("bytes looked through") as step:
        access = at.access(purpose, number)
        taken = at.desk.support_logs.intake.add(access, number, file, curated=curated, step=step)
    _say_taken(number, taken, as_json=as_json)
    say(f"{file.name} is still where it was: remove your copy.")


@logs_app.command("list")
def list_logs(
    number: Number, *, user: User, purpose: Why = None, password_fd: PasswordFd = None, home: Home = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """List the zips of a case, and what was found in each."""
    with seat(home, user, password_fd) as at:
        bundles = at.desk.support_logs.of_case(at.access(purpose, number), number)
    if as_json:
        put_json([bundle_as_json(each) for each in bundles])
    elif bundles:
        heads = ("Zip", "State", "Asked for", "Received", "Files", "Bytes", "Found")
        put_table(heads, (bundle_line(each) for each in bundles))
    else:
        say(f"There are no logs in {number}.", f"Ask for them: staffdesk case logs ask {number} --why TEXT")


@logs_app.command("manifest")
def print_manifest(
    number: Number,
    bundle: Zip,
    *,
    user: User,
    language: Annotated[
        str | None, typer.Option("--language", help="Print it as the customer may have it: en, fr or nl.")
    ] = None,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Print what a zip holds: each file with its size, its SHA-256 and what was found in it.

    With a language it is a text for the customer, who always has access to it.
    """
    with seat(home, user, password_fd) as at:
        logs, access = at.desk.support_logs, at.access(purpose, number)
        if language is not None and not as_json:
            put(logs.told_to(access, number, bundle, language).removesuffix("\n"), lines=True)
            return
        manifest = logs.manifest(access, number, bundle)
    if as_json:
        content = [file_as_json(each) for each in manifest.files]
        put_json({**bundle_as_json(manifest.bundle), "case": manifest.case, "content": content})
    else:
        put_manifest(manifest)


@logs_app.command("read")
def read_logs(
    number: Number,
    bundle: Zip,
    place: Annotated[int, typer.Argument(metavar="FILE", help="The file's place in the manifest.")],
    *,
    user: User,
    part: Annotated[int, typer.Option("--part", min=1, help="Which part of a long file.")] = 1,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Print a file of a zip in which nothing was found, or of a curated copy."""
    with seat(home, user, password_fd) as at:
        text = at.desk.support_logs.read(at.access(purpose, number), number, bundle, place, part)
    if as_json:
        put_json({"name": text.name, "part": part, "more": text.more, "text": text.text})
    else:
        put(text.text.removesuffix("\n"), lines=True)
    if text.more:
        say(f"There is more: --part {part + 1}")


@logs_app.command("scrub")
def scrub_logs(
    number: Number, bundle: Zip, *, user: User, purpose: Why = None, password_fd: PasswordFd = None,
    home: Home = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Make a curated copy without what tells about a person, and destroy the original."""
    with seat(home, user, password_fd) as at, progress("bytes looked through") as step:
        taken = at.desk.support_logs.intake.scrub(at.access(purpose, number), number, bundle, step=step)
    _say_taken(number, taken, as_json=as_json)


@logs_app.command("destroy")
def destroy_logs(
    number: Number,
    bundle: Zip,
    *,
    user: User,
    purpose: Why = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Destroy the bytes of a zip; its manifest stays with the case."""
    with seat(home, user, password_fd) as at:
        left = at.desk.support_logs.destroy(at.access(purpose, number), number, bundle)
    if as_json:
        put_json({"case": number, "zip": bundle, "destroyed": True, "files_left": left})
    else:
        say(f"The bytes of zip {bundle} are destroyed.", unremoved_in_words(left))


@logs_app.command("quarantine")
def list_quarantine(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List the zips of all cases with what must not be held, for privacy: nobody reads them, and when each ends."""
    with seat(home, user, password_fd) as at:
        waiting = at.desk.support_logs.not_to_be_held(at.access(None, ""))
    if as_json:
        put_json([quarantined_as_json(each) for each in waiting])
    for each in () if as_json else waiting:
        put(quarantined_words(each))
    if not waiting:
        say("No zip of logs has what must not be held.")


def _say_taken(number: str, taken: Taken, *, as_json: bool) -> None:
    from staffdesk.domain.log_scan import must_not_be_held, told  # noqa: PLC0415 - as in every command
    from staffdesk.domain.support_log_rules import rules  # noqa: PLC0415 - as above

    bundle = taken.bundle
    if as_json:
        put_json({**bundle_as_json(bundle), "replaced": taken.replaced, "left_out": taken.left_out})
    else:
        put(str(bundle.id))
    held = f"Zip {bundle.id} of {number}: {bundle.state.value}, {files_in_words(bundle.files or 0)}."
    say(held, *told(bundle.found, rules()))
    if must_not_be_held(bundle.found, rules()):
        say(
            "That must not be held: nobody reads it, privacy is told, and no copy is made.",
            "Ask the customer for one without it, and destroy this one: "
            f"staffdesk case logs destroy {number} {bundle.id}",
        )
    elif bundle.state is LogState.QUARANTINED:
        scrub = f"staffdesk case logs scrub {number} {bundle.id}"
        say(f"Nobody reads it until a curated copy is made: {scrub}; or until another one comes.")
    if taken.replaced:
        say(f"{taken.replaced} earlier destroyed.")
    if taken.left_out:
        say(f"Left out, since it is no text: {files_in_words(taken.left_out)}.")
    say(unremoved_in_words(taken.unremoved))
