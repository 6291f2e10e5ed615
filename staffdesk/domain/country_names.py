"""Which country is meant by what somebody wrote: its code, or its name in a language of the customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from staffdesk.domain import transfers
from staffdesk.domain.words import sort_name
from staffdesk.parameters import Dated, read

_REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryNameRules(Dated):
    """In which languages names are known; what is written besides, with its code; what is never taken for a name."""

    languages: tuple[str, ...]
    never: tuple[str, ...]
    also: Mapping[str, str]


@cache
def rules() -> CountryNameRules:
    """Return the shipped rules."""
    return read("country_names", CountryNameRules)


@lru_cache(_REMEMBERED)
def country_code(written: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the country that was written, by code or by name; None where none is known.

    Upper and lower case, accents and what stands between words do not count.
    """
    if transfers.rules().known(written):
        return transfers.rules().country(written)
    return _codes().get(sort_name(written))


@cache
def _codes() -> Mapping[str, str]:
    """Return the codes by folded name; what two countries are called is left out."""
    from babel import Locale  # noqa: PLC0415 - for who takes in a file that names countries

    meant: dict[str, set[str]] = {}
    for language in rules().languages:
        for code, name in Locale(language).territories.items():
            if code in transfers.rules().countries:
                meant.setdefault(sort_name(name), set()).add(code)
    left_out = {sort_name(name) for name in rules().never}
    named = {name: codes.pop() for name, codes in meant.items() if len(codes) == 1 and name not in left_out}
    return {**named, **{sort_name(name): code for name, code in rules().also.items()}}
