"""The privacy policy with what proves it, for people and for a monitor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put, put_json, put_pairs, put_table, say
from staffdesk.cli.seat import seat
from staffdesk.domain.evidence import State

if TYPE_CHECKING:
    from staffdesk.domain.evidence import Evidence, Figure, Proved

app = typer.Typer(no_args_is_help=True)

SOMETHING_BAD: Final = 11


@app.callback()
def group() -> None:
    """Keep ``evidence`` a command of its own: with one command alone the library would leave its name out."""


@app.command()
def evidence(
    *,
    user: User,
    long: Annotated[bool, typer.Option("--long", help="With rule, every figure and the tests of each clause.")] = False,
    check: Annotated[bool, typer.Option("--check", help="End with 11 where a figure is bad, for a monitor.")] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Print each clause of the privacy policy with the figure that proves it now. One entry, and nothing of anybody."""
    with seat(home, user, password_fd) as at:
        found = at.desk.evidence.read(at.access())
    if as_json:
        put_json(_as_json(found))
    elif long:
        for each in found.clauses:
            _put_clause(each)
    else:
        heads = ("Clause", "", "State", "Figure")
        put_table(heads, ((e.clause.id, e.clause.title, e.state.value, e.telling.words) for e in found.clauses))
    counts = ", ".join(f"{many} {state.value}" for state, many in found.counts.items() if many)
    say(f"As of {as_utc(found.at)}: {counts}.")
    if check and found.counts[State.BAD]:
        raise typer.Exit(SOMETHING_BAD)


def _put_clause(each: Proved) -> None:
    put(f"{each.clause.id} {each.clause.title}: {each.state.value}")
    pairs = {"Says": each.clause.says, "Rule": each.clause.rule}
    put_pairs({**pairs, "Figures": "\n".join(map(_line, each.figures)), "Tests": "\n".join(each.clause.tests)}, "  ")


def _line(figure: Figure) -> str:
    note = f" ({figure.reading.note})" if figure.reading.note else ""
    mend = f" {figure.mend}" if figure.mend else ""
    return f"{figure.state.value}: {figure.words}{note}.{mend}"


def _as_json(found: Evidence) -> dict[str, object]:
    from staffdesk.parameters.shapes import policy  # noqa: PLC0415 - needed by few

    shipped = policy()
    return {
        "as_of": as_utc(found.at),
        "policy": {"version": shipped.version, "dated": shipped.dated, "reference": shipped.reference},
        "counts": {state.value.replace(" ", "_"): many for state, many in found.counts.items()},
        "clauses": [_clause_as_json(each) for each in found.clauses],
    }


def _clause_as_json(each: Proved) -> dict[str, object]:
    clause = each.clause
    return {
        "id": clause.id,
        "title": clause.title,
        "says": clause.says,
        "rule": clause.rule,
        "state": each.state.value.replace(" ", "_"),
        "figures": [_figure_as_json(figure) for figure in each.figures],
        "tests": list(clause.tests),
    }


def _figure_as_json(figure: Figure) -> dict[str, object]:
    rule = figure.rule
    limits = {
        "attention_from": rule.attention_from,
        "bad_from": rule.bad_from,
        "attention_below": rule.attention_below,
        "bad_below": rule.bad_below,
    }
    return {
        "name": figure.measure.value,
        "label": figure.means,
        "value": figure.reading.value,
        "unit": rule.unit or None,
        "state": figure.state.value.replace(" ", "_"),
        "note": figure.reading.note or None,
        "limits": {name: limit for name, limit in limits.items() if limit is not None},
        "mend": rule.mend or None,
    }
