"""From what is held to the document a person reads: what the law says, the copy, who looked, what is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from staffdesk.data import register
from staffdesk.data.references import TABLE_OF
from staffdesk.domain.access import Level, RecordKind
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.packages import Consulted, Contents, Held, PackageRules
from staffdesk.domain.text import visible
from staffdesk.domain.third_parties import ThirdKind
from staffdesk.parameters.shapes import policy, retention
from staffdesk.services.packages.document import Document, Part, Table
from staffdesk.services.packages.law import Law, use_of
from staffdesk.services.packages.reading_aloud import called, moment_said, said
from staffdesk.services.packages.words import Words

_TIMES = "\u00d7"


class Saying:
    """Writes documents in one language."""

    def __init__(self, words: Words, language: str, rules: PackageRules) -> None:
        """Write in these words."""
        self._words = words
        self._language = language
        self._rules = rules

    def access(self, contents: Contents, hidden: Mapping[ThirdKind, int]) -> Document:
        """Return all of Art. 15; others are hidden in the contents by now, so many times."""
        law = Law(contents, self._words, self._language, self._rules)
        parts = (
            *law.parts(),
            self._copy("copy", contents.held),
            self._consultations(contents.consulted),
            self._hidden(hidden),
        )
        return self._document(self._words.access, self._words.lead_access, contents, parts)

    def port(self, contents: Contents) -> Document:
        """Return what goes with the data of Art. 20; the contents hold nothing else by now."""
        return self._document(self._words.port, self._words.lead_port, contents, (self._copy("given", contents.held),))

    def _document(self, title: str, lead: str, contents: Contents, parts: tuple[Part, ...]) -> Document:
        in_force = policy()
        house = in_force.controller
        return Document(
            language=self._language,
            title=title,
            facts=(
                (self._words.number, contents.number),
                (self._words.made, f"{moment_said(contents.collected_at)} UTC"),
                (self._words.policy, f"{in_force.dated}, {in_force.reference}"),
                (self._words.controller, ", ".join((house.name, *house.address))),
                (self._words.contact, in_force.contact),
            ),
            lead=(lead,),
            contents=self._words.contents,
            parts=parts,
        )

    def _copy(self, name: str, held: Mapping[str, Sequence[Held]]) -> Part:
        tables = tuple(table for rows in held.values() for table in self._rows(rows))
        return Part(name, self._words.headings["copy"], (self._words.sentences[name],), tables)

    def _rows(self, rows: Sequence[Held]) -> Iterator[Table]:
        for at, held in enumerate(rows, start=1):
            label = self._words.say(use_of(held.table, self._rules).label)
            place = f" ({self._words.of.format(n=at, all=len(rows))})" if len(rows) > 1 else ""
            yield Table(
                f"{label}: {called(held, self._words)}{place}",
                (self._words.name, self._words.value),
                tuple(self._fields(held)),
            )

    def _fields(self, held: Held) -> Iterator[tuple[str, str]]:
        for column, declaration in register.packaged(held.table).items():
            value = held.values.get(column)
            if value is not None:
                yield self._words.say(declaration.label), said(column, value, self._words, self._language)

    def _consultations(self, consulted: Sequence[Consulted]) -> Part:
        sentences, columns = self._words.sentences, self._words.columns
        heading = self._words.headings["consultations"]
        months = retention().kinds["log"].months
        older = () if months is None else (sentences["older"].format(months=months),)
        if not consulted:
            return Part("consultations", heading, (sentences["no_consultations"], *older))
        counts = {level: sum(each.level is level for each in consulted) for level in Level}
        told = sentences["counts"].format(
            listed=counts[Level.LISTED], opened=counts[Level.OPENED], revealed=counts[Level.REVEALED]
        )
        head = tuple(columns[each] for each in ("when", "what", "purpose", "data", "department"))
        named = any(each.employee for each in consulted)
        rows = ((*self._consulted(each), *((visible(each.employee),) if named else ())) for each in consulted)
        table = Table(heading, (*head, *((columns["employee"],) if named else ())), tuple(rows))
        said_first = (sentences["consultations"], *((sentences["named"],) if named else ()), told, *older)
        return Part("consultations", heading, said_first, (table,))

    def _consulted(self, each: Consulted) -> tuple[str, ...]:
        times = f" ({each.times}{_TIMES})" if each.times > 1 else ""
        changed = ""
        if each.changed is not None:
            changed = f" ({visible(each.changed.old or '')} \u2192 {visible(each.changed.new or '')})"
        return (
            moment_said(each.at),
            f"{self._words.acts.get(each.act, each.act)}{times}{changed}",
            self._words.purpose(each.purpose),
            ", ".join(dict.fromkeys(self._kinds(each.kinds))) or self._words.classes[PrivacyClass.IDENTITY],
            self._words.department(each.role),
        )

    def _kinds(self, kinds: Sequence[str]) -> Iterator[str]:
        """Yield what an entry was about: fields where it names them, else classes, else kinds of record."""
        fields = [kind.partition(".") for kind in kinds if "." in kind]
        for table, _, column in fields:
            declaration = register.of_table(table).get(column)
            if declaration is not None:
                yield self._words.say(declaration.label)
        if fields:
            return
        for kind in kinds:
            if kind in set(PrivacyClass):
                yield self._words.classes[PrivacyClass(kind)]
            elif kind in set(RecordKind):
                yield self._words.say(use_of(TABLE_OF[RecordKind(kind)], self._rules).label)

    def _hidden(self, hidden: Mapping[ThirdKind, int]) -> Part:
        heading = self._words.headings["hidden"]
        if not hidden:
            return Part("hidden", heading, (self._words.sentences["nothing_hidden"],))
        counts = ", ".join(
            f"{self._words.hide[kind].strip('[]')} ({hidden[kind]}{_TIMES})" for kind in ThirdKind if kind in hidden
        )
        return Part("hidden", heading, (self._words.sentences["hidden"].format(counts=counts),))
