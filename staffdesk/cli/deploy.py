"""What an administrator of a server puts in place so that a team shares one desk; printed, never done."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Annotated

import typer

from staffdesk.cli.options import Json
from staffdesk.cli.output import put, put_json, say
from staffdesk.domain.errors import BadInput

app = typer.Typer(no_args_is_help=True)

_RULE = "# " + "-" * 76


@app.callback()
def deploy() -> None:
    """Print how a desk is put in place; nothing is changed."""


@app.command()
def ssh(
    *,
    printed: Annotated[bool, typer.Option("--print", help="Print it; nothing else is done.")] = False,
    group: Annotated[str, typer.Option("--group", metavar="NAME", help="The employees' group.")] = "desk",
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="The desk's own account.")] = "staffdesk",
    program: Annotated[
        str, typer.Option("--program", metavar="FILE", help="The installed program.")
    ] = "/opt/staffdesk/bin/staffdesk",
    home: Annotated[str, typer.Option("--home", metavar="DIR", help="The desk's folder.")] = "/var/lib/staffdesk",
    as_json: Json = False,
) -> None:
    """Print what one small server needs on which 3 to 15 employees share one desk over SSH."""
    from staffdesk.services.deployment import Server, over_ssh  # noqa: PLC0415 - as every command

    server = Server(group=group, user=user, program=PurePosixPath(program), home=PurePosixPath(home))
    if not printed:
        raise BadInput("This program changes no server; it prints what to put there.", "staffdesk deploy ssh --print")
    parts = tuple(over_ssh(server))
    if as_json:
        put_json([asdict(part) for part in parts])
        return
    for at, part in enumerate(parts, 1):
        where = f"{part.path}, owner root, mode {part.mode}" if part.path else "commands"
        for line in (_RULE, f"# {at} of {len(parts)}: {part.title}", f"# {where}", f"# check: {part.check}", _RULE):
            put(line)
        put(part.text, lines=True)
    say("Nothing was changed. Then look at the server: staffdesk doctor, as root.")
