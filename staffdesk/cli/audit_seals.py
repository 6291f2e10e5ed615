"""Checkpoints that leave the house: a sealer with a key of its own, and a folder elsewhere that only grows."""

from __future__ import annotations

import datetime as dt
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.options import Home, Json
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.seat import home_of
from staffdesk.domain.errors import BadInput, StorageUnavailable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from staffdesk.audit.leaves import Leaves
    from staffdesk.services.seal_service import Sealing


def new_key(
    file: Annotated[Path, typer.Argument(metavar="FILE.key", help="A new file; FILE.vkey is put beside it.")],
    *,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The name before its signatures.")],
    cosigns: Annotated[bool, typer.Option("--witness", help="A witness's key, for audit cosign.")] = False,
    as_json: Json = False,
) -> None:
    """Make a key that signs or cosigns checkpoints, and print its public half."""
    from staffdesk.audit.checkpoint import ED25519  # noqa: PLC0415 - as below
    from staffdesk.audit.cosignature import WITNESS  # noqa: PLC0415 - as below
    from staffdesk.services import signing_keys  # noqa: PLC0415 - brings the data layer

    vkey = signing_keys.make_key(file, name, WITNESS if cosigns else ED25519).vkey
    if as_json:
        put_json({"vkey": vkey})
    else:
        put(vkey)


def leaves(*, home: Home = None) -> None:
    """Print the hashes of all entries for a sealer that may read nothing else; needs the key file and no sign-in."""
    from staffdesk.audit.leaves import lines  # noqa: PLC0415 - as above
    from staffdesk.services.verification import log_of  # noqa: PLC0415 - as above

    with log_of(home_of(home))() as source:
        for line in lines(source.origin, source.head() or 0, source.leaves()):
            put(line.removesuffix("\n"))


def seal(
    *,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The sealer's own key, mode 0600.")],
    state: Annotated[Path, typer.Option("--state", metavar="DIR", help="The sealer's own folder, mode 0700.")],
    copy: Annotated[list[Path] | None, typer.Option("--copy", metavar="DIR", help="Copy each note there too.")] = None,
    piped: Annotated[bool, typer.Option("--leaves", help="Read what `audit leaves` prints, once.")] = False,
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    go_on_from: Annotated[
        str,
        typer.Option("--go-on-from", metavar="SIZE:ROOT", help="The newest note there is, where the memory was lost."),
    ] = "",
    there: Annotated[
        Path | None,
        typer.Option("--there", metavar="FILE", help="The newest note kept elsewhere; writes DIR/to-send."),
    ] = None,
    every: Annotated[int, typer.Option("--every", metavar="MINUTES", min=1, help="Minutes between rounds.")] = 5,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Sign the log where it extends what this key signed. Exit code 0 signed, 5 a copy is missing, 20 refused."""
    from staffdesk.services import seal_service  # noqa: PLC0415 - as above
    from staffdesk.services.signing_keys import read_pair  # noqa: PLC0415 - as above

    pair, meant = read_pair(key), _size_and_root(go_on_from)
    while True:
        trouble = None
        try:
            done = seal_service.seal_once(_source(home, piped=piped), pair, state, copy or (), meant, there)
            _tell_round(done, as_json=as_json)
            if done.troubles:
                trouble = StorageUnavailable("A copy of the checkpoint is missing.", "The next round makes it.")
        except StorageUnavailable as error:
            trouble = error
        if once or piped:
            if trouble is not None:
                raise trouble
            return
        if trouble is not None:
            say(trouble.sentence, trouble.hint)
        time.sleep(every * 60)


def _tell_round(done: Sealing, *, as_json: bool) -> None:
    size = done.checkpoint.size
    if as_json:
        put_json({"signed": done.new, "entries": size, "troubles": list(done.troubles)})
    else:
        say(f"{'Signed' if done.new else 'Nothing new'}: {size:,} entries.", *done.troubles)


def _size_and_root(text: str) -> tuple[int, str] | None:
    size, _, root = text.partition(":")
    if not text:
        return None
    if not (size.isascii() and size.isdecimal() and root):
        raise BadInput("This names no note.", "Write its size, a colon and its root as the refusal says them.")
    return int(size), root.casefold()


def receive(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that only grows.")],
    *,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The public key of the notes that are taken.")],
    as_json: Json = False,
) -> None:
    """Keep a note from standard input that is proved to extend the newest kept here; made for an SSH forced command.

    Where nothing comes the newest note is printed, from which the proof begins.
    """
    from staffdesk.services import receiving  # noqa: PLC0415 - as above
    from staffdesk.services.public_keys import read_keys  # noqa: PLC0415 - as above

    text, keys = _text(), read_keys(key)
    if not text:
        _put_note(receiving.newest_kept(folder, keys), as_json=as_json)
        return
    found, proved, strays = receiving.receive(folder, text, keys)
    if as_json:
        put_json({"entries": found.size, "proved": proved, "passed_over": list(strays)})
        return
    how = "proved to extend the one before" if proved else "not proved to extend the one before"
    say(f"Kept: {found.size:,} entries, {how}.")
    if strays:
        say(f"These prove nothing and were passed over: {', '.join(strays)}.")


def cosign(
    *,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The witness's own key, mode 0600.")],
    log_key: Annotated[Path, typer.Option("--log-key", metavar="FILE", help="The public key of the log's notes.")],
    state: Annotated[Path, typer.Option("--state", metavar="DIR", help="The witness's own folder, mode 0700.")],
    as_json: Json = False,
) -> None:
    """Cosign the note of a proof of growth from standard input, where it extends what this witness saw."""
    from staffdesk.audit.cosignature import WITNESS  # noqa: PLC0415 - as above
    from staffdesk.services.public_keys import read_keys  # noqa: PLC0415 - as above
    from staffdesk.services.signing_keys import read_pair  # noqa: PLC0415 - as above
    from staffdesk.services.witnessing import witness  # noqa: PLC0415 - as above

    note = witness(_text(), read_keys(log_key), read_pair(key, WITNESS), state, int(time.time()))
    _put_note(note, as_json=as_json)


def check_cosigned(
    note: Annotated[Path, typer.Argument(metavar="NOTE", help="A note with a witness's line under it.")],
    *,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The witness's public key.")],
    as_json: Json = False,
) -> None:
    """Say when a witness saw what a note says."""
    from staffdesk.services.public_keys import read_key  # noqa: PLC0415 - as above
    from staffdesk.services.witnessing import seen_at  # noqa: PLC0415 - as above

    try:
        text = note.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("The note cannot be read.", "Name a file that audit cosign printed.") from error
    at = dt.datetime.fromtimestamp(seen_at(text, read_key(key)), dt.UTC)
    if as_json:
        put_json({"seen_at": at.isoformat()})
    else:
        say(f"Seen by this witness at {at:%Y-%m-%d %H:%M:%S} UTC.")


def _put_note(note: str, *, as_json: bool) -> None:
    if as_json:
        put_json({"note": note})
    else:
        put(note.removesuffix("\n"), lines=True)


def _text() -> str:
    from staffdesk.services import receiving  # noqa: PLC0415 - as above

    try:
        return sys.stdin.buffer.read(receiving.MOST_BYTES).decode()
    except UnicodeDecodeError as error:
        raise BadInput("What came is no text.", "Send one note on standard input.") from error


def _source(home: Path | None, *, piped: bool) -> AbstractContextManager[Leaves]:
    from staffdesk.audit.leaves import LeavesError, LeavesText  # noqa: PLC0415 - as above

    if not piped:
        from staffdesk.services.verification import log_of  # noqa: PLC0415 - as above

        return log_of(home_of(home))()
    try:
        return nullcontext(LeavesText(sys.stdin))
    except LeavesError as error:
        raise BadInput(str(error), "Pipe into it: staffdesk audit leaves") from error
