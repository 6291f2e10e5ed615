"""Who looked at a customer, as a form: counts, then a line for each day and purpose, then each look where named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from staffdesk.cli.moments import as_utc
from staffdesk.cli.output import put_pairs, put_table, say
from staffdesk.domain.access import Act, Level
from staffdesk.domain.company_history import HISTORY
from staffdesk.domain.packages import Consulted

if TYPE_CHECKING:
    from staffdesk.services.who_looked import WhoLooked


def looks_as_json(found: WhoLooked) -> dict[str, object]:
    """Return all of it for a program; ``who`` stands in no look where nobody is named."""
    return {
        "customer": found.customer,
        "counts": _counted(found.counts),
        "by_day": [
            {"day": day, "purpose": purpose or None, **_counted(counts)}
            for (day, purpose), counts in found.by_day.items()
        ],
        "looks": [
            {
                "entry": each.told.seq,
                "at": as_utc(each.told.at),
                "act": each.told.act,
                "level": None if each.told.level is None else each.told.level.value,
                "purpose": each.told.purpose or None,
                "department": each.told.role,
                "kinds": list(each.told.kinds),
                "in_company_history": _in_company(each.told),
                "times": each.told.times,
                **({"who": each.who} if each.who else {}),
            }
            for each in found.looks
        ],
        "kept_months": found.kept_months,
    }


def put_looks(found: WhoLooked) -> None:
    """Print the form, and what is not in it."""
    from staffdesk.parameters.shapes import sessions  # noqa: PLC0415 - needed by few

    counts = found.counts
    put_pairs({"Customer": str(found.customer), **{level.value.title(): str(counts[level]) for level in Level}})
    if found.by_day:
        lines = (
            (day, purpose or "-", *(str(number[level]) for level in Level))
            for (day, purpose), number in found.by_day.items()
        )
        put_table(("Day", "Purpose", *(level.value.title() for level in Level)), lines)
    if history := sum(each.told.times for each in found.looks if _in_company(each.told)):
        say(f"Of the listings {history} showed rows of his in the history of his company.")
    if named := [each for each in found.looks if each.who]:
        put_table(
            ("When", "What", "Purpose", "Department", "Times", "Who"),
            (
                (
                    as_utc(each.told.at),
                    f"{each.told.act} (company history)" if _in_company(each.told) else each.told.act,
                    each.told.purpose or "-",
                    each.told.role,
                    str(each.told.times),
                    each.who,
                )
                for each in named
            ),
        )
    minutes = sessions().open_record_minutes
    say(f"Openings under one number within {minutes} minutes count once; what came to nothing is not told.")
    if found.kept_months is not None:
        say(f"Looks are kept for {found.kept_months} months: older ones may be gone, and then stand nowhere here.")


def _in_company(told: Consulted) -> bool:
    return told.act == Act.CUSTOMER_LISTED and HISTORY in told.kinds


def _counted(counts: Mapping[Level, int]) -> dict[str, int]:
    return {level.value: number for level, number in counts.items()}
