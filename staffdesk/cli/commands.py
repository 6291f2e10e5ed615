"""Every command by its name; the work of each is imported when it is called."""

from __future__ import annotations

from typing import Annotated

import typer

from staffdesk import __version__
from staffdesk.cli import (
    audit,
    begin,
    campaign,
    customers,
    deploy,
    doctor,
    keeping,
    look,
    matters,
    own,
    policy,
    requests,
    running_due,
    staff,
    taking_in,
)
from staffdesk.cli.options import Home
from staffdesk.cli.output import put
from staffdesk.domain.errors import BadInput

app = typer.Typer(
    name="staffdesk",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(wanted: bool) -> None:
    if wanted:
        put(f"staffdesk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    *,
    home: Home = None,
    version: Annotated[  # noqa: ARG001 - its callback has said it
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Look up a customer, every look logged before it is shown. Without a command: the terminal."""
    if context.invoked_subcommand is None:
        begin.run(home=home)
    elif home is not None:
        raise BadInput("--home stands after the command.", f"staffdesk {context.invoked_subcommand} … --home DIR")


app.command()(begin.run)
app.command()(begin.demo)
app.command()(begin.init)
app.add_typer(staff.app, name="staff", help="Employees' accounts.")
app.add_typer(matters.case_app, name="case", help="Cases: the references everything is looked up under.")
app.add_typer(customers.app, name="customers", help="Customers, as they are taken down and set right during a call.")
app.command()(look.search)
app.command()(look.show)
app.command()(look.reveal)
app.add_typer(own.app, name="own", help="What you say of yourself: whom you are close to.")
app.add_typer(requests.app, name="requests", help="What people ask about their own data.")
app.add_typer(audit.app, name="audit", help="The log of who looked at what.")
app.add_typer(policy.app, name="policy", help="The privacy policy and what proves it.")
app.add_typer(taking_in.app, name="import", help="Take in what a source exported: a store, a list of people.")
app.add_typer(campaign.app, name="campaign", help="Product news: who gets it and why, and what its service is told.")
app.command("run-due")(running_due.run_due)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.add_typer(keeping.db_app, name="db", help="The database's shape.")
app.command("doctor")(doctor.examine)
app.add_typer(deploy.app, name="deploy", help="What a server needs on which a team shares one desk.")
app.command()(begin.keys)
