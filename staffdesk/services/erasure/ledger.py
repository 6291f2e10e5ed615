"""The ledger of erasures: an append-only file outside the database, so that no restored backup brings anybody back.

It has the objections to marketing too, so that none lets mail go to somebody again who stopped it.

One JSON object a line, each with a chained HMAC under a key derived from the desk's: the first names the log, then one
line before each erasure (``begun``), one after it (``done``, or ``void`` where it came to nothing), and one with each
objection (``stopped``). No personal data: random audit ids, keyed digests, the request's number, an entry's number and
hash. Keep a copy where the checkpoints' copies are.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from staffdesk.domain.errors import StorageUnavailable

_PURPOSE: Final = b"staffdesk erasure ledger v1"
_VERSION: Final = 1
_HINT: Final = "Take the newest copy of the ledger of erasures: --ledger FILE"


class Scope(StrEnum):
    """Why somebody was erased: he asked for it and must not come back, or his data had their time and he may."""

    PERSON = "person"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An erasure that was begun: whose (``subject`` an audit id, ``who`` a keyed digest), for which request, when.

    ``after`` is the newest entry of the log by then and ``leaf`` its hash, in hexadecimal: whichever database has that
    entry and had a later one before it was copied has what the erasure did, or it came to nothing. ``place`` says which
    database on which server it was begun in, and nothing where it is a file: what is put back by the server's own tools
    is another place, and has no entry that says so. A line may be without.
    """

    subject: str
    who: str
    request: str | None
    at: int
    after: int = 0
    leaf: str = ""
    place: str = ""
    scope: Scope = Scope.PERSON
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An objection to marketing that was carried out: under which request, whose, and what no mail goes to.

    Who left a campaign service's list has no request; there it is an id that the entry of the import names.
    ``request`` and ``subjects`` are audit ids, ``digests`` the keyed digests of a suppression, by kind.
    """

    request: str
    subjects: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]
    at: int


class Ledger:
    """The file; its lines are checked whenever it is read."""

    def __init__(self, path: Path, secret: bytes, origin: str = "") -> None:
        """Keep the ledger at ``path`` under the desk's ``secret``; ``origin`` is the log it belongs to."""
        self._path = path
        self._key = hmac.digest(secret, _PURPOSE, "sha256")
        self._origin = origin

    def who(self, customer: int) -> str:
        """Return the keyed digest of a customer number."""
        return hmac.digest(self._key, f"customer {customer}".encode(), "sha256").hex()

    def begin(self, line: Line) -> None:
        """Write that an erasure is about to happen, through to the disk; where it was begun before, it begins anew.

        Raises :class:`StorageUnavailable`: then nothing may be erased.
        """
        with self._alone() as descriptor:
            lines, _, last = self._read(descriptor)
            if not any(each.subject == line.subject and each.done for each in lines):
                fields = {
                    "subject": line.subject,
                    "who": line.who,
                    "scope": line.scope.value,
                    "req": line.request,
                    "t": line.at,
                    "after": line.after,
                    "leaf": line.leaf,
                    "place": line.place,
                }
                self._append(descriptor, {"kind": "begun", **fields}, last)

    def complete(self, subject: str, seq: int, at: int) -> None:
        """Write that it happened, with the entry that says so; once more is as well as once."""
        with self._alone() as descriptor:
            lines, _, last = self._read(descriptor)
            if any(each.subject == subject and not each.done for each in lines):
                self._append(descriptor, {"kind": "done", "subject": subject, "seq": seq, "t": at}, last)

    def void(self, subject: str, at: int) -> None:
        """Write that an erasure that was begun came to nothing, so that no restored backup makes it."""
        with self._alone() as descriptor:
            lines, _, last = self._read(descriptor)
            if any(each.subject == subject and not each.done for each in lines):
                self._append(descriptor, {"kind": "void", "subject": subject, "t": at}, last)

    def stop(self, stop: Stop) -> None:
        """Write that somebody objected to marketing, so that no restored backup forgets it; once is enough."""
        with self._alone() as descriptor:
            _, stops, last = self._read(descriptor)
            if not any(each.request == stop.request for each in stops):
                told = {"req": stop.request, "subjects": stop.subjects, "digests": stop.digests, "t": stop.at}
                self._append(descriptor, {"kind": "stopped", **told}, last)

    def stops(self) -> tuple[Stop, ...]:
        """Return every objection to marketing, in order; raises as :meth:`lines` does."""
        if not self._path.exists():
            return ()
        with self._alone() as descriptor:
            return self._read(descriptor)[1]

    def lines(self) -> tuple[Line, ...]:
        """Return every erasure but those that came to nothing, in order; none where there is no file yet.

        Raises :class:`StorageUnavailable` for a line that was altered, left out or written by another desk. A last
        line that a killed desk left unfinished counts as not written.
        """
        if not self._path.exists():
            return ()
        with self._alone() as descriptor:
            return self._read(descriptor)[0]

    @property
    def exists(self) -> bool:
        """Whether anything was ever erased."""
        return self._path.exists()

    @contextmanager
    def _alone(self) -> Iterator[int]:
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise _unavailable() from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        except OSError as error:
            raise _unavailable() from error
        finally:
            os.close(descriptor)

    def _read(self, descriptor: int) -> tuple[tuple[Line, ...], tuple[Stop, ...], bytes]:
        """Return the erasures, the objections and the last line's HMAC; an unfinished last line is cut off."""
        with os.fdopen(os.dup(descriptor), "rb") as file:
            file.seek(0)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            os.ftruncate(descriptor, len(whole))
        found: dict[str, Line] = {}
        stops: list[Stop] = []
        mac = b""
        for number, text in enumerate(whole.splitlines()):
            fields, mac = self._checked(text, number, mac)
            if number == 0:
                if fields.get("v") != _VERSION or (self._origin and fields.get("log") != self._origin):
                    raise _of_another()
            elif fields["kind"] == "begun":
                subject = str(fields["subject"])
                request = None if fields["req"] is None else str(fields["req"])
                found[subject] = Line(
                    subject=subject, who=str(fields["who"]), request=request, at=int(str(fields["t"])),
                    after=int(fields.get("after", 0)), leaf=str(fields.get("leaf", "")),
                    place=str(fields.get("place", "")), scope=Scope(fields.get("scope", Scope.PERSON.value)),
                )  # fmt: skip
            elif fields["kind"] == "void":
                found.pop(str(fields["subject"]), None)
            elif fields["kind"] == "stopped":
                stops.append(_stop_of(fields))
            else:
                subject = str(fields["subject"])
                found[subject] = replace(found[subject], done=True)
        return tuple(found.values()), tuple(stops), mac

    def _checked(self, text: bytes, number: int, before: bytes) -> tuple[dict[str, Any], bytes]:
        try:
            fields = json.loads(text)
            told = bytes.fromhex(fields.pop("mac"))
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise _altered() from error
        mac = self._mac(fields, before)
        if fields.get("n") != number or not hmac.compare_digest(told, mac):
            raise _altered()
        return fields, mac

    def _append(self, descriptor: int, fields: dict[str, object], last: bytes) -> None:
        lines: list[dict[str, object]] = []
        at = os.lseek(descriptor, 0, os.SEEK_END)
        if at == 0:
            lines.append({"n": 0, "v": _VERSION, "log": self._origin})
            number = 1
        else:
            number = sum(1 for _ in self._path.read_bytes().splitlines())
        lines.append({"n": number, **fields})
        data = b""
        for line in lines:
            last = self._mac(line, last)
            data += json.dumps({**line, "mac": last.hex()}, sort_keys=True).encode() + b"\n"
        os.write(descriptor, data)
        os.fsync(descriptor)
        if at == 0:
            _sync(self._path.parent)

    def _mac(self, fields: dict[str, object], before: bytes) -> bytes:
        return hmac.digest(self._key, before + json.dumps(fields, sort_keys=True).encode(), "sha256")


def _stop_of(fields: Mapping[str, Any]) -> Stop:
    return Stop(
        request=str(fields["req"]),
        subjects=tuple(map(str, fields["subjects"])),
        digests=tuple((str(kind), str(digest)) for kind, digest in fields["digests"]),
        at=int(fields["t"]),
    )


def check_reaches(lines: Sequence[Line], known: Sequence[str]) -> None:
    """Refuse a ledger that is shorter than what a database knows of; ``known`` are the audit ids it has buried."""
    told = {line.subject for line in lines}
    if any(aid not in told for aid in known):
        raise StorageUnavailable("This ledger of erasures is shorter than the backup knows of.", _HINT)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unavailable() -> StorageUnavailable:
    return StorageUnavailable(
        "The ledger of erasures cannot be written, so nothing was changed.",
        "Free some space, or look who owns the data folder.",
    )


def _altered() -> StorageUnavailable:
    return StorageUnavailable("The ledger of erasures was altered, or a line of it is missing.", _HINT)


def _of_another() -> StorageUnavailable:
    return StorageUnavailable("This ledger of erasures is another desk's.", _HINT)
