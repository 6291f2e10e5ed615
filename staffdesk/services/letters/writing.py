"""Writing a letter: whole templates by language, facts as data, nothing left empty."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from staffdesk.domain.deadlines import nominal
from staffdesk.domain.errors import BadInput
from staffdesk.domain.holds import Ground, HeldBy
from staffdesk.domain.holds import rules as hold_rules
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_words import LETTERS
from staffdesk.domain.requests import IdentityNeed, RequestType, identity_needed, rules
from staffdesk.domain.text import visible, without_hidden
from staffdesk.parameters.shapes import policy, retention
from staffdesk.services.letters import language as said
from staffdesk.services.letters.facts import Exempt, Kept, LetterFacts, Outside
from staffdesk.services.letters.language import Language
from staffdesk.services.letters.layout import wrapped
from staffdesk.services.letters.rules import letter_rules
from staffdesk.services.letters.words import FOLDER, place, word

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

_ENDS: Final = (".", "!", "?", "…")
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True, repr=False)
class Written:
    """A letter, ready to be shown and sent: plain text, wrapped, and the subject it is mailed under."""

    subject: str
    text: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text, in hexadecimal: what was shown is what is sent."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def write(letter: Letter, language: Language, facts: LetterFacts) -> Written:
    """Return a letter; raises :class:`BadInput` naming the fact that it needs and that is not known.

    Whatever somebody wrote stands in it as data: on one line, with nothing hidden, and no template or markup acts.
    """
    from jinja2 import UndefinedError  # noqa: PLC0415 - a letter is rare

    template = _environment(language).get_template(f"{letter.value.lower()}.{language}.txt")
    try:
        module = template.make_module(_context(facts, language))
    except UndefinedError as error:
        raise _missing(letter, str(error.message)) from None
    subject: str = getattr(module, "subject")  # noqa: B009 - the template sets it
    return Written(f"{' '.join(subject.split())} ({facts.number})", wrapped(str(module)))


def retold(
    written: Written,
    language: Language,
    told: tuple[str, ...],
    exempt: tuple[Exempt, ...],
    outside: tuple[Outside, ...] = (),
) -> Written:
    """Return a letter in which is said anew who was told, and what became of what is outside the desk.

    It stays as it was where it says nothing of either, and everything else stays to the letter: what it tells may be
    gone by then.
    """
    text = _said_anew(written.text, language, "told", {"told": _plain(told), "exempt": _plain(exempt)})
    if outside:
        text = _said_anew(text, language, "outside", {"outside": _plain(outside)})
    return replace(written, text=text)


def _said_anew(text: str, language: Language, name: str, known: Mapping[str, object]) -> str:
    """Return a text in which one section, a heading and one paragraph, is written from what is known now."""
    section = wrapped(_environment(language).get_template(f"{name}.{language}.txt").render(known))
    before, found, after = text.partition(f"\n\n{section.partition(chr(10))[0]}\n\n")
    _, more, rest = after.partition("\n\n")
    return f"{before}\n\n{section}{more}{rest}" if found else text


def _context(facts: LetterFacts, language: Language) -> dict[str, object]:
    """Return what a template may name; what is not known is left out, so that naming it is an error."""
    in_force, authority, periods = policy(), letter_rules().authority, rules().periods
    context = _known(facts)
    context |= {
        "house": in_force.controller,
        "policy": in_force,
        "authority": {
            **_known(authority), "name": authority.name[language], "address": authority.address[language],
        },
        "proof_may_be_asked": facts.kind is not None and _may_be_asked(facts.kind),
        # From the day on which it came, as the desk itself counts; a letter promises no day that is over.
        "copy_by": max(facts.written_on, (facts.copy_since or facts.written_on) + dt.timedelta(days=periods.copy_days)),
        "resume_by": nominal(facts.written_on, periods.reopen_months),
        "file_years": periods.purge_months // _MONTHS_A_YEAR,
        "log_months": retention().kinds["log"].months,
        "claim_months": retention().holds[Ground.CLAIM].review_months,
    }  # fmt: skip
    context |= {"kept": _by_law(facts.kept, language), "kept_before": _by_law(facts.kept_before, language)}
    if facts.hard_due is not None:
        context["late"] = facts.hard_due < facts.written_on
        context["proof_by"] = proof_by(facts.written_on, facts.hard_due)
    return context


def proof_by(written_on: dt.date, hard_due: dt.date) -> dt.date:
    """Return the day by which a letter asks for proof of identity.

    That is some days before the last day to answer; where these have come, some days after the letter, but not after
    the last day, as that is when a refusal is owed too (Art. 12(4)). Only where the last day itself is no more to come,
    the days after the letter are all that is left to name.
    """
    periods = rules().periods
    some_days = written_on + dt.timedelta(days=periods.proof_days)
    day = max(hard_due - dt.timedelta(days=periods.lapse_days_before_due), some_days)
    return min(day, hard_due) if hard_due > written_on else day


def _by_law(kept: tuple[Kept, ...], language: Language) -> tuple[object, ...]:
    """Return what is kept as a letter tells it: once a ground, a law and a day, with every kind of record it covers."""
    kinds: dict[tuple[tuple[dt.date, str, str], ...], list[str]] = {}
    for each in sorted(kept, key=lambda it: (it.until, it.ground, it.also)):
        holds = (HeldBy(each.until, each.ground, each.law), *each.also)
        covered = kinds.setdefault(tuple((by.until, by.ground.value, _law(by, language)) for by in holds), [])
        if each.kind not in covered:
            covered.append(each.kind)
    return tuple(
        SimpleNamespace(
            kinds=tuple(covered), ground=ground, law=law, until=until,
            also=tuple(SimpleNamespace(ground=why, law=by, until=day) for day, why, by in also),
            disputed=Ground.CLAIM.value in {ground, *(why for _, why, _ in also)},
        )
        for ((until, ground, law), *also), covered in kinds.items()
    )  # fmt: skip


def _law(by: HeldBy, language: Language) -> str:
    """Return a law as the language names it; one that is not the ground's own stands as it was recorded."""
    if by.law in {"", hold_rules().grounds[by.ground].law}:
        return word(language, "holds", by.ground.value, "law")
    return _one_line(by.law)


def _may_be_asked(kind: RequestType) -> bool:
    return identity_needed(kind) is not IdentityNeed.NEVER


def _known(facts: object) -> dict[str, object]:
    names = (each.name for each in dataclasses.fields(facts))  # type: ignore[arg-type] # called with dataclasses
    values = ((name, getattr(facts, name)) for name in names)
    return {name: _plain(value) for name, value in values if value is not None and not _is_blank(value)}


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and bool(value) and not without_hidden(value).strip()


def _plain(value: object) -> object:
    """Return a value as a template gets it: text on one line with nothing hidden, records without what is not known."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return _one_line(value)
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    if dataclasses.is_dataclass(value):
        absent = dict.fromkeys(each.name for each in dataclasses.fields(value) if each.default is None)
        return SimpleNamespace(**(absent | _known(value)))
    return value


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _missing(letter: Letter, message: str) -> BadInput:
    known = letter_rules().facts
    name = next((each for each in sorted(known, key=len, reverse=True) if f"'{each}'" in message), "")
    return BadInput(
        f"The letter ({LETTERS[letter]}) cannot be written yet: {known.get(name, 'something it tells')} is not known.",
        "Record it with the request, then write the letter again.",
    )


@cache
def _environment(language: Language) -> ImmutableSandboxedEnvironment:
    from jinja2 import FunctionLoader, StrictUndefined  # noqa: PLC0415 - as above
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - as above

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: FOLDER.joinpath(name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_filters(language))
    return environment


def _filters(language: Language) -> Mapping[str, Callable[..., object]]:
    return {
        "day": _strict(partial(said.day, language=language)),
        "month": _strict(partial(said.month, language=language)),
        "count": _strict(partial(said.count, language=language)),
        "country": _strict(partial(said.countries, language=language)),
        "place": _strict(partial(place, language)),
        "sentence": _strict(_sentence),
        "word": _strict(lambda code, table, part="": word(language, table, code, part)),
        "needed": _strict(_needed),
    }


def _strict(of: Callable[..., object]) -> Callable[..., object]:
    """Return a filter that does not take what is not known for a value."""
    from jinja2 import Undefined  # noqa: PLC0415 - as above

    def asked(value: object, *arguments: object) -> object:
        return of(str(value) if isinstance(value, Undefined) else value, *arguments)

    return asked


def _sentence(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."


def _needed(value: object, name: str) -> object:
    from jinja2 import UndefinedError  # noqa: PLC0415 - as above

    if not value:
        raise UndefinedError(f"'{name}' is empty")
    return value
