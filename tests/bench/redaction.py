"""How much of what names a customer is hidden where staff wrote it, and how much else is hidden with it.

``python -m tests.bench.redaction [--list] [--json]`` asks both redactions the sentences of
``redaction_corpus``: ``sentences.toml`` was written before the rules were mended, ``held_back.toml`` afterwards, of
other people: of its 30 parts 2 were missed in the review and 5 in packages, and were mended then. The redactions:

*review*    what an admin or auditor reads of a reason, an answer or a note: all of the corpus are customers shown;
*package*   what a person is given of what was written about him: all of the corpus are others than he.

For each it prints recall by what a sentence is there for, and the share of the sentences of ``words`` of which anything
was hidden; of the others, how many words were hidden beside. ``--list`` shows what was judged wrongly.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final, TypeAlias

from staffdesk.domain import third_parties
from staffdesk.domain.identifiers import normal_number
from staffdesk.domain.third_parties import Known, Own, ThirdKind
from staffdesk.domain.words import words_of
from staffdesk.services.redaction import redacted

CORPUS: Final = Path(__file__).parent / "redaction_corpus"
SENTENCES, HELD_BACK = "sentences", "held_back"
WORDS: Final = "words"
_HIDDEN: Final = re.compile(r"\{([^}]*)\}")
_WORD: Final = re.compile(r"\w+")
_REGIONS: Final = ("BE", "FR", "NL", "DE")


Redact: TypeAlias = Callable[[str, str], str]
"""Redacts a text of a corpus."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as staff wrote it, what it is there for, what of it is to be hidden, and the words that stay."""

    text: str
    about: str
    hidden: tuple[str, ...]
    stays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Somebody:
    names: tuple[str, str]
    values: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with what came out of it: what was left of the parts to be hidden, and what was hidden beside."""

    sentence: Sentence
    read: str
    left: tuple[str, ...]
    beside: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.redaction", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    judged = {
        f"{name}, {corpus}": judged_of(corpus, redact)
        for corpus in (SENTENCES, HELD_BACK)
        for name, redact in REDACTIONS.items()
    }
    report = {name: measured(each) for name, each in judged.items()}
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        for name, figures in report.items():
            sys.stdout.writelines(f"{name:20} {what:24} {share:.3f}\n" for what, share in figures.items())
    if options.list:
        for name, found in judged.items():
            for each in found:
                if each.left or each.beside:
                    sys.stdout.write(f"{name:20} left {each.left} beside {each.beside}: {each.read!r}\n")
    return 0


def sentences(corpus: str) -> Iterator[Sentence]:
    """Yield the corpus."""
    for each in _corpus(corpus)["text"]:
        for language, texts in each.items():
            if language != "is":
                yield from (_sentence(text, str(each["is"])) for text in texts)


def judged_of(corpus: str, redact: Redact) -> list[Judged]:
    """Redact a corpus."""
    return [judge(each, partial(redact, corpus)) for each in sentences(corpus)]


def judge(sentence: Sentence, redact: Callable[[str], str]) -> Judged:
    """Redact a sentence and compare the words of what came out."""
    read = redact(sentence.text)
    words = Counter(_WORD.findall(read))
    kept = words & Counter(sentence.stays)
    left = tuple(part for part in sentence.hidden if not Counter(_WORD.findall(part)).keys().isdisjoint(words - kept))
    return Judged(sentence, read, left, tuple((Counter(sentence.stays) - kept).elements()))


def measured(judged: Sequence[Judged]) -> dict[str, float]:
    """Return recall over all and by what sentences are there for, and how much was hidden that should stay."""
    asked, hidden = Counter[str](), Counter[str]()
    for each in judged:
        asked[each.sentence.about] += len(each.sentence.hidden)
        hidden[each.sentence.about] += len(each.sentence.hidden) - len(each.left)
    alike = [each for each in judged if each.sentence.about == WORDS]
    others = [each for each in judged if each.sentence.about != WORDS]
    stay = sum(len(each.sentence.stays) for each in others)
    return {
        "recall": hidden.total() / asked.total(),
        **{f"recall {about}": hidden[about] / many for about, many in asked.items() if many},
        "false alarms of words": sum(1 for each in alike if each.beside) / len(alike),
        "words hidden beside": sum(len(each.beside) for each in others) / stay,
    }


def _review(corpus: str, text: str) -> str:
    return redacted(text, _identifiers(corpus))


def _package(corpus: str, text: str) -> str:
    own = Own(names=third_parties.folded_words("Hugo", "Peeters"))
    return third_parties.redacted(text, third_parties.find(text, own, _known(corpus)), dict.fromkeys(ThirdKind, "[x]"))


REDACTIONS: Final[Mapping[str, Redact]] = {"review": _review, "package": _package}


@cache
def _identifiers(corpus: str) -> dict[int, tuple[str, ...]]:
    """Return what each is found by, as the repository has it."""
    return {number: (*each.names, *each.values, " ".join(each.names), " ".join(reversed(each.names)), *each.numbers)
            for number, each in enumerate(_people(corpus), 1)}  # fmt: skip


@cache
def _known(corpus: str) -> Known:
    """Return who else is known, as where a package is put together."""
    names = [each.names for each in _people(corpus)]
    return Known(
        in_names=frozenset(word for name in names for word in words_of(*name).split()),
        people=frozenset(words_of(*name) for name in names),
        near=third_parties.folded_words(*(part for name in names for part in name)),
        numbers=frozenset(normal_number(number) for each in _people(corpus) for number in each.numbers),
        regions=_REGIONS,
    )


def _people(corpus: str) -> list[_Somebody]:
    return [
        _Somebody(
            names=(str(each["given"]), str(each["family"])),
            values=tuple(str(each[name]) for name in ("email", "phone") if name in each),
            numbers=tuple(each.get("numbers", ())),
        )
        for each in _corpus(corpus)["person"]
    ]


def _sentence(written: str, about: str) -> Sentence:
    stays = _WORD.findall(_HIDDEN.sub(" ", written))
    return Sentence(_HIDDEN.sub(r"\1", written), about, tuple(_HIDDEN.findall(written)), tuple(stays))


@cache
def _corpus(corpus: str) -> dict[str, list[dict[str, list[str]]]]:
    return tomllib.loads((CORPUS / f"{corpus}.toml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
