"""What a look-up may take: the budgets, and which of them a run missed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

IDENTIFIERS: Final = ("e-mail", "order", "serial", "MAC", "IP", "phone")
WORDS: Final = (
    "one word", "two words", "name and company", "country", "CJK", "accents folded", "counting",
)  # fmt: skip
COMMON: Final = ("too-common word", "two too common", "counting common")
MEETS_ALL: Final = (*IDENTIFIERS, "one word", "two words", "open")
"""The classes whose gateway is held against the bare driver."""

_IDENTIFIER, _IDENTIFIER_POSTGRES = 1.0, 3.0
_WORDS, _COMMON, _MISSPELT = 15.0, 30.0, 20.0
_READ, _BY_TRIGRAMS, _BY_TRIGRAMS_POSTGRES = 45.0, 10.0, 60.0
_RATIO, _RATIO_POSTGRES = 1.5, 2.0
_DRIVER, _DRIVER_POSTGRES = 2.5, 3.0
_GROWTH: Final = 0.1


def missed(
    classes: Sequence[dict[str, Any]],
    people: int,
    smaller: Mapping[str, Any] | None,
    *,
    is_postgres: bool,
    by_trigrams: bool,
) -> list[str]:
    """Return a line for each budget that was not kept; with a ``smaller`` run each class is told how it grew."""
    limits = _limits(is_postgres=is_postgres, by_trigrams=by_trigrams)
    before = {} if smaller is None else {each["name"]: each for each in smaller["classes"]}
    found = []

    def hold(each: Mapping[str, Any], what: str, value: float, limit: float) -> None:
        if value > limit:
            found.append(f"{each['name']}: {what} {value:.2f}, at most {limit:g}")

    for each in classes:
        if each["name"] in limits:
            hold(each, "p99 ms", each["layer_ms"]["p99"], limits[each["name"]])
        if each["name"] in MEETS_ALL:
            hold(each, "ratio", each["ratio"], _RATIO_POSTGRES if is_postgres else _RATIO)
            hold(each, "ratio_driver", each["ratio_driver"], _DRIVER_POSTGRES if is_postgres else _DRIVER)
        if smaller is not None and "layer_ms" in each and each["name"] in before and people > smaller["people"]:
            times = each["layer_ms"]["p50"] / before[each["name"]]["layer_ms"]["p50"]
            each["growth"] = round(math.log(times) / math.log(people / smaller["people"]), 3)
            hold(each, "growth", each["growth"], _GROWTH)
    return found


def _limits(*, is_postgres: bool, by_trigrams: bool) -> Mapping[str, float]:
    part = (_BY_TRIGRAMS_POSTGRES if is_postgres else _BY_TRIGRAMS) if by_trigrams else _READ
    return {
        **dict.fromkeys(IDENTIFIERS, _IDENTIFIER_POSTGRES if is_postgres else _IDENTIFIER),
        **dict.fromkeys(WORDS, _WORDS),
        **dict.fromkeys(COMMON, _COMMON),
        "part of a word": part,
        "misspelt": _MISSPELT,
    }


_IMPORT_ROWS_S, _IMPORT_OF_RAW, _IMPORT_MB, _IMPORT_HELD_MS = 15_000.0, 0.3, 200.0, 250.0


def missed_by_imports(stages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for each budget of imports that was not kept, of each file and of all together."""
    found = []
    for stage in stages:
        if stage.get("peak_mb", 0.0) > _IMPORT_MB:
            found.append(f"{stage['file']} {stage['stage']}: {stage['peak_mb']} MB, at most {_IMPORT_MB:g}")
        if (held := stage.get("held_ms", {}).get("longest", 0.0)) > _IMPORT_HELD_MS:
            found.append(f"{stage['file']} {stage['stage']}: held {held} ms, at most {_IMPORT_HELD_MS:g}")
    wrote = [stage for stage in stages if stage["stage"] == "write"]
    rate = sum(stage["rows"] for stage in wrote) / sum(stage["wall_s"] for stage in wrote)
    if rate < _IMPORT_ROWS_S:
        found.append(f"all files: {rate:.0f} rows/s, at least {_IMPORT_ROWS_S:g}")
    if (share := of_raw(stages)) < _IMPORT_OF_RAW:
        found.append(f"all files: {share:.2f} of raw, at least {_IMPORT_OF_RAW:g}")
    return found


def of_raw(stages: Sequence[Mapping[str, Any]]) -> float:
    """Return which part an import is of the rows a second that the driver alone writes, in the files' proportions."""
    would = 0.0
    for stage in (each for each in stages if each["stage"] == "write"):
        raw = [each for each in stages if each["file"] == stage["file"] and each["stage"].startswith("raw")]
        would += stage["rows"] * sum(each["wall_s"] for each in raw) / sum(each["rows"] for each in raw)
    return float(would / sum(each["wall_s"] for each in stages if each["stage"] == "write"))
