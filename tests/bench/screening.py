"""How much of what must not be held is refused, and how much that may be held is refused with it.

``python -m tests.bench.screening [--seed S] [--each N] [--list] [--json]`` asks the screen ten corpora:

*numbers*    made by their public definitions in everyday sentences: N of each kind, N of each that looks alike;
*set apart*  cards, accounts and register numbers with markup, signs or nothing visible between their digits, and
             figures in markup, columns and rows that are no such thing;
*disguised*  cards between letters, words for passwords spelled out or with letters of another script; serials and
             words in those scripts that are no such thing;
*figures*    numbers with letters for figures, words with figures for letters, codes told, and what looks written so;
*sentences*  written by somebody who had not seen the rules: remarks, passwords, keys and accounts in four languages,
             and notes of every day that only sound like them (``screening_corpus/sentences.toml``). The rules were
             mended by those whose hash is even; the others are *held back*;
*secrets*    passwords and keys as they are told, with which the rules were mended, and what is said of them every day;
*told*       the same, written after the last change of the rules;
*unseen*     the same, and serials beside each other, written before the last change of the rules and unknown to it;
*fresh*      remarks in notes, written after the last change of the rules;
*foreign*    the annotated texts of presidio-research, where they lie beside the project.

For each it prints recall by kind and false alarms by kind. ``--list`` shows what was judged wrongly. The exit code is 1
where recall of a kind that is made or written falls below 0.95 or more than one text in a hundred is refused wrongly.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from staffdesk.domain.screening import FieldKind, screen
from tests.bench.screening_corpus import between, disguised, figures, numbers
from tests.bench.screening_corpus.texts import Text

LEAST_RECALL: Final = 0.95
MOST_FALSE: Final = 0.01
SENTENCES: Final = Path(__file__).parent / "screening_corpus" / "sentences.toml"
FRESH: Final = SENTENCES.with_name("fresh.toml")
SECRETS: Final = SENTENCES.with_name("secrets.toml")
TOLD: Final = SENTENCES.with_name("secrets_fresh.toml")
UNSEEN: Final = SENTENCES.with_name("unseen.toml")
FOREIGN: Final = Path(__file__).resolve().parents[3] / "shared" / "realdata" / "pii-text" / "synth_dataset_v2.json"
_REFUSED_ALWAYS: Final = frozenset({"CREDIT_CARD", "IBAN_CODE"})
"""Of what is annotated in the foreign texts, what must not be held: names, places and telephones may be."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.screening",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=500)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)  # noqa: S311 - texts are invented, nothing is kept secret
    corpora = {
        "numbers": [*numbers.held(chance, options.each), *numbers.alike(chance, options.each)],
        "set apart": [*between.held(chance, options.each), *between.alike(chance, options.each)],
        "disguised": [*disguised.held(chance, options.each), *disguised.alike(chance, options.each)],
        "figures": [*figures.held(chance, options.each), *figures.alike(chance, options.each)],
        "sentences": [text for text in written() if not is_held_back(text)],
        "held back": [text for text in written() if is_held_back(text)],
        "secrets": list(written(SECRETS)),
        "told": list(written(TOLD)),
        "unseen": list(written(UNSEEN)),
        "fresh": list(written(FRESH)),
        "foreign": list(foreign()),
    }
    report = {name: measured(texts) for name, texts in corpora.items() if texts}
    if options.json:
        json.dump(report, sys.stdout, indent=1)
    else:
        sys.stdout.writelines(_told(report))
    if options.list:
        for text in wrong(text for texts in corpora.values() for text in texts):
            sys.stdout.write(f"{'missed' if text.held else 'refused':8} {text.family:16} {text.text!r}\n")
    return int(any(_is_poor(found) for name, found in report.items() if name != "foreign"))


def measured(texts: Iterable[Text]) -> dict[str, Any]:
    """Return recall over all and by kind, the share refused wrongly over all and by kind, and how many were asked."""
    asked: Counter[tuple[bool, str]] = Counter()
    refused: Counter[tuple[bool, str]] = Counter()
    for text in texts:
        asked[text.held, text.family] += 1
        refused[text.held, text.family] += is_refused(text)

    def share(held: bool) -> dict[str, float]:
        return {name: round(refused[was, name] / n, 4) for (was, name), n in sorted(asked.items()) if was is held}

    def over_all(held: bool) -> float:
        n = sum(n for (was, _), n in asked.items() if was is held)
        return round(sum(n for (was, _), n in refused.items() if was is held) / n, 4) if n else 0.0

    return {
        "texts": sum(asked.values()),
        "recall": over_all(held=True),
        "recall_by_kind": share(held=True),
        "false_alarms": over_all(held=False),
        "false_alarms_by_kind": share(held=False),
    }


def is_refused(text: Text) -> bool:
    """Say whether the screen refuses a text."""
    return screen(text.text, FieldKind.NOTE if text.note else FieldKind.TEXT) is not None


def wrong(texts: Iterable[Text]) -> Iterator[Text]:
    """Yield what was judged wrongly."""
    return (text for text in texts if is_refused(text) is not text.held)


def written(file: Path = SENTENCES) -> Iterator[Text]:
    """Yield the written sentences: a table a kind, in it a list a language of what is ``held`` and is ``alike``."""
    if not file.exists():
        return
    for family, kinds in tomllib.loads(file.read_text(encoding="utf-8")).items():
        for held in (True, False):
            for texts in kinds.get("held" if held else "alike", {}).values():
                yield from (Text(text, family, held=held) for text in texts)


def is_held_back(text: Text) -> bool:
    """Say whether the rules were mended without a text."""
    return hashlib.sha256(text.text.encode()).digest()[0] % 2 == 1


def foreign() -> Iterator[Text]:
    """Yield the annotated texts of others; one without a card or an account may be held."""
    if not FOREIGN.exists():
        return
    for sample in json.loads(FOREIGN.read_text(encoding="utf-8")):
        kinds = sorted({span["entity_type"] for span in sample["spans"]} & _REFUSED_ALWAYS)
        yield Text(sample["full_text"], kinds[0] if kinds else "prose", held=bool(kinds), note=False)


def _is_poor(measured: dict[str, Any]) -> bool:
    return bool(min(measured["recall_by_kind"].values()) < LEAST_RECALL or measured["false_alarms"] > MOST_FALSE)


def _told(report: dict[str, Any]) -> Iterator[str]:
    for name, found in report.items():
        yield f"{name}: {found['texts']} texts, recall {found['recall']:.1%}, wrong {found['false_alarms']:.2%}\n"
        for kind, share in found["recall_by_kind"].items():
            yield f"  {kind:20} {share:7.1%}\n"
        for kind, share in found["false_alarms_by_kind"].items():
            yield f"  like {kind:15} {share:7.2%}\n"


if __name__ == "__main__":
    sys.exit(main())
