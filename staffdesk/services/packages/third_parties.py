"""Other people in what is held of a person, found one by one, so that each can be hidden or left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from staffdesk.data import register
from staffdesk.data.customers.others import Others
from staffdesk.data.transaction import Read
from staffdesk.domain import third_parties
from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_email, normal_ip, normal_mac, normal_number
from staffdesk.domain.packages import Finding, Held, PackageRules, finding
from staffdesk.domain.third_parties import Known, Own
from staffdesk.domain.words import words_of

_NORMAL: Final[tuple[Callable[[str], str], ...]] = (normal_email, normal_mac, normal_ip, normal_number)


@dataclass(frozen=True, slots=True, repr=False)
class _Text:
    held: Held
    column: str
    text: str
    names_somebody: bool


def findings(tx: Read, person_id: int, held: Mapping[str, Sequence[Held]], rules: PackageRules) -> tuple[Finding, ...]:
    """Return each place in a person's rows that may be about somebody else, in the order of the rows."""
    texts = tuple(_texts((row for rows in held.values() for row in rows), rules))
    own = _own(held, rules)
    known = _known(tx, person_id, [each.text for each in texts], rules)
    return tuple(
        finding(each.held, each.column, each.text, mark)
        for each in texts
        for mark in (third_parties.whole(each.text, own) if each.names_somebody else ())
        or third_parties.find(each.text, own, known)
    )


def _texts(rows: Iterable[Held], rules: PackageRules) -> Iterator[_Text]:
    for row in rows:
        columns = register.packaged(row.table)
        for column, value in row.values.items():
            somebody = f"{row.table}.{column}" in rules.third_parties.somebody
            free = columns[column].privacy_class in rules.third_parties.free_text
            if isinstance(value, str) and (free or somebody):
                yield _Text(row, column, value, somebody)


def _own(held: Mapping[str, Sequence[Held]], rules: PackageRules) -> Own:
    names: set[str] = set()
    values: set[str] = set()
    for row in (row for rows in held.values() for row in rows):
        if row.table == "person":
            names |= third_parties.folded_words(row.values.get("given_name"), row.values.get("family_name"))
        for column in rules.third_parties.own_values & row.values.keys():
            value = row.values[column]
            if isinstance(value, str):
                country = row.values.get("country")
                regions = (*rules.third_parties.regions, *((country,) if country else ()))
                values |= {*_forms(value), *third_parties.phone_forms(value, regions)}
    return Own(names=frozenset(names), values=frozenset(values))


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
    numbers = frozenset[str]().union(*map(third_parties.possible_numbers, texts))
    employees = others.employees()
    near = [name for names in others.colleagues(person_id) for name in names]
    return Known(
        in_names=in_names,
        people=others.named(names, person_id),
        employees=frozenset(words_of(each.full_name) for each in employees),
        near=third_parties.folded_words(*near),
        staff=third_parties.folded_words(*(each.full_name for each in employees)),
        numbers=others.serials(numbers, person_id) | others.addresses(numbers, person_id),
        addresses=frozenset(form for each in employees if each.email for form in _forms(each.email)),
        nobodys=frozenset({normal_email(rules.complaint.email)}),
        titles=rules.third_parties.titles,
        regions=rules.third_parties.regions,
    )
