"""The options that many commands share, each named and explained once; they stand after the command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from staffdesk.domain.access import Purpose
from staffdesk.domain.errors import BadInput

Home = Annotated[
    Path | None, typer.Option("--home", metavar="DIR", help="The desk's folder; else STAFFDESK_HOME, else your own.")
]
User = Annotated[str, typer.Option("--as", metavar="USER", help="Who signs in; the password is asked for.")]
PasswordFd = Annotated[
    int | None,
    typer.Option(
        "--password-fd",
        metavar="N",
        min=0,
        help="Read secrets from this open file, one a line, in the order they are asked for.",
    ),
]
Why = Annotated[Purpose | None, typer.Option("--purpose", help="Why the data is needed.")]
Reference = Annotated[
    str | None, typer.Option("--reference", metavar="NUMBER", help="A case, order, licence or request number.")
]
Calm = Annotated[
    bool | None,
    typer.Option(
        "--calm/--no-calm", help="Send the terminal less, or not; else as settings.toml or an SSH line has it."
    ),
]
BreakGlass = Annotated[
    str | None,
    typer.Option(
        "--break-glass",
        metavar="REASON",
        help="See more than your role, for this reason; the admin is told and reads it.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="postgresql+psycopg://… instead of the encrypted file."),
]


def refuse_taken(file: Path, what: str) -> None:
    """Refuse a name under which no new file can be made, before anything is asked; raises :class:`BadInput`."""
    folder = file.absolute().parent
    if file.exists() or file.is_symlink():
        raise BadInput(f"{what} exists already, and is left as it is.", "Name a new file.")
    if not folder.is_dir():
        raise BadInput(f"{what} cannot be made: its folder is not there.", "Name a file in a folder that is there.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"{what} cannot be made: its folder is closed to you.", "Name a file in a folder of yours.")


def refuse_no_folder(folder: Path, what: str) -> None:
    """Refuse a folder that is not there or closed, before anything is asked: none is made; raises :class:`BadInput`."""
    if not folder.is_dir():
        raise BadInput(f"{what} cannot be written: the folder is not there.", "Name a folder that is there.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"{what} cannot be written: the folder is closed to you.", "Name a folder of yours.")


def refuse_absent(file: Path, what: str) -> None:
    """Refuse a file that is not there or not to be read, before anything is asked; raises :class:`BadInput`."""
    if not file.exists():
        raise BadInput(f"{what} is not there.", "Check its name.")
    if not file.is_file() or not os.access(file, os.R_OK):
        raise BadInput(f"{what} cannot be read.", "Check that it is a file, and who owns it.")
