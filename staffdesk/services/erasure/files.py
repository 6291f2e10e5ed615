"""The files a desk owns that hold somebody: which of them name him, and the packages of his own requests."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from staffdesk.data.sweeping import needles
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.requests import number_in
from staffdesk.domain.traces import KNOWN_BY, Identity, Trace, is_ordinary
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.packages.spool import Spool

_PIECE: Final = 1 << 20
_PACKAGE: Final = ".zip"
_NOTICE: Final = f"{Letter.RECIPIENT.value}-"
_PAPER, _TEXT = ".pdf", ".txt"
"""A letter as PDF goes with its text beside it, of which it is the picture: nothing in it can be read here."""


def destroy_files(storage: Storage, identity: Identity, his: Collection[str] = ()) -> int:
    """Destroy the desk's own copies (exports, what waits to be sent) that name a person; return how many.

    ``his`` are the numbers of his requests. A notice that was saved to be sent by hand waits for that as long as every
    saved letter: whoever was given his data must be told of the erasure, and no other copy is kept (GDPR Art. 19).
    Raises :class:`StorageUnavailable`.
    """
    everything = needles(identity)
    destroyed = 0
    for path, ours in list(storage.files()):
        text = path.with_suffix(_TEXT) if path.suffix == _PAPER else path
        if path.name.startswith(_NOTICE):
            continue
        if ours and (
            is_destroyed(path, named_in(text, identity, everything), his) if text.exists() else _of(path, his)
        ):
            _destroy(path)
            destroyed += 1
    return destroyed


def destroy_packages(storage: Storage, his: Collection[str]) -> int:
    """Destroy what was made to answer these requests, in the spool and saved to be handed over; return how many.

    Nothing in them can be read here: they go by the numbers of his requests. Raises :class:`StorageUnavailable`.
    """
    destroyed = 0
    for folder in storage.owned if storage.key else ():
        spool = Spool(folder, lambda: storage.key)
        destroyed += sum(spool.destroy(number) for number in his)
    for path, ours in list(storage.files()):
        if ours and path.suffix == _PACKAGE and number_in(path.name) in his:
            _destroy(path)
            destroyed += 1
    return destroyed


def _of(path: Path, his: Collection[str]) -> bool:
    """Say whether a file that cannot be read here is about one of these requests."""
    return number_in(path.name) in his


def is_destroyed(path: Path, traces: Collection[Trace], his: Collection[str] = ()) -> bool:
    """Say whether a file goes that names him: a letter about somebody else's request not for a namesake's sake."""
    number = number_in(path.name)
    if number is None or number in his:
        return bool(traces)
    return not set(KNOWN_BY).isdisjoint(traces)


def named_in(path: Path, identity: Identity, searched: Collection[bytes]) -> frozenset[Trace]:
    """Return by what a file names him; bytes are looked at only to know which parts are to be read as text."""
    found: set[Trace] = set()
    try:
        with path.open("rb") as file:
            last = b""
            while piece := file.read(_PIECE):
                whole = last + piece + file.readline(_PIECE)
                last = whole[whole.rstrip(b"\n").rfind(b"\n") + 1 :][-_PIECE:]
                lower = whole.lower()
                if b"+" in lower or any(needle in lower for needle in searched) or _has_ordinary(identity):
                    found.update(identity.found_in(whole.decode("utf-8", "replace")))
    except OSError as error:
        raise StorageUnavailable("A file beside the database cannot be read.", "Check the data folder.") from error
    return frozenset(found)


def _destroy(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise StorageUnavailable(
            "A file that names an erased person cannot be removed.", "Check the data folder."
        ) from error


def _has_ordinary(identity: Identity) -> bool:
    return any(is_ordinary(form) for _, _, form in identity.forms)
