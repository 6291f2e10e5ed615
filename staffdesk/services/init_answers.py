"""What ``init`` asks, with a default for each question, or reads from a file and then asks nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.domain.access import Act, Entity, Role
from staffdesk.domain.accounts import suggested_user_name
from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.domain.policy import matrix
from staffdesk.parameters import shaped
from staffdesk.parameters.shapes import Firm, presets
from staffdesk.services.settings import SQLITE

ON_SCREEN: Final = "screen"
_NAMED_UP_TO: Final = {"firm": 0, "admin": 1, "approver": 2}


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``key`` names its answer, ``default`` is what an empty answer means."""

    key: str
    text: str
    default: str

    def text_after(self, replies: Mapping[str, str]) -> str:
        """Return the question as it is asked after these replies: the others' roles depend on how many they are."""
        firm = replies.get("firm", "").strip() or QUESTIONS[0].default
        if self.key != "others" or not firm.isdecimal() or presets().of(int(firm)) is None:
            return self.text
        places = "; ".join("+".join(place) for place in others_of(int(firm)))
        return f"{self.text}. In this order: {places}"


QUESTIONS: Final = (
    Question("firm", "How many people will use the desk: 3, 4 or 8?", "3"),
    Question("admin", "Who manages the accounts and reviews the log? Full name", "First Admin"),
    Question("approver", "Who approves what the admin asks for? Full name", "First Approver"),
    Question("others", "Who else? Full names with commas; nobody yet: leave it empty", ""),
    Question("entity", "Which company employs them: BE or US?", Entity.BE.value),
    Question("database", 'Where does the data lie: "sqlite", an encrypted file, or a PostgreSQL URL?', SQLITE),
    Question("recovery", 'Where does the recovery key go: "screen", to be written down, or a file\'s name?', ON_SCREEN),
)
"""``others`` are asked in the order of :func:`others_of`."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """An employee to begin with.

    Without ``roles`` it is the preset's, by place. With ``own_password`` the password is asked for; without, a one-time
    password is made.
    """

    full_name: str
    user_name: str = ""
    employee_number: str = ""
    email: str | None = None
    roles: tuple[Role, ...] = ()
    entity: Entity | None = None
    own_password: bool = False

    @property
    def name(self) -> str:
        """The user name, made of the full name where none was given; raises :class:`BadInput` where it cannot be."""
        return self.user_name or suggested_user_name(self.full_name)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answers:
    """What was answered: ``firm`` is the size of a preset, ``database`` and ``recovery`` as in the questions."""

    people: tuple[Person, ...]
    firm: int = 3
    entity: Entity = Entity.BE
    database: str = SQLITE
    recovery: str = ON_SCREEN

    def with_roles(self) -> tuple[tuple[Person, tuple[Role, ...]], ...]:
        """Return everybody with the roles to begin with; raises :class:`BadInput` where a place has no name."""
        if all(person.roles for person in self.people):
            return tuple((person, person.roles) for person in self.people)
        firm = _preset(self.firm)
        if len(self.people) != len(firm.people):
            raise BadInput(
                f"The preset for {self.firm} needs {len(firm.people)} people, or roles for each.",
                "Name them in the order of presets.toml, or give each their roles.",
            )
        return tuple(
            (person, person.roles or _in_order(place)) for person, place in zip(self.people, firm.people, strict=True)
        )

    def so_far(self, key: str) -> tuple[Person, ...]:
        """Return the people that were named up to the question with this key, in the order of the questions."""
        return self.people[: _NAMED_UP_TO.get(key, len(self.people))]

    def asked_passwords(self) -> tuple[str, ...]:
        """Return the user names whose passwords are to be asked for, in order."""
        return tuple(person.name for person in self.people if person.own_password)


def read_answers(path: Path) -> Answers:
    """Return the answers in a TOML file.

    Raises :class:`BadInput` for a file that cannot be read, :class:`Misconfigured` for one that is not TOML or holds a
    key that is not known.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput("The file of answers cannot be read.", "Check its name: --answers FILE") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured("The file of answers is not valid TOML.", "Correct it, then try again.") from error
    return shaped(path.stem, table, Answers)


def others_of(firm: int) -> tuple[tuple[Role, ...], ...]:
    """Return the roles of those who are neither the admin nor the approver, in the order they are named."""
    places = [_in_order(place) for place in _preset(firm).people]
    for act in (Act.STAFF_ADDED, Act.STAFF_APPROVED):
        places.remove(_first_who_may(places, act))
    return tuple(places)


def answers_of(replies: Mapping[str, str]) -> Answers:
    """Return the answers to the questions, by key; what is missing or empty takes its default. Raises BadInput."""
    said = {question.key: replies.get(question.key, "").strip() or question.default for question in QUESTIONS}
    if not said["firm"].isdecimal():
        raise BadInput("The number of people is a number.", _sizes())
    firm = int(said["firm"])
    places = [_in_order(place) for place in _preset(firm).people]
    if said["entity"].upper() not in set(Entity):
        raise BadInput("The company is BE or US.", "BE: employed in Brussels; US: employed in Nevada.")
    others = [name.strip() for name in said["others"].split(",") if name.strip()]
    rest = others_of(firm)
    if len(others) > len(rest):
        raise BadInput(f"The preset for {firm} has {len(rest)} others.", "Add more people later: staffdesk staff add")
    return Answers(
        firm=firm,
        people=(
            _named(said["admin"], _first_who_may(places, Act.STAFF_ADDED), own_password=True),
            _named(said["approver"], _first_who_may(places, Act.STAFF_APPROVED)),
            *(_named(name, roles) for name, roles in zip(others, rest, strict=False)),
        ),
        entity=Entity(said["entity"].upper()),
        database=said["database"],
        recovery=said["recovery"],
    )


def _named(reply: str, roles: tuple[Role, ...], *, own_password: bool = False) -> Person:
    """Return who a reply names: a full name, and behind "=" a user name where none can be made of it."""
    full_name, _, user_name = reply.partition("=")
    return Person(full_name=full_name.strip(), user_name=user_name.strip(), roles=roles, own_password=own_password)


def _preset(firm: int) -> Firm:
    found = presets().of(firm)
    if found is None:
        raise BadInput(f"There is no preset for {firm} people.", _sizes())
    return found


def _sizes() -> str:
    return f"Choose one of: {', '.join(presets().firms)}."


def _in_order(roles: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)


def _first_who_may(places: Sequence[tuple[Role, ...]], act: Act) -> tuple[Role, ...]:
    allowed = matrix().acts[act].roles
    return next(place for place in places if not set(place).isdisjoint(allowed))
