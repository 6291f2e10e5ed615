"""Making the people, and each kind of second record of one and the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from tests.bench.known_twins import names
from tests.bench.known_twins.drawing import Drawing, Entry, Firm, ascii_of, plain

_TWICE, _ALIKE = 0.2, 0.2


class People(Drawing):
    """Makes them; the same seed makes the same ones."""

    def all(self, people: int) -> Iterator[Entry]:
        """Yield the records of so many people, in no order."""
        firms = [self._firm() for _ in range(max(2, people // 6))]
        found: list[Entry] = []
        while self._who < people:
            chance = self.dice.random()
            if chance < _ALIKE / 2:
                found += self._one(list(TWO_PEOPLE.values()))(self, firms)
                continue
            one = self._somebody(self._one(firms), alone=chance > 1 - _TWICE / 3)
            found.append(one)
            times = self.dice.random()
            if times < _TWICE:
                found.append(self._again(one, firms))
            if times < _TWICE / 25:
                found.append(self._again(one, firms))
        self.dice.shuffle(found)
        yield from found

    def _again(self, one: Entry, firms: Sequence[Firm]) -> Entry:
        kind = self.dice.choices(list(ONE_PERSON), weights=[weight for weight, _ in ONE_PERSON.values()])[0]
        return replace(ONE_PERSON[kind][1](self, one, firms), kind=kind)

    def typed_twice(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        company = one.company.rpartition(" ")[0] if self.dice.random() < 0.3 and " " in one.company else one.company
        return replace(self._some(one, 0.85), company=company)

    def changed_company(self, one: Entry, firms: Sequence[Firm]) -> Entry:
        firm, chance = self._one(firms), self.dice.random()
        email = self._work(one.given, one.family, firm)
        is_private = one.email.endswith(names.PRIVATE)
        if chance < 0.1:
            return replace(one, email=email, phone=self._mobile(), company=firm.name)
        if is_private:
            return replace(one, phone=one.phone if chance < 0.6 else self._mobile(), company=firm.name)
        return replace(one, email=email, company=firm.name)

    def married_name(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        new = self._family()
        joined = self.dice.random() < 0.4
        family = f"{one.family}-{new}" if joined else new
        if one.email.endswith(names.PRIVATE) or self.dice.random() < 0.4:
            return replace(one, family=family)
        domain = one.email.partition("@")[2]
        return replace(one, family=family, email=f"{ascii_of(one.given)}.{ascii_of(new)}@{domain}")

    def typo_name(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        in_given = self.dice.random() < 0.4
        given = self._slip(one.given) if in_given else one.given
        family = one.family if in_given else self._slip(one.family)
        if self.dice.random() < 0.3 and not one.email.endswith(names.PRIVATE):
            domain = one.email.partition("@")[2]
            return replace(one, given=given, family=family, email=f"{ascii_of(given)}.{ascii_of(family)}@{domain}")
        return self._some(replace(one, given=given, family=family), 0.85)

    def typo_email(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        local, _, domain = one.email.partition("@")
        slipped = f"{self._slip(local)}@{domain}" if self.dice.random() < 0.7 else f"{local}@{self._slip(domain)}"
        return replace(one, email=slipped, phone=one.phone if self.dice.random() < 0.7 else "")

    def typo_phone(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        digits = one.phone or self._mobile()
        at = [place for place, sign in enumerate(digits) if sign.isdigit()][-self.dice.randrange(1, 6)]
        wrong = digits[:at] + str((int(digits[at]) + self.dice.randrange(1, 9)) % 10) + digits[at + 1 :]
        return replace(one, phone=wrong, email=one.email if self.dice.random() < 0.6 else "")

    def nickname(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        known = names.NICKNAMES.get(one.given)
        if known is None:
            return self.accents(one, _firms)
        return self._some(replace(one, given=self._one(known)), 0.75)

    def transposed(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        return self._some(replace(one, given=one.family, family=one.given), 0.8)

    def initials(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        kept = self._some(one, 0.9)
        return replace(kept, given=f"{one.given[0]}.")

    def accents(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        change = self._one((plain, str.upper, str.lower))
        return self._some(replace(one, given=change(one.given), family=change(one.family)), 0.85)

    def address_only(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        return Entry(one.who, "", email=one.email.upper() if self.dice.random() < 0.2 else one.email)

    def tagged(self, one: Entry, _firms: Sequence[Firm]) -> Entry:
        local, _, domain = one.email.partition("@")
        if domain == "gmail.com" and self.dice.random() < 0.5:
            return replace(one, email=f"{local[:2]}.{local[2:].lstrip('.')}@{domain}", phone="")
        return replace(one, email=f"{local}+{self._one(('shop', 'demo', 'news'))}@{domain}", phone="", company="")

    def shared_mailbox(self, firms: Sequence[Firm]) -> list[Entry]:
        firm = self._one(firms)
        box = f"{self._one(names.MAILBOXES)}@{firm.domain}"
        return [self._as(self._somebody(firm), "shared_mailbox", email=box, phone=firm.phone) for _ in range(2)]

    def father_and_son(self, firms: Sequence[Firm]) -> list[Entry]:
        firm, family = self._one(firms), self._family()
        father = self._somebody(firm, family=family)
        alike = [name for name in names.GIVEN if name[0] == father.given[0] and name != father.given]
        son = self._one(alike) if alike and self.dice.random() < 0.25 else self._other_than(father.given)
        two = (father, self._somebody(firm, family=family, given=son))
        return [self._as(one, "father_and_son", phone=firm.phone) for one in two]

    def couple(self, firms: Sequence[Firm]) -> list[Entry]:
        firm, family = self._one(firms), self._family()
        landline = f"0{self.dice.randrange(10, 90)} {self.dice.randrange(10**6):06}"
        he = self._somebody(firm, alone=True, family=family)
        she = self._somebody(
            firm, alone=True, given=self._other_than(he.given), family=family if self.dice.random() < 0.5 else ""
        )
        ours = (
            f"{ascii_of(family)}.{ascii_of(she.family)}@{self._one(names.PRIVATE)}" if self.dice.random() < 0.3 else ""
        )
        return [self._as(one, "couple", phone=landline, email=ours or one.email) for one in (he, she)]

    def two_namesakes(self, firms: Sequence[Firm]) -> list[Entry]:
        one = self._somebody(self._one(firms))
        other = self._somebody(self._one(firms), given=one.given, family=one.family)
        return [self._as(each, "two_namesakes") for each in (one, other)]

    def same_given_name(self, firms: Sequence[Firm]) -> list[Entry]:
        firm = self._one(firms)
        one = self._somebody(firm)
        family = self._one([each for each in names.FAMILY if each != one.family])
        return [
            self._as(each, "same_given_name", phone=firm.phone,
                     email=f"{ascii_of(each.given)}.{ascii_of(each.family)}@{firm.domain}")
            for each in (one, self._somebody(firm, given=one.given, family=family))
        ]  # fmt: skip

    def brother_and_sister(self, firms: Sequence[Firm]) -> list[Entry]:
        firm, family = self._one(firms), self._family()
        return [
            self._as(self._somebody(firm, given=given, family=family), "brother_and_sister",
                     email=f"{ascii_of(given)}.{ascii_of(family)}@{firm.domain}", phone=firm.phone)
            for given in self._one(names.ALIKE)
        ]  # fmt: skip

    def namesakes_at_one_firm(self, firms: Sequence[Firm]) -> list[Entry]:
        if self.dice.random() < 0.8:
            return self.two_namesakes(firms)
        firm, given, family = self._one(firms), self._given(), self._family()
        two = [self._somebody(firm, given=given, family=family) for _ in range(2)]
        return [
            self._as(each, "namesakes_at_one_firm", phone=self._mobile(),
                     email=f"{ascii_of(given)}.{ascii_of(family)}{'' if at == 0 else at + 1}@{firm.domain}")
            for at, each in enumerate(two)
        ]  # fmt: skip

    def assistant(self, firms: Sequence[Firm]) -> list[Entry]:
        firm = self._one(firms)
        she = self._somebody(firm)
        mobile = self._mobile()
        he = self._somebody(firm, given=self._other_than(she.given))
        return [self._as(each, "assistant", phone=mobile) for each in (she, he)]


Again = Callable[[People, Entry, Sequence[Firm]], Entry]
ONE_PERSON: Final[dict[str, tuple[int, Again]]] = {
    "typed_twice": (25, People.typed_twice),
    "changed_company": (12, People.changed_company),
    "married_name": (10, People.married_name),
    "typo_name": (12, People.typo_name),
    "typo_email": (8, People.typo_email),
    "typo_phone": (5, People.typo_phone),
    "nickname": (8, People.nickname),
    "transposed": (6, People.transposed),
    "initials": (5, People.initials),
    "accents": (5, People.accents),
    "address_only": (4, People.address_only),
    "tagged": (3, People.tagged),
}
"""How one person comes to stand there twice, and how often."""

TWO_PEOPLE: Final[dict[str, Callable[[People, Sequence[Firm]], list[Entry]]]] = {
    "shared_mailbox": People.shared_mailbox,
    "father_and_son": People.father_and_son,
    "couple": People.couple,
    "two_namesakes": People.two_namesakes,
    "same_given_name": People.same_given_name,
    "brother_and_sister": People.brother_and_sister,
    "namesakes_at_one_firm": People.namesakes_at_one_firm,
    "assistant": People.assistant,
}
"""Who looks like one person and is two."""
