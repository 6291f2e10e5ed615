"""Taking in a campaign service's list: who gets news, and who does not want it (privacy policy, D.4 and D.5; A39).

That somebody left is carried out at once, for whoever has the address, and where it is new for every address of his:
those of records that were put together, and the one that stands where another was set right. It is undone by his own
later opt-in alone, of which the list must tell the time; nobody is made a record of only because he left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from staffdesk.data.customers.accounts import Accounts
from staffdesk.data.customers.bounces import Bounces, MarkingBounces
from staffdesk.data.customers.came_by_merge import note_came_by
from staffdesk.data.customers.digests import Addressee, address_digest
from staffdesk.data.customers.listed import Held
from staffdesk.data.customers.news import News, NewsChanges
from staffdesk.data.customers.objections import Suppressions
from staffdesk.data.customers.writing import Writing
from staffdesk.data.matters import RequestLists
from staffdesk.data.tables.sharing import Subscription
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.errors import Conflict
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.imported_lists import ImportedSubscriber, NewsStatus
from staffdesk.domain.marketing import SubscriptionStatus
from staffdesk.domain.read_items import Imported
from staffdesk.domain.requests import RequestType
from staffdesk.services.importing.buyers import Buyers
from staffdesk.services.importing.run import Outcome, Run, note_change

_CONSENT: Final = "consent"
_MOST_EVIDENCE: Final = 400

Item = tuple[Imported, ImportedSubscriber]


class Campaign:
    """The addresses of one batch."""

    def __init__(self, tx: Read, run: Run) -> None:
        """Look up in ``tx``."""
        self._tx = tx
        self._run = run
        self._news = News(tx)
        self._suppressions = Suppressions(tx)

    def take(self, items: Sequence[Item], tx: Change | None, out: Outcome) -> None:
        """Carry out first who left, so that of two states of one address in a batch the later one stands."""
        gone = [record for _, record in items if record.status is not NewsStatus.SUBSCRIBED]
        left = {_email(record) for record in gone if record.status is NewsStatus.UNSUBSCRIBED}
        same = self._news.of_the_same(left)
        for record in gone:
            self._left(record, same, tx, out)
        self._subscribe([item for item in items if item[1].status is NewsStatus.SUBSCRIBED], tx, out)

    def _digests(self, record: ImportedSubscriber) -> list[str]:
        """Return the keyed digests of an address: as it is, and without its tag."""
        return list(self._suppressions.digests(Addressee(record.party.email)))

    def _left(
        self, record: ImportedSubscriber, same: Mapping[str, frozenset[str]], tx: Change | None, out: Outcome
    ) -> None:
        left = record.left_at or _beginning(self._run.told.obtained_on)
        email, since = _email(record), _milliseconds(left)
        emails = self._left_from(record, same[email]) if record.status is NewsStatus.UNSUBSCRIBED else {email}
        emails = self._not_again(emails, since)
        gets = [each for each in self._news.to_addresses(emails) if not _opted_in_later(each, left)]
        changed = bool(gets)
        if record.status is NewsStatus.UNREACHABLE:
            changed |= self._came_back(record, left, tx, out)
        else:
            digests = self._to_stop(email, emails, left)
            held = self._news.no_mail_since(digests)
            changed |= bool(digests) and any(held.get(digest, -1) < since for digest in digests)
            if changed and tx is not None:
                self._run.provenance(tx)
                for digest in digests:
                    NewsChanges(tx).suppress(digest, since)
                    out.stopped[digest] = tuple(str(each.values["aid"]) for each in gets)
        out.counts["news", "changed" if changed else "unchanged"] += 1
        if gets and tx is not None:
            self._run.provenance(tx)
            if NewsChanges(tx).end([each.id for each in gets], receive_day(left)) != len(gets):
                raise Conflict("A subscription was taken away meanwhile.", "Run the import again.")
            for each in gets:
                note_change(tx, self._run, Subscription, each.id, each.values["import_id"])
            out.touched.extend(str(each.values["aid"]) for each in gets)

    def _left_from(self, record: ImportedSubscriber, his: frozenset[str]) -> frozenset[str]:
        """Return the addresses that he left from: that it was left before is nothing new, so the others stay.

        Where the list does not tell when, any leaving that is known may be the one it means.
        """
        known = self._news.no_mail_since(self._digests(record)[-1:]).values()
        told = record.left_at
        before = any(told is None or since >= _milliseconds(told) for since in known)
        return frozenset({_email(record)}) if before else his

    def _not_again(self, emails: Collection[str], since: int) -> frozenset[str]:
        """Return the addresses to which no later opt-in let mail go again, with whatever tag it was given."""
        by_digest = {each: address_digest(self._tx.secret, each) for each in emails}
        again = self._news.opted_in_after(by_digest.values(), since)
        return frozenset(each for each, digest in by_digest.items() if digest not in again)

    def _to_stop(self, email: str, emails: Collection[str], left: dt.datetime) -> list[str]:
        """Return the keyed digests of the addresses to which nobody opted in again after he had left."""
        stays = self._again_since(emails, left)
        if not stays:
            return [address_digest(self._tx.secret, each) for each in sorted(emails)]
        own = {email} & set(emails)
        return [] if self._again_since(own, left) else [address_digest(self._tx.secret, each) for each in own]

    def _came_back(self, record: ImportedSubscriber, left: dt.datetime, tx: Change | None, out: Outcome) -> bool:
        """Mark whoever has an address that mail does not reach; say whether anybody was not marked before."""
        found = Bounces(self._tx).of_addresses({_email(record)})
        # A mark that stands stays as it is: this import tells nothing new, and undoing it takes nothing of it back.
        marked = [each for each in found if each.bounced_at is None and each.is_news(left)]
        if marked and tx is not None:
            self._run.provenance(tx)
            people = [each.person for each in marked]
            if MarkingBounces(tx).mark(people, _milliseconds(left), self._run.id) != len(marked):
                raise Conflict("A customer was taken away meanwhile.", "Run the import again.")
            out.touched.extend(each.aid for each in marked)
        return bool(marked)

    def _again_since(self, emails: Collection[str], left: dt.datetime) -> bool:
        """Say whether the owner opted in again after he had left."""
        return any(_opted_in_later(each, left) for each in self._news.to_addresses(emails))

    def _subscribe(self, items: Sequence[Item], tx: Change | None, out: Outcome) -> None:
        welcome = [item for item in items if self._may_be_mailed(item[1], out)]
        owners = Buyers(Accounts(self._tx, self._run.store), self._run).owners([item for item, _ in welcome], tx, out)
        people = {person for person, _ in owners if person is not None and person > 0}
        held = self._news.of_people(people)
        asked = [
            (record, person, (held.record_of(person or 0, _email(record), record.list_name), record.list_name))
            for (_, record), (person, _) in zip(welcome, owners, strict=True)
        ]
        last = _last_opt_ins((record, stands) for record, _, stands in asked)
        new: dict[tuple[int, str], Subscription] = {}
        for record, person, stands in asked:
            before = held.held.get(stands)
            if person in people and self._objected_since(person or 0, record):
                out.counts["suppressed", "kept out"] += 1
            elif last[stands] is not record:
                out.counts["news", "unchanged"] += 1
            elif before is not None:
                self._renew(record, before, tx, out)
            else:
                out.counts["news", "new"] += 1
                new[stands] = self._subscription(record, person, tx)
                self._let_mail(record, tx)
        if tx is not None:
            numbers = Writing(tx).add(list(new.values()))
            made_for = {number: record for number, (record, _) in zip(numbers, new, strict=True)}
            note_came_by(tx, Subscription, {row: each for row, each in made_for.items() if each not in people})

    def _may_be_mailed(self, record: ImportedSubscriber, out: Outcome) -> bool:
        """Say whether the address may get news: nobody left from it, or its owner opted in since."""
        since = max(self._news.no_mail_since(self._digests(record)).values(), default=None)
        opted_in = _opted_in(record)
        if since is None or (opted_in is not None and _milliseconds(opted_in) > since):
            return True
        out.counts["suppressed", "kept out"] += 1
        return False

    def _objected_since(self, person: int, record: ImportedSubscriber) -> bool:
        """Say whether an objection of his is on file that is not older than his opt-in."""
        for each in RequestLists(self._tx).of_person(person, RequestType.OBJECT_MKT):
            told = _opted_in(record)
            opted_in = None if told is None else _milliseconds(told)
            if opted_in is None or opted_in <= (each.carried_out_at or opted_in):
                return True
        return False

    def _renew(self, record: ImportedSubscriber, before: Held, tx: Change | None, out: Outcome) -> None:
        """Let news go again, or note a later opt-in: who left before it, and is told of after it, stays on the list."""
        ended, opted_in = before.values["ended_on"], _opted_in(record)
        if before.values["status"] == SubscriptionStatus.SUBSCRIBED:
            started = before.values["started_on"]
            if opted_in is None or (started is not None and receive_day(opted_in) <= started):
                out.counts["news", "unchanged"] += 1
                return
        elif opted_in is None or (ended is not None and receive_day(opted_in) <= ended):
            out.counts["suppressed", "kept out"] += 1
            return
        out.counts["news", "changed"] += 1
        again = self._subscription(record, before.values["person_id"], tx)
        if tx is not None:
            kept = {name: before.values[name] for name in ("id", "source", "obtained_on", "event", "partner_id")}
            kept["import_id"] = before.values["import_id"]
            if Writing(tx).replace(Subscription.checked({**again.values(), **kept})) != 1:
                raise Conflict("A subscription was taken away meanwhile.", "Run the import again.")
            note_change(tx, self._run, Subscription, before.id, before.values["import_id"])
        self._let_mail(record, tx)

    def _let_mail(self, record: ImportedSubscriber, tx: Change | None) -> None:
        opted_in = _opted_in(record)
        if tx is not None and opted_in is not None:  # without one nobody is taken in who left
            NewsChanges(tx).let_mail(self._digests(record), _milliseconds(opted_in))

    def _subscription(self, record: ImportedSubscriber, person: int | None, tx: Change | None) -> Subscription:
        told = self._run.provenance(tx)
        opted_in = None if record.opted_in_at is None else receive_day(record.opted_in_at)
        own = "" if opted_in is None else f"opted in on {opted_in}, as {self._run.profile.title} says; "
        return Subscription.checked(
            {
                **told.values(),
                "person_id": person or 0,
                "list_name": record.list_name,
                "status": SubscriptionStatus.SUBSCRIBED.value,
                "basis": _CONSENT,
                "evidence": f"{own}{self._run.evidence}"[:_MOST_EVIDENCE],
                "started_on": opted_in,
            }
        )


def _email(record: ImportedSubscriber) -> str:
    return normal_email(record.party.email or "")


def _last_opt_ins(
    asked: Iterable[tuple[ImportedSubscriber, tuple[int, str]]],
) -> dict[tuple[int, str], ImportedSubscriber]:
    """Return for each place on a list the record with the last opt-in; of several with none the first."""
    last: dict[tuple[int, str], ImportedSubscriber] = {}
    for record, stands in asked:
        told, before = _opted_in(record), last.get(stands)
        known = None if before is None else _opted_in(before)
        if before is None or (told is not None and (known is None or told > known)):
            last[stands] = record
    return last


def _opted_in(record: ImportedSubscriber) -> dt.datetime | None:
    """Return when somebody opted in, where the list tells it; a time that is still to come shows nothing yet."""
    told = record.opted_in_at
    return None if told is None or told > dt.datetime.now(dt.UTC) else told


def _opted_in_later(subscription: Held, left: dt.datetime) -> bool:
    started = subscription.values["started_on"]
    return started is not None and bool(started > receive_day(left))


def _beginning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _milliseconds(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
