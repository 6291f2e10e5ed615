"""What falls due by itself, run by a timer; nobody is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from staffdesk.cli import pruning
from staffdesk.cli.claim_holds import claim_as_json
from staffdesk.cli.moments import as_utc
from staffdesk.cli.options import Home, Json
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.seat import home_of
from staffdesk.cli.support_log_text import quarantined_as_json, quarantined_words
from staffdesk.domain.reviews import breach_words

if TYPE_CHECKING:
    from staffdesk.services.deputies import Watch
    from staffdesk.services.due import DueReport
    from staffdesk.services.owed_letters import Told
    from staffdesk.services.review_filling import Filled


def run_due(*, home: Home = None, as_data: Json = False) -> None:
    """Finish erasures and holds, destroy packages nobody sent, close old files, fill the review, prune the log.

    What is late, or must be seen by a person, is named. A part that failed is named too, and gives the exit code.
    """
    from staffdesk.services.opening_homes import open_to_run_due  # noqa: PLC0415 - brings the data layer

    desk = open_to_run_due(home_of(home))
    try:
        report = desk.due.run(say)
    finally:
        desk.close()
    lines = [*_done(report), *_to_see(report)]
    if as_data:
        put_json(_as_json(report))
    else:
        for line in lines:
            put(line)
        if not lines:
            say("Nothing is due.")
    for _, error in report.failed:
        raise error


def _as_json(report: DueReport) -> dict[str, object]:
    erased, told = report.erasures, report.told
    return {
        "destroyed": erased.destroyed,
        "swept": len(erased.swept),
        "left": sum(sum(each.left.values()) for each in erased.swept),
        "held_ended": erased.ended,
        "unfinished": erased.open,
        "packages_destroyed": report.packages,
        "letters_destroyed": report.letters,
        "support_logs_ended": report.logs.zips,
        "support_log_files_removed": report.logs.files,
        "support_logs_not_to_be_held": [quarantined_as_json(each) for each in report.logs.waiting],
        "moved": [{"number": number, "move": move} for number, move in report.moved],
        "alarms": [
            {"number": number, "due": due, "waits_for": report.following[number]} for number, due in report.alarms
        ],
        "approved_and_waiting": [{"number": number, "waits_for": word} for number, word in report.waiting],
        "copies_not_deleted": report.copies,
        "officer_away": not report.watch.officer,
        "told": None if report.watch.stands_in is None else report.watch.stands_in.user_name,
        "told_that_a_hold_ended": {
            "mailed": told.mailed, "saved": told.saved, "no_address_kept": told.nobody,
            "not_sent": [{"number": number, "why": why} for number, why in told.unsent.items()],
            "may_have_gone_out": told.unsure,
            "still_kept": sorted(told.still),
        },
        "letters_not_written": len(erased.unwritten),
        "restrictions": [{"number": number, "next": word} for number, word in report.lifts],
        "claims_ending": [claim_as_json(each) for each in report.claims],
        "review": {
            "days": report.review.days, "items": report.review.items, "wrong_clocks": report.review.misdated,
            "again_from": report.review.again or None, "waits": report.review.waits,
            "breaches_dated": [{"number": b.number, "due_at": as_utc(b.due_at)} for b in report.review.dated],
        },
        "breaches_open": [
            {"number": b.number, "due_at": as_utc(b.due_at), "hours_left": b.hours_left, "hours_late": b.hours_late}
            for b in report.breaches
        ],
        "notices_owed": [
            {
                "import": n.run, "source": n.store, "partner": n.partner, "people": n.people,
                "due_on": n.due_on.isoformat(), "late": n.late,
            }
            for n in report.notices
        ],
        "let_go": {"people": report.let_go.gone, "waiting": report.let_go.waiting},
        "clock": pruning.clock_as_json(report.clock),
        "forgotten": pruning.as_json(report.forgotten),
        "failed": [{"part": part, "why": error.sentence} for part, error in report.failed],
    }  # fmt: skip


def _done(report: DueReport) -> Iterator[str]:
    done = {
        ("destroyed of erasures", "destroyed of erasures"): report.erasures.destroyed,
        ("held row ended", "held rows ended"): report.erasures.ended,
        ("lead let go, 24 months after the last contact", "leads let go, 24 months after the last contact"): (
            report.let_go.gone.get("lead", 0)
        ),
        ("person let go, 3 years after the relation ended", "people let go, 3 years after the relation ended"): (
            report.let_go.gone.get("person", 0)
        ),
        ("company let go that nothing belonged to", "companies let go that nothing belonged to"): (
            report.let_go.gone.get("company", 0)
        ),
        ("package destroyed", "packages destroyed"): report.packages,
        ("saved letter destroyed", "saved letters destroyed"): report.letters,
        ("zip of support logs ended", "zips of support logs ended"): report.logs.zips,
        ("file of support logs removed", "files of support logs removed"): report.logs.files,
        ("day of the log taken for the review", "days of the log taken for the review"): report.review.days,
        ("new item to review", "new items to review"): report.review.items,
    }
    yield from (f"{n} {one if n == 1 else many}" for (one, many), n in done.items() if n)
    yield from pruning.done(report.forgotten)
    yield from (f"{number}: {move}" for number, move in report.moved)
    told = report.told
    yield from (f"{number}: told by mail that {_gone(told, number)}" for number in told.mailed)
    yield from (f"{number}: {_gone(told, number)}; no address is kept, so nobody was told" for number in told.nobody)


def _to_see(report: DueReport) -> Iterator[str]:
    erased, told = report.erasures, report.told
    if report.clock is not None:
        yield pruning.doubted("Nothing was destroyed, closed or taken for the review", report.clock)
    yield from (f"! {number} is {due}, and waits for {report.following[number]}" for number, due in report.alarms)
    late = {number for number, _ in report.alarms}
    yield from (
        f"! {number} is approved, and waits for {step}" for number, step in report.waiting if number not in late
    )
    for number in report.copies:
        yield f"! {number}: nobody confirmed that the copy of the proof is deleted in the mailbox"
    for claim in report.claims:
        held = f"the claim {claim.name} ends on {claim.until} ({claim.rows_in_words})"
        yield f"! {claim.whose}: {held}; renew it by staffdesk requests hold, or let it end"
    yield from (f"! {breach_words(each, as_utc(each.due_at))}" for each in report.breaches)
    yield from _of_retention(report)
    yield from (f"! {quarantined_words(each)}" for each in report.logs.waiting)
    if not report.watch.officer and (
        report.alarms or report.waiting or report.copies or report.claims or report.notices or report.logs.waiting
    ):
        yield f"! No privacy officer is there to see it: {_instead(report.watch)}"
    for number in told.saved:
        yield f"! {number}: the letter that {_gone(told, number)} is saved, to be sent by hand"
    for number, why in told.unsent.items():
        yield f"! {number}: the letter that {_gone(told, number)} did not go out, and the next run tries again. {why}"
    for number in told.unsure:
        letter = f"the letter that {_gone(told, number)}"
        yield f"! {number}: {letter} may have gone out: its sending broke off, and no run sends it again"
    if erased.unwritten:
        letters = "letter" if len(erased.unwritten) == 1 else "letters"
        yield f"! {len(erased.unwritten)} {letters} that what a law kept is gone could not be written"
    yield from (f"! {number}: {word}" for number, word in report.lifts)
    yield from pruning.waiting(report.forgotten)
    if erased.open:
        erasures = "erasure is" if erased.open == 1 else "erasures are"
        left = "something is left (a file in the campaign folder or a notice to be sent counts)"
        yield f"! {erased.open} {erasures} not finished: {left}, and the next run looks again"
    yield from _of_review(report.review)
    yield from (f"! Not done: {part}. {error.sentence}" for part, error in report.failed)


def _of_retention(report: DueReport) -> Iterator[str]:
    yield from (f"! {each.sentence}; note it by staffdesk import told {each.run}" for each in report.notices)
    if report.let_go.waiting:
        yield f"! {report.let_go.waiting:,} more are to be let go: the next run goes on"


def _of_review(review: Filled) -> Iterator[str]:
    if review.misdated:
        many = f"entry {review.misdated[0]}"
        if len(review.misdated) > 1:
            many = f"{len(review.misdated)} entries, {review.misdated[0]} the first"
        yield f"! A desk's clock was wrong at {many}: taken with the day of those before it; set that clock"
    if review.again:
        yield f"! The review took the log once more from entry {review.again} on: the clock it was taken by was wrong"
    for each in review.dated:
        now = f"is due {as_utc(each.due_at)}"
        if each.closed_at is not None:
            now = f"was due {as_utc(each.due_at)} and was closed {as_utc(each.closed_at)}"
        yield f"! {each.number} was dated by a wrong clock: by the order of the log it {now}"
    if review.waits:
        yield (
            f"! The review stands still: {review.waits}. Set the clock; where it is right: {pruning.RIGHT}, and the"
            " next run looks a second time at what was taken by a wrong one"
        )


def _gone(told: Told, number: str) -> str:
    return "a part of what a law kept is gone" if number in told.still else "what a law kept is gone"


def _instead(watch: Watch) -> str:
    if watch.stands_in is not None:
        return f"this is for {watch.stands_in.user_name}, the deputy"
    if watch.deputy is not None:
        return f"{watch.deputy.user_name}, the deputy, is not in use; an admin names another: staffdesk staff deputy"
    return "an admin names a deputy: staffdesk staff deputy ACCOUNT"
