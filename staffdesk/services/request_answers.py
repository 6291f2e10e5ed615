"""What the letter of a move tells, from where the request stands and what the move did."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Final

from staffdesk.data.customers.request_decisions import Decisions
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Purpose
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.grounds import RestrictionGround, RestrictionStep, Unproven
from staffdesk.domain.packages import Contents, Manifest
from staffdesk.domain.provenance import Source
from staffdesk.domain.request_effects import Moment
from staffdesk.domain.request_moves import Identity, Letter, Move
from staffdesk.domain.request_progress import Progress
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.domain.transfers import Safeguard
from staffdesk.services.carrying_out import Done
from staffdesk.services.letters import AccessReply, Consulted, Language, LetterFacts, Origin, Received
from staffdesk.services.letters.words import word
from staffdesk.services.sessions import day_in_brussels

_REQUEST: Final = "request"
_TASK: Final = "recipient_task"
_WAITING: Final = frozenset({RequestState.NOTIFYING, RequestState.REPLYING})


def letter_of(move: Move, done: Done) -> Letter | None:
    """Return the letter that a move writes to whoever asks; notices to recipients are letters of their own."""
    letters = [each for each in move.letters if each is not Letter.RECIPIENT]
    if Letter.PARTLY_ERASED in letters:
        return Letter.PARTLY_ERASED if done.kept else Letter.ERASED
    return letters[0] if letters else None


def goes_at_once(after: Progress) -> bool:
    """Say whether the letter goes out with the move; an answer waits until it is read over and sent."""
    return after.state not in _WAITING


def facts_of_letter(
    tx: Read, before: Progress, after: Progress, told: Answers, done: Done, moment: Moment, access: AccessReply | None
) -> LetterFacts:
    """Return what is known for the letter of a move that leads from ``before`` to ``after``."""
    words = told.reason.strip() or None
    refusal = Decisions(tx).refusal(after.id)
    objects = after.kind is RequestType.OBJECT
    files = RequestFiles(tx)
    lists = () if before.person is None else files.lists_ended(before.person, moment.today)
    return LetterFacts(
        number=after.number,
        written_on=moment.today,
        kind=after.kind,
        received_on=receive_day(after.received),
        hard_due=after.hard_due,
        first_due=after.first_due,
        proof_came_along=after.proof_came_along,
        doubt=words,
        fault_words=words,
        extension_words=words,
        extended_to=after.hard_due if after.extended_on is not None else None,
        access=access,
        effective_on=_day_of(after.carried_out_at),
        lists=lists if after.kind is RequestType.OBJECT_MKT else None,
        fields=done.fields,
        erased=done.erased,
        kept=done.kept,
        backups_until=done.backups_until,
        told=Decisions(tx).told_by_name(after.id),
        refusal=None if refusal is None else refusal.ground,
        refusal_facts=None if refusal is None else refusal.facts,
        refusal_law=None if refusal is None else refusal.law,
        restriction=RestrictionStep.SET if done.restricted else None,
        restriction_reason=RestrictionGround.OBJECTION_UPHELD if objects and done.restricted else None,
        restriction_words=words or ("You asked for it." if done.restricted and not objects else None),
        restricted=done.restricted,
        unproven=Unproven.OTHER_PERSON if before.identity is Identity.FAILED else Unproven.LATE,
        withdrawn_on=told.day or moment.today,
    )


def access_reply(contents: Contents, manifest: Manifest, language: Language) -> AccessReply:
    """Return what the letter with a package tells of it (GDPR Art. 15(1) to (4))."""
    hidden = sum(manifest.hidden.values())
    return AccessReply(
        files=tuple(each.name for each in manifest.files),
        kinds=tuple(dict.fromkeys(_kind(table) for table, rows in contents.held.items() if rows)),
        origins=tuple(_origins(contents)),
        recipients=tuple(
            Received(
                name=each.label,
                kind=each.kind,
                country=each.country,
                last_on=each.last_on,
                safeguard=Safeguard(each.mechanism) if each.mechanism else None,
            )
            for each in contents.given
        ),
        consultations=tuple(
            Consulted(on=day, purpose=purpose, times=times)
            for (day, purpose), times in sorted(Counter(_consulted(contents)).items(), reverse=True)
        ),
        redactions=f"{word(language, 'redactions', 'hidden')} ({hidden})" if hidden else None,
    )


def _consulted(contents: Contents) -> Iterable[tuple[dt.date, Purpose]]:
    for each in contents.consulted:
        if each.purpose in set(Purpose):
            for _ in range(each.times):
                yield day_in_brussels(each.at), Purpose(each.purpose)


def _origins(contents: Contents) -> Iterable[Origin]:
    found: dict[tuple[Source, str], dt.date] = {}
    for rows in contents.held.values():
        for row in rows:
            source, since = row.values.get("source"), row.values.get("obtained_on")
            if not isinstance(source, str) or not isinstance(since, dt.date):
                continue
            partner = row.values.get("partner_id")
            of_partner = contents.partners.get(partner, "") if isinstance(partner, int) else ""
            name = row.values.get("event") or of_partner
            key = Source(source), str(name)
            found[key] = min(since, found.get(key, since))
    for (source, name), since in sorted(found.items(), key=lambda each: each[1]):
        yield Origin(source=source, name=name, since=since)


def _kind(table: str) -> str:
    return _REQUEST if table.startswith(_REQUEST) or table == _TASK else table


def _day_of(milliseconds: int | None) -> dt.date | None:
    return None if milliseconds is None else day_in_brussels(milliseconds)
