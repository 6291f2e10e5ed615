"""Hiding others in what is given: every place that was found, but those somebody decided to leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from staffdesk.domain.errors import Conflict
from staffdesk.domain.packages import Contents, Finding, Held, PackageRules, Redaction
from staffdesk.domain.third_parties import ThirdKind, find_words, joined, redacted
from staffdesk.services.packages.third_parties import free_texts

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
        named = dict(free_texts(held, rules)) if also else {}
        for column, value in held.values.items():
            found = [each.mark for each in by_place.get((held.table, held.id, column), ())]
            found += [mark for phrase in also for mark in find_words(named.get(column, ""), phrase)]
            if found:
                changed[column] = redacted(value, found, instead)
                counts.update(mark.kind for mark in joined(found))
        return replace(held, values={**held.values, **changed}) if changed else held

    held = {table: tuple(map(cleaned, rows)) for table, rows in contents.held.items()}
    return Hidden(replace(contents, held=held), dict(counts))
