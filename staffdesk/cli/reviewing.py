"""The review from the command line: the work-list, one's own inbox, closed months."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put, put_json, put_pairs, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.reviews import OUTCOME_WORDS, ItemState, ReviewItem, parse_decision

if TYPE_CHECKING:
    from staffdesk.domain.review_certificates import Certificate
    from staffdesk.services.review_inbox import Question
    from staffdesk.services.review_months import MonthState

app = typer.Typer(no_args_is_help=True)
inbox_app = typer.Typer(no_args_is_help=True)

Item = Annotated[int, typer.Argument(metavar="ITEM", help="The number of an item.")]
Month = Annotated[str, typer.Argument(metavar="MONTH", help="A month, as 2026-11.")]


@app.command("list")
def list_items(
    *,
    user: User,
    shown: Annotated[
        str, typer.Option("--shown", metavar="STATE", help="todo, open, asked, answered, decided, all, or a decision.")
    ] = "todo",
    rule: Annotated[str | None, typer.Option("--rule", help="Only of this rule, or random.")] = None,
    who: Annotated[str | None, typer.Option("--who", metavar="ACCOUNT", help="Only of this account.")] = None,
    month: Annotated[str | None, typer.Option("--month", metavar="MONTH", help="Only of this month.")] = None,
    after: Annotated[int | None, typer.Option("--after", metavar="ITEM", help="The page after this item.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="Items on a page.")] = 50,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List what is to be reviewed, the heaviest first: every flag, every break-glass, a random share of each month."""
    from staffdesk.services.review_items import ItemFilter  # noqa: PLC0415 - brings the data layer

    wanted = ItemFilter(shown=shown, rule=rule, who=who, month=month)
    with seat(home, user, password_fd) as at:
        page = at.desk.reviews.list(at.access(), wanted, after, limit)
    if as_json:
        put_json([_as_json(item) for item in page.items])
    elif page.items:
        heads = ("Item", "Day", "Who", "What", "Customer", "State")
        put_table(
            heads, ((str(i.id), i.day, i.who, i.title, number_or_dash(i.customer), _state(i)) for i in page.items)
        )
    else:
        say("Nothing is to be reviewed here.", "run-due takes each day of the log once it is over.")
    if page.behind:
        say(f"! {page.behind}")
    if page.after is not None:
        say(f"More: --after {page.after}")


@app.command()
def show(item: Item, *, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """Show one item: what was seen, its entries, what the employee answered, what was decided. One entry."""
    with seat(home, user, password_fd) as at:
        found = at.desk.reviews.open(at.access(), item)
    shown, closed = found.item, {each.value: why for each, why in found.closed.items() if why}
    became = None if found.breach_outcome is None else OUTCOME_WORDS[found.breach_outcome]
    said = {"answer": found.answer, "note": found.note, "breach": found.breach}
    if as_json:
        numbers = [row.seq for row in found.entries]
        outcome = {"breach_outcome": became, "breach_entry": found.breach_entry}
        put_json(
            {
                **_as_json(shown),
                **said,
                **outcome,
                "entry_numbers": numbers,
                "askable": found.askable,
                "not_yet": closed,
            }
        )
        return
    put_pairs(
        {
            "Item": str(shown.id),
            "What": shown.title,
            "Seen": shown.words,
            "Who": shown.who,
            "Customer": number_or_dash(shown.customer),
            "Day": shown.day,
            "Entries": " ".join(str(row.seq) for row in found.entries),
            "State": _state(shown),
            "Answer": f"{found.answer} (entry {shown.answer_entry})" if found.answer else "-",
            "Note": found.note or "-",
            **(
                {"Breach": found.breach if became is None else f"{found.breach}: {became}, entry {found.breach_entry}"}
                if found.breach
                else {}
            ),
        }
    )
    if not shown.decided:
        for decision, why in closed.items():
            say(f"Not yet {decision.replace('_', ' ')}: {why}.")


@app.command()
def ask(item: Item, *, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """Put an item into the inbox of its employee, who answers in a sentence before anybody decides."""
    with seat(home, user, password_fd) as at:
        at.desk.reviews.ask(at.access(), item)
    if as_json:
        put_json({"item": item, "state": ItemState.ASKED.value})
        return
    say("Asked; the employee answers with: staffdesk audit inbox answer")


@app.command()
def decide(
    item: Item,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="justified, not-justified or unclear.")],
    *,
    user: User,
    note: Annotated[str, typer.Option("--note", help="Why, in a sentence; may be left out where justified.")] = "",
    answer: Annotated[int | None, typer.Option("--answer", metavar="ENTRY", help="The answer you read.")] = None,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Sign an item off. Not justified opens a breach, of which the authority is to hear in time.

    Where the employee answered, --answer names the entry of the answer that was read; show tells it.
    """
    chosen = parse_decision(decision)
    with seat(home, user, password_fd) as at:
        breach = at.desk.reviews.decide(at.access(), item, chosen, note, answer)
    if as_json:
        put_json({"item": item, "decision": chosen.value, "breach": breach or None})
        return
    say(f"Signed off as {chosen.words}.")
    if breach:
        put(breach)


@app.command()
def months(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List the months of the log, how much of each is reviewed, and why one cannot be closed yet."""
    with seat(home, user, password_fd) as at:
        found = at.desk.months.months(at.access())
    if as_json:
        put_json([asdict(each) for each in found])
        return
    if not found:
        say("No month yet.", "run-due takes each day of the log once it is over.")
        return
    put_table(("Month", "Entries", "Opens", "Drawn", "Items", "Undecided", "State"), map(_month_line, found))


@app.command()
def close_month(
    month: Month, *, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False
) -> None:
    """Close a month of which everything is decided, and print its certificate."""
    with seat(home, user, password_fd) as at:
        made = at.desk.months.close(at.access(), month)
    _put_certificate(made, as_json=as_json)


@app.command()
def certificate(
    month: Month,
    *,
    user: User,
    save: Annotated[bool, typer.Option("--save", help="Write it to a new file of the desk, as it is kept.")] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Print the certificate of a closed month; the SHA-256 of its JSON as kept stands in the entry audit.closed."""
    with seat(home, user, password_fd) as at:
        if save:
            put(str(at.desk.months.save(at.access(), month)))
            return
        made = at.desk.months.certificate(at.access(), month)
    _put_certificate(made, as_json=as_json)


@inbox_app.command("list")
def inbox(*, user: User, password_fd: PasswordFd = None, home: Home = None, as_json: Json = False) -> None:
    """List what an admin asks about accesses of one's own; for everybody."""
    with seat(home, user, password_fd) as at:
        found = at.desk.inbox.questions(at.access())
    if as_json:
        put_json([_question_as_json(each) for each in found])
        return
    if not found:
        say("Nothing is asked.")
        return
    heads = ("Item", "Day", "What", "Seen", "Customer", "Entries")
    put_table(
        heads,
        (
            (
                str(each.item.id), each.item.day, "; ".join(of.title for of in (each.item, *each.also)),
                " ".join(of.words for of in (each.item, *each.also)), number_or_dash(each.item.customer),
                " ".join(str(row.seq) for row in each.entries),
            )
            for each in found
        ),
    )  # fmt: skip


def _question_as_json(question: Question) -> dict[str, object]:
    seqs, also = [row.seq for row in question.entries], [_as_json(each) for each in question.also]
    return {**_as_json(question.item), "entry_numbers": seqs, "also": also}


@inbox_app.command("answer")
def answer(
    item: Item,
    text: Annotated[str, typer.Argument(metavar="ANSWER", help="In a sentence, without a customer's name or data.")],
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Answer what one is asked about; the admin reads it before he decides, and it stands in the log."""
    with seat(home, user, password_fd) as at:
        at.desk.inbox.answer(at.access(), item, text)
    if as_json:
        put_json({"item": item, "state": ItemState.ANSWERED.value})
        return
    say("Answered.")


def _put_certificate(made: Certificate, *, as_json: bool) -> None:
    if as_json:
        put_json(asdict(made))
        return
    put_pairs(made.facts())
    put(made.checkpoint.removesuffix("\n"), lines=True)


def _as_json(item: ReviewItem) -> dict[str, object]:
    moments = ("at", "asked_at", "answered_at", "decided_at")
    found = {**asdict(item), **{name: utc_or_none(getattr(item, name)) for name in moments}}
    return {name: value for name, value in found.items() if name not in {"actor", "subject"}}


def _month_line(each: MonthState) -> tuple[str, ...]:
    state = f"closed by {each.closed_by}" if each.closed_at is not None else each.why or "can be closed"
    state += "" if each.pruned_at is None else f"; its entries were pruned on {as_utc(each.pruned_at)[:10]}"
    drawn = "-" if each.drawn is None else str(each.drawn)
    return each.month, f"{each.entries:,}", f"{each.opens:,}", drawn, str(each.items), str(each.undecided), state


def utc_or_none(moment: int | None) -> str | None:
    """Return a moment as it is printed, or nothing."""
    return None if moment is None else as_utc(moment)


def _state(item: ReviewItem) -> str:
    by = f" by {item.decided_by}" if item.decided_by else ""
    return f"{item.state.words}{by}{' (own access)' if item.own else ''}"


def number_or_dash(customer: int | None) -> str:
    """Return a customer's number, or a dash where it is not known."""
    return "-" if customer is None else str(customer)
