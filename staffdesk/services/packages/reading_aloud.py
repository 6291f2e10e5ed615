"""How stored values are said: to people in their language, to programs as they are."""

from __future__ import annotations

import datetime as dt
from typing import Final

from staffdesk.data import register
from staffdesk.domain.packages import Held
from staffdesk.domain.provenance import WORDS as SOURCES
from staffdesk.domain.text import visible
from staffdesk.services.cells import iso
from staffdesk.services.letters import Language
from staffdesk.services.letters.language import countries
from staffdesk.services.packages.words import Words

_MOMENT: Final = "_at"
_COUNTRY: Final = "country"
_FIRST: Final = 0
_LAST_MOMENT: Final = 253_402_300_799_999
"""The end of the year 9999, the last moment that has a date."""

Plain = str | int | bool | None


def plain(column: str, value: object) -> Plain:
    """Return a value for programs: dates and moments in ISO 8601, text untouched."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return iso(value) if column.endswith(_MOMENT) and _FIRST <= value <= _LAST_MOMENT else value
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def said(column: str, value: object, words: Words, language: str) -> str:
    """Return a value for people, nothing in it hidden or acting."""
    if isinstance(value, bool):
        return words.yes if value else words.no
    text = str(plain(column, value))
    if column == "source":
        return words.say(SOURCES.get(text, text))
    if column.endswith(_COUNTRY):
        return country(text, language)
    return visible(text, lines=True)


def moment_said(milliseconds: int) -> str:
    """Return UTC milliseconds as ``2026-11-22 10:00``."""
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).strftime("%Y-%m-%d %H:%M")


def country(code: str, language: str) -> str:
    """Return the name of a country, the code itself where there is none by it; nothing for one nobody recorded."""
    return visible(countries(code.upper(), Language(language)))


def called(held: Held, words: Words) -> str:
    """Return what a row is called: its number where it has one people know, else how it is numbered here."""
    for column in ("number", "serial", "list_name", "field", "list"):
        value = held.values.get(column)
        if isinstance(value, str) and value:
            return visible(value)
    columns = register.packaged(held.table)
    label = columns["id"].label if "id" in columns else next(iter(columns.values())).label
    return f"{words.say(label)} {held.id}"
