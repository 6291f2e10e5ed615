"""Taking a batch of a list in: whom we met, who has a licence account; nobody is overwritten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from staffdesk.data.customers.accounts import Accounts
from staffdesk.data.customers.listed import Lists
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.support import ContactReport
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.deadlines import beginning_of
from staffdesk.domain.imported_lists import (
    ImportedActivation,
    ImportedContact,
    ImportedHeldLicence,
    ImportedSubscriber,
)
from staffdesk.domain.read_items import Imported
from staffdesk.services.importing.buyers import Buyers, Owner
from staffdesk.services.importing.keys import keyed
from staffdesk.services.importing.licensing import Licensing
from staffdesk.services.importing.news import Campaign
from staffdesk.services.importing.run import Outcome, Run, welcome
from staffdesk.services.restricting import restrict_what_came
from staffdesk.services.sessions import utc_ms

_EVENT: Final = "event"
_TOPIC: Final = "Met at {}"


class ListBatch:
    """One batch inside one transaction."""

    def __init__(self, tx: Read, run: Run) -> None:
        """Compare in ``tx``; :meth:`write` needs a :class:`Change`."""
        self._tx = tx
        self._run = run
        self._accounts = Accounts(tx, run.store)

    def compare(self, items: Sequence[Imported]) -> Outcome:
        """Say what :meth:`write` would do, writing nothing; raises as it does."""
        return self._take(items, None)

    def write(self, tx: Change, items: Sequence[Imported]) -> Outcome:
        """Write what is new or filled; raises :class:`BadInput` for a value the desk may not hold."""
        return self._take(items, tx)

    def _take(self, items: Sequence[Imported], tx: Change | None) -> Outcome:
        outcome = Outcome()
        keys = [keyed(self._tx.secret, item) for item in items]
        taken = welcome(self._tx, self._run.store, keys, outcome)
        met = [(item, item.record) for item in taken if isinstance(item.record, ImportedContact)]
        owners = Buyers(self._accounts, self._run).owners([item for item, _ in met], tx, outcome)
        if self._run.told.event is not None:
            self._report([(record, owner) for (_, record), owner in zip(met, owners, strict=True)], tx, outcome)
        things = Licensing(self._tx, self._run)
        things.licences([(i, i.record) for i in taken if isinstance(i.record, ImportedHeldLicence)], tx, outcome)
        things.activations([(i, i.record) for i in taken if isinstance(i.record, ImportedActivation)], tx, outcome)
        news = [(i, i.record) for i in taken if isinstance(i.record, ImportedSubscriber)]
        Campaign(self._tx, self._run).take(news, tx, outcome)
        if tx is not None and self._run.id is not None:
            restrict_what_came(tx, utc_ms(), {person for person in outcome.people if person > 0})
        return outcome

    def _report(self, met: Sequence[tuple[ImportedContact, Owner]], tx: Change | None, outcome: Outcome) -> None:
        """Keep of each contact that he was met, where that is not on file (privacy policy, C.2 and C.5)."""
        event = self._run.told.event or ""
        known = Lists(self._tx).met_at(event, {person for _, (person, _) in met if person is not None and person > 0})
        new: list[ContactReport] = []
        for record, (person, organisation) in met:
            said = (person or 0, record.interest)
            if said in known:
                outcome.counts["reports", "unchanged"] += 1
                continue
            known.add(said)
            outcome.counts["reports", "new"] += 1
            new.append(
                ContactReport.checked(
                    {
                        **self._run.provenance(tx).values(),
                        "person_id": person,
                        "organisation_id": organisation or None,
                        "channel": _EVENT,
                        "contact_at": _moment(record.met_on or self._run.told.obtained_on),
                        "topic": _TOPIC.format(event),
                        "body": record.interest,
                    }
                )
            )
        if tx is not None:
            Writing(tx).add(new)


def _moment(day: dt.date) -> int:
    """Return the moment a day begins where the house is, in UTC milliseconds."""
    return int(beginning_of(day).timestamp() * 1000)
