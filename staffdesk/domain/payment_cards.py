"""Card numbers in a text: whose digits they can be, and in which groups people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardBrand:
    """The first digits of a brand's numbers, as ranges with both ends in them, and how long they are."""

    name: str
    prefixes: tuple[tuple[int, int], ...]
    lengths: frozenset[int]

    def issues(self, digits: str) -> bool:
        """Say whether a number of these digits can be this brand's."""
        return len(digits) in self.lengths and any(
            low <= int(digits[: len(str(low))]) <= high for low, high in self.prefixes
        )


@dataclass(frozen=True, slots=True)
class CardGroups:
    """How card numbers are written.

    ``own`` are the groups printed on cards. Of other groups the first has at least ``first`` digits and those between
    at least ``middle``; ``unbroken`` digits stand together at least where there are no groups. Between one or two
    letters on both sides such digits are a serial's where one of the words ``serials`` stands before.
    """

    own: tuple[tuple[int, ...], ...]
    first: int
    middle: int
    unbroken: int
    serials: tuple[str, ...]


_SHORTEST, _LONGEST = 13, 19
_MOST_EVEN = 3
"""Digits of the largest groups, all alike, that are smaller than a card's own."""

_GROUP = re.compile(r"\d+")
_PLAIN_SIGNS = frozenset({" ", ".", "-"})
_FEW_LETTERS_BEFORE = re.compile(r"(?<![A-Za-z])[A-Za-z]{1,2}$")
_FEW_LETTERS_AFTER = re.compile(r"[A-Za-z]{1,2}(?![A-Za-z])")
_A_FEW = 3
_WORD_BEFORE, _MOST_BEFORE = 24, 48
"""How far before a serial its word ends, and how much of the text is asked for one."""

_WIDEST_SPACE = 4
"""More space than that sets numbers in columns, as a tab does: there only a card's own groups, and alone, count."""

_ADDRESS_GOES_ON = re.compile(r":[0-9A-Fa-f:]")


class CardNumbers:
    """Finds card numbers: build once."""

    __slots__ = ("_brands", "_first_digits", "_groups", "_serial")

    def __init__(self, brands: tuple[CardBrand, ...], groups: CardGroups) -> None:
        """Take the brands and the groups of their numbers."""
        self._brands = brands
        self._groups = groups
        words = "|".join(map(re.escape, groups.serials))
        self._serial = re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_]{{3}})[^\n\d]{{0,{_WORD_BEFORE}}}$")
        self._first_digits = frozenset(str(low)[0] for brand in brands for low, _ in brand.prefixes)

    def stands_in(self, found: re.Match[str], *, unbroken: bool = True, any_groups: bool = True) -> bool:
        """Say whether a run of digits and signs holds a card's number; other numbers may stand beside it.

        Without ``unbroken`` a run of digits alone is let pass; without ``any_groups`` all but a card's own groups.
        """
        run = _Run(found)
        for first, digits in enumerate(run.digits):
            if digits[0] not in self._first_digits or (len(digits) <= _MOST_EVEN and not run.begins(first)):
                continue
            number = ""
            for last in range(first, len(run.digits)):
                number += run.digits[last]
                if len(number) > _LONGEST:
                    break
                if len(number) < _SHORTEST or not any(brand.issues(number) for brand in self._brands):
                    continue
                if first == last:
                    written = any_groups and (unbroken or len(run.digits) > 1) and self._alone(run, first)
                else:
                    written = self._in_groups(run, first, last, any_groups=any_groups)
                if written and _luhn(number):
                    return True
        return False

    def _alone(self, run: _Run, at: int) -> bool:
        """Digits between one or two letters on both sides may be a serial's, as in SN4111111111111111B."""
        return len(run.digits[at]) >= self._groups.unbroken and not run.in_a_serial(at, self._serial)

    def _in_groups(self, run: _Run, first: int, last: int, *, any_groups: bool) -> bool:
        sizes = [len(digits) for digits in run.digits[first : last + 1]]
        signs = run.signs[first:last]
        plain = _PLAIN_SIGNS.issuperset(signs)
        if self._are_own(sizes):
            return plain or (run.begins(first) and run.ends(first, last) and not run.is_address(last))
        if not any_groups:
            return False
        if sizes[0] <= _MOST_EVEN:
            return len(set(signs)) == 1 and set(sizes[:-1]) == {sizes[0]} and sizes[-1] <= sizes[0] + 1
        large = sizes[0] >= self._groups.first and min(sizes[1:-1], default=_LONGEST) >= self._groups.middle
        return large and plain and not run.is_glued(first, last)

    def _are_own(self, sizes: Sequence[int]) -> bool:
        return any(
            len(sizes) <= len(own) and tuple(sizes[:-1]) == own[: len(sizes) - 1] and sizes[-1] <= own[len(sizes) - 1]
            for own in self._groups.own
        )


class _Run:
    """Groups of digits that follow each other, and the sign between each two."""

    __slots__ = ("_spans", "_text", "digits", "signs")

    def __init__(self, found: re.Match[str]) -> None:
        text = found.string
        self._text = text
        self._spans = [group.span() for group in _GROUP.finditer(text, *found.span())]
        self.digits = [text[start:end] for start, end in self._spans]
        self.signs = [
            _sign(text[end:start]) for (_, end), (start, _) in zip(self._spans, self._spans[1:], strict=False)
        ]

    def begins(self, first: int) -> bool:
        """Whether a row of at least two groups alike begins here."""
        if first == len(self.signs):
            return False
        return first == 0 or self._differs(first - 1, first - 1, first)

    def ends(self, first: int, last: int) -> bool:
        """Whether the row of groups alike that begins with ``first`` ends with ``last``."""
        return last == len(self.signs) or self._differs(last + 1, last, first)

    def _differs(self, group: int, sign: int, first: int) -> bool:
        return len(self.digits[group]) != len(self.digits[first]) or self.signs[sign] != self.signs[first]

    def is_address(self, last: int) -> bool:
        """Whether the groups are the first of an IPv6 address."""
        return self.signs[last - 1] == ":" and bool(_ADDRESS_GOES_ON.match(self._text, self._spans[last][1]))

    def is_glued(self, first: int, last: int) -> bool:
        """Whether a letter stands directly at either end."""
        start, end = self._spans[first][0], self._spans[last][1]
        return self._text[start - 1 : start].isalpha() or self._text[end : end + 1].isalpha()

    def in_a_serial(self, at: int, serial: re.Pattern[str]) -> bool:
        """Whether one or two letters stand directly on both sides, and words before say that it is a serial."""
        start, end = self._spans[at]
        if not serial.search(self._text[max(0, start - _MOST_BEFORE) : start].lower()):
            return False
        before, after = self._text[max(0, start - _A_FEW) : start], self._text[end : end + _A_FEW]
        return bool(_FEW_LETTERS_BEFORE.search(before) and _FEW_LETTERS_AFTER.match(after))


def _sign(between: str) -> str:
    in_columns = "\t" in between or len(between) > _WIDEST_SPACE
    return between.strip() or ("\n" if "\n" in between else "\t" if in_columns else " ")


def _luhn(digits: str) -> bool:
    from stdnum import luhn  # noqa: PLC0415 - asked only for digits that can be a brand's

    return bool(luhn.is_valid(digits))
