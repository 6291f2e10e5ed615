"""Who bought: found again by the store's account and the name, never merged with another, never overwritten.

Whom a list named before he bought, a lead, is found by his address and name, where nobody else has the address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

from staffdesk.data.customers.accounts import Accounts, KnownPerson
from staffdesk.data.customers.fields import Fields
from staffdesk.data.customers.writing import Writing, new_aid
from staffdesk.data.tables.people import Mark, Organisation, Person
from staffdesk.data.transaction import Change
from staffdesk.domain.errors import Conflict
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.imported import ImportedOrder, ImportedParty, ImportedSubscription, Place
from staffdesk.domain.imported_lists import party_of
from staffdesk.domain.read_items import Imported, KeptOff
from staffdesk.domain.words import sort_name
from staffdesk.services.importing.keys import is_key
from staffdesk.services.importing.met import HALVES, PARTY, Met, filled, misfits, name_of
from staffdesk.services.importing.profiles import of_no_customers_yet
from staffdesk.services.importing.run import Run, note_change

Owner: TypeAlias = tuple[int | None, int | None]
"""The numbers of the person and of the organisation something belongs to."""

CompanyKey: TypeAlias = tuple[str, str | None]
"""A company's folded name and its country."""

_NOT_THE_PERSONS = frozenset({"company"})
_CUSTOMER = "is_customer"
_COMPANY = "organisation_id"
_HIS = tuple(name for name in PARTY if name not in _NOT_THE_PERSONS)
_OF_THE_PERSON = frozenset(_HIS) - {"account_id"} | {_COMPANY}


NOBODY: Owner = (None, None)


class Told(Protocol):
    """What is counted of a batch."""

    people: dict[int, str]
    conflicts: list[Place]
    kept_off: list[KeptOff]
    touched: list[str]


class Buyers:
    """The people and the companies of one batch."""

    def __init__(self, accounts: Accounts, run: Run) -> None:
        """Look up with ``accounts`` what came before ``run``, which holds in a dry run who would have been written."""
        self._accounts = accounts
        self._run = run
        self._dreamt = run.dreamt
        self._index: dict[str, list[Met]] = {}
        self._recalled: dict[int, Met] = {}
        self._company_keys: dict[tuple[str, str | None], CompanyKey] = {}

    def owners(self, items: Sequence[Imported], tx: Change | None, told: Told) -> list[Owner]:
        """Say for each record whose it is, after writing who and what company is new; in a dry run nobody is written.

        Raises :class:`BadInput` for a value that the desk may not hold.
        """
        parties = [party_of(item.record) for item in items]
        self._look_up([party for party in parties if party is not None])
        met = [
            None if party is None else self._meet(party, item.place, told)
            for party, item in zip(parties, items, strict=True)
        ]
        named = [
            None if party is None else _at(party, one, isinstance(item.record, ImportedOrder | ImportedSubscription))
            for party, one, item in zip(parties, met, items, strict=True)
        ]
        companies = self._companies([party for party in named if party is not None and party.company], tx)
        self._settle(list(dict.fromkeys(one for one in met if one is not None)), companies, tx, told)
        return [
            (None if one is None else one.number, _held_at(one) if at is None else companies.get(self._key_of(at)))
            for one, at in zip(met, named, strict=True)
        ]

    def _look_up(self, parties: Sequence[ImportedParty]) -> None:
        # A licence is found by its holder's account alone, and a record that came from elsewhere holds another's.
        known = self._accounts.people(
            {party.account_id for party in parties if party.account_id},
            {normal_email(party.email) for party in parties if party.email},
            anywhere=self._run.profile.anywhere,
            lists=of_no_customers_yet() if self._run.profile.customers and not self._run.profile.lists else (),
        )
        for person in known:
            self._enter(Met(party=ImportedParty(), known=person, number=person.owner))

    def _enter(self, met: Met) -> None:
        for key in met.keys:
            listed = self._index.get(key)
            if listed is None:
                listed = self._index[key] = self._recall(key)
            if met not in listed:
                listed.append(met)

    def _meet(self, party: ImportedParty, place: Place, told: Told) -> Met | None:
        """Find who this is, or meet somebody new; None where the record tells too little to know him by."""
        name = name_of(party)
        account = self._of(f"account {party.account_id}") if party.account_id else []
        email = self._of(f"email {normal_email(party.email)}") if party.email else []
        if not party.account_id:
            found = self._same(email, name)
        elif is_key(party.account_id) or self._run.profile.anywhere:
            found = account[0] if account else self._same(email, name)
        else:
            found = self._same(account, name)
            if found is None and not account:
                guests = [one for one in email if not one.has_account and one.has_name]
                found = self._same(guests, name) if name else None
            if found is None:
                found = self._same([one for one in email if one.is_prospect], name)
        if found is not None:
            found.party = filled(found.party, party)
        elif name or party.email or party.user_name:
            marked = bool(account) and party.account_id is not None
            if marked:
                told.conflicts.append(place)
            found = Met(party=party, marked=marked)
        else:
            return None
        self._enter(found)
        return found

    def _same(self, candidates: Sequence[Met], name: str) -> Met | None:
        """Return who has this name, or had it when an import told it; else, where one of both is empty, the first."""
        for one in candidates:
            if one.is_called(name):
                return one
        for one in candidates:
            if one.known is not None and one.known.names and self._accounts.was_called(one.known, name):
                return one
        for one in candidates:
            if not name or not one.has_name:
                return one
        return None

    def _of(self, key: str) -> list[Met]:
        return self._index.get(key) or self._recall(key)

    def _recall(self, key: str) -> list[Met]:
        """Return whom an earlier batch of a dry run would have written; the same one is always the same object."""
        if self._run.begun is not None:
            return []
        return [
            self._recalled.setdefault(dream.number, Met(ImportedParty(), dream=dream, number=-dream.number))
            for dream in self._dreamt.of(key)
        ]

    def _settle(self, met: list[Met], companies: dict[CompanyKey, int], tx: Change | None, told: Told) -> None:
        new: list[tuple[Met, Person]] = []
        lacking: list[tuple[KnownPerson, dict[str, object]]] = []
        for one in met:
            company = companies.get(self._key_of(one.party)) if one.party.company else None
            if one.known is not None:
                values = _lacking(one.known, one.party, company, self._run.store)
                if one.is_prospect and not one.known.values["is_customer"]:
                    values[_CUSTOMER] = True
                lacking.append((one.known, values))
            else:
                new.append((one, self._new(one, company, tx)))
        contested = self._accounts.contested([person.id for person, values in lacking if values])
        for known, values in lacking:
            self._complete(known, values, contested, tx, told)
        if tx is None:
            self._dream([one for one, _ in new], told)
            return
        numbers = Writing(tx).add([person for _, person in new])
        for (one, person), number in zip(new, numbers, strict=True):
            one.number = number
            told.people[number] = "new"
            told.touched.append(person.aid)

    def _dream(self, met: list[Met], told: Told) -> None:
        for one in met:
            if one.number is None:
                one.number = -self._dreamt.add()
            told.people[one.number] = "new"
            account = None if one.account_id is None else f"account {one.account_id}"
            self._dreamt.tell(-one.number, one.name, account, one.addresses)

    def _complete(
        self,
        person: KnownPerson,
        lacking: dict[str, object],
        contested: Mapping[tuple[int, str], str],
        tx: Change | None,
        told: Told,
    ) -> None:
        """Fill what the record lacks, but for what is contested: that is out of use until it is settled."""
        for name in [name for name in lacking if (person.id, name) in contested]:
            del lacking[name]
            told.kept_off.append(KeptOff(person.id, name, contested[person.id, name]))
        told.people[person.id] = "changed" if lacking else "unchanged"
        if not lacking:
            return
        completed = Person.checked({**{name: person.values[name] for name in Person.model_fields}, **lacking})
        if tx is not None:
            if Writing(tx).replace(completed) != 1:
                raise Conflict("The person was taken away meanwhile.", "Run the import again.")
            self._tell_of_fields(person, lacking, tx)
            if _CUSTOMER in lacking:
                before = person.values.get("import_id")
                note_change(tx, self._run, Person, person.id, before if isinstance(before, int) else None)
            told.touched.append(person.aid)

    def _tell_of_fields(self, person: KnownPerson, filled: Mapping[str, object], tx: Change) -> None:
        """Note of each field that was filled where its value came from, which is not where the record did."""
        origin = self._run.provenance(tx)
        for name in filled:
            if name in _OF_THE_PERSON:
                Fields(tx).put_status("person", person.id, name, origin, origin.values())

    def _new(self, met: Met, company: int | None, tx: Change | None) -> Person:
        return Person.checked(
            {
                **self._run.provenance(tx).values(),
                **_values(met.party),
                "aid": new_aid(Person),
                _COMPANY: company,
                "store": self._run.store,
                "is_customer": self._run.profile.customers,
                "mark": Mark.SAME_ACCOUNT_OTHER_NAME if met.marked else None,
            }
        )

    def _key_of(self, party: ImportedParty) -> CompanyKey:
        """Return the key of a company; of a batch's each is folded once."""
        said = party.company or "", party.country
        key = self._company_keys.get(said)
        if key is None:
            key = self._company_keys[said] = sort_name(said[0]), said[1]
        return key

    def _companies(self, parties: Sequence[ImportedParty], tx: Change | None) -> dict[CompanyKey, int]:
        wanted: dict[CompanyKey, ImportedParty] = {}
        for party in parties:
            wanted.setdefault(self._key_of(party), party)
        found = self._accounts.companies({name for name, _ in wanted})
        lacking = [key for key in wanted if key not in found]
        records = [
            Organisation.checked(
                {
                    **self._run.provenance(tx).values(),
                    "aid": new_aid(Organisation),
                    "name": wanted[key].company,
                    "country": wanted[key].country,
                    "is_customer": self._run.profile.customers,
                }
            )
            for key in lacking
        ]
        numbers = Writing(tx).add(records) if tx is not None else [0] * len(records)
        return {**found, **dict(zip(lacking, numbers, strict=True))}


def _at(party: ImportedParty, one: Met | None, bought: bool) -> ImportedParty | None:
    """Return who tells the company a record is of; None where it is that at which the person is held.

    What was bought is of the company that it was bought for. All else is of the one that the person belongs to: one
    that a record names besides would stand there with nobody in it.
    """
    if one is None or bought:
        return party
    return None if _held_at(one) is not None else one.party


def _held_at(one: Met | None) -> int | None:
    number = None if one is None or one.known is None else one.known.values.get(_COMPANY)
    return number if isinstance(number, int) else None


def _lacking(person: KnownPerson, party: ImportedParty, company: int | None, store: str) -> dict[str, object]:
    """Return what the record lacks; a value that is held stays, whatever the store says now (accuracy is staff's).

    An account is one of the store that the record came from, so another's is not put beside it.
    """
    told = {**_values(party), _COMPANY: company}
    if person.values.get("store") != store:
        del told["account_id"]
    lacking = {name: value for name, value in told.items() if value is not None and person.values.get(name) is None}
    apart = frozenset[str]() if HALVES.isdisjoint(lacking) else misfits(person.values, party)
    return {name: value for name, value in lacking.items() if name not in apart}


def _values(party: ImportedParty) -> dict[str, str | None]:
    return {name: getattr(party, name) for name in _HIS}
