"""The policy with what proves it, measured now: one look, one entry, and nothing in it of anybody.

For admin, auditor, privacy and approver: each figure is a count, a share or an age.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.audit.report import BAD
from staffdesk.data import register
from staffdesk.data.break_glass import Grants
from staffdesk.data.deadline import Deadline
from staffdesk.data.entries import Entries
from staffdesk.data.figures.looks import LookFigures
from staffdesk.data.figures.people import Given, PeopleFigures
from staffdesk.data.figures.requests import RequestFigures, Waiting
from staffdesk.data.figures.shape import ShapeFigures, fields_of_customers, without_retention
from staffdesk.data.import_runs import ImportRuns
from staffdesk.data.review_months import ReviewMonths
from staffdesk.data.reviews import Reviews
from staffdesk.data.sqlite import PLAIN_HEADER
from staffdesk.data.transaction import Read
from staffdesk.domain import correction, requests, transfers
from staffdesk.domain.access import Access, Act, Entity, Standing
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.deadlines import nominal
from staffdesk.domain.evidence import Evidence, EvidenceRules, Reading, evidence_of
from staffdesk.domain.evidence import rules as evidence_rules
from staffdesk.domain.flags import habits
from staffdesk.domain.measures import Measure
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.reviews import DAY_MS, HOUR_MS, UNDECIDED
from staffdesk.parameters.shapes import policy, retention, sessions
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft
from staffdesk.services.erasure.retention import past_retention
from staffdesk.services.sessions import Clock, absolute_ms, day_in_brussels, utc_ms

_SECONDS: Final = 20.0
"""A million people and as many entries take one or two; on a busy server it may be more."""

Measured = tuple[Measure, Reading]


class PolicyEvidence:
    """Measures; raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(self, door: Door, matrix: AccessMatrix, file: Path | None, clock: Clock = utc_ms) -> None:
        """Measure through ``door``; ``file`` is the database's own, None where a server keeps it."""
        self._door = door
        self._matrix = matrix
        self._file = file
        self._clock = clock

    def read(self, access: Access) -> Evidence:
        """Return every clause with its figures as they are now."""
        draft = Draft(wanted=Wanted(act=Act.AUDIT_EVIDENCE), kinds=("policy",))

        def measure(tx: Read, _cleared: Clearance, _ticket: object) -> Evidence:
            now = self._clock()
            found = _Measuring(tx, self._matrix, now, day_in_brussels(now), evidence_rules())
            return evidence_of({**dict(found.all()), Measure.UNENCRYPTED: _unencrypted(self._file)}, now)

        return self._door.look(access, draft, measure, longer=Deadline(_SECONDS))


@dataclass(frozen=True, slots=True)
class _Measuring:
    """One measuring; ``now`` is UTC milliseconds, ``today`` the day in Brussels."""

    tx: Read
    matrix: AccessMatrix
    now: int
    today: dt.date
    rules: EvidenceRules

    def all(self) -> Iterator[Measured]:
        yield from self._accounts()
        yield from self._looks()
        yield from self._review()
        yield from self._proof()
        yield from self._held_about_people()
        yield from self._recipients()
        yield from self._requests()
        yield from self._left_to_do()
        yield from self._policy()

    def _accounts(self) -> Iterator[Measured]:
        people = PeopleFigures(self.tx, self.today)
        in_use = people.in_use()
        abroad = sum(many for entity, many in in_use.items() if not _reads_the_eea(entity, self.today))
        together = [roles for roles in people.roles_in_use() if self.matrix.role_conflicts(roles) is not None]
        yield Measure.ACCOUNTS_IN_USE, Reading(sum(in_use.values()))
        yield Measure.ACCOUNTS_CLOSED, Reading(people.closed())
        yield Measure.ACCOUNTS_ABROAD, Reading(abroad, "no record of the EEA opens for them" if abroad else "")
        yield Measure.ROLES_TOGETHER, Reading(len(together))
        begun = self.now - absolute_ms(sessions())
        yield Measure.SESSIONS_OF_CLOSED, Reading(people.sessions_of_closed(begun))

    def _looks(self) -> Iterator[Measured]:
        looks = LookFigures(self.tx)
        first = looks.first_since(self.now - self.rules.periods.look_days * DAY_MS)
        opened = verified = claimed = revealed = denied = imports = 0
        if first is not None:
            opened = looks.acts(Act.CUSTOMER_OPENED, first)
            verified, claimed = (
                looks.stood(Act.CUSTOMER_OPENED, standing, first) for standing in (Standing.VERIFIED, Standing.CLAIMED)
            )
            revealed, denied, imports = looks.revealed(first), looks.denied(first), looks.acts(Act.IMPORT_RUN, first)
        yield Measure.OPENED, Reading(opened)
        yield Measure.OPENED_WITHOUT_GROUND, Reading(opened - verified - claimed)
        yield Measure.VERIFIED_SHARE, _share(verified, opened)
        yield Measure.REVEALED, Reading(revealed)
        yield Measure.DENIED, Reading(denied)
        yield Measure.IMPORTS, Reading(imports)
        yield Measure.BREAK_GLASS_UNREAD, Reading(len(Grants(self.tx).to_review()))

    def _review(self) -> Iterator[Measured]:
        counted, far = RequestFigures(self.tx, self.today, self.now), ReviewMonths(self.tx).far().day
        states = Reviews(self.tx).states()
        undecided = [states[each] for each in UNDECIDED if each in states]
        taken = "" if far is None else f"the log is taken up to {far}"
        since = self.today - dt.timedelta(days=self.rules.periods.look_days)
        told = None if far is None else counted.flagged(habits.UNVERIFIED, since)
        yield Measure.UNCORROBORATED, Reading(told, taken or "run-due has taken no day of the log yet")
        yield Measure.REVIEW_UNDECIDED, Reading(sum(many for many, _ in undecided), taken)
        yield Measure.REVIEW_OLDEST, self._age(min((at for _, at in undecided), default=None), "nothing is undecided")
        certified = counted.certified()
        last = "none was certified yet" if certified is None else f"the last one certified is {certified}"
        yield Measure.MONTHS_UNCERTIFIED, Reading(counted.uncertified(), last)
        opened, late = counted.breaches()
        yield Measure.BREACHES_OPEN, Reading(opened)
        yield Measure.BREACHES_LATE, Reading(late)

    def _proof(self) -> Iterator[Measured]:
        state, looks = Entries(self.tx).state(), LookFigures(self.tx)
        open_for = None if state.open_since is None else max(0, self.now - state.open_since) // HOUR_MS
        tail = state.size - state.covered
        yield Measure.ENTRIES, Reading(state.size)
        yield Measure.UNCOVERED, Reading(open_for or 0, f"{tail:,} without one" if tail else "every entry has one")
        verified = looks.last_verified()
        if verified is None:
            nobody = "nobody verified it while signed in; audit verify on a home leaves no entry"
            yield Measure.VERIFIED_AGO, Reading(None, nobody)
            yield Measure.NOT_SOUND, Reading(None, nobody)
        else:
            yield Measure.VERIFIED_AGO, self._age(verified.at, "")
            yield Measure.NOT_SOUND, Reading(int(verified.code == BAD))
        kept = looks.last_done(Act.SYSTEM_BACKUP)
        elsewhere = "the server's own backups are not known here" if self.tx.is_postgres else "the log knows of none"
        yield Measure.BACKUP_AGO, Reading(None, elsewhere) if kept is None else self._age(kept, "")

    def _held_about_people(self) -> Iterator[Measured]:
        shape, people = ShapeFigures(self.tx), PeopleFigures(self.tx, self.today)
        yield Measure.PEOPLE, Reading(people.people())
        yield Measure.FIELDS, Reading(fields_of_customers())
        yield Measure.UNDECLARED, Reading(shape.undeclared())
        yield Measure.WITHOUT_RETENTION, Reading(without_retention(frozenset(retention().kinds)))
        yield Measure.WITHOUT_SOURCE, Reading(shape.without_source())
        late = [each for each in ImportRuns(self.tx).owed(self.today) if each.late]
        yield Measure.NOTICES_OVERDUE, Reading(len(late), late[0].sentence if late else "")
        yield Measure.BOUNCED, Reading(people.bounced())
        yield Measure.STALE, Reading(people.stale(nominal(self.today, -correction.rules().confirm_after_months)))
        yield Measure.PAST_RETENTION, Reading(past_retention(self.tx, self.today))
        for measure, words in self.rules.names.items():
            yield measure, Reading(shape.named("|".join(words)))
        yield Measure.SUPPRESSED, Reading(people.suppressed())
        yield Measure.WITHOUT_BASIS, Reading(people.subscribed_without_basis())

    def _recipients(self) -> Iterator[Measured]:
        given = PeopleFigures(self.tx, self.today).recipients()
        table = transfers.rules()
        abroad = [each for each in given if table.known(each.country) and not table.in_eea(each.country)]
        soon = self.today + dt.timedelta(days=table.warn_days_before_expiry)
        ends = sorted(each.until for each in given if each.until is not None)
        ended = sum(1 for each in abroad if not transfers.transfer_check(_asked(each), self.today).allowed)
        yield Measure.RECIPIENTS, Reading(len(given))
        yield (
            Measure.UNKNOWN_RECIPIENTS,
            Reading(sum(1 for each in given if transfers.known_recipient(each.code) is None)),
        )
        yield Measure.WITHOUT_CONTRACT, Reading(sum(1 for each in given if each.contract is None))
        yield Measure.NETWORK_RECIPIENTS, Reading(sum(map(_is_given_network, transfers.known_recipients())))
        yield Measure.TRANSFERS_ENDED, Reading(ended)
        first = f"the first one ends on {ends[0]}" if ends else "none has an end"
        yield Measure.TRANSFERS_ENDING, Reading(sum(1 for each in ends if self.today <= each <= soon), first)

    def _requests(self) -> Iterator[Measured]:
        counted = RequestFigures(self.tx, self.today, self.now)
        since = nominal(self.today, -self.rules.periods.answer_months)
        waiting, late = counted.open()
        answered, in_time = counted.answered(since)
        yield Measure.REQUESTS_OPEN, Reading(waiting.many)
        yield Measure.REQUESTS_OVERDUE, Reading(late)
        yield Measure.REQUESTS_OLDEST, self._age(waiting.since, "none is open")
        yield Measure.ANSWERED_IN_TIME, _share(in_time, answered)
        yield Measure.REFUSED, Reading(counted.refused(since))
        yield Measure.WITHOUT_PROOF, Reading(counted.without_proof())
        yield Measure.ONE_PERSON, Reading(counted.by_one_person())
        days = requests.rules().periods.copy_days
        yield Measure.COPIES_LEFT, Reading(counted.copies_left(self.today - dt.timedelta(days=days)))
        yield Measure.CONTESTED, Reading(counted.contested())
        yield Measure.RESTRICTED, Reading(counted.restricted())

    def _left_to_do(self) -> Iterator[Measured]:
        counted = RequestFigures(self.tx, self.today, self.now)
        stops, others = counted.untold()
        held, past = counted.held()
        yield from self._waits(Measure.STOPS_WAITING, Measure.STOPS_OLDEST, stops)
        yield from self._waits(Measure.TASKS_WAITING, Measure.TASKS_OLDEST, others)
        yield from self._waits(Measure.TO_DESTROY, Measure.TO_DESTROY_OLDEST, counted.to_destroy())
        yield Measure.HELD, Reading(held)
        yield Measure.HELD_PAST, Reading(past)

    def _policy(self) -> Iterator[Measured]:
        shipped = policy()
        age = (self.today.year - shipped.in_force_on.year) * 12 + self.today.month - shipped.in_force_on.month
        whole = age - (self.today.day < shipped.in_force_on.day)
        yield Measure.POLICY_AGE, Reading(whole, f"in force since {shipped.in_force_on}")
        yield Measure.POLICY_VERSIONS, Reading(PeopleFigures(self.tx, self.today).policy_versions())

    def _waits(self, many: Measure, oldest: Measure, waiting: Waiting) -> Iterator[Measured]:
        yield many, Reading(waiting.many)
        yield oldest, self._age(waiting.since, "nothing waits")

    def _age(self, since: int | None, nothing: str) -> Reading:
        """Return how many whole days ago a moment is; where there is none, that there is nothing to measure."""
        if since is None:
            return Reading(None, nothing, empty=True)
        return Reading(max(0, self.now - since) // DAY_MS)


def _unencrypted(file: Path | None) -> Reading:
    """Say whether the file begins as one does that anybody can open."""
    if file is None:
        return Reading(None, "the server's own encryption is not known here")
    try:
        with file.open("rb") as bytes_of:
            return Reading(int(bytes_of.read(len(PLAIN_HEADER)) == PLAIN_HEADER))
    except OSError:
        return Reading(None, "the file cannot be read")


def _share(part: int, whole: int) -> Reading:
    if not whole:
        return Reading(None, "there was none", empty=True)
    return Reading(part * 100 / whole, f"{part:,} of {whole:,}")


def _reads_the_eea(entity: Entity, today: dt.date) -> bool:
    return transfers.may_open(entity, None, transfers.rules().entities, today).allowed


def _asked(given: Given) -> transfers.Recipient:
    kind = next((each for each in transfers.Safeguard if each.value == given.mechanism), None)
    # The number of the contract is the only evidence a recipient's row has.
    number = given.contract
    mechanism = (
        None
        if kind is None
        else transfers.Mechanism(kind=kind, valid_until=given.until, document=number, certificate=number)
    )
    return transfers.Recipient(country=given.country, mechanism=mechanism)


def _is_given_network(recipient: transfers.KnownRecipient) -> bool:
    named = (each.partition(".") for each in recipient.fields)
    found = (register.of_table(table).get(column) for table, _, column in named)
    return any(each is not None and each.privacy_class is PrivacyClass.NETWORK for each in found)
