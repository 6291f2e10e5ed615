"""Who may do what, why, and how much of each class is seen: decisions over the access table, without any look at data.

The table is ``access.toml``, in the words of ``access_table``; nothing here knows a role or a class by name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeVar

from staffdesk.domain.access import Act, Purpose, Role, Standing
from staffdesk.domain.access_table import (
    ActRule,
    BreakGlassRules,
    CaseRules,
    Condition,
    ExposureRule,
    HistoryRules,
    KeyRule,
    ListingLimits,
    Need,
    Opening,
    OutsideRules,
    RecipientNames,
    ReferenceKind,
    SearchKey,
    StandingRules,
    is_met,
)
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.text import listed_words
from staffdesk.parameters import Dated, read

W = TypeVar("W", bound=StrEnum)

_HINT = "What the table does not say would be decided by nobody: complete it."


@dataclass(frozen=True, slots=True)
class Allowed:
    """The act may be done, in this role alone."""

    role: Role


@dataclass(frozen=True, slots=True)
class Refused:
    """The act may not be done; both texts are for people and hold no personal data."""

    sentence: str
    hint: str


Decision = Allowed | Refused


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AccessMatrix(Dated):
    """The access table; building one raises Misconfigured where a role, class, act, key or condition is missing."""

    purposes: Mapping[Purpose, tuple[Role, ...]]
    acts: Mapping[Act, ActRule]
    words: Mapping[Act, str]
    classes: Mapping[Role, Mapping[PrivacyClass, Exposure | ExposureRule]]
    reveal: Mapping[Role, frozenset[PrivacyClass]]
    submitted: Mapping[Role, frozenset[str]]
    conditions: Mapping[Condition, str]
    search: Mapping[Role, frozenset[SearchKey]]
    keys: Mapping[SearchKey, KeyRule]
    withheld: Mapping[Role, frozenset[str]]
    break_glass: BreakGlassRules
    cases: CaseRules
    history: HistoryRules
    recipients: RecipientNames
    openings: Mapping[Opening, frozenset[Role]]
    exclusions: Mapping[Role, frozenset[Role]]
    standing: StandingRules
    outside: OutsideRules
    limits: ListingLimits

    def __post_init__(self) -> None:
        """Refuse a table with a hole in it: what is not written would be decided by nobody."""
        _complete("purposes", self.purposes, Purpose)
        _complete("acts", self.acts, Act)
        _complete("words", self.words, Act)
        _complete("classes", self.classes, Role)
        for role, row in self.classes.items():
            _complete(f"classes.{role}", row, PrivacyClass)
        _complete("reveal", self.reveal, Role)
        _complete("submitted", self.submitted, Role)
        _complete("conditions", self.conditions, Condition)
        _complete("search", self.search, Role)
        _complete("keys", self.keys, SearchKey)
        _complete("withheld", self.withheld, Role)
        _complete("openings", self.openings, Opening)
        for role, classes in self.reveal.items():
            for each in sorted(classes):
                if self.cell(role, each).exposure is not Exposure.MASKED:
                    raise Misconfigured(f"access.toml: reveal.{role} names {each}, which it does not see masked.")

    def cell(self, role: Role, privacy_class: PrivacyClass) -> ExposureRule:
        """Return what the table says of a class for a role."""
        value = self.classes[role][privacy_class]
        return value if isinstance(value, ExposureRule) else ExposureRule(value)

    def role_in_force(self, roles: Collection[Role], purpose: Purpose | None, act: Act) -> Role | None:
        """Return the one role in which these roles may do the act for this purpose, or nothing.

        The purpose decides where the act has purposes, and the first role it belongs to that is held counts. Where none
        is needed, or an optional one decides nothing, it is the first held role of the act.
        """
        rule = self.acts[act]
        if any(role in roles for role in rule.never):
            return None
        if rule.purpose_need is not Need.NONE and purpose in rule.purposes:
            for role in self.purposes[purpose]:
                if role in roles and role in rule.roles:
                    return role
        if rule.purpose_need is Need.REQUIRED:
            return None
        return next((role for role in rule.roles if role in roles), None)

    def decide(
        self,
        roles: Collection[Role],
        act: Act,
        *,
        purpose: Purpose | None = None,
        reference: ReferenceKind | None = None,
        standing: Standing | None = None,
        key: SearchKey | None = None,
    ) -> Decision:
        """Say whether somebody who holds ``roles`` may do ``act``, and in which role.

        ``reference`` is the kind of what was given as a reference, ``standing`` how it stands where that is known
        already, ``key`` by what is searched.
        """
        role = self._role(roles, purpose, act)
        if isinstance(role, Refused):
            return role
        refused = None if key is None else self._key_refused(role, purpose, key, reference)
        return refused or self._reference_refused(act, reference, standing) or Allowed(role)

    def exposure(
        self,
        role: Role,
        privacy_class: PrivacyClass,
        standing: Standing = Standing.NONE,
        reference: ReferenceKind | None = None,
        *,
        own: bool = False,
        glass: bool = False,
    ) -> Exposure:
        """Return how much ``role`` sees of a class.

        ``own``: a report or case of the product in hand, a request received by this very employee; ``glass``: under a
        break-glass in force.
        """
        cell = self.cell(role, privacy_class)
        least = Exposure.MASKED if glass and privacy_class in self.break_glass.classes else Exposure.NONE
        if cell.when is not None and not is_met(cell.when, standing, reference, own=own):
            return least
        if cell.shown_when is not None and is_met(cell.shown_when, standing, reference, own=own):
            return Exposure.SHOWN
        return least if cell.exposure is Exposure.NONE else cell.exposure

    def may_reveal(
        self,
        role: Role,
        privacy_class: PrivacyClass,
        standing: Standing = Standing.NONE,
        reference: ReferenceKind | None = None,
        *,
        own: bool = False,
        glass: bool = False,
    ) -> bool:
        """Say whether one value of a class may be revealed: what is shown anyway, and what is masked and listed."""
        seen = self.exposure(role, privacy_class, standing, reference, own=own, glass=glass)
        listed = privacy_class in self.reveal[role] or (glass and privacy_class in self.break_glass.classes)
        return seen is Exposure.SHOWN or (seen is Exposure.MASKED and listed)

    def missing(
        self,
        role: Role,
        privacy_class: PrivacyClass,
        standing: Standing = Standing.NONE,
        reference: ReferenceKind | None = None,
        *,
        own: bool = False,
    ) -> str:
        """Say in words what would let ``role`` see more of a class; empty where nothing would."""
        cell = self.cell(role, privacy_class)
        for condition in (cell.when, cell.shown_when):
            if condition is not None and not is_met(condition, standing, reference, own=own):
                return self.conditions[condition]
        return ""

    def searches(self, role: Role, key: SearchKey) -> bool:
        """Say whether a role may search by this."""
        return key in self.search[role]

    def searched_by(self, role: Role) -> str:
        """Say by what a role searches: what it may not search by would match nothing either."""
        keys = ", ".join(self.keys[key].label for key in SearchKey if self.searches(role, key))
        return f"{role.value.capitalize()} searches by {keys}."

    def sees_rows(self, role: Role, table: str, *, glass: bool = False) -> bool:
        """Say whether a role sees that there are records of a kind, their numbers and dates at least."""
        return glass or table not in self.withheld[role]

    def names_employees(self, role: Role) -> bool:
        """Say whether a role is told which employees looked at a record."""
        return role in self.history.names

    def names_recipient(self, role: Role, *, with_order: bool) -> bool:
        """Say whether a role is told the name of a recipient, who was given something with an order or without."""
        return role in self.recipients.names or (with_order and role in self.recipients.orders)

    def reads_submitted(self, role: Role | None, column: str) -> bool:
        """Say whether a role reads this field of a request that waits for it to decide."""
        return role is not None and column in self.submitted[role]

    def reads_opening(self, role: Role, opening: Opening) -> bool:
        """Say whether a role may read such an opening of the log."""
        return role in self.openings[opening]

    def role_conflicts(self, roles: Collection[Role]) -> str | None:
        """Say in one sentence which roles one person may not hold together, or nothing."""
        held = [role for role in Role if role in roles]
        for role in held:
            apart = [other for other in held if other in self.exclusions.get(role, frozenset())]
            if apart:
                return f"Nobody holds the role {role} together with {listed_words(apart, 'and')}."
        return None

    def _role(self, roles: Collection[Role], purpose: Purpose | None, act: Act) -> Role | Refused:
        rule = self.acts[act]
        barred = [role for role in rule.never if role in roles]
        if barred:
            return Refused(f"The role {listed_words(barred, 'and')} rules out {self.words[act]}.", _ask_of(rule))
        if not any(role in roles for role in rule.roles):
            return Refused(f"None of your roles covers {self.words[act]}.", _ask_of(rule))
        role = self.role_in_force(roles, purpose, act)
        if role is not None:
            return role
        open_to = [each for each in rule.purposes if self.role_in_force(roles, each, act) is not None]
        hint = f"Yours: {listed_words(open_to, 'or')}." if open_to else "None of your roles has a purpose for this."
        if purpose is None:
            return Refused("Say first why you look: a purpose is needed.", hint)
        if purpose not in rule.purposes:
            return Refused(f"The purpose {purpose} does not cover {self.words[act]}.", hint)
        return Refused(f"The purpose {purpose} belongs to {listed_words(self.purposes[purpose], 'and')}.", hint)

    def _key_refused(
        self, role: Role, purpose: Purpose | None, key: SearchKey, reference: ReferenceKind | None
    ) -> Refused | None:
        rule = self.keys[key]
        if not self.searches(role, key):
            covers = str(purpose or role).capitalize()
            able = [each for each in Role if self.searches(each, key)]
            return Refused(
                f"{covers} does not cover a search by {rule.label}.", f"It is for {listed_words(able, 'and')}."
            )
        if rule.references and reference not in rule.references:
            kinds = listed_words([each for each in rule.references if each is not ReferenceKind.OUTSIDE], "or")
            return Refused(f"A search by {rule.label} needs a reference.", f"Give the number of a {kinds}.")
        return None

    def _reference_refused(
        self, act: Act, reference: ReferenceKind | None, standing: Standing | None
    ) -> Refused | None:
        if self.acts[act].reference is not Need.REQUIRED:
            return None
        hint = "Give the number of a case, order, licence or request, or start a case."
        if reference is None:
            return Refused("A reference is needed.", hint)
        if standing is Standing.NONE:
            return Refused("The reference gives no ground to look at this record.", hint)
        return None


@cache
def matrix() -> AccessMatrix:
    """Return the shipped access table."""
    return read("access", AccessMatrix)


def _ask_of(rule: ActRule) -> str:
    return f"It is for {listed_words(rule.roles, 'and')}." if rule.roles else "The desk does it by itself."


def _complete(where: str, table: Mapping[W, object], words: type[W]) -> None:
    for word in words:
        if word not in table:
            raise Misconfigured(f"access.toml: {where}.{word} is missing.", _HINT)
