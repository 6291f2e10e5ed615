"""What of a person is compared with another to see whether they are the same, folded so that spelling does not matter.

Name, e-mail, telephone, company and country; never a computer's address or a user name, which are solely for licensing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.mail_domains import shared_domains
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.domain.traces import untagged
from staffdesk.domain.words import cut
from staffdesk.parameters import Dated, read

COMPARED: Final = {
    "person": ("given_name", "family_name", "email_normal", "phone_normal", "country", "organisation_id"),
    "organisation": ("name", "sort_name"),
}
"""The columns that are read of two records to compare them; no other is."""

COUNTED: Final = frozenset({
    "name_same", "name_like", "name_initial", "name_part", "name_given", "name_family", "name_other", "name_unknown",
    "email_same", "email_shared", "email_near", "email_local", "email_other", "email_other_there", "phone_mobile",
    "phone_same", "phone_near", "phone_other", "phone_other_mobile", "company_same", "company_domain", "company_near",
    "company_other", "country_other",
})  # fmt: skip
"""What two records may come to in one thing; ``twins.toml`` has the points of each."""

_SOME_LETTERS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailRules:
    """How addresses are compared: tags, dots by provider, and mailboxes that several people read."""

    tags_are_the_same: bool
    dots_are_the_same: frozenset[str]
    shared: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRules:
    """How mobile numbers begin, country's prefix first."""

    mobile: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRules:
    """Words of a company's name that say what it is, not who: legal forms, one in several languages a line."""

    legal_forms: tuple[str, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRules:
    """Given names that one person goes by, a group a line, and endings that make another name of one."""

    endings: frozenset[str]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergingRules:
    """While a request about either is in one of these states, two records stay as they are, but for some types."""

    waits_for: frozenset[RequestState]
    but_for: frozenset[RequestType]

    def waits(self, kind: str, state: str) -> bool:
        """Say whether a request of this type keeps its records as they are in this state."""
        return state in self.waits_for and kind not in self.but_for


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinRules(Dated):
    """The whole of ``twins.toml``."""

    propose_from: int
    block: int
    points: Mapping[str, int]
    email: EmailRules
    phone: PhoneRules
    company: CompanyRules
    names: NameRules
    merging: MergingRules

    def __post_init__(self) -> None:
        """Refuse a table that lacks points for something, or has them for what nobody looks at."""
        if self.points.keys() != COUNTED:
            raise Misconfigured(
                f"twins.toml: points: {', '.join(sorted(self.points.keys() ^ COUNTED))}.",
                "Each is counted, and no other.",
            )


@cache
def rules() -> TwinRules:
    """Return the rules, read once; raises Misconfigured."""
    return read("twins", TwinRules)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Compared:
    """One record as it is held, as far as it is compared; ``phone`` is the normalised number."""

    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return "<Compared>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Features:
    """One record folded: words of the names, the address taken apart, the company without its legal form.

    ``written`` is the address with its tag and its dots.
    ``unusual`` is what of an address's name is not made of its owner's: it is told again at another provider.
    """

    given: tuple[str, ...]
    family: tuple[str, ...]
    local: str
    domain: str
    written: str
    is_shared: bool
    unusual: str
    phone: str
    is_mobile: bool
    company: str
    forms: frozenset[int]
    country: str

    @property
    def email(self) -> str:
        """The address as it is compared; empty where there is none."""
        return f"{self.local}@{self.domain}" if self.domain else ""

    def __repr__(self) -> str:
        return "<Features>"


def features_of(held: Compared) -> Features:
    """Fold a record."""
    given, family = cut(held.given_name or ""), cut(held.family_name or "")
    local, domain = _address(held.email or "")
    phone = held.phone or ""
    return Features(
        given=given,
        family=family,
        local=local,
        domain=domain,
        written=(held.email or "").strip().lower(),
        is_shared=bool(cut(local)) and cut(local)[0] in rules().email.shared,
        unusual=_unusual(local, (*given, *family)),
        phone=phone,
        is_mobile=phone.startswith(rules().phone.mobile),
        company=core_of(held.company or ""),
        forms=frozenset(_forms()[word] for word in _words_of_firm(held.company or "") if word in _forms()),
        country=(held.country or "").upper(),
    )


def core_of(company: str) -> str:
    """Return a company's folded name without its legal form; a name that is nothing else stays whole."""
    words = _words_of_firm(company)
    kept = [word for word in words if word not in _forms() and word not in rules().company.words]
    return " ".join(kept or words)


@cache
def _forms() -> Mapping[str, int]:
    """Return each legal form with the number of its line: NV and SA are one."""
    return {form: number for number, line in enumerate(rules().company.legal_forms) for form in cut(line)}


def _words_of_firm(company: str) -> tuple[str, ...]:
    return cut(company.replace(".", ""))


def blocks_of(one: Features) -> Iterator[str]:
    """Yield what a record is compared by: only records with one of these in common are looked at together."""
    if one.domain and not one.is_shared:
        yield f"email {one.email}"
    if one.phone:
        yield f"phone {one.phone}"
    words = (*one.given, *one.family)
    if words:
        yield f"name {' '.join(sorted(words))}"
    houses = [f"company {one.company}"] if one.company else []
    if one.domain and one.domain not in shared_domains():
        houses.append(f"domain {one.domain}")
    for house in houses:
        for begins in dict.fromkeys(word[:_SOME_LETTERS] for word in words):
            yield f"{house} {begins}"


def is_public(domain: str) -> bool:
    """Say whether strangers share a mail domain."""
    return domain in shared_domains()


def _address(email: str) -> tuple[str, str]:
    told = email.strip().lower()
    if rules().email.tags_are_the_same:
        told = untagged(told)
    local, _, domain = told.rpartition("@")
    if domain in rules().email.dots_are_the_same:
        local = local.replace(".", "")
    return local, domain if local else ""


def _unusual(local: str, words: tuple[str, ...]) -> str:
    """Return the letters and digits of an address's name once those of its owner's names are taken out."""
    left = "".join(cut(local))
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "", 1) if len(word) > 1 else left
    return left if len(left) >= _SOME_LETTERS else ""
