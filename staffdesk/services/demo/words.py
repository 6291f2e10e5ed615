"""What the invented company is made of: the files of ``db/demo``, read once."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from staffdesk.data.assets import database_files
from staffdesk.domain.access import Role
from staffdesk.parameters import shaped


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A country, how often people live there, the locale of their names, and what a company there is called."""

    country: str
    locale: str
    weight: int
    company: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ware:
    """Something sold: with a licence serial, or in a box that is shipped; the price is in whole euros."""

    code: str
    name: str
    price: int
    serial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a contact was about, in a case of which kind; ``{product}`` stands for what the customer has."""

    kind: str
    topic: str
    asked: str
    answered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The words of ``company.toml``; in a telephone number ``#`` stands for a digit."""

    name: str
    events: tuple[str, ...]
    job_titles: tuple[str, ...]
    functions: tuple[str, ...]
    trades: tuple[str, ...]
    handles: tuple[str, ...]
    things: tuple[str, ...]
    mail_hosts: tuple[str, ...]
    carriers: tuple[str, ...]
    phones: Mapping[str, tuple[str, ...]]
    places: tuple[Place, ...]
    products: tuple[Ware, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One of the people the demo always has, first in the numbering."""

    given_name: str
    family_name: str
    job_title: str
    country: str
    city: str
    language: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """One of the demo's employees."""

    user_name: str
    full_name: str
    employee_number: str
    role: Role


def company() -> Company:
    """Return the invented company; raises Misconfigured where its file has an unknown or missing key."""
    return shaped("demo/company", tomllib.loads(_text("company.toml")), Company)


def known_people() -> tuple[Known, ...]:
    """Return the people the demo always has."""
    return tuple(Known(**row) for row in csv.DictReader(io.StringIO(_text("people.csv"))))


def employees() -> tuple[Employee, ...]:
    """Return the demo's employees, one a role."""
    return tuple(
        Employee(
            user_name=row["user_name"],
            full_name=row["full_name"],
            employee_number=row["employee_number"],
            role=Role(row["role"]),
        )
        for row in csv.DictReader(io.StringIO(_text("staff.csv")))
    )


def _text(name: str) -> str:
    return (_folder() / name).read_text(encoding="utf-8")


def _folder() -> Path:
    return database_files() / "demo"
