"""The same person twice, by commands: who is proposed, the two side by side, put together, taken apart."""

from __future__ import annotations

from typing import Annotated

import typer

from staffdesk.cli.look import hit_as_json, put_hits
from staffdesk.cli.options import Home, Json, PasswordFd, Reference, User, Why
from staffdesk.cli.output import put, put_json, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.access import RecordKind
from staffdesk.domain.merges import in_words, side_by_side
from staffdesk.domain.twin_pairs import BEGINNING, TwinPair, pairs_after

Customer = Annotated[int, typer.Argument(metavar="CUSTOMER", help="The customer number that stays.")]
Other = Annotated[int, typer.Argument(metavar="OTHER", help="The number of the other record.")]


def list_twins(
    customer: Annotated[int, typer.Argument(metavar="CUSTOMER", help="A customer number.")],
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List who on file is likely the same person, by e-mail, telephone, name and company; every one logged."""
    with seat(home, user, password_fd) as at:
        page = at.desk.merging.twins(at.access(purpose, reference), customer)
    if as_json:
        put_json({"hits": [hit_as_json(hit) for hit in page.hits], "more": page.more, "entry": page.seq})
    elif page.hits:
        put_hits(page)
    else:
        say("Nobody else on file is likely the same person.")


def list_pairs(
    *,
    user: User,
    after: Annotated[
        str | None, typer.Option("--after", metavar="PLACE", help="Where the page before ended, as it was printed.")
    ] = None,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List over everybody on file which two records are likely one person's, by pages; everybody listed is logged.

    The same address first, then the same telephone, then the same name or company. Privacy alone is listed them.
    """
    begin = BEGINNING if after is None else pairs_after(after)
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, reference)
        page = at.desk.pairs.page(access, begin)
        while not page.pairs and page.after is not None:
            page = at.desk.pairs.page(access, page.after).behind(page)
    if as_json:
        put_json(
            {
                "pairs": [
                    {"customer": hit_as_json(each.one), "other": hit_as_json(each.other), "alike": each.found_by}
                    for each in page.pairs
                ],
                "after": None if page.after is None else str(page.after),
                "looked": page.looked,
                "left_out": {each.value: number for each, number in page.left_out.items()},
                "waiting": page.waiting,
                "entry": page.seq,
            }
        )
        return
    if page.pairs:
        put_table(("Customer", "Who", "Other", "Who", "The same"), map(_cells, page.pairs))
    else:
        say("No pair is left." if after is None else "No further pair is left.")
    say(*page.besides)
    if page.after is not None:
        say(f"The next page: --after {page.after}")
    elif page.pairs:
        say("That was the last page.")


def _cells(pair: TwinPair) -> tuple[str, ...]:
    who = (" · ".join(part for part in (hit.title, hit.company, hit.detail) if part) for hit in (pair.one, pair.other))
    one, other = who
    return str(pair.one.id), one, str(pair.other.id), other, pair.found_by


def compare(
    customer: Customer,
    other: Other,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show two records side by side, as the role sees them; both are opened, and each opening is an entry."""
    with seat(home, user, password_fd) as at:
        access = at.access(purpose, reference)
        one, two = (at.desk.gateway.open(access, RecordKind.PERSON, number) for number in (customer, other))
    lines = list(side_by_side(one, two))
    if as_json:
        fields = [{"field": each.label, "one": each.one, "other": each.other, "alike": each.alike} for each in lines]
        put_json({"customer": one.customer, "other": two.customer, "fields": fields, "entries": [one.seq, two.seq]})
        return
    put_table(
        ("", str(customer), str(other)),
        ((("= " if each.alike else "  ") + each.label, each.one or "-", each.other or "-") for each in lines),
    )


def merge(
    customer: Customer,
    other: Other,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put the other record together with the customer's: what hung on it follows, each value stays with its source."""
    with seat(home, user, password_fd) as at:
        merged = at.desk.merging.merge(at.access(purpose, reference), customer, other)
    if as_json:
        told = {"customer": merged.person, "other": merged.other, "moved": dict(merged.moved)}
        put_json({**told, "mail_stopped": merged.mail_stopped})
        return
    put(f"customer {other} opens as {customer} now; followed: {in_words(merged.moved)}")
    if merged.mail_stopped:
        say(
            "One of the two had objected to mail, so none goes to either.", "Take both off the campaign service's list."
        )


def unmerge(
    customer: Customer,
    other: Other,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take the other record apart again, as far as nothing changed since; what did is told and stays."""
    with seat(home, user, password_fd) as at:
        apart = at.desk.merging.unmerge(at.access(purpose, reference), customer, other)
    if as_json:
        put_json(
            {
                "customer": apart.person, "other": apart.other, "back": dict(apart.back),
                "elsewhere": dict(apart.elsewhere), "came": dict(apart.came), "changes": apart.changes,
                "mail_stopped": apart.mail_stopped,
            }
        )  # fmt: skip
        return
    put(f"customer {other} is a record of its own again; given back: {in_words(apart.back)}")
    if apart.elsewhere:
        say(f"Elsewhere by now, or gone: {in_words(apart.elsewhere)}.")
    if apart.came:
        say(f"Came since, and stays with {customer}: {in_words(apart.came)}.")
    if apart.changes:
        say(f"Fields set right since stay: {apart.changes}.")
    if apart.mail_stopped:
        say("No mail goes to either: only their own new opt-in undoes an objection.")


def tell_apart(
    customer: Customer,
    other: Other,
    *,
    user: User,
    purpose: Why = None,
    reference: Reference = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Remember that two records are two people's: neither is proposed for the other again."""
    with seat(home, user, password_fd) as at:
        at.desk.merging.tell_apart(at.access(purpose, reference), customer, other)
    if as_json:
        put_json({"customers": [customer, other], "same_person": False})
    else:
        say(f"{customer} and {other} are two people.")
