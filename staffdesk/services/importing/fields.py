"""One record of a store's file, read by allow-list: what is not asked for by name is counted and never carried."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar, TypeVarTuple

from staffdesk.domain.country_names import country_code
from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import Dropped
from staffdesk.domain.screening import refuse_forbidden
from staffdesk.services.importing import moments, values
from staffdesk.services.importing.dropping import count_dropped

CODE = 80
"""Longest number, key or state taken."""

NAME = 200
"""Longest name taken."""

HALF_NAME = 99
"""Longest given or family name taken: both, with a space, make one name."""

LINE = 500
"""Longest street or description taken."""

CORRECT = "Correct it where it was exported, and export it again."
"""The next step where a record says what it cannot say."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

Also = TypeVarTuple("Also")
T = TypeVar("T")


class Fields:
    """The fields of one object; every method takes the field it names and gives ``None`` where it is empty.

    A field of the wrong type, or one whose text may not be held, raises ``BadInput`` with the field's path and without
    its value. ``path`` is made of names this program knows, never of names from the file.
    """

    def __init__(
        self,
        content: object,
        path: str = "",
        reasons: Mapping[str, Dropped] = MappingProxyType({}),
        *,
        columns: Mapping[str, str] = MappingProxyType({}),
        comma: bool = False,
        zone: str = "UTC",
    ) -> None:
        """Refuse anything that is not an object with named fields; ``reasons`` says why fields of its own are left.

        ``columns`` gives the names under which somebody knows the fields; with ``comma`` decimals follow one.
        ``zone`` is the time zone of times that name none.
        """
        if not isinstance(content, dict):
            raise BadInput(
                f"Field {path}: it is not an object." if path else "It is not an object with named fields.", CORRECT
            )
        self._content: Mapping[str, object] = content
        self._path = path
        self._reasons = reasons
        self._columns = columns
        self._comma = comma
        self._zone = zone
        self._taken: set[str] = set()
        self._names: list[str] = []
        self._below: dict[str, list[Fields]] = {}

    def __contains__(self, key: str) -> bool:
        """Tell whether the field is there and filled, without taking it."""
        return self._content.get(key) not in (None, "")

    def names(self) -> list[str]:
        """List the names of an object whose names the store makes up."""
        return list(self._content)

    def holds(self, key: str, kind: type[object]) -> bool:
        """Tell whether the field is of a kind, without taking it."""
        return isinstance(self._content.get(key), kind)

    def count_dropped(self, into: Counter[Dropped]) -> None:
        """Count the filled fields that nobody took, here and in the objects taken from here."""
        for key, value in self._content.items():
            if key in self._below:
                for below in self._below[key]:
                    below.count_dropped(into)
            elif key not in self._taken:
                count_dropped(key, value, into, self._reasons.get(key, Dropped.OTHER))

    def words(self, key: str, limit: int = NAME, known_as: str = "") -> str | None:
        """Take text that a person wrote; ``known_as`` stands in errors for a name the store made up."""
        self._taken.add(key)
        return self._convert(known_as or key, self._content.get(key), values.words_of, limit)

    def name(self, key: str, limit: int = NAME) -> str | None:
        """Take what somebody is called; what has no letter is no name, and is left where it is, counted as such."""
        name = self.words(key, limit)
        if name is None:
            return None
        self._names.append(name)
        if any(sign.isalpha() for sign in name):
            return name
        refuse_forbidden(" ".join(self._names))  # a number that is cut in two is no name, and what it is is said
        self._taken.discard(key)
        self.leave_as(key, Dropped.NAME)
        return None

    def code(self, key: str, limit: int = CODE) -> str | None:
        """Take an id, a number or a state."""
        return self._take(key, values.code_of, limit)

    def word(self, key: str) -> str | None:
        """Take a state or a status."""
        return self._take(key, values.word_of)

    def codes(self, key: str, limit: int = CODE) -> list[str]:
        """Take a list of ids or numbers, each once."""
        self._taken.add(key)
        listed = self._content.get(key)
        if listed is None:
            return []
        if not isinstance(listed, list):
            raise BadInput(f"Field {self._named(key)}: it is not a list.", CORRECT)
        codes = [self._convert(f"{key}[{index}]", entry, values.code_of, limit) for index, entry in enumerate(listed)]
        return list(dict.fromkeys(code for code in codes if code is not None))

    def email(self, key: str) -> str | None:
        """Take an e-mail address."""
        return self._take(key, values.email_of)

    def phone(self, key: str) -> str | None:
        """Take a telephone number."""
        return self._take(key, values.phone_of)

    def currency(self, key: str) -> str | None:
        """Take an ISO 4217 code."""
        return self._take(key, values.currency_of)

    def amount(self, key: str) -> Decimal | None:
        """Take an amount of money."""
        return self._take(key, lambda value: values.amount_of(value, comma=self._comma))

    def whole(self, key: str) -> int | None:
        """Take a number of pieces."""
        return self._take(key, values.whole_of)

    def flag(self, key: str) -> bool | None:
        """Take true or false."""
        return self._take(key, values.flag_of)

    def told_flag(self, key: str) -> bool | None:
        """Take true or false as a table writes it."""
        return self._take(key, values.told_flag_of)

    def moment(self, key: str) -> dt.datetime | None:
        """Take a date and time with its distance from UTC."""
        return self._take(key, moments.iso_moment)

    def table_moment(self, key: str, order: str = "ymd") -> dt.datetime | None:
        """Take a date and time of a table, which is in the file's time zone where it names none; ``order`` as there."""
        return self._take(key, moments.table_moment, order, self._zone)

    def day(self, key: str, order: str) -> dt.date | None:
        """Take a day on which something happened; ``order`` is ``ymd``, ``dmy`` or ``mdy``."""
        return self._take(key, moments.day_of, order)

    def listed(self, key: str, words: Mapping[str, str]) -> str | None:
        """Take a word of a closed list, turned into the desk's own."""
        return self._take(key, values.listed_word, words)

    def normal(self, key: str, normalise: Callable[[str], str]) -> str | None:
        """Take an address of a network in the one form it is held in."""
        return self._take(key, lambda value: None if (code := values.code_of(value, CODE)) is None else normalise(code))

    def milliseconds(self, key: str, *, planned: bool = False) -> dt.datetime | None:
        """Take a time in milliseconds since 1970, of what has happened or of what is planned."""
        return self._take(key, lambda value: moments.millisecond_moment(value, planned=planned))

    def country(self, key: str) -> str | None:
        """Take a country by its ISO 3166-1 alpha-2 code or its name; one that is not known stays, counted as such."""
        written = self._content.get(key)
        if not isinstance(written, str) or not written.strip():
            return None
        code = country_code(written.strip())
        if code is None:
            self.leave_as(key, Dropped.COUNTRY)
        else:
            self._taken.add(key)
        return code

    def language(self, key: str) -> str | None:
        """Take a language tag (IETF BCP 47); anything else stays where it is, counted as dropped."""
        return self._matching(key, _LANGUAGE)

    def needed(self, key: str, value: T | None) -> T:
        """Insist on a field without which the record cannot be kept."""
        if value is None:
            raise BadInput(f"Field {self._named(key)} is missing.", CORRECT)
        return value

    def section(self, key: str) -> Fields | None:
        """Take the object below a field."""
        if key in self._below:
            return self._below[key][0]
        if key not in self:
            return None
        below = Fields(self._content[key], self._named(key))
        self._below[key] = [below]
        return below

    def sections(self, key: str, known_as: str = "") -> list[Fields]:
        """Take the list of objects below a field; ``known_as`` stands in errors for a name the store made up."""
        named = self._named(known_as or key)
        listed = self._content.get(key)
        if listed is None:
            return []
        if not isinstance(listed, list):
            raise BadInput(f"Field {named}: it is not a list.", CORRECT)
        self._below[key] = [Fields(entry, f"{named}[{index}]") for index, entry in enumerate(listed)]
        return self._below[key]

    def leave_out(self, key: str) -> object:
        """Hand over what a field holds to be read as a record of its own, with a count of its own."""
        self._taken.add(key)
        return self._content.get(key)

    def leave_as(self, key: str, reason: Dropped) -> None:
        """Say why a field is not taken, to be counted so."""
        self._reasons = {**self._reasons, key: reason}

    def pull_out(self, key: str, path: str = "") -> Fields | None:
        """Take the object below a field to be a record of its own; an id in its place is left where it is."""
        return Fields(self.leave_out(key), path) if self.holds(key, dict) else None

    def _named(self, key: str) -> str:
        named = self._columns.get(key, key)
        return f"{self._path}.{named}" if self._path else named

    def _take(self, key: str, convert: Callable[[object, *Also], T | None], *also: *Also) -> T | None:
        self._taken.add(key)
        return self._convert(key, self._content.get(key), convert, *also)

    def _convert(
        self, known_as: str, value: object, convert: Callable[[object, *Also], T | None], *also: *Also
    ) -> T | None:
        if value is None or value == "":
            return None
        try:
            return convert(value, *also)
        except BadInput as error:
            raise BadInput(f"Field {self._named(known_as)}: {error.sentence}", error.hint or CORRECT) from None

    def _matching(self, key: str, pattern: re.Pattern[str]) -> str | None:
        value = self._content.get(key)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            return None
        self._taken.add(key)
        return value
