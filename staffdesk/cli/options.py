"""The options that many commands share, each named and explained once; they stand after the command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from staffdesk.domain.access import Purpose

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
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="postgresql+psycopg://… instead of the encrypted file."),
]
