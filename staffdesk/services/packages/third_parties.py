"""Other people in what is held of a person, found one by one, so that each can be hidden or left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from staffdesk.data import register
from staffdesk.data.customers.others import Others
from staffdesk.data.transaction import Read
from staffdesk.domain import third_parties
from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_email, normal_ip, normal_mac, normal_number
from staffdesk.domain.numbers_in_text import ip_addresses, serials
from staffdesk.domain.packages import Finding, Held, PackageRules, finding
from staffdesk.domain.third_parties import Known, Mark, Own, ThirdKind, find, whole
from staffdesk.domain.words import words_of
from staffdesk.services.letters.rules import letter_rules

_NAME: Final = ("given_name", "family_name")
_NORMAL: Final[tuple[Callable[[str], str], ...]] = (normal_email, normal_mac, normal_ip, normal_number)


def findings(tx: Read, person_id: int, held: Mapping[str, Sequence[Held]], rules: PackageRules) -> tuple[Finding, ...]:
    """Return each place in a person's rows that may be about somebody else, in the order of the rows."""
    rows = [row for each in held.values() for row in each]
    names = _names(held)
    elses = {id(row): _somebody_elses(row, names, rules) for row in rows}
    own = Own(names=names, values=frozenset(_values(rows, elses, rules)))
    free = [(row, column, text) for row in rows for column, text in free_texts(row, rules)]
    known = _known(tx, person_id, [text for _, _, text in free], rules)
    found: list[Finding] = []
    for row in rows:
        marked = {**{column: find(text, own, known) for column, text in free_texts(row, rules)}, **elses[id(row)]}
        found += [finding(row, column, row.values[column], mark) for column, marks in marked.items() for mark in marks]
    return tuple(found)


def free_texts(row: Held, rules: PackageRules) -> Iterator[tuple[str, str]]:
    """Yield the columns of a row in which others may be named, with what stands there."""
    columns = register.packaged(row.table)
    for column, value in row.values.items():
        free = columns[column].privacy_class in rules.third_parties.free_text
        if isinstance(value, str) and (free or f"{row.table}.{column}" in rules.third_parties.somebody):
            yield column, value


def _names(held: Mapping[str, Sequence[Held]]) -> frozenset[str]:
    """Return the words of his name, as it stands and as he asked that it be corrected to."""
    to_be = (row.values for row in held.get("request_change", ()) if row.values.get("field") in _NAME)
    return third_parties.folded_words(
        *(row.values.get(column) for row in held.get("person", ()) for column in _NAME),
        *(values.get("new_value") for values in to_be),
    )


def _somebody_elses(row: Held, names: frozenset[str], rules: PackageRules) -> dict[str, tuple[Mark, ...]]:
    """Return the columns of a row that are somebody else's: a name that has no word of his, and what goes with it."""
    found: dict[str, tuple[Mark, ...]] = {}
    for place, along in rules.third_parties.somebody.items():
        table, _, column = place.partition(".")
        name = row.values.get(column)
        marks = whole(name, Own(names=names)) if table == row.table and isinstance(name, str) else ()
        if marks:
            found[column] = marks
            texts = ((each, row.values.get(each)) for each in along)
            found |= {each: (Mark(0, len(text), ThirdKind.WORDS),) for each, text in texts if isinstance(text, str)}
    return found


def _values(rows: Iterable[Held], elses: Mapping[int, Mapping[str, object]], rules: PackageRules) -> Iterator[str]:
    for row in rows:
        country = row.values.get("country")
        regions = (*rules.third_parties.regions, *((country,) if country else ()))
        for column in rules.third_parties.own_values & row.values.keys() - elses[id(row)].keys():
            value = row.values[column]
            if isinstance(value, str):
                yield from _forms(value)
                yield from third_parties.phone_forms(value, regions)


def _of_the_authority(regions: tuple[str, ...]) -> frozenset[str]:
    """Return what our own letters tell of whom one may complain to."""
    authority = letter_rules().authority
    return frozenset({normal_email(authority.email)}) | third_parties.phone_forms(authority.phone, regions)


def _forms(value: str) -> Iterator[str]:
    for normal in _NORMAL:
        try:
            yield normal(value)
        except BadInput:
            continue


def _known(tx: Read, person_id: int, texts: Sequence[str], rules: PackageRules) -> Known:
    others = Others(tx)
    in_names = others.words_of_names(frozenset[str]().union(*map(third_parties.words_in, texts)))
    names = frozenset[str]().union(*(third_parties.possible_names(text, in_names) for text in texts))
    addresses = frozenset(value for text in texts for _, value in ip_addresses(text))
    numbers = frozenset(value for text in texts for _, value in serials(text))
    employees = others.employees()
    people = others.named(names, person_id)
    colleagues = [name for each in others.colleagues(person_id) for name in each]
    return Known(
        in_names=in_names,
        people=people,
        employees=frozenset(words_of(each.full_name) for each in employees),
        # Whoever is named in full once is called by one name elsewhere.
        near=third_parties.folded_words(*colleagues, *people),
        staff=third_parties.folded_words(*(each.full_name for each in employees)),
        numbers=others.serials(numbers, person_id) | others.addresses(addresses, person_id),
        addresses=frozenset(form for each in employees if each.email for form in _forms(each.email)),
        nobodys=_of_the_authority(rules.third_parties.regions),
        titles=rules.third_parties.titles,
        regions=rules.third_parties.regions,
    )
