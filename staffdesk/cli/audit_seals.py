"""Checkpoints that leave the house: a sealer with a key of its own, and a folder elsewhere that only grows."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffdesk.cli.options import Home
from staffdesk.cli.output import put, say
from staffdesk.cli.seat import home_of
from staffdesk.domain.errors import BadInput, StorageUnavailable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from staffdesk.audit.leaves import Leaves


def new_key(
    file: Annotated[Path, typer.Argument(metavar="FILE.key", help="A new file; FILE.vkey is put beside it.")],
    *,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The name before its signatures.")],
) -> None:
    """Make a key that signs checkpoints, and print its public half."""
    from staffdesk.services import signing_keys  # noqa: PLC0415 - brings the data layer

    put(signing_keys.make_key(file, name).vkey)


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
    every: Annotated[int, typer.Option("--every", metavar="MINUTES", min=1, help="Minutes between rounds.")] = 5,
    home: Home = None,
) -> None:
    """Sign the log where it extends what this key signed. Exit code 0 signed, 5 a copy is missing, 20 refused."""
    from staffdesk.services import seal_service  # noqa: PLC0415 - as above
    from staffdesk.services.signing_keys import read_pair  # noqa: PLC0415 - as above

    pair = read_pair(key)
    while True:
        trouble = None
        try:
            done = seal_service.seal_once(_source(home, piped=piped), pair, state, copy or ())
            say(f"{'Signed' if done.new else 'Nothing new'}: {done.checkpoint.size:,} entries.", *done.troubles)
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


def receive(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that only grows.")],
    *,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The public key of the notes that are taken.")],
) -> None:
    """Keep one note from standard input, if it is signed and does not shrink; made for an SSH forced command."""
    from staffdesk.services import receiving  # noqa: PLC0415 - as above
    from staffdesk.services.verification import read_key  # noqa: PLC0415 - as above

    try:
        text = sys.stdin.buffer.read(receiving.MOST_BYTES).decode()
    except UnicodeDecodeError as error:
        raise BadInput("What came is no text.", "Send one note on standard input.") from error
    found, proved = receiving.receive(folder, text, read_key(key))
    how = "proved to extend the one before" if proved else "not proved to extend the one before"
    say(f"Kept: {found.size:,} entries, {how}.")


def _source(home: Path | None, *, piped: bool) -> AbstractContextManager[Leaves]:
    from staffdesk.audit.leaves import LeavesError, LeavesText  # noqa: PLC0415 - as above
    from staffdesk.services.verification import log_of  # noqa: PLC0415 - as above

    if not piped:
        return log_of(home_of(home))()
    try:
        return nullcontext(LeavesText(sys.stdin))
    except LeavesError as error:
        raise BadInput(str(error), "Pipe into it: staffdesk audit leaves") from error
