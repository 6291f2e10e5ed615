"""The run that all batches of an import belong to, and what becomes of one batch."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from staffdesk.data.customers.accounts import Known
from staffdesk.data.customers.digests import Addressee
from staffdesk.data.customers.fields import Origin
from staffdesk.data.customers.objections import Suppressions
from staffdesk.data.customers.tickets import HeldTicket
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.declaration import Record
from staffdesk.data.tables.sharing import ImportChange, ImportRun
from staffdesk.data.transaction import Change, Transaction
from staffdesk.domain.imported import Buyer, ImportedOrder, Place
from staffdesk.domain.imported_lists import party_of
from staffdesk.domain.manifest import Manifest
from staffdesk.domain.read_items import Imported, KeptOff, Refused
from staffdesk.services.importing.profiles import Profile
from staffdesk.services.importing.remembered import Dreamt, Serials

Name: TypeAlias = tuple[str, str]
"""What a record is known by within its store: ``orders`` or ``subscriptions``, and the store's id."""

_WRITTEN: Final = frozenset({"new", "changed"})
ERASED: Final = (
    "Somebody with an address, telephone or account named here was erased at his own request, so nothing was taken in. "
    "If he is a customer again, who deals with him decides it: staffdesk customers add --returning REASON."
)


@dataclass(slots=True)
class Outcome:
    """What became of a batch.

    ``counts`` by kind of record and ``new|changed|unchanged``, ``people`` by number: the same one may come in several
    batches. ``later`` says something else of a record that is held: it is written when all files are read, so that of
    several states the last one stands, and a re-run finds it so. ``kept_off`` are contested fields left alone, ``met``
    is whose each record is, and when, ``overtaken`` where what is held stands against another word of the same moment.
    ``stopped`` are the keyed digests of addresses that no mail goes to from now on,
    each with the audit ids of those who got some.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    people: dict[int, str] = field(default_factory=dict)
    conflicts: list[Place] = field(default_factory=list)
    overtaken: list[Place] = field(default_factory=list)
    kept_off: list[KeptOff] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    later: list[Imported] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    met: dict[Name, tuple[Buyer | None, int]] = field(default_factory=dict)
    stopped: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def written(self) -> int:
        """How many rows are new or changed, people among them."""
        rows = sum(n for (_, state), n in self.counts.items() if state in _WRITTEN)
        return rows + sum(state in _WRITTEN for state in self.people.values())


@dataclass(slots=True, kw_only=True)
class Run:
    """The import that a batch belongs to; ``begun`` is None in a dry run.

    ``told`` is what each row says of where it came from. ``begun`` becomes a row, and ``id`` its number, with the first
    batch that has something to write. ``known`` and ``dreamt`` are what a dry run would have written, ``met`` is whose
    each record of the run is, and when, ``serials`` what it said of each licence, ``slowest`` the seconds that a
    record took to be written, at the most of those lately. ``tickets`` and ``messages`` are the cases and reports a dry
    run would have written, by the service's numbers.
    """

    store: str
    profile: Profile
    told: Origin
    evidence: str = ""
    begun: ImportRun | None = None
    id: int | None = None
    known: dict[Name, Known] = field(default_factory=dict)
    dreamt: Dreamt = field(default_factory=Dreamt)
    met: dict[Name, tuple[Buyer | None, int]] = field(default_factory=dict)
    serials: Serials = field(default_factory=Serials)
    slowest: float = 0.0
    tickets: dict[str, HeldTicket] = field(default_factory=dict)
    messages: set[tuple[int, str]] = field(default_factory=set)

    def begin(self, digest: str, now: int, staff_id: str, told: Manifest | None) -> None:
        """Make it a run that writes; it becomes a row when it does."""
        self.begun = ImportRun.checked(
            {
                "store": self.store,
                "digest": digest,
                "started_at": now,
                "staff_id": staff_id,
                "source": self.told.source,
                "obtained_on": self.told.obtained_on,
                "evidence": self.evidence,
                "event": self.told.event,
                "partner_id": self.told.partner_id,
                "notice_due_on": None if told is None else told.notice_due_on,
            }
        )

    def provenance(self, tx: Change | None) -> Origin:
        """Return where a row that is now written came from; with the first one the run becomes a row itself."""
        if tx is not None and self.id is None and self.begun is not None:
            (self.id,) = Writing(tx).add([self.begun])
        if self.told.import_id != self.id:
            self.told = replace(self.told, import_id=self.id)
        return self.told


def origin_of(known: Profile, told: Manifest | None, today: dt.date) -> Origin:
    """Return what each row of a run says of where it came from."""
    if told is None:
        return Origin(source=known.origins[0], obtained_on=today)
    return Origin(source=told.source, obtained_on=told.obtained, event=told.event, partner_id=told.partner)


def note_change(tx: Change, run: Run, record: type[Record], number: int, before: int | None) -> None:
    """Note that a row was changed which came by the import ``before``, or was last changed by it.

    What the same import brought or changed goes with it, also where it was stopped and gone on with between.
    """
    if before is not None and before == run.id:
        return
    changed = {
        "import_id": run.id, "record_table": record.__tablename__, "record_id": number, "before_id": before
    }  # fmt: skip
    Writing(tx).add([ImportChange.checked(changed)])


def welcome(tx: Transaction, store: str, items: Sequence[Imported], outcome: Outcome) -> Sequence[Imported]:
    """Leave out, refuse and count what would bring back somebody who was erased."""
    erased = Suppressions(tx).erased(_addressees(store, item) for item in items)
    for at in sorted(erased):
        outcome.counts["erased", "kept out"] += 1
        outcome.refused.append(Refused(items[at].place, ERASED))
    return [item for at, item in enumerate(items) if at not in erased] if erased else items


def _addressees(store: str, item: Imported) -> Iterator[Addressee]:
    """Yield whom a record names: the buyer, and whoever a parcel is announced to by telephone."""
    record = item.record
    party, where = party_of(record), record.delivery if isinstance(record, ImportedOrder) else None
    country = None if party is None else party.country
    if party is not None:
        yield Addressee(party.email, party.phone, country, store, party.account_id)
    if where is not None and where.phone:
        yield Addressee(phone=where.phone, country=where.country or country)
