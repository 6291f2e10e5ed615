"""What customers ask of their licences, and its checklist: kinds and steps are ``licence_requests.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from staffdesk.domain.access import Role
from staffdesk.domain.errors import BadInput, Conflict, Misconfigured, NotFound
from staffdesk.parameters import Dated, read


class Does(StrEnum):
    """What the desk itself does at a step."""

    FREE_SEAT = "free_seat"
    MOVE_LICENCE = "move_licence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that is done; ``needs`` are done before it, one that is ``noted`` says in a line how."""

    id: str
    text: str
    needs: tuple[str, ...] = ()
    noted: bool = False
    does: Does | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of request, its steps in their order."""

    title: str
    steps: tuple[Step, ...]

    def step(self, step_id: str) -> Step:
        """Return a step; raises :class:`BadInput` for one there is not."""
        for each in self.steps:
            if each.id == step_id:
                return each
        raise BadInput("There is no such step.", f"Choose one of: {', '.join(each.id for each in self.steps)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRequestRules(Dated):
    """The kinds, by name, and the roles whose work they are."""

    roles: frozenset[Role]
    kinds: Mapping[str, Kind]

    def __post_init__(self) -> None:
        """Refuse a step that needs one that does not stand before it."""
        for name, kind in self.kinds.items():
            before: set[str] = set()
            for step in kind.steps:
                if step.id in before or not set(step.needs) <= before:
                    wrong = f"{name}: {step.id} is there twice, or needs what follows."
                    raise Misconfigured(f"licence_requests.toml: {wrong}")
                before.add(step.id)

    def kind(self, name: str) -> Kind:
        """Return a kind; raises :class:`BadInput` for one there is not."""
        if name not in self.kinds:
            raise BadInput("This kind of licence request is not known.", f"Choose one of: {', '.join(self.kinds)}.")
        return self.kinds[name]


@cache
def rules() -> LicenceRequestRules:
    """Return the shipped kinds."""
    return read("licence_requests", LicenceRequestRules)


@dataclass(frozen=True, slots=True, repr=False)
class Ticked:
    """A step of a request: when it was done (UTC milliseconds), by whom, and how, where that was noted."""

    step: Step
    done_at: int | None = None
    done_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """One activation of the licence; ``at`` is UTC milliseconds.

    ``computer`` is what the role in force may see of the user name there and of the computer's addresses.
    """

    id: int
    at: int
    active: bool
    computer: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Checklist:
    """A licence request of a case, with its steps and the seats of its licence."""

    number: str
    kind: str
    title: str
    licence: int
    product: str
    steps: tuple[Ticked, ...]
    seats: tuple[Seat, ...]

    @property
    def still_open(self) -> tuple[Step, ...]:
        """The steps that are not done."""
        return tuple(each.step for each in self.steps if each.done_at is None)


class NoRequest(NotFound):
    """An open case is no licence request yet."""


class StepsOpen(Conflict):
    """A case is to be closed while steps of its licence request are open; said once more, it is closed."""
