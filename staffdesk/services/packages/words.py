"""What a package says, by language: headings, sentences, and the words for what the register and the log keep."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from staffdesk.domain.access import Purpose, Role
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.third_parties import ThirdKind
from staffdesk.domain.transfers import Safeguard
from staffdesk.parameters import shaped
from staffdesk.services.letters import Language

FOLDER: Final = resources.files("staffdesk").joinpath("letters").joinpath("package")
"""The words and the templates of packages."""
SYSTEM: Final = "system"
"""The department of what no employee did."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; a text that has none is said in English."""

    access: str
    port: str
    number: str
    made: str
    policy: str
    controller: str
    contact: str
    lead_access: str
    lead_port: str
    contents: str
    none: str
    yes: str
    no: str
    name: str
    value: str
    of: str
    headings: Mapping[str, str]
    sentences: Mapping[str, str]
    columns: Mapping[str, str]
    safeguards: Mapping[Safeguard, str]
    hide: Mapping[ThirdKind, str]
    classes: Mapping[PrivacyClass, str]
    departments: Mapping[str, str]
    purposes: Mapping[Purpose, str]
    acts: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)

    def say(self, text: str) -> str:
        """Return a text that is kept in English, in this language where it is known there."""
        return self.texts.get(text, text)

    def department(self, role: str) -> str:
        """Return the department a role belongs to; an act without a role was nobody's."""
        return self.departments[role or SYSTEM]

    def purpose(self, purpose: str) -> str:
        """Return a purpose of the log in words."""
        return self.purposes[Purpose(purpose)] if purpose else self.purposes[Purpose.SYSTEM]


@cache
def words(language: Language) -> Words:
    """Return the words of a language."""
    table = tomllib.loads(FOLDER.joinpath("words.toml").read_text(encoding="utf-8"))
    found = shaped("package/words", table[language.value], Words)
    for role in (*(each.value for each in Role), SYSTEM):
        found.departments[role]
    return found
