"""What the rules are asked about: one employee's day as it ended, and one whose claims had their time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from staffdesk.domain.flags.entry import Look
from staffdesk.domain.flags.flag import Shown
from staffdesk.domain.flags.matters import Grade, Ground
from staffdesk.domain.flags.measures import Measure
from staffdesk.domain.flags.rules import FlagRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One employee's day: his looks, what they amount to, and from where on that is too much.

    ``granted`` are the entries by which he took a break-glass.
    """

    rules: FlagRules
    actor: str
    day: int
    looks: tuple[Look, ...]
    granted: tuple[Shown, ...]
    measures: Mapping[str, Measure]
    limits: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """A look with what explains it, or else how much is known of its reference, and what that counts."""

    look: Look
    ground: Ground | None
    grade: Grade
    worth: float

    @property
    def vouched(self) -> bool:
        """Whether somebody else stands for it: not for a sale of his own, nor for a person under an order's number.

        A value of the person that is revealed under that number is as much of him as his record.
        """
        return self.ground not in {None, Ground.SALE} and not self.look.under_an_order


@dataclass(frozen=True, slots=True)
class Alone:
    """A day with an uncorroborated look at one person: what it counted, and its entries."""

    day: int
    worth: float
    rests: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What the days before the end of an account amounted to; nothing where it did not end."""

    looks: Measure
    values: Measure
    most_looks: float
    most_values: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One employee's day whose claims had their time to be corroborated.

    ``judged`` are its looks that no reference verified, and those at people of a relation; ``early`` says that the log
    ended before that time was over. ``met`` says on which day he last saw a person of a relation for a reason,
    ``usual`` how often he did, by relation. ``alone`` holds, by person, the uncorroborated days up to this one.
    """

    rules: FlagRules
    actor: str
    day: int
    judged: tuple[Judged, ...]
    limit: float
    session: float
    met: Mapping[str, int]
    usual: Mapping[str, int]
    alone: Mapping[str, tuple[Alone, ...]]
    leaving: Leaving | None
    early: bool

    @property
    def unexplained(self) -> tuple[Judged, ...]:
        """Return the looks that nothing explains."""
        return tuple(each for each in self.judged if each.ground is None)

    @property
    def alone_with_it(self) -> tuple[Judged, ...]:
        """Return the looks for which nobody else stands, though data may explain them."""
        return tuple(each for each in self.judged if not each.vouched)
