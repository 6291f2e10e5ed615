"""The words of letters by language: what stands for a code of the desk where a customer reads it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from staffdesk.domain.errors import Misconfigured
from staffdesk.services.letters.language import Language

_ELSE: Final = "else"
FOLDER: Final = resources.files("staffdesk").joinpath("letters")


def word(language: Language, table: str, code: str, part: str = "") -> str:
    """Return what a letter calls a code, or one part of what it says of it; raises :class:`Misconfigured` for none.

    A part of which nothing is said by itself may be said by ``else``.
    """
    found: object = tables(language).get(table, {}).get(code)
    if part and isinstance(found, Mapping):
        found = found.get(part, found.get(_ELSE))
    if not isinstance(found, str):
        key = ".".join(filter(None, (table, code, part)))
        raise Misconfigured(f"letters/{_file(language)}: {key} is missing.", "Add it, then write the letter again.")
    return found


def place(language: Language, line: str) -> str:
    """Return a line of the house's own address as this language writes it."""
    return str(tables(language)["places"].get(line, line))


@cache
def tables(language: Language) -> Mapping[str, Mapping[str, object]]:
    """Return the words of a language, by table and code."""
    return tomllib.loads(FOLDER.joinpath(_file(language)).read_text(encoding="utf-8"))


def _file(language: Language) -> str:
    return f"words.{language}.toml"
