"""What the rules find in a log that is in a file: exported from a desk, or made up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.options import Json
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.progress import progress
from staffdesk.domain.errors import NotFound

if TYPE_CHECKING:
    from staffdesk.domain.flags import Flag

_DAY = ["%Y-%m-%d"]


def flags(
    *,
    file: Annotated[
        Path, typer.Option("--from", metavar="FILE", help="An exported log, or one made up (see help/flags.md).")
    ],
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help="Only what this rule finds.")] = None,
    since: Annotated[
        dt.datetime | None, typer.Option("--since", formats=_DAY, help="Only of this day and later; all is read.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Find in a log the looks that had no reason, the heaviest first; nobody signs in, and no desk is needed.

    Of looks whose days to be corroborated are not over when the log ends it is said that they are told early.
    """
    from staffdesk.domain.flags import rules  # noqa: PLC0415 - reads the rules, which takes a moment
    from staffdesk.domain.flags.rules import NAMES  # noqa: PLC0415 - as above
    from staffdesk.services.flag_reading import flags_in  # noqa: PLC0415 - as above

    if rule not in {None, *NAMES}:
        raise NotFound("There is no rule of this name.", f"The rules: {', '.join(NAMES)}")
    first = None if since is None else since.date()
    with progress("entries") as step:
        found = sorted(
            (
                each
                for each in flags_in(file, rules(), step)
                if rule in {None, each.rule} and (first is None or each.day >= first)
            ),
            key=lambda each: each.order,
        )
    if as_json:
        put_json([_as_json(each) for each in found])
        return
    for each in found:
        put(_line(each))
    if not found:
        say("Nothing is found.")


def _line(flag: Flag) -> str:
    early = " Told early: it could still be corroborated." if flag.early else ""
    entries = f"{len(flag.seqs)} {'entry' if len(flag.seqs) == 1 else 'entries'} from {flag.seqs[0]}"
    return f"{flag.day.isoformat()}  {flag.title}  {flag.actor}  {entries}  {flag.words}{early}"


def _as_json(flag: Flag) -> dict[str, object]:
    return {
        "rule": flag.rule,
        "title": flag.title,
        "severity": flag.severity,
        "actor": flag.actor,
        "day": flag.day.isoformat(),
        "when": flag.when,
        "seqs": list(flag.seqs),
        "subject": flag.subject,
        "words": flag.words,
        "early": flag.early,
    }
