"""Hiding others in what is given: every place that was found, but those somebody decided to leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from staffdesk.data import register
from staffdesk.domain.errors import Conflict
from staffdesk.domain.packages import Contents, Finding, Held, PackageRules, Redaction
from staffdesk.domain.third_parties import Mark, ThirdKind, find_words, joined, redacted

_Place = tuple[str, int, str]


@dataclass(frozen=True, slots=True, repr=False)
class Hidden:
    """The contents as they may be given, and how often what kind of thing was hidden."""

    contents: Contents
    counts: Mapping[ThirdKind, int]


def hide(
    contents: Contents,
    decided: Mapping[str, Redaction],
    also: Sequence[str],
    instead: Mapping[ThirdKind, str],
    rules: PackageRules,
) -> Hidden:
    """Return the contents with others hidden: each finding but those left, and ``also``, words somebody named besides.

    Raises :class:`Conflict` for a decision on a place that is not there any more.
    """
    known = {each.id for each in contents.findings}
    if not known.issuperset(decided):
        raise Conflict("What is held changed since the places were decided on.", "Look at the places again.")
    counts: Counter[ThirdKind] = Counter()
    by_place: dict[_Place, list[Finding]] = {}
    for each in contents.findings:
        if decided.get(each.id, Redaction.HIDE) is Redaction.HIDE:
            by_place.setdefault((each.table, each.row, each.column), []).append(each)

    def cleaned(held: Held) -> Held:
        changed: dict[str, str] = {}
        for column, text in _texts(held, rules):
            found = [each.mark for each in by_place.get((held.table, held.id, column), ())]
            marks = joined([*found, *(mark for phrase in also for mark in find_words(text, phrase))])
            if marks:
                changed[column] = redacted(text, marks, instead)
                counts.update(_kinds(marks))
        return replace(held, values={**held.values, **changed}) if changed else held

    held = {table: tuple(map(cleaned, rows)) for table, rows in contents.held.items()}
    return Hidden(replace(contents, held=held), dict(counts))


def _kinds(marks: Sequence[Mark]) -> Iterator[ThirdKind]:
    return (mark.kind for mark in marks)


def _texts(held: Held, rules: PackageRules) -> Iterator[tuple[str, str]]:
    columns = register.packaged(held.table)
    for column, value in held.values.items():
        free = columns[column].privacy_class in rules.third_parties.free_text
        if isinstance(value, str) and (free or f"{held.table}.{column}" in rules.third_parties.somebody):
            yield column, value
