"""What a letter tells of a package: the same contents in the letter's own short form, one line a kind."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from staffdesk.data import register
from staffdesk.domain import transfers
from staffdesk.domain.access import Entity, Purpose
from staffdesk.domain.packages import Contents
from staffdesk.domain.provenance import Source
from staffdesk.domain.sharing import Given
from staffdesk.domain.transfers import Safeguard
from staffdesk.parameters.shapes import policy
from staffdesk.services.clearance import today_in_brussels
from staffdesk.services.letters.facts import AccessReply, Consulted, Origin, Received
from staffdesk.services.letters.language import Language
from staffdesk.services.letters.words import tables
from staffdesk.services.sessions import day_in_brussels


def reply_of(contents: Contents, files: Sequence[str], *, hidden: int = 0) -> AccessReply:
    """Return what the letter to a package tells; ``hidden`` counts the places left out for the rights of others.

    Raises :class:`BadInput` for a recipient outside the EEA for whom no safeguard is recorded.
    """
    held = [table for table, rows in contents.held.items() if rows]
    return AccessReply(
        files=tuple(files),
        kinds=tuple(dict.fromkeys(_kind(table) for table in held)),
        origins=_origins(contents),
        recipients=(*map(_received, contents.given), *_affiliate(contents)),
        consultations=_consultations(contents),
        hidden=hidden,
    )


def _kind(table: str) -> str:
    """Return the kind letters speak of; a table that has no words is told as what it hangs on."""
    known = tables(Language.EN)["kinds"]
    return next((name for name in (table, *register.paths_to_person().get(table, ())) if name in known), "person")


def _origins(contents: Contents) -> tuple[Origin, ...]:
    """Return each source once, the earliest first, with the first day something came from it."""
    first: dict[tuple[Source, str], dt.date | None] = {}
    for row in (row for rows in contents.held.values() for row in rows):
        source, since = row.values.get("source"), row.values.get("obtained_on")
        if source is None:
            continue
        named = (row.values.get("event"), contents.partners.get(row.values.get("partner_id") or 0))
        key = Source(source), ", ".join(str(each) for each in named if each)
        first[key] = min(filter(None, (since, first.get(key))), default=None)
    found = sorted(first.items(), key=lambda each: each[1] or dt.date.max)
    return tuple(Origin(source=source, name=name, since=since) for (source, name), since in found)


def _received(given: Given) -> Received:
    abroad = given.mechanism in set(Safeguard)
    return Received(
        name=given.label,
        kind=given.kind,
        country=given.country,
        last_on=given.last_on,
        safeguard=Safeguard(given.mechanism) if abroad else None,
        unplaced=given.unplaced,
    )


def _affiliate(contents: Contents) -> Iterator[Received]:
    """Yield the house's other company, if employees of it looked: to the law that is a transfer like any other."""
    if contents.affiliate:
        house = policy().affiliate
        verdict = transfers.transfer_check(transfers.rules().entities[Entity.US], today_in_brussels())
        yield Received(name=house.name, kind="affiliate", country=house.country, safeguard=verdict.safeguard)


def _consultations(contents: Contents) -> tuple[Consulted, ...]:
    times: Counter[tuple[dt.date, Purpose]] = Counter()
    for each in contents.consulted:
        times[day_in_brussels(each.at), Purpose(each.purpose or Purpose.SYSTEM)] += each.times
    return tuple(Consulted(on=day, purpose=purpose, times=n) for (day, purpose), n in times.items())
