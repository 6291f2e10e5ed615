"""What a signer saw last: its own memory, in its own folder, which nobody of the desk can reach."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from staffdesk.audit.checkpoint import Checkpoint, CheckpointError, verify
from staffdesk.domain.errors import NotSound, StorageUnavailable
from staffdesk.services.own_folder import ANY_OTHERS, shared

_DAMAGED: Final = "Nothing is signed upon it. Find out what happened to the file before anything else."

TO_SEND: Final = "to-send"


class Seen:
    """The newest note of each log, one file a log; written through to the disk before anything is given out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep a second signer out of this memory; raises :class:`StorageUnavailable` if the folder is not its own."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            within = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError as error:
            raise self._unusable() from error
        try:
            if (why := shared(os.fstat(within), self.folder.name, ANY_OTHERS)) is not None:
                raise StorageUnavailable(*why)
            fcntl.flock(within, fcntl.LOCK_EX)
            yield
        finally:
            os.close(within)

    def newest(self, origin: str, vkeys: tuple[str, ...]) -> tuple[str, Checkpoint] | None:
        """Return the note seen last of a log, None before the first; raises :class:`NotSound` if damaged."""
        try:
            note = self._file(origin).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable() from error
        try:
            found = verify(note, vkeys)
        except CheckpointError as error:
            raise NotSound(f"The memory of what was signed was damaged. {error}", _DAMAGED) from error
        if found.origin != origin:
            raise NotSound("The memory of what was signed is of another log.", _DAMAGED)
        return note, found

    def remember(self, origin: str, note: str) -> None:
        """Put a note in the place of the last, whole or not at all."""
        self._put(self._file(origin), note)

    def to_send(self, text: str) -> None:
        """Put what is to be sent to another machine in the place of what was, whole or not at all."""
        self._put(self.folder / TO_SEND, text)

    def first_origin(self, origin: str) -> str:
        """Return of which log this is the memory, and write that down where it was of none yet."""
        path = self.folder / "origin"
        try:
            known = path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            known = ""
        except OSError as error:
            raise self._unusable() from error
        if not known:  # or a crash left it empty: then nothing was signed with it
            self._put(path, origin)
        return known or origin

    def _put(self, path: Path, text: str) -> None:
        unfinished = path.with_suffix(".new")
        try:
            with unfinished.open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            held = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(held)
            finally:
                os.close(held)
        except OSError as error:
            raise self._unusable() from error

    def keep_evidence(self, name: str, evidence: dict[str, object]) -> Path:
        """Write what was refused to a new file; the same refusal is kept once."""
        digest = sha256(json.dumps(evidence, sort_keys=True).encode()).hexdigest()[:12]
        path = self.folder / f"refused-{name}-{digest}.json"
        try:
            with path.open("x", encoding="ascii") as file:
                json.dump(evidence, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            pass
        except OSError as error:
            raise self._unusable() from error
        return path

    def _file(self, origin: str) -> Path:
        return self.folder / f"{sha256(origin.encode()).hexdigest()[:16]}.last"

    def _unusable(self) -> StorageUnavailable:
        return StorageUnavailable(
            "The folder of what was signed cannot be used.", "Check that it is a folder of this user: --state DIR"
        )
