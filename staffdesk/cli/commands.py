"""Every command by its name; only the one that is called is imported, and its work when it is done."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Annotated, Final

import typer

from staffdesk import __version__
from staffdesk.cli.options import Home
from staffdesk.cli.output import put
from staffdesk.domain.errors import BadInput

_COMMANDS: Final = {
    "run": ("begin", "run"),
    "demo": ("begin", "demo"),
    "init": ("begin", "init"),
    "search": ("look", "search"),
    "show": ("look", "show"),
    "reveal": ("look", "reveal"),
    "run-due": ("running_due", "run_due"),
    "backup": ("keeping", "backup"),
    "restore": ("keeping", "restore"),
    "doctor": ("doctor", "examine"),
    "keys": ("begin", "keys"),
}
"""By the name of a command the module and the function it is."""

_GROUPS: Final = {
    "staff": ("staff", "app", "Employees' accounts."),
    "case": ("matters", "case_app", "Cases: the references everything is looked up under."),
    "customers": ("customers", "app", "Customers, as they are taken down and set right during a call."),
    "own": ("own", "app", "What you say of yourself: whom you are close to."),
    "requests": ("requests", "app", "What people ask about their own data."),
    "audit": ("audit", "app", "The log of who looked at what."),
    "policy": ("policy", "app", "The privacy policy and what proves it."),
    "import": ("taking_in", "app", "Take in what a source exported: a store, a list of people."),
    "campaign": ("campaign", "app", "Product news: who gets it and why, and what its service is told."),
    "db": ("keeping", "db_app", "The database's shape."),
    "deploy": ("deploy", "app", "What a server needs on which a team shares one desk."),
}
"""By the name of a group the module, its commands there, and what they are about."""


@cache
def commands(name: str | None = None) -> typer.Typer:
    """Return the program with the command or group of this name alone; where there is none of it, with all of them.

    To import them all and to build their tree takes three times what one takes.
    """
    app = typer.Typer(
        name="staffdesk",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_start)
    known = name in _COMMANDS or name in _GROUPS
    for each, (module, function) in _COMMANDS.items():
        if not known or each == name:
            app.command(each)(getattr(import_module(f"staffdesk.cli.{module}"), function))
    for each, (module, group, about) in _GROUPS.items():
        if not known or each == name:
            app.add_typer(getattr(import_module(f"staffdesk.cli.{module}"), group), name=each, help=about)
    return app


def _say_version(wanted: bool) -> None:
    if wanted:
        put(f"staffdesk {__version__}")
        raise typer.Exit


def _start(
    context: typer.Context,
    *,
    home: Home = None,
    version: Annotated[  # noqa: ARG001 - its callback has said it
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Look up a customer, every look logged before it is shown. Without a command: the terminal."""
    if context.invoked_subcommand is None:
        from staffdesk.cli import begin  # noqa: PLC0415 - of the commands only the one that is called

        begin.run(home=home)
    elif home is not None:
        raise BadInput("--home stands after the command.", f"staffdesk {context.invoked_subcommand} … --home DIR")
