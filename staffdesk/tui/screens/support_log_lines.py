"""Zips of support logs in lines: what each is, what was found in it, what it holds, and why something is not done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from staffdesk.domain.support_log_rules import quarantine_ends, rules
from staffdesk.domain.support_logs import HELD, Counts, LogBundle, LogFile, LogState
from staffdesk.tui.phrases import count, moment
from staffdesk.tui.plain import DASH, GOOD, MUTED, STRONG, WARN, column, fit, joined, plain

if TYPE_CHECKING:
    from staffdesk.services.support_logs.taking import Taken

_ZIP, _STATE, _AT, _FILES, _BYTES, _DIGEST = 6, 15, 18, 7, 13, 18
_WIDE = 100
_SHORT_DIGEST = 16


def heads(width: int) -> Content:
    """Return the heads of the columns."""
    return _columns([plain(head, MUTED) for head in ("Zip", "State", "Received", "Files", "Bytes")], width)


def line_of(each: LogBundle, width: int) -> Content:
    """Return a zip in a line."""
    at = each.received_at or each.asked_at
    cells = [
        plain(str(each.id), STRONG),
        _state(each),
        plain(DASH if at is None else moment(at)),
        plain(DASH if each.files is None else str(each.files)),
        plain(DASH if each.size is None else f"{each.size:,}"),
    ]
    return _columns(cells, width)


def _columns(cells: Sequence[Content], width: int) -> Content:
    return fit(joined(*map(column, cells, (_ZIP, _STATE, _AT, _FILES, _BYTES))), width)


def is_scrubbed(each: LogBundle) -> bool:
    """Say whether a curated copy of a zip is made here."""
    from staffdesk.domain.log_scan import must_not_be_held  # noqa: PLC0415 - brings the screening

    return each.state is LogState.QUARANTINED and not must_not_be_held(each.found, rules())


def why_not_read(each: LogBundle) -> str:
    """Return why no file of a zip is read, and what to do."""
    if each.state is LogState.QUARANTINED:
        step = "s makes a copy that can be read." if is_scrubbed(each) else "ask for another without that."
        return f"Zip {each.id} is in quarantine, and nobody reads it: {step}"
    return f"No bytes of zip {each.id} are held."


def why_empty(each: LogBundle) -> str:
    """Return why nothing is listed below a zip."""
    if each.state is LogState.ASKED:
        return f"Zip {each.id} was asked for; nothing has come yet. t takes it in."
    return f"Zip {each.id} holds no file."


def why_not_scrubbed(each: LogBundle) -> str:
    """Return why no curated copy of a zip is made, and what to do."""
    if each.state is LogState.QUARANTINED:
        return f"Zip {each.id} has what must not be held: ask for another without it, and d destroys this one."
    if each.state in HELD:
        return f"Nothing was found in zip {each.id} that would be taken out: Enter reads it as it is."
    return f"No bytes of zip {each.id} are held."


def came(taken: Taken) -> Content:
    """Return what came of a zip that was taken in or scrubbed."""
    bundle = taken.bundle
    done = f"Zip {bundle.id}: {bundle.state.value}, {count(bundle.files or 0, 'file')}."
    replaced = f" {count(taken.replaced, 'earlier zip')} destroyed." if taken.replaced else ""
    left = f" Left out, no text: {count(taken.left_out, 'file')}." if taken.left_out else ""
    copy = "" if bundle.state is LogState.CURATED else " Remove your own copy."
    if bundle.state is LogState.QUARANTINED:
        step = " s makes a copy that can be read." if is_scrubbed(bundle) else " Ask for one without it; d destroys it."
        return plain(f"! {done}{replaced}{step}{copy}", WARN)
    return plain(f"✓ {done}{replaced}{left}{copy}", GOOD)


def _state(each: LogBundle) -> Content:
    if each.state is LogState.QUARANTINED:
        return plain(f"! {each.state.value}", WARN)
    return plain(each.state.value, MUTED if each.state is LogState.DESTROYED else GOOD)


def found_lines(each: LogBundle) -> Iterator[Content]:
    """Yield below a zip why it was asked for, what was found in it, and how it ended or ends."""
    if each.why:
        yield plain(f"      asked: {each.why}", MUTED)
    if each.ended is not None:
        yield plain(f"      destroyed: {each.ended.value}", MUTED)
    for said in told_lines(each.found):
        yield plain(f"      {said}", MUTED)
    if each.state is LogState.QUARANTINED and each.received_at is not None:
        ends = moment(quarantine_ends(each.received_at, rules()))
        yield plain(f"      read by nobody; destroyed by {ends}", MUTED)


def told_lines(found: Counts) -> Iterator[str]:
    """Yield what was found, in words."""
    from staffdesk.domain.log_scan import told  # noqa: PLC0415 - brings the screening, which few lists need

    return told(found, rules())


def file_line(file: LogFile, width: int) -> Content:
    """Return a file of a manifest in a line."""
    digest = file.digest if width >= _WIDE + len(file.digest) else f"{file.digest[:_SHORT_DIGEST]}…"
    sizes = (_ZIP, _BYTES, max(_DIGEST, len(digest) + 1))
    cells = (plain(f"  {file.place}", MUTED), plain(f"{file.size:,}"), plain(digest, MUTED))
    return fit(joined(*map(column, cells, sizes), plain(file.name)), width)
