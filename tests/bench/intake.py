"""How often a letter is read right: by label and by language, on the half the words were chosen by and on the other.

python -m tests.bench.intake              the half that was looked at
python -m tests.bench.intake --held-back  both
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence

from staffdesk.domain.request_letters import understand
from tests.bench.letters import LANGUAGES, TEMPLATES, Sample, label_of, samples

Counted = Counter[tuple[str, str]]


def measured(letters: Iterable[Sample]) -> tuple[Counted, Counted, list[tuple[Sample, str]]]:
    """Return (true label, read label) and (language, right or wrong), and what was read wrong."""
    labels: Counted = Counter()
    languages: Counted = Counter()
    wrong: list[tuple[Sample, str]] = []
    for each in letters:
        read = understand("", each.text)
        label = label_of(read.kind, read.types)
        labels[each.label, label] += 1
        right = label == each.label and (each.label != "several" or read.types == each.types)
        languages[each.language, "right" if right and read.language == each.language else "wrong"] += 1
        languages["language", "right" if read.language == each.language else "wrong"] += 1
        if not right:
            wrong.append((each, f"{label} {[kind.value for kind in read.types]} {read.language}"))
    return labels, languages, wrong


def share(counted: Counted, *, of: Iterable[str] = LANGUAGES) -> float:
    """Return how many of all were right."""
    right, wrong = (sum(counted[each, word] for each in of) for word in ("right", "wrong"))
    return right / (right + wrong) if right + wrong else 0.0


def main(arguments: Sequence[str]) -> int:
    """Print what was measured; return the exit code."""
    if not TEMPLATES.is_dir():
        print(f"The letters are not here: {TEMPLATES}")  # noqa: T201 - a bench prints
        return 1
    every = list(samples())
    for held_back in (False, True) if "--held-back" in arguments else (False,):
        labels, languages, wrong = measured(each for each in every if each.held_back is held_back)
        print(f"\n{'held back' if held_back else 'looked at'}: {share(languages):.1%} right of {sum(labels.values())}")  # noqa: T201
        for (true, read), n in sorted(labels.items()):
            print(f"  {true:12} read as {read:12} {n:4}{'' if true == read else '   <--'}")  # noqa: T201
        for language in (*LANGUAGES, "language"):
            right, bad = languages[language, "right"], languages[language, "wrong"]
            print(f"  {language:9} {right} of {right + bad}")  # noqa: T201
        for template, read in sorted({(sample.template, read) for sample, read in wrong}):
            print(f"  {template}: {read}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
