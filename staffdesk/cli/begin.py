"""Beginning: the terminal, a new desk, the demo, and the list of keys."""

from __future__ import annotations

import os
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.options import Calm, DatabaseUrl, Home, Json, PasswordFd
from staffdesk.cli.output import CannotPrint, ReaderGone, finish, put_json, put_pairs, put_table, say
from staffdesk.cli.progress import progress
from staffdesk.cli.seat import home_of
from staffdesk.cli.secret import Secrets
from staffdesk.domain.errors import Conflict, LogUnavailable, StorageUnavailable

if TYPE_CHECKING:
    from staffdesk.services.bootstrap import Initialised
    from staffdesk.services.demo import Demo


def run(*, home: Home = None, calm: Calm = None) -> None:
    """Open the terminal; also what staffdesk without a command does."""
    from staffdesk.cli.terminal import open_terminal  # noqa: PLC0415 - brings Textual

    open_terminal(home_of(home), calm=calm)


def init(
    *,
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="Answers in TOML; then nothing is asked.")
    ] = None,
    database: DatabaseUrl = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make a desk: its key, its database, its first accounts. At most eight questions, each with an answer given."""
    from staffdesk.cli.first_questions import make_desk  # noqa: PLC0415 - brings the data layer

    located = home_of(home)
    made = make_desk(located, answers, database, Secrets(password_fd))
    if as_json:
        put_json({"home": str(located.config.parent), "log": made.origin, "accounts": _accounts(made)})
        return
    try:
        put_table(
            ("Account", "Roles", "One-time password"),
            ((each.user_name, ", ".join(each.roles), each.password or "as chosen") for each in made.accounts),
        )
        finish()
    except (CannotPrint, ReaderGone):
        # They are nowhere else: whoever loses them has a desk into which nobody comes.
        say(*(f"{each.user_name}: {each.password or 'as chosen'}" for each in made.accounts))
        raise
    say(
        "Each one-time password is replaced at the first sign-in, and shown here for the last time.",
        f"Keep {located.verifier_key_file.name} and the checkpoints also where nobody of this desk can reach them.",
        "Open the desk with: staffdesk run",
    )


def demo(
    *,
    people: Annotated[int, typer.Option("--people", metavar="N", help="How many people.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The same seed gives the same company.")] = 1,
    no_open: Annotated[bool, typer.Option("--no-open", help="Make it, and do not open the terminal.")] = False,
    database: DatabaseUrl = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make an invented company, and open the terminal on it: one key signs in. Never put real data there.

    It goes into --home or STAFFDESK_HOME, where no desk may be yet; else into a folder for a while.
    """
    from staffdesk.cli.terminal import launch_early  # noqa: PLC0415 - brings the screen's refusals

    launched = not no_open and launch_early()
    from staffdesk.services.demo import make_demo  # noqa: PLC0415 - brings the data layer, after the process has split

    named = home is not None or os.environ.get("STAFFDESK_HOME")
    located = home_of(home if named else Path(tempfile.mkdtemp(prefix="staffdesk-demo-")))
    try:
        with progress("people") as step:
            made = make_demo(located, people=people, seed=seed, database_url=database, progress=step)
        _take_requests_in(made)
    except Conflict as error:
        folder = shlex.quote(str(located.config.parent))
        raise Conflict(
            error.sentence,
            f"Open it: staffdesk run --home {folder}, with a password that was shown when it was made. "
            "Make another company: staffdesk demo, in a folder for a while, or with --home NEWDIR.",
        ) from error
    if as_json:
        put_json(_demo_as_json(made))
    else:
        _put_demo(made)
    if not no_open:
        from staffdesk.cli.terminal import open_terminal  # noqa: PLC0415 - brings the screen's refusals
        from staffdesk.tui.demo_account import DemoAccount  # noqa: PLC0415 - as above

        say(
            f"Open it again with: staffdesk run --home {shlex.quote(str(located.config.parent))}",
            "One key signs in only now: then it takes a user name and its password, which are not shown again.",
        )
        accounts = tuple(DemoAccount(each.user, each.role.value, each.password) for each in made.accounts)
        open_terminal(located, accounts, launched=launched)


def _take_requests_in(made: Demo) -> None:
    """Take the demo's requests in; where the machine is too busy for it the demo is whole without them, and says so."""
    from staffdesk.services.demo.in_hand import take_requests_in  # noqa: PLC0415 - as above

    try:
        take_requests_in(made)
    except (LogUnavailable, StorageUnavailable) as error:
        say("The demo has not all of its requests in hand.", error.sentence)


def keys(*, as_json: Json = False) -> None:
    """List every key of the terminal and what it does."""
    from staffdesk.cli.key_list import rows  # noqa: PLC0415 - the screen's own list

    if as_json:
        put_json([{"id": row.id, "keys": list(row.keys), "title": row.title, "does": row.does} for row in rows()])
    else:
        put_table(("Keys", "Command", "Does"), ((" ".join(row.keys), row.title, row.does) for row in rows()))


def _accounts(made: Initialised) -> list[dict[str, object]]:
    return [
        {"user": each.user_name, "roles": [role.value for role in each.roles], "one_time_password": each.password}
        for each in made.accounts
    ]


def _demo_as_json(made: Demo) -> dict[str, object]:
    return {
        "home": str(made.home.config.parent),
        "accounts": [{"user": each.user, "password": each.password, "role": each.role.value} for each in made.accounts],
        "people": made.people,
        "orders": made.orders,
        "activations": made.activations,
        "case": {"reference": made.case, "person": made.person},
    }


def _put_demo(made: Demo) -> None:
    put_pairs(
        {
            "Home": str(made.home.config.parent),
            "People": f"{made.people:,}",
            "Orders": f"{made.orders:,}",
            "Activations": f"{made.activations:,}",
            "Open case": f"{made.case}, of customer {made.person}",
        }
    )
    put_table(("Account", "Role", "Password"), ((each.user, each.role, each.password) for each in made.accounts))
