"""One request in plain lines, and as JSON."""

from __future__ import annotations

import datetime as dt
from typing import Final

from staffdesk.cli.moments import as_utc
from staffdesk.cli.output import put, put_pairs
from staffdesk.domain.classes import Exposure
from staffdesk.domain.holds import Left
from staffdesk.domain.local_settings import CardRule
from staffdesk.domain.records import Cell
from staffdesk.domain.request_board import next_of, restriction_waits_for
from staffdesk.domain.request_guards import Offer, sentence
from staffdesk.domain.request_moves import Guard
from staffdesk.domain.request_pages import Made, Posted, RequestPage, to_be_cleared
from staffdesk.domain.request_rows import RequestRow
from staffdesk.domain.request_words import (
    ASKED,
    CHANNELS,
    GROUNDS,
    LANGUAGES,
    LETTERS,
    REACHED,
    STATES,
    TOLD,
    WENT,
    rows_of,
    title_of_move,
)
from staffdesk.domain.request_work import LET_STAND
from staffdesk.domain.requests import RequestState, RequestType, Step, days_late, due_words, steps
from staffdesk.domain.reveals import Asked

_OPENED_BY: Final = {
    sentence(Guard.SEARCHED): " (staffdesk requests searched)",
    sentence(Guard.ANSWERED): " (staffdesk requests same-person)",
    sentence(Guard.TOLD): " (staffdesk requests told)",
}
"""The command by which a closed move is opened."""
_SIGNS: Final = {Step.DONE: "[x]", Step.NOW: "[>]", Step.TO_COME: "[ ]"}


def as_json(request: RequestRow) -> dict[str, object]:
    """Return a request of a list as plain values."""
    return {
        "number": request.number,
        "type": request.kind,
        "state": request.state,
        "channel": request.channel,
        "received_at": as_utc(request.received_at),
        "due": request.hard_due.isoformat(),
        "due_with_pause": request.soft_due.isoformat(),
        "ended_on": None if request.ended_on is None else request.ended_on.isoformat(),
        "days_late": days_late(request.hard_due, request.ended_on),
        "customer": request.customer,
        "restricted": request.restriction.stands,
        "card_in_mailbox": request.copy_there,
        "lifted_from": None if request.lift_on is None else request.lift_on.isoformat(),
        "carried_out_at": None if request.carried_out_at is None else as_utc(request.carried_out_at),
    }


def page_as_json(page: RequestPage) -> dict[str, object]:
    """Return a request in full as plain values; ``value`` is what the role may see, so a mask or null."""
    cells = {"requester": page.requester, "reply_address": page.reply_address, "note": page.note}
    return {
        **as_json(page.request),
        "registered_at": as_utc(page.registered_at),
        "received_by": page.received_by,
        **{name: {"value": cell.text, "exposure": cell.exposure.value} for name, cell in cells.items()},
        "steps": [{"state": state.value, "step": step.value} for state, step in _steps(page.request)],
        "recipients": [
            {
                "code": told.code,
                "name": told.recipient,
                "state": told.state,
                "ground": told.ground or None,
                "since": as_utc(told.made_at),
                "sent_at": None if told.sent_at is None else as_utc(told.sent_at),
            }
            for told in page.told
        ],
        "contested": [
            {
                "field": each.key,
                "old": each.old,
                "new": each.new or None,
                "evidence": each.evidence or None,
                "stays": each.stays,
                "given_to": list(each.given_to),
            }
            for each in page.contested
        ],
        "moves": [
            {
                "move": made.name,
                "at": as_utc(made.at),
                "state": made.state,
                "by_the_desk": made.by_desk,
                "by": made.who or None,
                "reason": made.reason or None,
            }
            for made in page.history
        ],
        "language": page.language,
        "came_with": [{"number": each.number, "type": each.kind} for each in page.linked],
        "also_customers": list(page.standing.work.same),
        "may_be_the_same": page.standing.work.unanswered,
        "employees_to_be_named": [
            {
                "entry": asked.seq,
                "at": None if asked.at is None else as_utc(asked.at),
                "department": asked.department,
                "everywhere": asked.every_one,
                "reason": asked.reason,
            }
            for asked in page.reveals
        ],
        "kept_by_law": [left_as_json(each) for each in page.standing.work.left],
        "letter": bool(page.letter),
        "letters": [
            {
                "letter": each.kind.value,
                "at": as_utc(each.at),
                "way": each.way,
                "recipient": each.recipient or None,
            }
            for each in page.letters
        ],
        "refused": None if page.refused is None else {"ground": page.refused.ground.value, "facts": page.refused.facts},
        "entry": page.seq,
    }


def put_page(page: RequestPage, today: dt.date) -> None:
    """Print a request in full, one value a line, then how far it is."""
    request = page.request
    put(f"{request.number} · {asked_of(request)} · {state_of(request)} · entry {page.seq}")
    channel = CHANNELS.get(request.channel, request.channel)
    pairs = {
        "Received": f"{as_utc(request.received_at)} by {page.received_by or 'somebody'}, {channel}",
        "Next": next_of(request, today, searched=page.standing.work.all_searched),
        "Due": f"{request.hard_due} ({due_words(request.state, request.hard_due, today, request.ended_on)})",
        "With the pause": request.soft_due.isoformat(),
        "Customer": _customer(request),
        "Also customer": ", ".join(map(str, page.standing.work.same)),
        "May be the same": _waiting(page),
        "Proof": "! card still in the mailbox" if request.copy_there else "",
        "Requester": _text(page.requester),
        "Reply address": _text(page.reply_address),
        "Language": LANGUAGES.get(page.language, page.language),
        "What is asked": _text(page.note),
        "Outside": f"deleted there? {waits}: staffdesk requests searched" if (waits := to_be_cleared(page)) else "",
        "Front of the card": "" if page.card_rule is None else rule_text(page.card_rule),
        "Came with": ", ".join(f"{each.number} ({ASKED.get(each.kind, each.kind)})" for each in page.linked),
        "To be named": "; ".join(map(_asked, page.reveals)),
        "Carried out": "" if request.carried_out_at is None else as_utc(request.carried_out_at),
        "Restricted": restriction_waits_for(request, today) or ("yes" if request.restriction.stands else ""),
        "Refused": "" if page.refused is None else f"{GROUNDS[page.refused.ground]}: {page.refused.facts}",
        "To be told": ", ".join(
            f"{told.recipient} ({told.code}: {TOLD.get(told.state, told.state)})" for told in page.told
        ),
        "Letter": _letter(page),
    }
    put_pairs({name: value for name, value in pairs.items() if value}, indent="  ")
    for each in page.contested:
        to_be = f" -> {each.new}" if each.new else f" {LET_STAND}" if each.stays else ""
        had = ", ".join(each.given_to) or "nobody"
        put(f"  ! contested: {each.label} {each.old}{to_be} ({each.key}; given to {had})")
    for kept in page.standing.work.left:
        put(f"  ! {left_text(kept)}")
    lines = [*((made.at, _made(made)) for made in page.history), *((each.at, _posted(each)) for each in page.letters)]
    for at, line in sorted(lines, key=lambda each: each[0]):
        put(f"  {as_utc(at)}  {line}")
    for state, step in _steps(request):
        put(f"  {_SIGNS[step]} {(REACHED if step is Step.DONE else STATES)[state]}")


def asked_of(request: RequestRow) -> str:
    """Return in words what is asked."""
    return ASKED.get(request.kind, request.kind)


def state_of(request: RequestRow) -> str:
    """Return in words where a request stands."""
    return STATES.get(request.state, request.state)


def _made(made: Made) -> str:
    by = " (the desk)" if made.by_desk else f" by {made.who}" if made.who else ""
    return f"{title_of_move(made.name)}{by}{f': {made.reason}' if made.reason else ''}"


def _posted(letter: Posted) -> str:
    to = f" to {letter.recipient}" if letter.recipient else ""
    return f"Letter ({LETTERS[letter.kind]}){to}: {WENT.get(letter.way, letter.way)}"


def _letter(page: RequestPage) -> str:
    if not page.letter:
        return ""
    waits = "ready" if page.sends else page.waits
    gone = WENT.get(page.letter_way, "sent") if page.letter_sent else waits
    return f"{gone}: staffdesk requests letter {page.request.number}"


def offer_text(offer: Offer) -> str:
    """Return that a move is open, with what is to be known of it, or why it is closed and what opens it."""
    if offer.closed is None:
        return f"yes. {offer.note}" if offer.note else "yes"
    return f"{offer.closed}{_OPENED_BY.get(offer.closed, '')}"


def left_text(left: Left) -> str:
    """Return what a law keeps of who asks since he was erased: how many rows of what, until when, under which law."""
    return f"kept by law since {left.request}: {rows_of(left.table, left.rows)}, until {left.until} ({left.law})"


def left_as_json(left: Left) -> dict[str, object]:
    """Return the same as plain values."""
    return {
        "request": left.request, "kind": left.table, "rows": left.rows, "ground": left.ground.value, "law": left.law,
        "until": left.until.isoformat(),
    }  # fmt: skip


def rule_text(rule: CardRule) -> str:
    """Return what holds of the front of the identity card, since when, by whom and why."""
    changed = rule.changed
    if changed is None:
        return f"{rule.words}, as shipped"
    told = "".join(f", {text}" for text in (changed.by, changed.reason) if text)
    return f"{rule.words}; since {as_utc(changed.at)}{told}"


def _waiting(page: RequestPage) -> str:
    left = page.standing.work.unanswered
    return f"{left} not answered: staffdesk requests duplicates {page.request.number}" if left else ""


def _asked(asked: Asked) -> str:
    when = "" if asked.at is None else f" {as_utc(asked.at)}"
    everywhere = ", and wherever he looked" if asked.every_one else ""
    return f"who looked{when}, {asked.department}, entry {asked.seq}{everywhere}: {asked.reason}"


def _steps(request: RequestRow) -> tuple[tuple[RequestState, Step], ...]:
    return steps(RequestType(request.kind), RequestState(request.state))


def _customer(request: RequestRow) -> str:
    if request.customer is not None:
        return str(request.customer)
    return "erased" if request.kind == RequestType.ERASE and request.carried_out_at is not None else ""


def _text(cell: Cell) -> str:
    if cell.exposure is Exposure.NONE:
        return "[not shown]"
    return f"{cell.text or ''}{' [masked]' if cell.exposure is Exposure.MASKED and cell.text else ''}"
