"""How a campaign service's own list differs from ours; its files are read and nothing of them is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from staffdesk.data.customers.digests import digests_on_file
from staffdesk.data.transaction import Read
from staffdesk.domain.campaign import Against, CampaignRules, Drift, Drifted, Verdict
from staffdesk.domain.errors import BadInput
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.imported import Place
from staffdesk.domain.imported_lists import ImportedSubscriber, NewsStatus
from staffdesk.domain.masking import mask_email
from staffdesk.domain.read_items import Imported, ReadItem, Refused
from staffdesk.services.campaign.deciding import Deciding
from staffdesk.services.importing import reader_of

_AT_ONCE: Final = 400
_LEAVING: Final = frozenset({Against.OBJECTED, Against.LEFT})


@dataclass(slots=True, repr=False)
class Listed:
    """What the service says: by address where it is active, and where somebody left; rows read, and those refused."""

    active: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    read: int = 0
    refused: list[Refused] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<Listed {self.read}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Compared:
    """Where the two lists differ; ``read`` rows of the files were read, ``alike`` are active in both.

    ``missing`` are who get news and are not in the files: they are among ``drifted`` only where that was asked for.
    """

    drifted: tuple[Drifted, ...]
    read: int
    alike: int
    missing: int
    refused: tuple[Refused, ...]
    aids: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Compared {len(self.drifted)}>"

    @property
    def counts(self) -> Mapping[Drift, int]:
        """How many differ in each way."""
        found = Counter(each.drift for each in self.drifted)
        found[Drift.MISSING] = self.missing
        return {drift: found[drift] for drift in Drift if found[drift]}

    @property
    def partial(self) -> bool:
        """Whether the files look like a part of the service's list: they name fewer than half of who get news."""
        return self.missing > self.alike + self.counts.get(Drift.LEFT_THERE, 0)


def read_list(paths: Sequence[Path], services: Sequence[str]) -> Listed:
    """Read files that one of these services exported; raises :class:`BadInput` for one that is of none of them."""
    listed = Listed()
    for path in paths:
        for item in _of_a_service(path, services):
            if isinstance(item, Refused):
                listed.refused.append(item)
            elif isinstance(item, Imported) and isinstance(item.record, ImportedSubscriber):
                _note(listed, item.place, item.record)
    return listed


def _of_a_service(path: Path, services: Sequence[str]) -> Iterator[ReadItem]:
    """Yield the rows of a file by the first profile whose table it is."""
    problem = ""
    for service in services:
        items = reader_of(service, None)(path)
        first = next(items, None)
        if isinstance(first, Refused) and first.whole:
            problem = problem or first.sentence or first.reason
            continue
        if first is not None:
            yield first
        yield from items
        return
    raise BadInput(f"{path.name}: {problem or 'it is no list of a campaign service.'}", "Export the list anew.")


def _note(listed: Listed, place: Place, record: ImportedSubscriber) -> None:
    listed.read += 1
    try:
        email = normal_email(record.party.email or "")
    except BadInput as error:
        listed.refused.append(Refused(place, error.sentence))
        return
    where = " ".join(part for part in (place.file, place.position) if part)
    if record.status is NewsStatus.SUBSCRIBED:
        listed.active.setdefault(email, where)
    elif record.status is NewsStatus.UNSUBSCRIBED:
        listed.left.setdefault(email, where)


def compare(tx: Read, rules: CampaignRules, listed: Listed, *, missing: bool) -> Compared:
    """Say where a list differs from ours; needs the open door.

    Who is not in it at all is counted, and named with ``missing`` alone: of a short list that is everybody.
    """
    deciding = Deciding(tx, rules)
    ours = deciding.eligible()
    found: list[Drifted] = []
    aids: dict[str, None] = {}
    extra = sorted(set(listed.active) - set(ours))
    for start in range(0, len(extra), _AT_ONCE):
        part = extra[start : start + _AT_ONCE]
        people = deciding.at(part)
        unknown = {email: digests_on_file(tx.secret, email, None, None, None) for email in part if email not in people}
        no_mail, no_return = deciding.suppressed([each for digests in unknown.values() for each in digests])
        for email in part:
            held = people.get(email, ())
            if held:
                on_file, verdict = next((each for each in held if not each[0].facts.merged), held[0])
                aids[on_file.aid] = None
                drift, why = _of_known(verdict)
                found.append(_drifted(drift, on_file.person, listed.active[email], email, why))
            elif not no_return.isdisjoint(unknown[email]):
                found.append(_drifted(Drift.ERASED, None, listed.active[email], email))
            elif not no_mail.isdisjoint(unknown[email]):
                found.append(_drifted(Drift.LEFT, None, listed.active[email], email))
            else:
                found.append(_drifted(Drift.UNKNOWN, None, listed.active[email], email))
    away = {email: person for email, person in ours.items() if email not in listed.active}
    named = {email: person for email, person in away.items() if missing or email in listed.left}
    for on_file, _ in deciding.judged(named.values()):
        email = on_file.email or ""
        aids[on_file.aid] = None
        drift = Drift.LEFT_THERE if email in listed.left else Drift.MISSING
        found.append(_drifted(drift, on_file.person, listed.left.get(email, ""), email))
    order = list(Drift)
    return Compared(
        drifted=tuple(sorted(found, key=lambda each: (order.index(each.drift), each.customer or 0, each.place))),
        read=listed.read,
        alike=len(set(listed.active) & set(ours)),
        missing=sum(email not in listed.left for email in away),
        refused=tuple(listed.refused),
        aids=tuple(aids),
    )


def _of_known(verdict: Verdict) -> tuple[Drift, str]:
    if Against.ERASED in verdict.against:
        return Drift.ERASED, ""
    if _LEAVING.intersection(verdict.against):
        return Drift.LEFT, ""
    if verdict.eligible:
        return Drift.NOT_ELIGIBLE, "news goes to another address of his, which he gave for it"
    return Drift.NOT_ELIGIBLE, "; ".join(why.value for why in verdict.against)


def _drifted(drift: Drift, customer: int | None, place: str, email: str, why: str = "") -> Drifted:
    return Drifted(drift=drift, customer=customer, place=place, address=mask_email(email), why=why)
