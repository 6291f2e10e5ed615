"""Taking in a store's export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.options import Home, Json, PasswordFd, User
from staffdesk.cli.output import put, put_json, put_pairs, say
from staffdesk.cli.progress import progress
from staffdesk.cli.seat import seat
from staffdesk.domain.imported import Place

if TYPE_CHECKING:
    from staffdesk.services.imports import ImportReport

_KINDS = ("people", "orders", "subscriptions")


def import_files(
    store: Annotated[str, typer.Argument(metavar="STORE", help="fastspring or shopify.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The store's exports.")],
    *,
    user: User,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    test_orders: Annotated[bool, typer.Option("--test-orders", help="Take test orders in too.")] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take in orders and subscriptions; a second run of the same files changes nothing."""
    with seat(home, user, password_fd) as at, progress("records") as step:
        report = at.desk.imports.run(
            at.access(),
            store,
            files,
            dry_run=dry_run,
            test_orders=test_orders,
            progress=lambda done: step(done, 0),
        )
    if as_json:
        put_json(_as_json(report))
    else:
        _put(report)


def _put(report: ImportReport) -> None:
    if report.dry_run:
        say("A dry run: nothing was changed.")
    put_pairs(
        {
            "read": f"{report.read:,}",
            **{kind: ", ".join(f"{count:,} {state}" for state, count in report.of(kind).items()) for kind in _KINDS},
            "test orders left out": f"{report.test_orders:,}",
            "fields dropped": ", ".join(f"{n:,} {name}" for name, n in sorted(report.dropped.items())) or "0",
        }
    )
    for place in report.conflicts:
        put(f"{_where(place)}: same account, other name; kept as a second person.")
    for refused in report.refused:
        put(f"{_where(refused.place)}: refused: {refused.reason}")
    for unknown in report.unknown_columns:
        put(f"{_where(unknown.place)}: columns not known, and dropped: {', '.join(unknown.names)}")


def _as_json(report: ImportReport) -> dict[str, object]:
    return {
        "store": report.store,
        "dry_run": report.dry_run,
        "read": report.read,
        "test_orders": report.test_orders,
        **{kind: dict(report.of(kind)) for kind in _KINDS},
        "dropped": dict(sorted(report.dropped.items())),
        "conflicts": [_place(place) for place in report.conflicts],
        "refused": [{**_place(refused.place), "reason": refused.reason} for refused in report.refused],
        "unknown_columns": [{**_place(each.place), "names": list(each.names)} for each in report.unknown_columns],
    }


def _where(place: Place) -> str:
    account = f" (account {place.account_id})" if place.account_id else ""
    return f"{place.file} {place.position}".strip() + account


def _place(place: Place) -> dict[str, object]:
    return {"file": place.file, "position": place.position, "account_id": place.account_id}
