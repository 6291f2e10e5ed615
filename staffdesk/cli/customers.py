"""What is written of customers during a call: somebody new, a field set right, confirmed; and colleagues."""

from __future__ import annotations

from typing import Annotated

import typer

from staffdesk.cli import accuracy, merging
from staffdesk.cli.look import hit_as_json, put_hits
from staffdesk.cli.look_list import looks_as_json, put_looks
from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.seat import seat
from staffdesk.domain.correction import Repair, Seen
from staffdesk.domain.errors import BadInput
from staffdesk.domain.new_people import NewPerson

app = typer.Typer(no_args_is_help=True)
app.command("twins", short_help="List who is likely the same person.")(merging.list_twins)
app.command("pairs", short_help="List all who stand twice on file.")(merging.list_pairs)
app.command("compare", short_help="Show two records side by side.")(merging.compare)
app.command("merge", short_help="Put two records of one person together.")(merging.merge)
app.command("unmerge", short_help="Take two records apart again.")(merging.unmerge)
app.command("bounced", short_help="List whom mail does not reach.")(accuracy.list_bounced)
app.command("stale", short_help="List whose data nobody confirmed for long.")(accuracy.list_stale)
app.command("incomplete", short_help="List whose record lacks something.")(accuracy.list_incomplete)
app.command("bounce", short_help="Take in mails that came back.")(accuracy.take_bounces)
app.command("not-same", short_help="Remember that two records are two people's.")(merging.tell_apart)

Customer = Annotated[int, typer.Argument(metavar="ID", help="A customer number.")]


@app.command()
def add(
    *,
    user: User,
    given_name: Annotated[str | None, typer.Option("--given-name", help="The given name.")] = None,
    family_name: Annotated[str | None, typer.Option("--family-name", help="The family name.")] = None,
    company: Annotated[str | None, typer.Option("--company", help="The company's name.")] = None,
    company_id: Annotated[
        int | None, typer.Option("--company-id", metavar="ID", help="The company on file he belongs to.")
    ] = None,
    email: Annotated[str | None, typer.Option("--email", help="The e-mail address.")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="The telephone number.")] = None,
    job_title: Annotated[str | None, typer.Option("--job-title", help="The job title.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="The country, in two letters.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="The language, in two letters.")] = None,
    event: Annotated[str | None, typer.Option("--event", help="The event where we met.")] = None,
    partner: Annotated[
        int | None, typer.Option("--partner", metavar="ID", help="The partner who gave us the data.")
    ] = None,
    nevertheless: Annotated[
        bool, typer.Option("--nevertheless", help="Add even where he may be on file already.")
    ] = False,
    returning: Annotated[
        str | None, typer.Option("--returning", metavar="REASON", help="Why somebody who was erased is back.")
    ] = None,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add somebody new, or a company, under the open case that is the reference; who he may be is listed first."""
    new = NewPerson(
        given_name=given_name,
        family_name=family_name,
        company=company,
        email=email,
        phone=phone,
        job_title=job_title,
        country=country,
        language=language,
        event=event,
        partner=partner,
    )
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, reference)
        twins = at.desk.new_customers.twins(access, new)
        known = bool(twins.page.hits or (twins.companies and company_id is None))
        adding = at.desk.new_customers.add
        added = None if known and not nevertheless else adding(access, new, company_id, returning)
    if as_json:
        put_json(
            {
                "customer": None if added is None else added.customer,
                "organisation": None if added is None else added.organisation,
                "tied": added is not None and added.tied,
                "twins": [hit_as_json(hit) for hit in twins.page.hits],
                "companies": [{"id": each.id, "name": each.name, "country": each.country} for each in twins.companies],
            }
        )
    elif added is not None:
        put(f"customer {added.customer}" if added.customer is not None else f"organisation {added.organisation}")
    else:
        if twins.page.hits:
            put_hits(twins.page)
        for each in twins.companies:
            put(f"company {each.id}  {each.name}  {each.country}".rstrip())
    if added is None:
        raise BadInput("Nobody was added: somebody on file may be the same.", "--company-id ID, or --nevertheless")


@app.command()
def repair(
    customer: Customer,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The field's key: person:4711:family_name")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="What it is to be.")],
    *,
    user: User,
    evidence: Annotated[str, typer.Option("--evidence", metavar="NUMBER", help="What is on file and shows it.")],
    was: Annotated[str | None, typer.Option("--was", help="What stands there; left out where nothing does.")] = None,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Set one field right that was typed wrong, against an order, licence, request or case on file."""
    with seat(home, user, password_fd) as at:
        at.desk.repairs.repair(at.access(purpose, reference), customer, Repair(Seen(key, was), new, evidence))
    if as_json:
        put_json({"customer": customer, "field": key, "evidence": evidence})
    else:
        say(f"{key} is set right.")


@app.command()
def confirm(
    customer: Customer,
    fields: Annotated[list[str], typer.Argument(metavar="KEY=VALUE...", help="Fields as show or reveal printed them.")],
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Note that the customer confirmed fields today, under the open case that is the reference."""
    seen = [_seen(each) for each in fields]
    with seat(home, user, password_fd) as at:
        done = at.desk.repairs.confirm(at.access(purpose, reference), customer, seen)
    if as_json:
        put_json({"customer": customer, "confirmed": done})
    else:
        say(f"Confirmed: {done}.")


@app.command()
def colleagues(
    customer: Customer,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the others of a customer's organisation: at most 20, masked, every one listed in the log."""
    with seat(home, user, password_fd) as at:
        page = at.desk.listings.colleagues(at.access(purpose, reference), customer)
    if as_json:
        put_json({"hits": [hit_as_json(hit) for hit in page.hits], "more": page.more, "entry": page.seq})
    elif page.hits:
        put_hits(page)
    else:
        say("No colleagues are on file.")


@app.command()
def who_looked(
    customer: Customer,
    *,
    user: User,
    without_names: Annotated[
        bool, typer.Option("--without-names", help="As an access package tells it: no employee is named.")
    ] = False,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Tell how often a customer was listed, opened and revealed, by date and purpose. Privacy is told names, too."""
    with seat(home, user, password_fd) as at:
        found = at.desk.looks.of(at.access(purpose, reference), customer, without_names=without_names)
    if as_json:
        put_json(looks_as_json(found))
    else:
        put_looks(found)


def _seen(text: str) -> Seen:
    key, equals, value = text.partition("=")
    if not equals or not value:
        raise BadInput("A field is confirmed as it was read.", "Write it as KEY=VALUE, as show or reveal printed it.")
    return Seen(key, value)
