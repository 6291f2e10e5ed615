"""Whether two records are likely the same person: what they have in common and what speaks against it, in points.

The rule is ``twins.toml``. It proposes; a person decides. It says the same of two records whichever comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import combinations
from typing import Final

from staffdesk.domain.likely_same import Likeness
from staffdesk.domain.twin_features import Features, blocks_of, is_public, rules
from staffdesk.domain.words import cut

_SHORTEST_SLIP: Final = 4
_TWO_SLIPS: Final = 8
_SHORTEST_PHONE: Final = 8


class Part(IntEnum):
    """How alike one part of two names is."""

    DIFFERENT = 0
    INITIAL = 1
    NEAR = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """What two records come to: points, and what they have in common, in the order of :class:`Likeness`."""

    points: int
    found_by: tuple[Likeness, ...]

    @property
    def proposed(self) -> bool:
        """Whether the pair is shown to a person."""
        return self.points >= rules().propose_from


def judge(one: Features, other: Features) -> Judged:
    """Compare two records."""
    name = _name(one, other)
    told = (name, *_email(one, other, name), *_phone(one, other), *_company(one, other))
    points = rules().points
    found = [likeness for key in told if (likeness := _LIKENESS.get(key)) is not None]
    return Judged(sum(points[key] for key in told), tuple(each for each in Likeness if each in found))


def _name(one: Features, other: Features) -> str:
    words, others = (*one.given, *one.family), (*other.given, *other.family)
    if not words or not others:
        return "name_unknown"
    if len(words) > 1 and sorted(words) == sorted(others):
        return "name_same"
    if not (one.given and one.family and other.given and other.family):
        return "name_part" if _covers(words, others) or _covers(others, words) else "name_other"
    crossed = _part(one.given, other.family), _part(one.family, other.given)
    if min(crossed) >= Part.NEAR:
        return "name_same" if min(crossed) is Part.SAME else "name_like"
    given, family = _part(one.given, other.given, given=True), _part(one.family, other.family)
    if family >= Part.NEAR:
        return "name_same" if min(given, family) is Part.SAME else _ALIKE[given]
    return "name_given" if given >= Part.NEAR else "name_other"


def _covers(words: tuple[str, ...], fewer: tuple[str, ...]) -> bool:
    """Say whether each of fewer words is one of a whole name's, or near it."""
    return all(any(_part((word,), (each,)) >= Part.NEAR for word in words) for each in fewer)


def _part(one: tuple[str, ...], other: tuple[str, ...], *, given: bool = False) -> Part:
    shorter, longer = sorted(("".join(one), "".join(other)), key=lambda text: (len(text), text))
    if shorter == longer:
        return Part.SAME
    if len(shorter) == 1:
        return Part.INITIAL if longer.startswith(shorter) else Part.DIFFERENT
    if given and not _groups_of(one[0]).isdisjoint(_groups_of(other[0])):
        return Part.NEAR
    if set(one) < set(other) or set(other) < set(one):
        return Part.NEAR
    if given and longer.startswith(shorter) and longer[len(shorter) :] in rules().names.endings:
        return Part.DIFFERENT
    return Part.NEAR if _is_a_slip(shorter, longer) else Part.DIFFERENT


def _is_a_slip(shorter: str, longer: str) -> bool:
    """Say whether two words are a letter too much, missing, another, or two that changed places, apart."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - most commands compare nobody

    if len(shorter) < _SHORTEST_SLIP:
        return False
    most = 2 if len(shorter) >= _TWO_SLIPS else 1
    return OSA.distance(shorter, longer, score_cutoff=most) <= most


@cache
def _groups() -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(rules().names.groups):
        for name in cut(group):
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _groups_of(name: str) -> frozenset[int]:
    return _groups().get(name, frozenset())


def _email(one: Features, other: Features, name: str) -> Iterable[str]:
    """Yield how alike the addresses are; a slip in one counts where the names are alike, for others have such too."""
    if not (one.domain and other.domain):
        return
    if one.email == other.email:
        yield "email_shared" if one.is_shared else "email_same"
    elif one.is_shared or other.is_shared:
        return
    elif _is_near(one, other):
        yield "email_near" if name in _NAMED_ALIKE else "email_other"
    elif one.unusual and one.unusual == other.unusual and one.domain != other.domain:
        yield "email_local"
    else:
        there = one.domain == other.domain and not is_public(one.domain)
        yield "email_other_there" if there else "email_other"


def _is_near(one: Features, other: Features) -> bool:
    if one.domain == other.domain:
        return _is_a_slip_of_letters(one.local, other.local)
    return one.local == other.local and _is_a_slip_of_letters(one.domain, other.domain)


def _is_a_slip_of_letters(one: str, other: str) -> bool:
    """As :func:`_is_a_slip`; another number in an address is another address."""
    if [sign for sign in one if sign.isdigit()] != [sign for sign in other if sign.isdigit()]:
        return False
    return _is_a_slip(*sorted((one, other), key=lambda text: (len(text), text)))


def _phone(one: Features, other: Features) -> Iterable[str]:
    if not (one.phone and other.phone):
        return
    if one.phone == other.phone:
        yield "phone_mobile" if one.is_mobile else "phone_same"
    elif _is_phone_slip(one.phone, other.phone):
        yield "phone_near"
    else:
        yield "phone_other_mobile" if one.is_mobile and other.is_mobile else "phone_other"


def _is_phone_slip(one: str, other: str) -> bool:
    return len(one) >= _SHORTEST_PHONE and _is_a_slip(*sorted((one, other), key=lambda text: (len(text), text)))


def _company(one: Features, other: Features) -> Iterable[str]:
    same = bool(one.company) and one.company == other.company
    if one.domain and one.domain == other.domain and not is_public(one.domain):
        yield "company_same" if same else "company_domain"
    elif one.company and other.company:
        of_one_form = not (one.forms and other.forms) or not one.forms.isdisjoint(other.forms)
        yield ("company_same" if of_one_form else "company_near") if same else "company_other"
    if one.country and other.country and one.country != other.country:
        yield "country_other"


_ALIKE: Final[Mapping[Part, str]] = {
    Part.DIFFERENT: "name_family",
    Part.INITIAL: "name_initial",
    Part.NEAR: "name_like",
    Part.SAME: "name_like",
}
"""How alike two names are whose family names are, by the given one."""

_NAMED_ALIKE: Final = frozenset({"name_same", "name_like", "name_initial", "name_part"})

_LIKENESS: Final[Mapping[str, Likeness]] = {
    "name_same": Likeness.NAME,
    "name_like": Likeness.NAME,
    "name_initial": Likeness.NAME,
    "email_same": Likeness.EMAIL,
    "email_shared": Likeness.EMAIL,
    "email_near": Likeness.EMAIL,
    "email_local": Likeness.EMAIL,
    "phone_mobile": Likeness.PHONE,
    "phone_same": Likeness.PHONE,
    "phone_near": Likeness.PHONE,
    "company_same": Likeness.COMPANY,
    "company_near": Likeness.COMPANY,
}
"""What each of these is told as to whoever decides."""


def pairs(features: Mapping[int, Features]) -> Iterable[tuple[int, int, Judged]]:
    """Yield who of many is proposed as the same as whom, the lower number first, each pair once.

    Only records with a block in common are compared, and a block of too many says nothing: so the work grows with the
    number of people, not with its square.
    """
    blocks: dict[str, list[int]] = {}
    for number, one in features.items():
        for block in blocks_of(one):
            blocks.setdefault(block, []).append(number)
    met: set[tuple[int, int]] = set()
    for numbers in blocks.values():
        if len(numbers) > rules().block:
            continue
        for one_number, other_number in combinations(sorted(numbers), 2):
            pair = (one_number, other_number)
            if pair in met:
                continue
            met.add(pair)
            judged = judge(features[one_number], features[other_number])
            if judged.proposed:
                yield (*pair, judged)
