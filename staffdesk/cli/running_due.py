"""What falls due by itself, run by a timer; nobody is signed in."""

from __future__ import annotations

from staffdesk.cli.options import Home, Json
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.seat import home_of


def run_due(*, home: Home = None, as_data: Json = False) -> None:
    """Finish erasures, end what a law kept, destroy packages nobody sent, close old files; name what is late."""
    from staffdesk.services.desk import open_to_run_due  # noqa: PLC0415 - brings the data layer

    desk = open_to_run_due(home_of(home))
    try:
        report = desk.due.run(say)
    finally:
        desk.close()
    erased = report.erasures
    if as_data:
        put_json(
            {
                "destroyed": erased.destroyed,
                "swept": len(erased.swept),
                "left": sum(sum(each.left.values()) for each in erased.swept),
                "held_ended": erased.ended,
                "unfinished": erased.open,
                "packages_destroyed": report.packages,
                "letters_destroyed": report.letters,
                "moved": [{"number": number, "move": move} for number, move in report.moved],
                "alarms": [{"number": number, "due": due} for number, due in report.alarms],
                "copies_not_deleted": report.copies,
            }
        )
        return
    done = {
        "destroyed of erasures": erased.destroyed,
        "held rows ended": erased.ended,
        "packages destroyed": report.packages,
        "saved letters destroyed": report.letters,
    }
    for what, n in done.items():
        if n:
            put(f"{n} {what}")
    for number, move in report.moved:
        put(f"{number}: {move}")
    for number, due in report.alarms:
        put(f"! {number} is {due}")
    for number in report.copies:
        put(f"! {number}: nobody confirmed that the copy of the proof is deleted in the mailbox")
    if erased.open:
        put(f"! {erased.open} erasures are not finished: something is left, and the next run looks again")
    if not (any(done.values()) or report.moved or report.alarms or report.copies or erased.open):
        say("Nothing is due.")
