"""One mail for each thing that can be asked, taken in and driven by commands alone to its end; no card stays anywhere.

Seen to fail: with what is attached kept in the note of its request, with a mail's bytes left in the temporary folder,
with no move made by the desk itself, and with a recipient shown without the code he is told under.
"""

from __future__ import annotations

import base64
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import pyzipper

from staffdesk.data.maintenance import sqlite_owner
from staffdesk.domain.requests import RequestType
from tests import mails
from tests.cli.conftest import Commands
from tests.data.deciphering import plain_bytes

_PLACES: Final = ("mailboxes", "campaigns", "support_desk", "us_office", "paper")
_PROVEN: Final = (
    ("proof_came_along", "--document", "identity_card", "--masked"),
    ("verify", "--copy-deleted"),
)  # fmt: skip
_KINDS: Final = {
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "image/png": b"\x89PNG\r\n\x1a\n",
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
}  # fmt: skip
_PIECE, _STEP = 24, 2_048


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mail asks, in whose words, and the moves that lead to its decision."""

    kind: RequestType
    text: str
    moves: tuple[tuple[str, ...], ...]
    letter: str
    card: str | None = None


_ASKED: Final = (
    Asked(RequestType.ACCESS, "Please send me a copy of all the data you hold about me.", _PROVEN, "L4", "image/jpeg"),
    Asked(RequestType.RECTIFY, "Please correct my address: the city is wrong, it is Gent.", _PROVEN, "L5", "image/png"),
    Asked(RequestType.ERASE, "Please delete my account and all my data.", _PROVEN, "L7", "application/pdf"),
    Asked(RequestType.RESTRICT, "Please restrict the use of my data until then.", _PROVEN, "L11", "image/jpeg"),
    Asked(RequestType.PORT, "I would like to get my data in a machine readable format.", _PROVEN, "L4", "image/png"),
    Asked(
        RequestType.OBJECT, "I object to the use of my data in your statistics.",
        (("acknowledge",), ("no_identity_needed", "--reason", "He wrote from the address on file.")), "L11",
    ),
    Asked(RequestType.OBJECT_MKT, "Please unsubscribe me from your newsletter for good.", (), "L9"),
)  # fmt: skip


def test_seven_mails_are_answered_by_commands_and_no_byte_of_a_card_is_left(
    desk: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = tmp_path / "spare"
    spare.mkdir()
    monkeypatch.setenv("TMPDIR", str(spare))
    monkeypatch.setattr(tempfile, "tempdir", None)
    files = _written(desk, tmp_path)
    cards = {each.kind.value: _card(each) for each in _ASKED if each.card}
    for kind, card in cards.items():
        assert _found({kind: files[kind].read_bytes()}, [card]) == [kind], "as a mail carries it"
    taken = desk.run("requests", "intake", *map(str, files.values()), "--destroy", "--json", as_="david")
    assert taken.code == 0, taken.err
    numbers = {}
    for asked, row in zip(_ASKED, taken.rows, strict=True):
        received = row["received"][0]  # type: ignore[index] # JSON
        assert len(row["received"]) == 1  # type: ignore[arg-type] # JSON
        assert (received["type"], row["card"]) == (asked.kind.value, asked.card is not None)
        numbers[asked.kind] = received["number"]

    passphrases = {asked.kind: _driven(desk, numbers[asked.kind], asked) for asked in _ASKED}
    due = desk.run("run-due", "--json").record
    assert (due["left"], due["unfinished"]) == (0, 0)
    certificate = desk.run("requests", "certificate", numbers[RequestType.ERASE], "--json", as_="david")
    assert certificate.record["finished"] is True
    planned = desk.run("requests", "plan", numbers[RequestType.ERASE], as_="david")
    assert f"It is carried out: staffdesk requests certificate {numbers[RequestType.ERASE]}" in planned.out
    for asked in _ASKED:
        page = desk.run("requests", "show", numbers[asked.kind], "--json", as_="david").record
        assert page["state"] == "completed"
    assert desk.run("audit", "verify").code == 0

    held = dict(_held(tmp_path)) | {"the database's pages": plain_bytes(desk.home.database_file, desk.home.read_key())}
    for kind in (RequestType.ACCESS, RequestType.PORT):
        held |= _package(desk, numbers[kind], passphrases[kind])
    assert _found(held, list(cards.values())) == []
    _plant(desk, cards["port"])
    held = {"the database's pages": plain_bytes(desk.home.database_file, desk.home.read_key())}
    assert _found(held, [cards["port"]]), "a card in a row would be found"


def _written(desk: Commands, folder: Path) -> dict[str, Path]:
    """Write the mails, each from somebody on file."""
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        known = owner.exec_driver_sql(
            "SELECT given_name, family_name, email FROM person WHERE email IN "
            "(SELECT email FROM person GROUP BY email HAVING count(*) = 1) ORDER BY id DESC LIMIT 7"
        ).all()
    made = {}
    for number, (asked, (given, family, email)) in enumerate(zip(_ASKED, known, strict=True)):
        content = mails.mail(
            f"Hello,\n\n{asked.text}\n\nThank you for it,\n{given}",
            sender=f"{given} {family} <{email}>",
            card=_card(asked) if asked.card else None,
            card_type=asked.card or "",
            message_id=f"<{number}@seven.example>",
        )
        made[asked.kind.value] = mails.written(folder, f"{asked.kind.value}.eml", content)
    return made


def _card(asked: Asked) -> bytes:
    """Return what stands for the picture of a card: 24 kB that stand nowhere else."""
    dice = hashlib.shake_256(asked.kind.value.encode()).digest(24_000)
    return _KINDS[asked.card or ""] + dice


def _driven(desk: Commands, number: str, asked: Asked) -> str:
    """Take a request to its end and return what opens its package, where it has one."""
    for move, *told in asked.moves:
        _ran(desk, "move", number, move, *told)
    passphrase = ""
    if asked.moves:
        for place in _PLACES:
            _ran(desk, "searched", number, place, "nothing")
        if asked.kind is RequestType.RECTIFY:
            customer = _ran(desk, "show", number, "--json")["customer"]
            _ran(desk, "correction", number, f"person:{customer}:city", "Gent", "--evidence", "her letter")
        moved = _ran(desk, "move", number, "decide", "--json")
        passphrase = str(moved.get("passphrase", ""))
    if asked.kind is RequestType.ERASE:
        _erased(desk, number)
    for each in _ran(desk, "show", number, "--json")["recipients"]:  # type: ignore[attr-defined] # JSON
        _ran(desk, "told", number, each["code"], "sent")
    sent = _ran(desk, "send", number, "--way", "hand", "--json")
    assert (sent["state"], sent["made_by_the_desk"]) == ("completed", ["complete"])
    letter = sent["letter"]
    assert isinstance(letter, dict)
    assert (desk.home.letters / letter["reference"]).exists()
    assert asked.letter in letter["reference"]
    return passphrase


def _erased(desk: Commands, number: str) -> None:
    _ran(desk, "move", number, "submit")
    digest = _ran(desk, "plan", number, "--json", as_="emma")["digest"]
    _ran(desk, "move", number, "approve", as_="emma")
    assert _ran(desk, "plan", number, "--json")["digest"] == digest
    offered = _ran(desk, "moves", number, "--json")["moves"]
    assert isinstance(offered, list)
    assert "erase" in [each["name"] for each in offered if each["open"]]
    _ran(desk, "move", number, "erase")


def _ran(desk: Commands, *words: str, as_: str = "david") -> Mapping[str, object]:
    ran = desk.run("requests", *words, as_=as_, purpose="rights")
    assert ran.code == 0, (words, ran.err)
    return ran.record if "--json" in words else {}


def _package(desk: Commands, number: str, passphrase: str) -> dict[str, bytes]:
    """Return the files of a package that was saved to be handed over."""
    (file,) = desk.home.letters.glob(f"{number}*.zip")
    with pyzipper.AESZipFile(file) as outer:
        outer.setpassword(passphrase.encode())
        with zipfile.ZipFile(io.BytesIO(outer.read("package.zip"))) as inner:
            return {f"{number}: {name}": inner.read(name) for name in inner.namelist()}


def _held(folder: Path) -> Iterator[tuple[str, bytes]]:
    return ((str(file), file.read_bytes()) for file in folder.rglob("*") if file.is_file())


def _found(held: Mapping[str, bytes], cards: list[bytes]) -> list[str]:
    """Return where a piece of a card stands, as it is or in base64, wherever in a line its first byte fell."""
    needles = set[bytes]()
    for card in cards:
        for at in range(16, len(card) - _PIECE, _STEP):
            piece = card[at : at + _PIECE]
            needles.add(piece)
            # A letter of base64 tells six bits: those at the edges depend on what stands beside.
            needles |= {base64.b64encode(bytes(before) + piece)[4:-4] for before in range(3)}
    return [
        where
        for where, content in held.items()
        for flat in (content + content.replace(b"\r", b"").replace(b"\n", b""),)
        if any(needle in flat for needle in needles)
    ]


def _plant(desk: Commands, card: bytes) -> None:
    with sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        text = base64.encodebytes(b"x" + card).decode()
        owner.exec_driver_sql("UPDATE request SET note = ? WHERE kind = 'port'", (text,))
