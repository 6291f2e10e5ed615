"""What came of an import, in words and as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from staffdesk.cli.output import put, put_pairs, put_table, say
from staffdesk.domain.imported import Place
from staffdesk.domain.text import visible

if TYPE_CHECKING:
    from staffdesk.domain.read_items import Column
    from staffdesk.services.importing.report import ImportReport

WORDS: Final = {
    "person": "people", "organisation": "organisations", "sales_order": "orders", "licence": "licences",
    "product_subscription": "subscriptions", "support_case": "cases", "activation": "activations",
    "contact_report": "reports", "subscription": "news", "field_status": "fields",
}  # fmt: skip
"""What a person reads for each table that imports write."""

ONE: Final = {
    **{table: words.removesuffix("s") for table, words in WORDS.items()}, "person": "customer",
    "subscription": "subscription to news",
}  # fmt: skip
"""What he reads for one row of each."""


def in_vain(report: ImportReport) -> bool:
    """Say whether a whole file was refused, or records were and none was taken in."""
    whole = any(refused.whole for refused in report.refused)
    return whole or (bool(report.refused) and not _came(report))


def _came(report: ImportReport) -> bool:
    """Say whether anything was taken in, or would be, or was there already."""
    return any(any(report.of(kind).values()) for kind in report.kinds)


def put_report(report: ImportReport) -> None:
    """Put how many of each kind are new, changed and unchanged, and what was left."""
    if report.dry_run:
        say("A dry run: nothing was changed.")
    for file in report.columns:
        put(f"{_where(file.place)} is read as {file.table}:")
        put_table(("column", "becomes"), ((each.name, _becomes(each)) for each in file.columns))
        if file.zone is not None:
            put(f"times that name no zone are in {file.zone}; another one is told with --zone")
        put()
    kinds = [kind for kind in report.kinds if any(report.of(kind).values())] or report.kinds[:1]
    put_pairs(
        {
            **({} if report.number is None else {"import": str(report.number)}),
            "read": f"{report.read:,}",
            **{kind: ", ".join(f"{count:,} {state}" for state, count in report.of(kind).items()) for kind in kinds},
            **({"suppressed": f"{report.suppressed:,}"} if report.suppressed else {}),
            "test orders left out": f"{report.test_orders:,}",
            "contested fields left": f"{len(report.kept_off):,}",
            **({"left out": _counts(report.left_out)} if report.left_out else {}),
            "fields dropped": _counts(report.dropped) or "0",
        }
    )


def _becomes(column: Column) -> str:
    return f"left out: {column.why}" if column.field is None else column.field.replace("_", " ")


def _counts(by_name: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {name}" for name, n in sorted(by_name.items()))


def tell_report(report: ImportReport) -> None:
    """Say what whoever took the files in is to do next."""
    if report.notice_due_on is not None and report.of("people")["new"]:
        say(
            f"Whom the partner named must be told where his data come from by {report.notice_due_on} (GDPR Art. 14).",
            f"When that is done: staffdesk import told {report.number or 'NUMBER'} --as PRIVACY",
        )
    _tell_orders(report)
    for each in report.kept_off:
        field = each.field.replace("_", " ")
        say(f"Customer {each.customer}: {field} is contested under {each.request}, and left as it is until settled.")
    _tell_columns(report)
    for place in report.unknown_countries:
        say(f"{_where(place)}: a country is not known by this name, and left out.")
    for left in report.texts_left_out:
        say(f"{_where(left.place)}: this text is left out, the rest is taken in: {left.why}")
    _tell_refused(report)
    if not report.refused and not report.read:
        say("All of it is left out." if report.left_out else "There was no record in what was given.")


def _tell_refused(report: ImportReport) -> None:
    for refused in report.refused:
        say(f"{_where(refused.place)}: refused: {refused.reason}")
    if report.refused_besides:
        say(f"{report.refused_besides:,} more were refused and are not named here.")
    if report.refused:
        would = "would be" if report.dry_run else "was"
        taken = f"the rest {would} taken in" if _came(report) else f"nothing {would} taken in"
        if _came(report) and not any(report.of(kind)[state] for kind in report.kinds for state in ("new", "changed")):
            taken = "the rest is here already"
        erased = report.all_refused == report.counts["erased", "kept out"]
        hint = "Nothing is to be corrected." if erased else "Correct what the lines above name, then run it again."
        say(f"{report.all_refused:,} refused; {taken}.", hint)


def _tell_orders(report: ImportReport) -> None:
    if report.test_orders:
        say("Orders of a test store are left out; --test-orders takes them in too.")
    for place in report.conflicts:
        say(f"{_where(place)}: same account, other name; kept as a second person.")
    for place in report.overtaken:
        say(f"{_where(place)}: another file says something else of the same moment, and stands; this one is left.")


def _tell_columns(report: ImportReport) -> None:
    for unknown in report.unknown_columns:
        say(f"{_where(unknown.place)}: columns not known, and dropped: {visible(', '.join(unknown.names))}")
    for same in report.same_columns:
        for left, counts in same.pairs:
            where, both = _where(same.place), f"{visible(counts)} counts, {visible(left)} is dropped"
            say(f"{where}: two columns say one thing: {both}.")


def report_as_json(report: ImportReport) -> dict[str, object]:
    """Return all of it as data."""
    return {
        "store": report.store,
        "notice_due_on": None if report.notice_due_on is None else report.notice_due_on.isoformat(),
        "dry_run": report.dry_run,
        "import": report.number,
        "read": report.read,
        "suppressed": report.suppressed,
        "test_orders": report.test_orders,
        **{kind: dict(report.of(kind)) for kind in report.kinds},
        "dropped": dict(sorted(report.dropped.items())),
        "conflicts": [_place(place) for place in report.conflicts],
        "overtaken": [_place(place) for place in report.overtaken],
        "contested": [
            {"customer": each.customer, "field": each.field, "request": each.request} for each in report.kept_off
        ],
        "refused": [{**_place(refused.place), "reason": refused.reason} for refused in report.refused],
        "refused_besides": report.refused_besides,
        "unknown_countries": [_place(place) for place in report.unknown_countries],
        "left_out": dict(sorted(report.left_out.items())),
        "texts_left_out": [{**_place(each.place), "reason": each.why} for each in report.texts_left_out],
        "columns": [
            {
                **_place(file.place),
                "table": file.table,
                "zone": file.zone,
                "columns": [
                    {"name": each.name, "field": each.field, "left_out": each.why or None} for each in file.columns
                ],
            }
            for file in report.columns
        ],
        "unknown_columns": [{**_place(each.place), "names": list(each.names)} for each in report.unknown_columns],
        "same_columns": [
            {**_place(each.place), "name": left, "counts": counts}
            for each in report.same_columns
            for left, counts in each.pairs
        ],
    }


def _where(place: Place) -> str:
    account = f" (account {place.account_id})" if place.account_id else ""
    return visible(f"{place.file} {place.position}".strip()) + account


def _place(place: Place) -> dict[str, object]:
    return {"file": place.file, "position": place.position, "account_id": place.account_id}
