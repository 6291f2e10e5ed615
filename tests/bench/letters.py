"""Letters made from the request texts people really send (datenanfragen/data, CC0), with every option filled.

They lie beside the repository, not in it. Half of the templates, by the hash of the file's name, is held back: the
words of ``intake.toml`` were chosen without them.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.domain.request_letters import LetterKind
from staffdesk.domain.requests import RequestType

TEMPLATES: Final = Path(__file__).resolve().parents[3] / "shared" / "realdata" / "dsr-letters"
LANGUAGES: Final = ("en", "fr", "nl", "de")

_OPTION: Final = re.compile(r"\[([a-z_]+)>((?:[^\[\]]|\[(?!\w+>))*)\]")
_OPTIONAL_SENTENCE: Final = re.compile(r"\[[^\[\]>:]{3,20}: ([^\[\]]*)\]")
_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_EXAMPLE: Final = re.compile(r"^.*?(?:e\.g\.|z\.\s?B\.|p\.\s?ex\.|par exemple|bijv\.|bv\.)\s*:\s*", re.DOTALL)

_TYPES: Final[Mapping[str, RequestType]] = {
    "access": RequestType.ACCESS,
    "erasure": RequestType.ERASE,
    "rectification": RequestType.RECTIFY,
    "objection": RequestType.OBJECT_MKT,
}
_KINDS: Final = {"admonition": LetterKind.REMINDER, "complaint": LetterKind.COMPLAINT}
_ADDS: Final = {"data_portability": RequestType.PORT, "include_objection": RequestType.OBJECT}

_SAID: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "en": ("I never agreed to it.", "my old address", "They never told me why.", "by e-mail"),
    "fr": ("Je n'y ai jamais consenti.", "mon ancienne adresse", "Ils ne m'ont jamais dit pourquoi.", "par courriel"),
    "nl": ("Ik heb er nooit mee ingestemd.", "mijn oude adres", "Zij hebben mij nooit gezegd waarom.", "per e-mail"),
    "de": ("Ich habe dem nie zugestimmt.", "meine alte Anschrift", "Man hat mir nie gesagt, warum.", "per E-Mail"),
}
"""A reason, something to erase, what somebody complains of, how he is reached."""

_LONG_FIELD: Final = 90
"""The name of a field that stands for a description, not for a line."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter and what it truly is; ``label`` is ``several`` where it asks more than one thing."""

    template: str
    language: str
    text: str
    kind: LetterKind
    types: tuple[RequestType, ...]

    @property
    def label(self) -> str:
        """What the measuring counts by."""
        return label_of(self.kind, self.types)

    @property
    def held_back(self) -> bool:
        """Whether the template is of the half nothing was chosen by: the hash of its file's name is even."""
        return int(hashlib.sha256(self.template.encode()).hexdigest(), 16) % 2 == 0


def label_of(kind: LetterKind, types: tuple[RequestType, ...]) -> str:
    """Return one word for what a letter is."""
    if kind is not LetterKind.REQUEST:
        return kind.value
    return types[0].value if len(types) == 1 else "several"


def samples(folder: Path = TEMPLATES, languages: tuple[str, ...] = LANGUAGES) -> Iterator[Sample]:
    """Yield every template in every filling, as written and as a mail program wraps it."""
    for path in sorted(folder.glob("*.txt")):
        language, _, name = path.stem.partition("__")
        if language not in languages or path.name.startswith("LICENSE"):
            continue
        template = path.read_text(encoding="utf-8")
        for chosen in _choices(template):
            for article in ("15", "16", "17", "21") if "{request_article}" in template else ("",):
                text = _filled(template, chosen, language, article)
                kind, types = _truth(name, chosen)
                for each in (text, _wrapped(text)):
                    yield Sample(path.name, language, each, kind, types)


def _choices(template: str) -> Iterator[frozenset[str]]:
    names = dict.fromkeys(found[1] for found in _OPTION.finditer(template))
    free = [name for name in names if name not in {"erase_all", "erase_some"}]
    scopes = [{"erase_all"}, {"erase_some"}] if "erase_all" in names else [set[str]()]
    for taken in itertools.product((False, True), repeat=len(free)):
        for scope in scopes:
            yield frozenset(scope | {name for name, is_taken in zip(free, taken, strict=True) if is_taken})


def _truth(name: str, chosen: frozenset[str]) -> tuple[LetterKind, tuple[RequestType, ...]]:
    head = name.partition("-")[0]
    if head in _KINDS:
        return _KINDS[head], ()
    types = {_TYPES[head], *(added for option, added in _ADDS.items() if option in chosen)}
    return LetterKind.REQUEST, tuple(each for each in RequestType if each in types)


def _filled(template: str, chosen: frozenset[str], language: str, article: str) -> str:
    text = template
    while (found := _OPTION.search(text)) is not None:
        text = text[: found.start()] + (found[2] if found[1] in chosen else "") + text[found.end() :]
    text = _OPTIONAL_SENTENCE.sub(r"\1", text).replace("<italic>", "").replace("</italic>", "")
    return _FIELD.sub(lambda field: _field(field[1], language, article), text)


def _field(name: str, language: str, article: str) -> str:
    reason, data, told, reach = _SAID.get(language, _SAID["en"])
    known = {
        "request_date": "12.10.2026",
        "request_article": article,
        "request_recipient_address": "Softron, Rue Haute 7, 1000 Brussels",
        "runs_list": "Softron Store",
        "id_data": "Elodie Dupont\nelodie@dupont.example",
        "erasure_data": data,
        "rectification_data": "Elodie Dupond -> Elodie Dupont",
        "objection_reason": reason,
    }
    if name in known:
        return known[name]
    example = _EXAMPLE.sub("", name, count=1)
    if example != name and example.rstrip().endswith("."):
        return example
    return told if len(name) > _LONG_FIELD else reach


def _wrapped(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(textwrap.fill(line, 72, break_long_words=False) if line.strip() else line for line in lines)
