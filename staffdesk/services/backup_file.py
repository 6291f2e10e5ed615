"""The file of a backup: a tar of a manifest, the encrypted database, the checkpoints' notes and one sealed part.

The sealed part is under a passphrase (argon2id, AES-256-GCM) and holds the keys and the digests of all else, so that
nobody without the passphrase can change a part unseen.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.services.sealed_box import open_box, seal_box

FORMAT: Final = "staffdesk-backup/1"
DATABASE: Final = "desk.db"
NOTES: Final = "checkpoints"
WHOLE: Final = "whole"
_SEALED: Final = "sealed"
_MANIFEST: Final = "manifest.json"
_NOTE: Final = re.compile(rf"{NOTES}/[0-9]{{1,20}}\.note")
_SHA256: Final = "sha256 "
_LARGEST_SMALL_PART: Final = 1024 * 1024


def pack(folder: Path, secrets: Mapping[str, str], passphrase: str) -> Path:
    """Seal ``secrets`` beside the database and the notes in ``folder``, and put all into one file, mode 0600, there."""
    digests = {f"{_SHA256}{name}": digest for name, digest in _digests(folder)}
    (folder / _SEALED).write_bytes(seal_box(json.dumps({**secrets, **digests}).encode(), passphrase))
    (folder / _MANIFEST).write_bytes(_manifest(folder))
    whole = folder / WHOLE
    parts = (folder / _MANIFEST, folder / _SEALED, folder / DATABASE, *sorted((folder / NOTES).iterdir()))
    descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            for path in parts:
                archive.add(path, arcname=str(path.relative_to(folder)), recursive=False, filter=_nobodys)
        file.flush()
        os.fsync(file.fileno())
    return whole


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who made the backup: names and numbers of the operating system's users are nobody else's business."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def unpack(source: Path, folder: Path, passphrase: str) -> dict[str, str]:
    """Take a backup apart into ``folder``: only the parts it may have, each as long as it may be; return the secrets.

    Raises :class:`BadInput` for a wrong passphrase, for a file that is no backup and for one that was changed; OSError.
    """
    try:
        archive = tarfile.open(source, mode="r:")  # noqa: SIM115 - closed below; only this may say that it is no backup
    except (OSError, tarfile.TarError) as error:
        raise _no_backup() from error
    try:
        with archive:
            for member in archive:
                _unpack_one(archive, member, folder)
        (folder / NOTES).mkdir(mode=0o700, exist_ok=True)
        box, manifest = ((folder / name).read_bytes() for name in (_SEALED, _MANIFEST))
        sealed = json.loads(open_box(box, passphrase))
        found = dict(_digests(folder))
    except (FileExistsError, FileNotFoundError, tarfile.TarError, ValueError) as error:
        raise _no_backup() from error
    told = {name.removeprefix(_SHA256): value for name, value in sealed.items() if name.startswith(_SHA256)}
    if told != found or manifest != _manifest(folder):
        raise BadInput("This backup was changed after it was made.", "Take another backup.")
    return {str(name): str(value) for name, value in sealed.items()}


def _unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    known = member.name in {_MANIFEST, _SEALED, DATABASE} or _NOTE.fullmatch(member.name)
    too_long = member.name != DATABASE and member.size > _LARGEST_SMALL_PART
    part = archive.extractfile(member) if known and member.isreg() and not too_long else None
    if part is None:
        raise _no_backup()
    path = folder / member.name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("xb") as file:
        shutil.copyfileobj(part, file)


def _manifest(folder: Path) -> bytes:
    return json.dumps({"format": FORMAT, "parts": dict(_digests(folder))}).encode()


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in (folder / DATABASE, *sorted((folder / NOTES).glob("*.note"))):
        with path.open("rb") as file:
            yield str(path.relative_to(folder)), hashlib.file_digest(file, "sha256").hexdigest()


def _no_backup() -> BadInput:
    return BadInput("This file is no backup of staffdesk, or it is damaged.", "Take another backup.")
