"""Who gets news, by address: what the campaign service has to be told, and why somebody gets what he gets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from staffdesk.data.customers.campaign import CampaignPeople, News, OnFile, Paid
from staffdesk.data.customers.campaign_given import CampaignGiven, ToldOf
from staffdesk.data.transaction import Read
from staffdesk.domain.campaign import CampaignRules, Explained, NewsBasis, Told, Verdict, judge
from staffdesk.domain.classes import Exposure
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.marketing import SubscriptionStatus
from staffdesk.domain.masking import mask_email, mask_text
from staffdesk.domain.provenance import WORDS
from staffdesk.services.campaign.folder import acts

_AT_ONCE: Final = 400
_STRENGTH: Final = {Told.PAUSED: 0, Told.LEFT: 1, Told.STOPPED: 2}


@dataclass(frozen=True, slots=True, repr=False)
class Difference:
    """What the service is still to be told: whose addresses are new, which are withdrawn, and how many are left out.

    ``erased`` are addresses of whoever is erased here, with the number of his request, which alone has them still.
    """

    given: Mapping[str, int]
    withdrawn: Mapping[str, ToldOf]
    left_out: int = 0
    erased: Mapping[str, str] = field(default_factory=dict)

    @property
    def ended(self) -> Mapping[str, Told]:
        """What is told of each address that is withdrawn: who was erased wants no mail ever again."""
        words = {email: each.told for email, each in self.withdrawn.items()}
        return {**dict.fromkeys(self.erased, Told.STOPPED), **words}

    def __repr__(self) -> str:
        return f"<Difference +{len(self.given)} -{len(self.ended)}>"

    def __bool__(self) -> bool:
        return bool(self.given or self.withdrawn or self.erased)


class Deciding:
    """Decides in one transaction, by these rules."""

    def __init__(self, tx: Read, rules: CampaignRules) -> None:
        """Read in ``tx``."""
        self._rules = rules
        self._people = CampaignPeople(tx, rules)
        self._given = CampaignGiven(tx)

    def judged(self, people: Collection[int]) -> Iterator[tuple[OnFile, Verdict]]:
        """Yield each of these people with what is decided."""
        listed = sorted(people)
        for start in range(0, len(listed), _AT_ONCE):
            for found in self._people.on_file(listed[start : start + _AT_ONCE]).values():
                yield found, judge(found.facts)

    def eligible(self) -> Mapping[str, int]:
        """Return whoever gets news, by address; of those who share one, the lowest number."""
        return _by_address(self.judged(self._people.candidates()))

    def at(self, emails: Collection[str]) -> Mapping[str, tuple[tuple[OnFile, Verdict], ...]]:
        """Return who has each of these normalised addresses, with what is decided."""
        people = self._people.at(emails)
        everybody = {number for found in people.values() for number in found}
        judged = {found.person: (found, verdict) for found, verdict in self.judged(everybody)}
        return {email: tuple(judged[number] for number in found) for email, found in people.items()}

    def suppressed(self, digests: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return of keyed digests those that no mail goes to, and those of whoever was erased."""
        return self._people.suppressed(sorted(digests))

    def difference(self) -> Difference:
        """Return all that the service is still to be told."""
        return self._between(self.eligible(), self._given.told_of(), self._given.on_lists())

    def again(self, planned: Difference) -> Difference:
        """Return what of a difference is still so, with what is decided now."""
        emails = {*planned.given, *planned.withdrawn}
        eligible = _by_address(each for found in self.at(emails).values() for each in found)
        told = self._given.told_of(emails)
        owners = {email: each.person for email, each in planned.withdrawn.items()}
        now = self._between(eligible, told, {email: owner for email, owner in owners.items() if email not in told})
        return replace(now, left_out=planned.left_out)

    def _between(
        self, eligible: Mapping[str, int], told: Mapping[str, ToldOf], on_lists: Mapping[str, int]
    ) -> Difference:
        had = {email for email, each in told.items() if each.told is Told.GIVEN}
        new = {email: person for email, person in eligible.items() if email not in had}
        # One that its own list told us of may be active there, and one that was paused may be stopped since.
        gone = {email: each for email, each in told.items() if email not in eligible}
        known = {*eligible, *told}
        gone |= {email: ToldOf(0, person, Told.GIVEN) for email, person in on_lists.items() if email not in known}
        why = {found.person: verdict.told for found, verdict in self.judged({each.person for each in gone.values()})}
        withdrawn: dict[str, ToldOf] = {}
        for email, each in gone.items():
            word = why.get(each.person, Told.STOPPED)
            word = Told.PAUSED if word is Told.GIVEN else word  # his address is another one now
            if each.told is Told.GIVEN:
                withdrawn[email] = replace(each, told=word)
            elif _STRENGTH[word] > _STRENGTH[each.told]:
                withdrawn[email] = ToldOf(0, each.person, word)
        fit = {email: person for email, person in new.items() if not acts(email)}
        out = {email: each for email, each in withdrawn.items() if not acts(email)}
        theirs = self._given.of_erased()
        erased = {email: number for email, number in theirs.items() if email not in known and not acts(email)}
        return Difference(fit, out, len(new) - len(fit) + len(withdrawn) - len(out), erased)

    def explain(self, person: int, seen: Exposure, seq: int) -> Explained | None:
        """Say why a person gets news or not, where there is one; ``seen`` is how much of the evidence is told."""
        found = next(self.judged([person]), None)
        if found is None:
            return None
        on_file, verdict = found
        at = None if on_file.email is None else self._given.given_at(person, on_file.email)
        return Explained(
            customer=person,
            eligible=verdict.eligible,
            event=_event(on_file, self._rules),
            basis="" if verdict.basis is None else self._rules.bases[verdict.basis],
            evidence=tuple(_evidence(on_file, verdict.basis, seen)),
            against=tuple(why.value for why in verdict.against),
            given_on=None if at is None else receive_day(dt.datetime.fromtimestamp(at / 1000, dt.UTC)),
            seq=seq,
        )


def _by_address(judged: Iterator[tuple[OnFile, Verdict]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for on_file, verdict in judged:
        if verdict.eligible and on_file.email is not None:
            found[on_file.email] = min(on_file.person, found.get(on_file.email, on_file.person))
    return found


def _event(on_file: OnFile, rules: CampaignRules) -> str:
    if on_file.source not in rules.events:
        return ""
    parts = (WORDS.get(on_file.source, on_file.source), on_file.event, on_file.obtained_on.isoformat())
    return " · ".join(part for part in parts if part)


def _evidence(on_file: OnFile, basis: NewsBasis | None, seen: Exposure) -> Iterator[str]:
    if basis is NewsBasis.CONSENT:
        for each in on_file.news:
            if each.status != SubscriptionStatus.SUBSCRIBED or not each.evidence:
                continue
            shown = {Exposure.SHOWN: each.evidence, Exposure.MASKED: mask_text(each.evidence)}.get(seen, "")
            since = "" if each.started_on is None else f"since {each.started_on}"
            yield " · ".join(part for part in (each.list_name, since, shown, _address_of(each, on_file)) if part)
    elif basis is NewsBasis.SOFT_OPT_IN:
        paid = next(each for each in on_file.paid if each.offered and each.record == on_file.addressed)
        whose = _address_of(paid, on_file)
        made = f"order {paid.number} of {paid.ordered_on}, paid; {paid.store} offered to get no news"
        yield f"{made} · {whose}" if whose else made
    elif basis is NewsBasis.COMPANY_MAILBOX and on_file.email is not None:
        yield f"the mailbox {on_file.email.partition('@')[0]}@ of a company"


def _address_of(ground: News | Paid, on_file: OnFile) -> str:
    """Say for which address a ground was given, where that is one of a record that was put together with his."""
    if ground.record == on_file.person:
        return ""
    if ground.record == on_file.addressed and on_file.email is not None:
        return f"given for {mask_email(on_file.email)}, of a record put together with this one, so news goes there"
    return "given for the address of a record put together with this one"
