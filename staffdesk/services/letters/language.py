"""The languages of letters, and how each writes days, months, numbers and countries."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from staffdesk.domain.sharing import NO_COUNTRY

if TYPE_CHECKING:
    from babel import Locale


class Language(StrEnum):
    """What letters are written in."""

    EN = "en"
    FR = "fr"
    NL = "nl"


_LOCALES: Final = {Language.EN: "en_GB", Language.FR: "fr_BE", Language.NL: "nl_BE"}


def language_of(code: str | None) -> Language:
    """Return the language of letters to somebody whose language this is: ``fr``, ``nl-BE``; English for any other."""
    main = (code or "").replace("_", "-").partition("-")[0].lower()
    return next((each for each in Language if each.value == main), Language.EN)


def day(value: dt.date, language: Language) -> str:
    """Return a day as a letter names it: ``26 November 2026``, ``1er décembre 2026``."""
    from babel.dates import format_date  # noqa: PLC0415 - a letter is rare, and its calendars are slow to come in

    written = format_date(value, "d MMMM y", locale=_locale(language))
    # French says the first day of a month as an ordinal, which the calendars of CLDR leave out.
    return re.sub("^1 ", "1er ", written) if language is Language.FR else written


def month(value: dt.date, language: Language) -> str:
    """Return a month with its year: ``October 2024``."""
    from babel.dates import format_date  # noqa: PLC0415 - as above

    return format_date(value, "MMMM y", locale=_locale(language))


def months(language: Language) -> tuple[str, ...]:
    """Return the names of the months."""
    return tuple(month(dt.date(2000, number, 1), language).partition(" ")[0] for number in range(1, 13))


def count(value: int, language: Language) -> str:
    """Return a number: ``1,240``, ``1 240``, ``1.240``."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - as above

    return format_decimal(value, locale=_locale(language))


def countries(codes: str, language: Language) -> str:
    """Return the names of countries given by their ISO codes, as ``GB`` or ``GB, US``; a code of none stays."""
    named = _locale(language).territories
    wanted = [each.strip() for each in codes.split(",")]
    return ", ".join(str(named.get(each, each)) for each in wanted if each and each != NO_COUNTRY)


@cache
def _locale(language: Language) -> Locale:
    from babel import Locale  # noqa: PLC0415 - as above

    return Locale.parse(_LOCALES[language])
