"""Numbers written so that a plain search sees none: a letter that looks like a figure, or one between all figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from staffdesk.domain.ibans import is_iban

_MAY_BE: Final = re.compile(r"[\dOolI](?:(?<=\d)(?:[ .-]?[OolI]|[A-Za-z]\d[A-Za-z]\d)|(?<=[OolI])\d)")
"""Begins with the signs that it can begin with, which are found before anything is tried."""

_FIGURES: Final = str.maketrans("OolI", "0011")

_F: Final = "[0-9OolI]"
_NUMBER: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:"
    rf"{_F}{{4}}(?P<a>[ .-]?){_F}{{4}}(?P=a){_F}{{4}}(?P=a){_F}{{4}}(?:(?P=a){_F}{{1,3}})?"
    rf"|{_F}{{4}}(?P<b>[ .-]?){_F}{{6}}(?P=b){_F}{{4,5}}"
    rf"|{_F}{{2}}\.{_F}{{2}}\.{_F}{{2}}[-.]{_F}{{3}}[-.]{_F}{{2}}|{_F}{{6}}[-.]{_F}{{3}}[-.]{_F}{{2}}"
    rf")(?![A-Za-z0-9])"
)
"""In the groups printed on cards or run together, and in those of a national register number: other rows of groups with
such letters are serials."""

_ACCOUNT: Final = re.compile(
    rf"(?<![A-Za-z0-9])([A-Z]{{2}})({_F}{{2}})(?P<c>[ .-]?)((?:[A-Z]{{4}}(?P=c))?)"
    rf"((?:{_F}{{4}}(?P=c)){{1,6}}{_F}{{1,4}})(?![A-Za-z0-9])"
)
"""Its country, its check digits, its bank in letters or not, and the figures behind."""

_JOINED: Final = re.compile(r"(?<![A-Za-z0-9])[0-9](?:[A-Za-z][0-9]){12,18}(?![A-Za-z0-9])")
_NOT_A_DIGIT: Final = re.compile(r"[^0-9]")


def numbers_in(text: str) -> Iterator[str]:
    """Return each number as its figures read, most of which are figures as they stand; in most texts there is none."""
    return _numbers(text) if _MAY_BE.search(text) else iter(())


def _numbers(text: str) -> Iterator[str]:
    for found in _NUMBER.finditer(text):
        if _has_both(found[0]):
            yield found[0].translate(_FIGURES)
    for found in _ACCOUNT.finditer(text):
        country, check, _, bank, rest = found.groups()
        account = f"{country}{check.translate(_FIGURES)}{bank}{rest.translate(_FIGURES)}"
        if _has_both(found[0]) and is_iban(account):
            yield account
    for found in _JOINED.finditer(text):
        yield _NOT_A_DIGIT.sub("", found[0])


def _has_both(written: str) -> bool:
    """Say whether there are letters among the figures, and half as many at most: more are a serial's."""
    letters = sum(char in "OolI" for char in written)
    return 0 < 2 * letters <= sum(map(str.isdigit, written))
