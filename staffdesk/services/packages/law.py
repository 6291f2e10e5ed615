"""What the law says a person is told with the copy of his data: one section for each letter of Art. 15(1) GDPR."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from staffdesk.data import register
from staffdesk.domain import transfers
from staffdesk.domain.access import Entity
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.packages import Contents, Held, PackageRules
from staffdesk.domain.sharing import Given
from staffdesk.domain.text import visible
from staffdesk.domain.transfers import Safeguard
from staffdesk.domain.uses import Use, uses
from staffdesk.parameters.shapes import policy, retention
from staffdesk.services.clearance import today_in_brussels
from staffdesk.services.letters import Language
from staffdesk.services.letters.rules import letter_rules
from staffdesk.services.packages.document import Part, Table
from staffdesk.services.packages.reading_aloud import called, country, said
from staffdesk.services.packages.words import Words

_NOTED = "noted here"
_WITHOUT_A_SOURCE: Mapping[str, str] = {
    "order_line": "with its order",
    "request": "received here",
    "licence_request": _NOTED,
    "licence_step": _NOTED,
    "log_bundle": "sent with a case",
    "log_bundle_file": "sent with a case",
}


def use_of(table: str, rules: PackageRules) -> Use:
    """Return what the rows of a table are used for; one nothing is said of is used as what it hangs on."""
    known = {**uses(), **rules.uses}
    return next(known[name] for name in (table, *register.paths_to_person().get(table, ())) if name in known)


class Law:
    """Writes the sections on one person's contents, in one language."""

    def __init__(self, contents: Contents, words: Words, language: str, rules: PackageRules) -> None:
        """Write on these contents; others must be hidden in them by now."""
        self._contents = contents
        self._words = words
        self._language = language
        self._rules = rules

    def parts(self) -> tuple[Part, ...]:
        """Return the sections, (a) to (h)."""
        return (
            self._part("a", self._purposes()),
            self._part("b", self._categories()),
            self._recipients(),
            self._part("d", self._retention()),
            self._part("e", sentence=self._words.sentences["e"].format(contact=policy().contact)),
            self._part("f", self._authority()),
            self._part("g", self._sources()),
            self._part("h"),
        )

    def _part(self, letter: str, *tables: Table, sentence: str | None = None) -> Part:
        said_first = self._words.sentences[letter] if sentence is None else sentence
        return Part(letter, self._words.headings[letter], (said_first,), tables)

    def _table(self, letter: str, columns: str, rows: Iterator[tuple[str, ...]]) -> Table:
        head = tuple(self._words.columns[column] for column in columns.split())
        return Table(self._words.headings[letter], head, tuple(dict.fromkeys(rows)))

    def _held(self) -> Iterator[str]:
        return (table for table, rows in self._contents.held.items() if rows)

    def _purposes(self) -> Table:
        say = self._words.say
        found = (use_of(table, self._rules) for table in self._held())
        return self._table("a", "kind use basis", ((say(each.label), say(each.use), say(each.basis)) for each in found))

    def _categories(self) -> Table:
        fields: dict[PrivacyClass, dict[str, None]] = {}
        for held in (row for rows in self._contents.held.values() for row in rows):
            for column, declaration in register.packaged(held.table).items():
                if declaration.privacy_class is not None and held.values.get(column) is not None:
                    fields.setdefault(declaration.privacy_class, {})[self._words.say(declaration.label)] = None
        ordered = [each for each in PrivacyClass if each in fields]
        rows = ((self._words.classes[each], ", ".join(fields[each])) for each in ordered)
        return self._table("b", "data fields", rows)

    def _recipients(self) -> Part:
        sentences = self._words.sentences
        told = [sentences["c"]] if self._contents.given else [sentences["no_recipients"]]
        if self._contents.affiliate:
            house = policy().affiliate
            told.append(
                sentences["affiliate"].format(
                    name=house.name,
                    country=country(house.country, self._language),
                    safeguard=self._safeguard_of_the_house(),
                )
            )
        rows = (self._recipient(each) for each in self._contents.given)
        table = self._table("c", "recipient country purpose classes last safeguard", rows)
        return Part("c", self._words.headings["c"], tuple(told), (table,) if table.rows else ())

    def _recipient(self, given: Given) -> tuple[str, ...]:
        classes = (
            self._words.classes[PrivacyClass(each)] if each in set(PrivacyClass) else visible(each)
            for each in given.classes
        )
        return (
            visible(given.label),
            country(given.country, self._language) or self._words.sentences["unknown_country"],
            "; ".join(visible(self._words.say(each)) for each in given.purposes),
            ", ".join(classes),
            given.last_on.isoformat(),
            self._safeguard(given),
        )

    def _safeguard(self, given: Given) -> str:
        table = transfers.rules()
        if given.country and table.in_eea(given.country):
            return self._words.sentences["in_eea"]
        if given.mechanism not in set(Safeguard):
            return visible(given.mechanism) or self._words.sentences["no_safeguard"]
        until = self._words.sentences["until"]
        ends = "" if given.mechanism_until is None else f", {until.format(date=given.mechanism_until)}"
        return self._safeguard_words(Safeguard(given.mechanism), given.country) + ends

    def _safeguard_of_the_house(self) -> str:
        employer = transfers.rules().entities[Entity.US]
        verdict = transfers.transfer_check(employer, today_in_brussels())
        if verdict.safeguard is None:
            return self._words.sentences["no_safeguard"]
        return self._safeguard_words(verdict.safeguard, employer.country)

    def _safeguard_words(self, safeguard: Safeguard, code: str) -> str:
        decision = transfers.rules().adequacy.get(transfers.rules().country(code))
        return self._words.safeguards[safeguard].format(decision="" if decision is None else decision.decision).strip()

    def _retention(self) -> Table:
        def rows() -> Iterator[tuple[str, ...]]:
            for table in self._held():
                label = self._words.say(use_of(table, self._rules).label)
                yield self._kept(label, register.keep_of(table))
                for row in self._contents.held[table]:
                    until = self._contents.kept_until.get((table, row.id))
                    if until is not None:
                        last = self._words.sentences["until"].format(date=until)
                        yield (f"{label}: {called(row, self._words)}", last, self._words.none)
                for column, declaration in register.packaged(table).items():
                    held = any(row.values.get(column) is not None for row in self._contents.held[table])
                    if declaration.keep is not None and held:
                        yield self._kept(f"{label}: {self._words.say(declaration.label)}", declaration.keep)
            yield self._kept(self._words.say("Log of consultations"), "log")

        return self._table("d", "kind kept longer", rows())

    def _kept(self, label: str, rule: str) -> tuple[str, ...]:
        keep = retention().kinds[rule]
        holds = [retention().holds[hold] for hold in keep.holds]
        longer = "; ".join(f"{self._words.say(hold.text)} ({hold.source})" for hold in holds)
        return (label, self._words.say(keep.text), longer or self._words.none)

    def _authority(self) -> Table:
        authority = letter_rules().authority
        lines = (authority.address[Language(self._language)], authority.phone, authority.email, authority.web)
        rows = ((authority.official, ", ".join(lines)),)
        return Table(self._words.headings["f"], (self._words.columns["authority"], self._words.contact), rows)

    def _sources(self) -> Table:
        rows = (self._source(held) for held in (row for rows in self._contents.held.values() for row in rows))
        return self._table("g", "record source date named", rows)

    def _source(self, held: Held) -> tuple[str, ...]:
        values = held.values
        label = self._words.say(use_of(held.table, self._rules).label)
        source = values.get("source")
        how = (
            self._words.say(_WITHOUT_A_SOURCE.get(held.table, _NOTED))
            if source is None
            else said("source", source, self._words, self._language)
        )
        run = self._contents.imports.get(values.get("import_id") or 0)
        named = (
            values.get("event"),
            self._contents.partners.get(values.get("partner_id") or 0),
            None if run is None else f"{run[0]} {said('started_at', run[1], self._words, self._language)}",
        )
        on = values.get("obtained_on")
        return (
            f"{label}: {called(held, self._words)}",
            how,
            "" if on is None else said("obtained_on", on, self._words, self._language),
            ", ".join(visible(str(each)) for each in named if each),
        )
