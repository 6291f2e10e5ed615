"""The files of a package: harmless whatever a text holds, as the manifest says, and sealed until they are destroyed.

Seen to fail: with the page's texts not escaped or shown as they are stored, with the files put into the outer zip, with
digests of the names, with a package spooled as it is sent, with a spool file removed as it was or a moment too late,
and with a PDF that is missing unsaid.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import pyzipper
import sqlalchemy as sa

from staffdesk.data.database import Database
from staffdesk.domain.errors import NotFound, StorageUnavailable
from staffdesk.domain.requests import RequestType
from staffdesk.services.home import Home, write_secret
from staffdesk.services.packages import Packages
from tests import factories
from tests.databases import KEY, Place
from tests.services.parcels import NUMBER, collected, opened

DAY_MS = 24 * 60 * 60 * 1000
HOSTILE = "<script>alert(1)</script> #let x = 1; *bold* $x$ {{ x }} {% y %} </td></bdi> \x1b[31m \u202eevil\x00 =1+1"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_text_is_text_in_every_form(database: Database, packages: Packages, place: Place) -> None:
    made = factories.customer(database)
    factories.put(database, factories.report(made.person, "x"))
    hostile = HOSTILE if place.kind == "sqlite" else HOSTILE.replace("\x00", "")
    with place.owner() as owner:
        owner.execute(sa.text("UPDATE contact_report SET body = :body"), {"body": hostile})
        owner.execute(sa.text("UPDATE organisation SET name = :name"), {"name": hostile})
    files = opened(packages, packages.make(collected(database, made.person), RequestType.ACCESS))
    assert json.loads(files["access.json"])["data"]["organisation"][0]["name"] == hostile
    page = _Page()
    page.feed(files["access.html"].decode())
    assert not page.tags & {"script", "iframe", "img", "link", "form", "object", "base"}
    shown = HOSTILE[: HOSTILE.index("\x1b")] + "\u2039U+001B\u203a[31m \u2039U+202E\u203aevil"
    assert shown in page.text
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", page.text) is None
    assert files["access.pdf"].startswith(b"%PDF-")


def test_the_manifest_is_true_and_the_seal_shows_nothing(
    database: Database, packages: Packages, home: Home, tmp_path: Path
) -> None:
    made = packages.make(collected(database, factories.customer(database).person), RequestType.ACCESS)
    files = opened(packages, made)
    told = json.loads(files.pop("manifest.json"))
    assert (told["request"], told["policy"], told["kind"], told["left_out"]) == (NUMBER, "2024-10", "access", {})
    assert {each["name"]: (each["size"], each["sha256"]) for each in told["files"]} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()
    }
    assert made.sha256 == hashlib.sha256(packages.take(NUMBER)).hexdigest()
    assert re.fullmatch(r"[a-z]{5}(-[a-z]{5}){5}", made.passphrase)
    with pyzipper.AESZipFile(io.BytesIO(packages.take(NUMBER))) as outer, pytest.raises(RuntimeError):
        outer.read("package.zip", pwd=b"wrong")
    (spooled,) = home.spool.iterdir()
    assert re.fullmatch(r"[0-9a-f]{32}\.box", spooled.name)
    assert (spooled.stat().st_mode & 0o777, home.spool.stat().st_mode & 0o777) == (0o600, 0o700)
    secrets = (b"anders@nordlys.example", NUMBER.encode(), made.passphrase.encode(), b"package.zip", b"PK\x03\x04")
    whole = b"".join(path.read_bytes() for path in _files(tmp_path) if path.suffix != ".db")
    assert [secret for secret in secrets if secret in whole] == []
    assert made.passphrase not in repr(made)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_a_package_without_what_makes_pdfs_goes_without_and_says_so(
    database: Database, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    made = packages.make(collected(database, factories.customer(database).person), RequestType.ACCESS)
    assert made.manifest.left_out == {"access.pdf": "The PDF could not be made here."}
    assert set(opened(packages, made)) == {"access.json", "access.html", "manifest.json"}


def test_the_spool_empties_itself(home: Home, tmp_path: Path) -> None:
    """One desk alone: no database is asked."""
    home.make_folders()
    write_secret(home.key_file, KEY)
    packages = Packages(home)
    spool = packages._spool
    kept = tmp_path / "kept"
    spool.put(NUMBER, b"first", 0)
    (path,) = home.spool.iterdir()
    os.link(path, kept)
    before = kept.read_bytes()
    spool.put(NUMBER, b"second", 0)
    assert spool.take(NUMBER) == b"second"
    assert len(kept.read_bytes()) == len(before)
    assert not set(re.findall(rb"(?s).{8}", before)) & set(re.findall(rb"(?s).{8}", kept.read_bytes()))
    assert (packages.sent(NUMBER), packages.sent(NUMBER), packages.holds(NUMBER)) == (True, False, False)
    with pytest.raises(NotFound, match="no package of this request"):
        packages.take(NUMBER)
    spool.put(NUMBER, b"third", 0)
    assert (packages.run_due(7 * DAY_MS - 1), packages.holds(NUMBER)) == (0, True)
    assert (packages.run_due(7 * DAY_MS), packages.holds(NUMBER)) == (1, False)
    spool.put(NUMBER, b"fourth", 0)
    (path,) = home.spool.iterdir()
    box = bytearray(path.read_bytes())
    for at in (0, 20, len(box) - 1):
        broken = bytes(box[:at]) + bytes([box[at] ^ 1]) + bytes(box[at + 1 :])
        path.write_bytes(broken)
        with pytest.raises(StorageUnavailable, match="damaged"):
            packages.take(NUMBER)
    path.write_bytes(b"")
    with pytest.raises(StorageUnavailable, match="damaged"):
        packages.take(NUMBER)
