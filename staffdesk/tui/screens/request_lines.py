"""A request in full as lines: its steps, its dates, what was asked, who is told, and the letter that answers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from textual.content import Content

from staffdesk.domain.classes import Exposure
from staffdesk.domain.local_settings import CardRule
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.records import Cell
from staffdesk.domain.request_board import lifting_under_way, next_of, restriction_waits_for
from staffdesk.domain.request_pages import Contested, Made, Posted, RequestPage, Told, to_be_cleared
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.request_words import (
    ASKED,
    CHANNELS,
    EXEMPTIONS,
    GROUNDS,
    LANGUAGES,
    LETTERS,
    REACHED,
    STATES,
    WENT,
    name_of_proof,
    rows_of,
    title_of_move,
)
from staffdesk.domain.request_work import LET_STAND, Way
from staffdesk.domain.requests import IdentityNeed, RequestState, RequestType, Step, identity_needed, steps
from staffdesk.domain.reveals import Asked
from staffdesk.tui.due import standing_of_due, today
from staffdesk.tui.phrases import count, moment, weekday
from staffdesk.tui.plain import ACCENT, DASH, GOOD, MUTED, NOTHING, STRONG, WARN, fit, joined, plain

_LABEL: Final = 15
_STEPS: Final = 24
_ONE_ACT_MS: Final = 1_000
"""Within this time a notice was saved and its recipient noted as told by the same act."""
_BESIDE: Final = 70
"""From this width on the steps stand beside the facts."""
_LOOKS: Final = {Step.DONE: ("✓", GOOD), Step.NOW: ("▶", ACCENT), Step.TO_COME: ("·", MUTED)}


def title_of(request: RequestRow) -> str:
    """Return a request's number, type and state in words."""
    kind, state = ASKED.get(request.kind, request.kind), STATES.get(request.state, request.state)
    return f"{request.number} · {kind} · {state}"


def page_lines(page: RequestPage, width: int) -> Content:
    """Lay a request out: the steps as a column of their own where there is room, then the letter."""
    ways = list(_steps(page.request))
    beside = width >= _BESIDE
    room = width - _STEPS if beside else width
    facts = [line for label, value in _facts(page) for line in _fact(label, value, room)]
    if beside:
        rows = max(len(ways), len(facts))
        ways += [NOTHING] * (rows - len(ways))
        facts += [NOTHING] * (rows - len(facts))
        lines = [joined(fit(way, _STEPS), fact) for way, fact in zip(ways, facts, strict=True)]
    else:
        lines = [*ways, NOTHING, *facts]
    return joined(*lines, *_history(page, width), *_letter(page, width), by="\n")


def _steps(request: RequestRow) -> Iterator[Content]:
    for state, step in steps(RequestType(request.kind), RequestState(request.state)):
        glyph, style = _LOOKS[step]
        word = (REACHED if step is Step.DONE else STATES)[state]
        yield plain(f"{glyph} {word}", f"bold {style}" if step is Step.NOW else style)


def _facts(page: RequestPage) -> Iterator[tuple[str, Content]]:
    request = page.request
    yield "Came", plain(f"{moment(request.received_at)} by {CHANNELS.get(request.channel, request.channel)}")
    yield "Received by", plain(page.received_by or DASH)
    yield "Due", _due(request, request.hard_due, STRONG)
    if identity_needed(RequestType(request.kind)) is IdentityNeed.NEVER:
        yield "With the pause", plain("no proof of identity is asked", MUTED)
    else:
        yield "With the pause", _due(request, request.soft_due, MUTED)
    if request.carried_out_at is not None:
        yield "Carried out", plain(moment(request.carried_out_at))
    if page.standing.progress.proof_came_along:
        yield "Proof", plain("came with the request")
    yield from _proof(page)
    yield "Customer", plain(_customer(request))
    work = page.standing.work
    if work.unanswered:
        yield "Same person", plain(f"! {count(work.unanswered, 'record')} may be his: k asks of each", WARN)
    if work.same:
        yield "Also", plain(", ".join(f"customer {number}" for number in work.same))
    yield "Requester", _value(page.requester)
    yield "Answer to", _value(page.reply_address)
    yield "Language", plain(LANGUAGES.get(page.language, page.language))
    yield "Asked", _value(page.note)
    if after := next_of(request, today(), searched=page.standing.work.all_searched):
        yield "Next", plain(after)
    yield from _work(page)


def _work(page: RequestPage) -> Iterator[tuple[str, Content]]:
    """Tell what is contested and restricted, what came with it, who is to be named and who is to be told."""
    for contested in page.contested:
        yield "Contested", _contested(contested)
    if waits := to_be_cleared(page):
        yield "Outside", plain(f"! deleted there? {waits}: k", WARN)
    if page.standing.work.restriction.stands:
        yield "Restricted", _restricted(page)
    for left in page.standing.work.left:
        kept = f"! {rows_of(left.table, left.rows)} until {left.until}, since {left.request}: {left.law}"
        yield "Kept by law", plain(kept, WARN)
    if page.refused is not None:
        yield (
            "Refused",
            joined(plain(f"{GROUNDS[page.refused.ground]}: ", MUTED), plain(page.refused.facts, lines=True)),
        )
    for other in page.linked:
        yield "Came with", plain(f"{other.number} · {ASKED.get(other.kind, other.kind)}")
    for asked in page.reveals:
        yield "To be named", _asked(asked)
    for told in page.told:
        yield "To be told", _told(told, by_hand=_saved_for(page, told))


def _customer(request: RequestRow) -> str:
    if request.customer is not None:
        return str(request.customer)
    return "erased" if request.kind == RequestType.ERASE and request.carried_out_at is not None else "not known yet"


def _proof(page: RequestPage) -> Iterator[tuple[str, Content]]:
    """Tell what proved who asks, the copy that is still to be deleted, and whether a card is demanded at this desk."""
    progress, rule = page.standing.progress, page.card_rule
    if progress.proof_kind:
        yield "Shown by", plain(name_of_proof(progress.proof_kind))
    if page.request.copy_there:
        yield "Copy", plain("! card still in the mailbox: delete it there, then m, Copy deleted", WARN)
    elif progress.copy_there:
        yield "Copy", plain("in the mailbox, to be looked at")
    if rule is not None:
        yield "Card front", card_words(rule)


def card_words(rule: CardRule) -> Content:
    """Return whether the front of a card is demanded, since when, by whom and why."""
    if rule.changed is None:
        return plain(f"{rule.words}, as shipped", MUTED)
    return plain(f"{rule.words} since {moment(rule.changed.at)} · {rule.changed.by} · {rule.changed.reason}")


def _due(request: RequestRow, day: dt.date, style: str) -> Content:
    return joined(plain(f"{weekday(day)} ", style), standing_of_due(request.state, day, request.ended_on))


def _value(cell: Cell) -> Content:
    if cell.exposure is Exposure.NONE:
        return plain(f"not shown{f': needs a {cell.why}' if cell.why else ''}", MUTED)
    if cell.exposure is Exposure.MASKED:
        return joined(plain(cell.text or DASH, MUTED), plain("  masked", MUTED))
    return plain(cell.text or DASH, lines=True)


def _contested(field: Contested) -> Content:
    """Tell a field that is contested: what stands in it, what is to, what shows it, and who was given it."""
    stands = plain(field.old or DASH)
    open_yet = plain(f"  {LET_STAND if field.stays else 'not settled'}", MUTED)
    wanted = joined(plain(" → ", MUTED), plain(field.new, STRONG)) if field.new else open_yet
    shows = plain(f" · {field.evidence}", MUTED) if field.evidence else NOTHING
    had = f" · given to {', '.join(field.given_to)}" if field.given_to else " · given to nobody"
    return joined(plain("! ", WARN), plain(f"{field.label} ", MUTED), stands, wanted, shows, plain(had, MUTED))


def _restricted(page: RequestPage) -> Content:
    word = restriction_waits_for(page.request, today())
    if lifting_under_way(page.request, today()):
        return plain(f"stored and not used until {page.request.lift_on}: Lift restriction opens then")
    return plain(f"! {word}", WARN) if word else plain("what is held of him is stored and not used")


def _asked(asked: Asked) -> Content:
    when = DASH if asked.at is None else moment(asked.at)
    where = f"{asked.department or DASH}{', wherever he looked' if asked.every_one else ''}"
    return joined(plain(f"who looked {when}, {where}: "), plain(asked.reason or DASH, lines=True))


def _saved_for(page: RequestPage, told: Told) -> bool:
    """Say whether the newest notice to a recipient was saved, and nobody has noted since that he was told."""
    ways = [each for each in page.letters if each.recipient == told.code]
    return bool(ways) and ways[-1].way == Way.HAND and (told.sent_at or 0) - ways[-1].at < _ONE_ACT_MS


def _told(told: Told, *, by_hand: bool) -> Content:
    if told.state == TaskState.EXEMPT:
        why = f": {EXEMPTIONS[told.ground]}" if told.ground else ""
        return joined(plain(f"{told.recipient} "), plain(f"✓ need not be told{why}", GOOD))
    if told.state == TaskState.CONFIRMED:
        return joined(plain(f"{told.recipient} "), plain("✓ confirmed", GOOD))
    if told.sent_at is not None and by_hand:
        return joined(plain(f"{told.recipient} "), plain(f"✓ notice {WENT[Way.HAND]} {moment(told.sent_at)}", GOOD))
    if told.sent_at is not None:
        return joined(plain(f"{told.recipient} "), plain(f"✓ told {moment(told.sent_at)}", GOOD))
    return joined(plain(f"{told.recipient} "), plain("· not yet", MUTED))


def _fact(label: str, value: Content, width: int) -> Iterator[Content]:
    head = fit(plain(label, MUTED), _LABEL)
    first, *others = value.wrap(max(width - _LABEL, 8)) or [NOTHING]
    yield joined(head, first)
    for other in others:
        yield joined(plain(" " * _LABEL), other)


def _history(page: RequestPage, width: int) -> Iterator[Content]:
    """Tell the moves that were made and the letters, the newest last, as far as the reader is told."""
    names = {told.code: told.recipient for told in page.told}
    lines = [*((made.at, _made(made)) for made in page.history)]
    lines += ((each.at, _posted(each, names)) for each in page.letters)
    if lines:
        yield NOTHING
    for when, told in sorted(lines, key=lambda line: line[0]):
        at = plain(f"{moment(when)}  ", MUTED)
        first, *others = told.wrap(max(width - at.cell_length, 8)) or [NOTHING]
        yield joined(at, first)
        for other in others:
            yield joined(plain(" " * at.cell_length), other)


def _made(made: Made) -> Content:
    by = " · the desk" if made.by_desk else f" · {made.who}" if made.who else ""
    return joined(plain(f"{title_of_move(made.name)}{by}"), plain(f": {made.reason}" if made.reason else "", MUTED))


def _posted(letter: Posted, names: Mapping[str, str]) -> Content:
    to = f" to {names.get(letter.recipient, letter.recipient)}" if letter.recipient else ""
    return plain(f"Letter ({LETTERS[letter.kind]}){to}: {WENT.get(letter.way, letter.way)}")


def _letter(page: RequestPage, width: int) -> Iterator[Content]:
    yield NOTHING
    if not page.letter:
        yield plain("There is no letter to send yet.", MUTED)
        return
    waits = "e sends it" if page.sends else page.waits
    how = f"{WENT.get(page.letter_way, 'sent') if page.letter_sent else waits} · y copies it"
    yield joined(plain("The letter", STRONG), plain(f" · {how}", MUTED))
    yield NOTHING
    yield from plain(page.letter, lines=True).wrap(width)
