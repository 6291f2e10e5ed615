"""Putting the files of a package into one that can be sent: a zip under a passphrase, with another zip inside.

The names of what an encrypted zip holds can be read without its passphrase, so the outer one holds a single file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Final

from staffdesk.domain.packages import Manifest, PackedFile
from staffdesk.domain.passwords import generate_one_time
from staffdesk.services.cells import iso

INNER: Final = "package.zip"
MANIFEST: Final = "manifest.json"
FORMAT: Final = "staffdesk-package/1"
_BITS: Final = 256
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


def passphrase() -> str:
    """Return a new passphrase that can be read out over a telephone: groups of syllables, at least 90 bits."""
    return generate_one_time()


def packed(name: str, content: bytes) -> PackedFile:
    """Return what a manifest says of a file."""
    return PackedFile(name, len(content), hashlib.sha256(content).hexdigest())


def manifest_json(manifest: Manifest) -> bytes:
    """Return the manifest as it lies beside the files it names."""
    told = {
        "format": FORMAT,
        "request": manifest.number,
        "kind": manifest.kind,
        "made_at": iso(manifest.made_at),
        "policy": manifest.policy,
        "language": manifest.language,
        "files": [{"name": each.name, "size": each.size, "sha256": each.sha256} for each in manifest.files],
        "left_out": dict(manifest.left_out),
        "hidden": dict(manifest.hidden),
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def sealed_zip(files: Mapping[str, bytes], made_at: int, secret: str) -> bytes:
    """Return the files as they are sent, AES-256 under the passphrase; it never touches a disk."""
    import pyzipper  # noqa: PLC0415 - brings ciphers of its own, which nothing else needs

    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(_entry(name, made_at), content)
    outer = io.BytesIO()
    with pyzipper.AESZipFile(outer, "w", compression=zipfile.ZIP_STORED, encryption=pyzipper.WZ_AES) as sealed:
        sealed.setpassword(secret.encode())
        sealed.setencryption(pyzipper.WZ_AES, nbits=_BITS)
        sealed.writestr(INNER, inner.getvalue())
    return outer.getvalue()


def _entry(name: str, made_at: int) -> zipfile.ZipInfo:
    moment = dt.datetime.fromtimestamp(made_at / 1000, dt.UTC).timetuple()[:6]
    entry = zipfile.ZipInfo(name, max(_EARLIEST, moment))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
