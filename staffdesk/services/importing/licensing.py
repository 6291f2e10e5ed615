"""Taking in what the licence manager knows: licences and the computers they are activated on (privacy policy, C.9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from staffdesk.data.customers.accounts import Accounts, Holder
from staffdesk.data.customers.listed import Held, Lists
from staffdesk.data.customers.writing import Writing, new_aid
from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.data.transaction import Change, Read
from staffdesk.domain.errors import Conflict
from staffdesk.domain.identifiers import normal_number
from staffdesk.domain.imported_lists import ImportedActivation, ImportedHeldLicence
from staffdesk.domain.read_items import Imported, Refused
from staffdesk.services.importing.remembered import Said
from staffdesk.services.importing.run import Outcome, Run, note_change

R = TypeVar("R", ImportedHeldLicence, ImportedActivation)

_NO_ACCOUNT: Final = (
    "Its holder's account is not known. Import the accounts first, in the same command or before; where he was erased, "
    "that stays so."
)
_NO_LICENCE: Final = "Its licence is not known. Import the licences first, in the same command or before."
_NOBODYS: Final = (
    "Its licence names nobody, so it cannot be told whose computer this is. Import the licence with its account first; "
    "where its holder was erased, that stays so."
)
_TWICE: Final = "Its serial stands in these files twice, with something else. Correct it and export it again."


class Licensing:
    """The licences and activations of one batch."""

    def __init__(self, tx: Read, run: Run) -> None:
        """Look up in ``tx`` what is held; ``run`` remembers what its earlier batches said."""
        self._run = run
        self._lists = Lists(tx)
        self._accounts = Accounts(tx, run.store)

    def licences(self, items: Sequence[tuple[Imported, ImportedHeldLicence]], tx: Change | None, out: Outcome) -> None:
        """Write licences that are new or that have changed; who holds one stays its holder."""
        known = self._lists.licences({normal_number(each.serial) for _, each in items})
        holders = self._accounts.holders({each.account_id for _, each in items if each.account_id})
        new: list[Licence] = []
        for item, each in items:
            serial, holder = normal_number(each.serial), holders.get(each.account_id or "")
            if each.account_id and holder is None and not self._run.dreamt.knows(f"account {each.account_id}"):
                out.refused.append(Refused(item.place, _NO_ACCOUNT))
                continue
            said = self._run.serials.tell(serial, each, item.place, is_held=each.account_id is not None)
            if said is Said.AGAIN:
                out.counts["licences", "unchanged"] += 1
                continue
            if said is Said.OTHERWISE:
                out.refused.append(Refused(item.place, _TWICE))
                continue
            held = known.get(serial)
            if held is None:
                out.counts["licences", "new"] += 1
                new.append(self._licence(each, holder, tx))
            else:
                self._renew(each, held, holder, tx, out)
        if tx is not None:
            Writing(tx).add(new)

    def _licence(self, each: ImportedHeldLicence, holder: Holder | None, tx: Change | None) -> Licence:
        return Licence.checked(
            {
                **self._run.provenance(tx).values(),
                "aid": new_aid(Licence),
                "serial": each.serial,
                "product_name": each.product_name,
                "version": each.version,
                "person_id": None if holder is None else holder.id,
                "organisation_id": None if holder is None else holder.organisation_id,
                "seats": each.seats,
                "issued_on": each.issued_on,
                "status": each.status,
            }
        )

    def _renew(
        self, each: ImportedHeldLicence, held: Held, holder: Holder | None, tx: Change | None, out: Outcome
    ) -> None:
        said = {"version": each.version, "seats": each.seats, "status": each.status}
        filled: dict[str, object] = {"issued_on": each.issued_on}
        if holder is not None:
            filled |= {"person_id": holder.id, "organisation_id": holder.organisation_id}
        changed: dict[str, object] = {}
        changed |= {name: value for name, value in said.items() if value not in {None, held.values[name]}}
        changed |= {name: value for name, value in filled.items() if value is not None and held.values[name] is None}
        out.counts["licences", "changed" if changed else "unchanged"] += 1
        if changed:
            self._replace(Licence, held, changed, tx)

    def activations(
        self, items: Sequence[tuple[Imported, ImportedActivation]], tx: Change | None, out: Outcome
    ) -> None:
        """Write activations that are new, or whose state has changed; none where nobody holds the licence."""
        licences = self._lists.held_by({normal_number(each.serial) for _, each in items})
        held = {
            _key(each.values): each for each in self._lists.activations({number for number, _ in licences.values()})
        }
        new: dict[tuple[object, ...], Activation] = {}
        for item, each in items:
            serial = normal_number(each.serial)
            licence = licences.get(serial)
            if licence is None and (tx is not None or not self._run.serials.knows(serial)):
                out.refused.append(Refused(item.place, _NO_LICENCE))
                continue
            if self._run.serials.is_nobodys(serial) if licence is None else licence[1] is None:
                out.refused.append(Refused(item.place, _NOBODYS))
                continue
            number, moment = 0 if licence is None else licence[0], int(each.activated_at.timestamp() * 1000)
            key = (number or serial, each.mac, each.user_name, moment)
            before = held.get(key)
            if before is None and key in new:
                out.counts["activations", "unchanged"] += 1
            elif before is None:
                out.counts["activations", "new"] += 1
                new[key] = self._activation(each, number, moment, tx)
            elif before.values["status"] == each.status:
                out.counts["activations", "unchanged"] += 1
            else:
                out.counts["activations", "changed"] += 1
                self._replace(Activation, before, {"status": each.status}, tx)
        if tx is not None:
            Writing(tx).add(list(new.values()))

    def _activation(self, each: ImportedActivation, licence: int, moment: int, tx: Change | None) -> Activation:
        return Activation.checked(
            {
                **self._run.provenance(tx).values(),
                "licence_id": licence,
                "user_name": each.user_name,
                "mac": each.mac,
                "ip": each.ip,
                "activated_at": moment,
                "status": each.status,
            }
        )

    def _replace(
        self, record: type[Licence | Activation], held: Held, changed: Mapping[str, object], tx: Change | None
    ) -> None:
        whole = record.checked({**{name: held.values[name] for name in record.model_fields}, **changed})
        if tx is None:
            return
        self._run.provenance(tx)
        if Writing(tx).replace(whole) != 1:
            raise Conflict("The record was taken away meanwhile.", "Run the import again.")
        note_change(tx, self._run, record, held.id, held.values["import_id"])


def _key(values: Mapping[str, object]) -> tuple[object, ...]:
    """Return by what one activation is told from another of the same licence."""
    return tuple(values[name] for name in ("licence_id", "mac", "user_name", "activated_at"))
