"""A witness: a second key, of somebody else, that cosigns only what extends what it saw."""

from __future__ import annotations

from pathlib import Path

from staffdesk.audit.checkpoint import CheckpointError, verify
from staffdesk.audit.cosignature import cosign, cosigned_at
from staffdesk.audit.proof import Growth, ProofError
from staffdesk.domain.errors import NotSound
from staffdesk.services.seen import Seen
from staffdesk.services.signing_keys import SigningKey


def witness(text: str, log_vkeys: tuple[str, ...], pair: SigningKey, state: Path, at: int) -> str:
    """Return the note of a proof of growth with this witness's line, once it extends what the witness saw last.

    ``text`` is what ``audit prove --from --to`` prints, or the first note of a log by itself. What was seen is written
    down before the line is given out. Raises :class:`NotSound` where it does not hold, and then signs nothing.
    """
    seen = Seen(state)
    with seen.held():
        try:
            growth = Growth.parse(text) if text.startswith("old ") else Growth(old=0, path=(), note=text)
            # Whose log it is tells the note, which is proved before anything is held against it.
            origin = verify(growth.note, log_vkeys).origin
            last = seen.newest(origin, log_vkeys)
            growth.check(log_vkeys, None if last is None else last[1])
        except (ProofError, CheckpointError) as error:
            raise NotSound(f"Nothing is cosigned. {error}", "Look at the log before anything else.") from error
        cosigned = cosign(growth.note, pair.name, pair.seed, at)
        seen.remember(origin, cosigned)
    return cosigned


def seen_at(note: str, witness_vkey: str) -> int:
    """Return when a witness saw a note, in seconds since 1970, UTC; raises :class:`NotSound`."""
    try:
        return cosigned_at(note, witness_vkey)
    except CheckpointError as error:
        raise NotSound(f"No witness stands for this note. {error}", "Ask the witness for his own copy.") from error
