"""What a letter asks, and in which language: a proposal, and ``unsure`` where nobody should guess.

A type is proposed where a sentence bids for it (``I request the erasure``, ``please delete``), or names its article in
such a sentence; what is only spoken of (the right to lodge a complaint, an earlier request) proposes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from staffdesk.domain.intake_rules import IntakeRules, LanguageWords, phrases, plain_words, rules
from staffdesk.domain.requests import RequestType


class LetterKind(StrEnum):
    """What a letter is: one that asks something, one that asks where the answer is, one that complains, or unclear."""

    REQUEST = "request"
    REMINDER = "reminder"
    COMPLAINT = "complaint"
    UNSURE = "not sure"


@dataclass(frozen=True, slots=True)
class Understood:
    """What a letter seems to be; a reminder's or a complaint's ``types`` are those of the request it speaks of.

    More than one type is a letter that asks several things. ``language`` is None where it could not be told.
    """

    kind: LetterKind
    types: tuple[RequestType, ...] = ()
    language: str | None = None


_ABBREVIATED: Final = re.compile(r"\b(art|abs|lit|nr|no|al|par|ggf|bzw|bv|resp|dr|mr|mrs|ms|st)\.", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z]|[\"\u201e\u00ab(])")
_ABOUT_MAIL: Final = frozenset({RequestType.OBJECT, RequestType.OBJECT_MKT})
"""What is asked for where a sentence is about mail and names no data."""
_ITEM: Final = re.compile(r"^[ \t]*(?:[-*\u2022\u2013\u2014]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+", re.MULTILINE)
_BLANK: Final = re.compile(r"\n\s*\n")
_ARTICLES: Final = re.compile(
    r"(?<= )(?:art|arts|article|articles|artikel|artikels|artikeln|artikelen) "
    r"(?P<numbers>[0-9]+(?: [0-9]+| abs| absatz| lid| leden| alinea| alineas| par| paragraph| paragraphe| s| satz"
    r"| dsgvo| gdpr| rgpd| avg| en| et| und| and| sowie| art| article| artikel)*)"
)
_SECOND: Final = re.compile(r"21 (?:abs |absatz |lid |alinea |par |paragraph |paragraphe )?2(?![0-9])")
_MOST_SENTENCES: Final = 400
_LONGEST_SENTENCE: Final = 1_500
"""In characters; what is longer is read so far, since its cost grows with the square of its length."""


def understand(subject: str, text: str, by: IntakeRules | None = None) -> Understood:
    """Say what a letter asks; ``text`` is what its sender wrote himself, without what he quotes."""
    found = by or rules()
    language = language_of(f"{subject}\n{text}", found)
    if language is None:
        return Understood(LetterKind.UNSURE)
    words = found.languages[language]
    sentences = list(_sentences(text))[:_MOST_SENTENCES]
    spoken = [plain for lead, each in sentences if not phrases(words.never).search(plain := plain_words(lead + each))]
    title = plain_words(subject)
    # What would happen has not happened: nobody reminds or complains under a condition.
    under_condition = phrases(tuple(f"^{each}" for each in words.conditions))
    happened = [each for each in spoken if not under_condition.search(each)]
    if any(phrases(words.complaint).search(each) for each in happened):
        return Understood(LetterKind.COMPLAINT, _named(spoken, found), language)
    asked = _asked(title, sentences, words, found)
    if any(phrases(words.reminder).search(each) for each in (title, *happened)):
        named = asked or _named(spoken, found)
        return Understood(LetterKind.REMINDER, named, language)
    if not asked or len(asked) > found.sureness.most_types:
        return Understood(LetterKind.UNSURE, (), language)
    return Understood(LetterKind.REQUEST, asked, language)


def language_of(text: str, by: IntakeRules | None = None) -> str | None:
    """Return the language of a text, or None where it is none that letters are written in, or cannot be told."""
    found = by or rules()
    words = plain_words(text).split()
    known = {name: each.words for name, each in found.languages.items()} | dict(found.unread)
    counts = {name: sum(word in small for word in words) for name, small in known.items()}
    (first, most), (_, next_most) = sorted(counts.items(), key=lambda each: -each[1])[:2]
    if first in found.unread or most < found.sureness.fewest_words or most < next_most * found.sureness.lead:
        return None
    return first


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text into sentences, and the items of a list with what leads up to them."""
    lead = ""
    for paragraph in _BLANK.split(_ABBREVIATED.sub(r"\1 ", text)):
        first, *items = _ITEM.split(paragraph)
        for each in _SENTENCE_END.split(first.strip()):
            if each:
                yield "", each[:_LONGEST_SENTENCE]
                lead = each if each.rstrip().endswith(":") else ""
        for item in items:
            yield (f"{lead[:_LONGEST_SENTENCE]} " if lead else ""), item.strip()[:_LONGEST_SENTENCE]


def _asked(
    title: str, sentences: Sequence[tuple[str, str]], words: LanguageWords, by: IntakeRules
) -> tuple[RequestType, ...]:
    found: set[RequestType] = set()
    for lead, sentence in sentences:
        before, own = plain_words(lead), plain_words(sentence)
        whole = before.rstrip() + own
        if not phrases(words.never).search(whole):
            found |= _in_sentence(whole, len(before.rstrip()), words, by)
    if not found and not title.startswith((" re ", " aw ", " antw ", " sv ")):
        # A subject is a heading: what it names is asked for, whoever asks.
        found = {kind for kind, each in words.types.items() if phrases((*each.things, *each.said)).search(title)}
        found |= set(_articles(title, by))
    for kind, included in by.implied.items():
        if kind in found:
            found -= set(included)
    return tuple(each for each in RequestType if each in found)


def _in_sentence(sentence: str, start: int, words: LanguageWords, by: IntakeRules) -> set[RequestType]:
    """Return what a sentence bids for; what stands before ``start`` only leads up to it."""
    asks = [each.span() for each in phrases(words.ask).finditer(sentence)]
    bids = [each.span() for each in phrases(words.please).finditer(sentence)]
    joins = [
        each.span() for each in phrases(words.then).finditer(sentence) if each.start() <= start + 1 or asks or bids
    ]
    of_data = phrases(words.about).search(sentence) is not None
    of_mail = phrases(words.marketing).search(sentence) is not None
    found: set[RequestType] = set()
    for kind, each in words.types.items():
        about = of_data or (of_mail and kind in _ABOUT_MAIL)
        said = any(hit.start() >= start for hit in phrases(each.said).finditer(sentence))
        nouns = about and _near(sentence, start, asks, phrases(each.things), words, words.reach, both=True)
        verbs = about and _near(sentence, start, bids, phrases(each.verbs), words, words.please_reach, both=False)
        besides = about and _near(sentence, start, joins, phrases(each.verbs), words, words.then_reach, both=False)
        wishes = about and _near(sentence, start, asks, phrases(each.verbs), words, words.reach, both=False)
        if (said and about) or nouns or verbs or wishes or besides:
            found.add(kind)
    if asks or bids or found:
        named = {kind for kind, place in _articles(sentence, by).items() if place >= start}
        if RequestType.OBJECT_MKT in named and RequestType.OBJECT not in named:
            found.discard(RequestType.OBJECT)
        found |= named
    if RequestType.OBJECT in found and of_mail:
        found = (found - {RequestType.OBJECT}) | {RequestType.OBJECT_MKT}
    return found


def _near(
    sentence: str,
    start: int,
    askers: Sequence[tuple[int, int]],
    what: re.Pattern[str],
    words: LanguageWords,
    reach: int,
    *,
    both: bool,
) -> bool:
    """Say whether one of ``askers`` stands within reach of ``what``, and nothing between them turns it round."""
    for hit in what.finditer(sentence):
        if hit.start() < start:
            continue
        for begin, end in askers:
            if begin <= hit.start() and hit.end() <= end:
                return True
            if end <= hit.start():
                between = sentence[end : hit.start()]
            elif both and hit.end() <= begin:
                between = sentence[hit.end() : begin]
            else:
                continue
            # A list's items are each as near to what leads up to them as the first one.
            near = end <= start <= hit.start() or between.count(" ") - 1 <= reach
            if near and not phrases(words.stop).search(f" {between.strip()} "):
                return True
    return False


def _articles(sentence: str, by: IntakeRules) -> dict[RequestType, int]:
    """Return the rights a sentence calls by their article, each with its last place."""
    found: dict[RequestType, int] = {}
    for each in _ARTICLES.finditer(sentence):
        for number in _heads(each["numbers"]):
            kind = by.articles.get(number)
            if kind is RequestType.OBJECT and _SECOND.search(each["numbers"]):
                kind = RequestType.OBJECT_MKT
            if kind is not None:
                found[kind] = each.start()
    return found


def _heads(numbers: str) -> list[str]:
    """Return the numbers of articles in ``15 abs 3 und 17``, without those of their paragraphs."""
    parts = numbers.split()
    return [
        part
        for place, part in enumerate(parts)
        if part.isdigit() and (place == 0 or (len(part) > 1 and parts[place - 1] not in {"abs", "absatz", "lid"}))
    ]


def _named(spoken: Sequence[str], by: IntakeRules) -> tuple[RequestType, ...]:
    named = {kind for each in spoken for kind in _articles(each, by)}
    return tuple(each for each in RequestType if each in named)
