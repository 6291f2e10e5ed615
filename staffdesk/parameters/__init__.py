"""Law and policy as data: TOML files in which every value has the day it was looked at and where it comes from.

What is shipped here are defaults. A file is read with the shape that uses it; the shapes of the rules stand beside the
rules in ``staffdesk.domain``, the others in ``staffdesk.parameters.shapes``.
"""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, TypeVar, cast

from staffdesk.domain.errors import Misconfigured

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

T = TypeVar("T")

_HINT = "Correct the file, or install staffdesk again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A value of law or policy: ``as_of`` is the day it was looked at, ``source`` where it is written."""

    as_of: dt.date
    source: str


def load(name: str) -> dict[str, object]:
    """Return the shipped file ``name`` (without its ending) as it stands; it must name ``as_of`` and ``source``.

    Raises Misconfigured where the file is missing or is not TOML.
    """
    file = resources.files(__name__).joinpath(f"{name}.toml")
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{name}.toml: the parameter file cannot be read.", _HINT) from error
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{name}.toml: not valid TOML: {error}.", _HINT) from error
    for key in ("as_of", "source"):
        if key not in table:
            raise Misconfigured(f"{name}.toml: {key} is missing.", _HINT)
    return table


def names_in(folder: str) -> tuple[str, ...]:
    """Return the names of the shipped files of a folder, without their ending, in order."""
    files = resources.files(__name__).joinpath(folder).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def read(name: str, shape: type[T]) -> T:
    """Return the shipped file ``name`` as ``shape``, a frozen dataclass; raises Misconfigured naming file and key."""
    return shaped(name, load(name), shape)


def shaped(name: str, table: Mapping[str, object], shape: type[T]) -> T:
    """Return ``table`` as ``shape``; ``name`` is said in errors.

    Nothing is guessed: an unknown key, a missing one, a number written as text or a word outside a closed list raises
    Misconfigured. An error of the shape's own ``__post_init__`` should be Misconfigured too.
    """
    # Imported where used: whoever only asks for the version must not pay for it.
    from pydantic import ValidationError  # noqa: PLC0415 - a tenth of a second of start-up

    # By way of JSON, where strict mode still takes words for enums, lists for tuples and text for dates.
    text = json.dumps({"table": table}, default=_iso)
    try:
        model = _model_around(cast("Hashable", shape)).model_validate_json(text)
    except ValidationError as error:
        raise Misconfigured(_sentence(name, error), _HINT) from None
    return cast("T", getattr(model, "table"))  # noqa: B009 - the field is made at run time


@cache
def _model_around(shape: Hashable) -> type[BaseModel]:
    """Return a model around the dataclass, since its configuration reaches every plain dataclass inside.

    Made once for each shape: to make it costs a hundred times what to read a table with it does.
    """
    from pydantic import ConfigDict, create_model  # noqa: PLC0415 - as above

    return create_model(
        "Parameters", __config__=ConfigDict(extra="forbid", strict=True), table=(cast("type[object]", shape), ...)
    )


def _iso(value: object) -> str:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _sentence(name: str, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    key = ".".join(str(part) for part in first["loc"][1:] if part != "[key]")
    kind = first["type"]
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        return f"{name}.toml: {key} is not a known key."
    if kind in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        return f"{name}.toml: {key} is missing."
    return f"{name}.toml: {key}: {first['msg'].rstrip('.')}."
