"""What must not be held: card numbers, IBANs, national register numbers, tokens, stream keys, passwords.

In what is written about somebody: his health, belief and the like, his birth, documents and accounts at networks too.
Every free text and every import asks this before anything is kept. What is found is never said back, kept or logged:
only what it looks like and why it is refused. The patterns are ``screening.toml`` and ``special_categories.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Final

from staffdesk.domain import look_alikes, special_categories
from staffdesk.domain.errors import MustNotBeHeld
from staffdesk.domain.ibans import is_iban
from staffdesk.domain.letters_for_figures import numbers_in
from staffdesk.domain.markup import as_sent, without_markup
from staffdesk.domain.national_numbers import is_national_number
from staffdesk.domain.payment_cards import CardNumbers
from staffdesk.domain.plain_signs import in_plain_signs
from staffdesk.domain.screening_rules import Check, Finding, Rule, ScreeningRules
from staffdesk.domain.signs import made_of
from staffdesk.domain.triggered import Triggered
from staffdesk.parameters import read


class FieldKind(StrEnum):
    """What a field is for, which decides whether digits in it may look like a card or a register number.

    TEXT is everything a person writes, a NOTE what is written about somebody: there, remarks that the law counts among
    the special categories are refused too. A CODE (an id, an order number, a serial) may be one unbroken run of digits,
    and so may a PHONE in international form, which may have any groups but a card's own besides.
    """

    TEXT = "text"
    NOTE = "note"
    CODE = "code"
    PHONE = "phone"


class Screen:
    """The rules made ready: build once, ask for every text."""

    __slots__ = ("_about_people", "_cards", "_contacts", "_digit_rules", "_held_nothing", "_triggered")

    def __init__(self, rules: ScreeningRules) -> None:
        """Compile the patterns."""
        self._contacts = [(rule, re.compile(rule.pattern)) for rule in rules.contacts]
        self._cards = CardNumbers(rules.cards, rules.card_groups)
        self._triggered = Triggered((rule for rule in rules.rules if rule.triggers), rules.no_secrets)
        self._about_people = Triggered(rules.about_people, rules.no_secrets)
        self._digit_rules = [
            (rule, re.compile(rule.pattern), self._check(rule.check)) for rule in rules.rules if not rule.triggers
        ]
        self._held_nothing: dict[FieldKind, set[int]] = {kind: set() for kind in FieldKind}

    def find(self, text: str, kind: FieldKind = FieldKind.TEXT) -> Finding | None:
        """Return the first thing in ``text`` that must not be held in a field of this kind, or nothing."""
        # What comes in is asked where it is read and again where it is kept: of the last of it the hash is remembered,
        # which is keyed anew for each process and tells nothing of the text.
        known, asked = self._held_nothing[kind], hash(text)
        if asked in known:
            return None
        found = self.look(text, kind)
        if found is None:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            known.add(asked)
        return found

    def look(self, text: str, kind: FieldKind) -> Finding | None:
        """As :meth:`find`, for who remembers by himself what was looked through."""
        text = text if text.isascii() else in_plain_signs(text)
        letters, figures, others = made_of(text)
        found = self._as_it_reads(text, kind, figures)
        if found is None and (sent := as_sent(text)) != text:
            sent = in_plain_signs(without_markup(sent))
            found = self._as_it_reads(sent, kind, made_of(sent)[1])
        if found is None and others and (shown := without_markup(text)) != text:
            text = in_plain_signs(shown)
            letters, figures, others = made_of(text)
            found = self._as_it_reads(text, kind, figures)
        return found or (self._disguised(text, kind, figures, others) if letters else None)

    def _disguised(self, text: str, kind: FieldKind, figures: int, others: int) -> Finding | None:
        """Look once more where letters stand apart, and where letters and figures stand for one another."""
        apart = look_alikes.spelled_together(text) if others > 1 else text
        read = look_alikes.shipped().without_figures(text) if figures or others else text
        for whole in (apart, read):
            if whole is not text and whole != text and (rule := self._word(whole, kind)) is not None:
                return _finding(rule)
        if figures and (kind is FieldKind.TEXT or kind is FieldKind.NOTE):
            for number in numbers_in(text):
                if (found := self._number(number, FieldKind.TEXT)) is not None:
                    return found
        return None

    def _word(self, text: str, kind: FieldKind) -> Rule | None:
        rule = self._triggered.find(text)
        return self._about_people.find(text) if rule is None and kind is FieldKind.NOTE else rule

    def _as_it_reads(self, text: str, kind: FieldKind, figures: int) -> Finding | None:
        if (rule := self._word(text, kind)) is not None:
            return _finding(rule)
        if kind is FieldKind.NOTE:
            if (found := _remark(text)) is not None:
                return found
            kind = FieldKind.TEXT
        return self._number(text, kind) if figures >= _TOGETHER else None

    def _number(self, text: str, kind: FieldKind) -> Finding | None:
        letters, figures, _ = made_of(text)
        may_be_iban = letters + figures >= _SHORTEST_IBAN
        if not (may_be_iban or figures >= _FEWEST) or not _DIGITS.search(text):
            return None
        if kind is FieldKind.PHONE and not _is_international(text):
            kind = FieldKind.TEXT
        for each, pattern, check in self._digit_rules:
            if each.check is Check.IBAN:
                if not (may_be_iban and _LETTER_FIRST.search(text)):
                    continue
            elif figures < _FEWEST_DIGITS[each.check]:
                continue
            for match in pattern.finditer(text):
                if check(match, kind):
                    return _finding(each)
        return None

    def find_contact(self, text: str) -> Finding | None:
        """Return the first thing in ``text`` by which somebody is reached, or nothing."""
        plain = text if text.isascii() else in_plain_signs(text)
        return next((_finding(rule) for rule, pattern in self._contacts if pattern.search(plain)), None)

    def without_contacts(self, text: str) -> str:
        """Return ``text`` with each such thing replaced by what it looks like."""
        if self.find_contact(text) is None:
            return text
        plain = text if text.isascii() else in_plain_signs(text)
        for rule, pattern in self._contacts:
            plain = pattern.sub(f"({rule.what})", plain)
        return plain

    def _check(self, check: Check) -> Callable[[re.Match[str], FieldKind], bool]:
        match check:
            case Check.CARD:
                return self._is_card
            case Check.IBAN:
                return _is_iban
            case Check.NATIONAL_NUMBER:
                return _is_national_number
            case Check.PATTERN:
                return _is_matched

    def _is_card(self, found: re.Match[str], kind: FieldKind) -> bool:
        return self._cards.stands_in(found, unbroken=kind is FieldKind.TEXT, any_groups=kind is not FieldKind.PHONE)


MOST_REMEMBERED: Final = 16_384
"""More than the lines of a batch of an import, which is read before any of it is kept."""

_FEWEST, _LONGEST_PHONE = 11, 15
"""Digits of the longest number that can be dialled (E.164)."""

_FEWEST_DIGITS = {Check.CARD: 13, Check.NATIONAL_NUMBER: _FEWEST}
"""Of the shortest card, of a national number."""

_SHORTEST_IBAN = 15
"""Letters and digits of the shortest (Norway's); letters may stand for most of the digits."""

_LETTER_FIRST = re.compile(r"[A-Za-z][\W_]*\d")
"""How the digits of an IBAN begin."""

_TOGETHER = 8
_DIGITS = re.compile(r"\d(?:\D{0,28}\d){7}")
"""Eight digits near each other: the fewest that an IBAN (with letters and signs among them) is sure to hold."""


@cache
def shipped() -> Screen:
    """Return the screen of the shipped rules."""
    return Screen(read("screening", ScreeningRules))


def screen(text: str, kind: FieldKind = FieldKind.TEXT, *, by: Screen | None = None) -> Finding | None:
    """Return what ``text`` holds that must not be held, or nothing; a text without digits or keywords costs little."""
    return (by or shipped()).find(text, kind)


def warm() -> None:
    """Make the rules ready, which takes a process the better part of a second once: before somebody waits for it."""
    screen("", FieldKind.NOTE)


def refuse_forbidden(text: str, kind: FieldKind = FieldKind.TEXT, *, by: Screen | None = None) -> None:
    """Raise MustNotBeHeld, with the reason and the next step and nothing of the text, where it may not be held."""
    found = screen(text, kind, by=by)
    if found is not None:
        raise MustNotBeHeld(found.sentence, found.next)


def refuse_contacts(text: str) -> None:
    """Raise MustNotBeHeld where ``text`` holds an e-mail address or a telephone number."""
    found = shipped().find_contact(text)
    if found is not None:
        raise MustNotBeHeld(found.sentence, found.next)


def _finding(rule: Rule) -> Finding:
    return Finding(rule.name, rule.what, rule.reason, rule.next)


def _remark(text: str) -> Finding | None:
    """Return what ``text`` remarks about somebody that the law counts among the special categories, or nothing."""
    remarks = special_categories.shipped()
    found = remarks.find(text)
    return None if found is None else Finding(found.name, found.what, remarks.reason, found.next)


def _is_international(text: str) -> bool:
    return text.startswith("+") and sum(map(str.isdigit, text)) <= _LONGEST_PHONE


def _is_matched(_found: re.Match[str], _kind: FieldKind) -> bool:
    return True


def _is_iban(found: re.Match[str], _kind: FieldKind) -> bool:
    return is_iban(found[1])


def _is_national_number(found: re.Match[str], kind: FieldKind) -> bool:
    return is_national_number(found[0], unbroken=kind is FieldKind.TEXT, in_groups=kind is not FieldKind.PHONE)
