"""A mail is taken apart in a process that can do little, and what came with it is counted and dropped.

Seen to fail: with either check of depth taken out, with the limits not set, with the name of an attachment handed on,
with the sender's own date taken, with quotes in HTML not marked, and with the cells of a table run together.
"""

from __future__ import annotations

import base64
import binascii
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from staffdesk.domain.case_mail import kept_of
from staffdesk.domain.errors import BadInput, MustNotBeHeld
from staffdesk.domain.request_mail import Attachment, AttachmentKind
from staffdesk.services import confined
from staffdesk.services.intake import child
from staffdesk.services.intake.reading import load, read_mail
from tests.mails import CARD, mail, traces


def test_of_an_attachment_its_kind_and_size_are_known_and_nothing_else() -> None:
    read = read_mail(mail(card=CARD, reply_to="anders@home.example", in_reply_to="<7@softron.example>"))
    assert read.attachments == (Attachment(AttachmentKind.IMAGE, len(CARD)),)
    assert (read.sender, read.sender_name, read.reply_to) == (
        "anders@nordlys.example",
        "Anders Bo",
        "anders@home.example",
    )
    assert (read.subject, read.message_id, read.answers) == ("Request", "<1@nordlys.example>", "<7@softron.example>")
    assert read.received_at == 1793610000000
    assert "card" not in str([getattr(read, name) for name in type(read).__slots__])
    assert repr(read) == "<RequestMail with 1 attachments>"


def test_what_came_by_our_own_server_is_when_it_was_received_whatever_the_sender_says() -> None:
    raw = b"Received: from a by b; Tue, 3 Nov 2026 08:30:00 +0000\r\n" + mail()
    assert (read_mail(raw).received_at, read_mail(raw).claimed) == (1793694600000, False)
    assert read_mail(mail().replace(b"Mon, 02 Nov 2026", b"Foo, 99 Nov 9999")).received_at is None
    alone = read_mail(mail().partition(b"\n")[2])
    assert (alone.received_at, alone.claimed) == (1793610000000, True)


@pytest.mark.parametrize("how", ["uu", "base64", "data", "quoted"])
def test_a_file_that_stands_in_the_text_is_dropped_as_an_attachment_is(how: str) -> None:
    encoded = base64.encodebytes(CARD).decode()
    rows = "".join(binascii.b2a_uu(CARD[at : at + 45]).decode() for at in range(0, len(CARD), 45))
    body = {
        "uu": f"begin 644 card.png\n{rows}`\nend\n",
        "base64": encoded,
        "quoted": "".join(f"> {line}\n" for line in encoded.splitlines()),
        "data": f'<img src="data:image/png;base64,{encoded}">\n',
    }[how]
    read = read_mail(mail(f"Please delete my data.\n\n{body}\nThanks, Anders"))
    assert read.text.startswith("Please delete my data.")
    assert read.text.rstrip().endswith("Thanks, Anders")
    assert len(read.text) < 200, read.text[:400]
    assert sum(each.size for each in read.attachments) > len(CARD)


def test_html_alone_is_read_as_its_words_and_a_quote_stays_one() -> None:
    message = EmailMessage()
    message["From"] = "a@nordlys.example"
    message["Subject"] = "=?utf-8?q?caf=C3=A9?="
    message.set_content(
        "<html><style>p { color: red }</style><p>Please <b>delete</b> my data.</p>"
        "<blockquote>Your case DSR-2026-0007<br>ends today</blockquote></html>", subtype="html",
    )  # fmt: skip
    read = read_mail(message.as_bytes())
    assert read.text == "Please delete my data.\n\n> Your case DSR-2026-0007\n> ends today"
    assert read.subject == "caf\u00e9"


def test_cells_of_a_table_stand_apart_so_that_a_card_number_in_them_is_seen() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@nordlys.example", "My card"
    rows = "<tr><td>4111</td><td>1111</td></tr>"
    message.set_content(f"<table>{rows}{rows.replace('4111', '1111')}</table>", subtype="html")
    read = read_mail(message.as_bytes())
    assert read.text == "4111 1111\n\n1111 1111"
    with pytest.raises(MustNotBeHeld):
        kept_of(read, None)


@pytest.mark.parametrize(
    ("header", "value"), [("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("List-Id", "<news.softron>")]
)
def test_what_no_person_wrote_says_so(header: str, value: str) -> None:
    assert read_mail(f"{header}: {value}\n".encode() + mail()).automatic
    assert not read_mail(mail(auto_submitted="no")).automatic


@pytest.mark.parametrize("charset", ["undefined", "punycode", "idna", "a\0b", "hex", "x" * 200])
def test_a_mail_in_no_character_set_is_read_as_far_as_it_goes(charset: str) -> None:
    part = f"Content-Type: {{}}; name*={charset}''x.png\r\nContent-Disposition: attachment; filename*={charset}''x.png"
    raw = (
        f"From: a@b.example\r\nSubject: =?{charset}?q?x?=\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n"
        f"Content-Type: text/plain; charset={charset}\r\n\r\nhello.-\xff\r\n--z\r\n"
        f"{part.format('image/png')}\r\n\r\nabc\r\n--z--"
    ).encode("latin-1")
    read = read_mail(raw, names=True)
    assert read.text.startswith("hello")
    assert [each.kind.value for each in read.attachments] == ["image"]


def _nested(depth: int) -> bytes:
    heads = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (level, level) for level in range(depth)
    )
    return b"From: a@b.example\r\nSubject: x\r\n" + heads + b"\r\nhello"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (_nested(3_000), "parts inside parts"),
        (_nested(150), "parts inside parts"),
        (b"From: a@b.example\r\n\r\n" + b"x" * 10_000_001, "larger than 10 MB"),
        (b"PK\x03\x04 no mail at all", "neither a sender nor a subject"),
        (b"", "neither a sender nor a subject"),
    ],
    ids=["3000 deep", "150 deep", "large", "no mail", "empty"],
)
def test_what_is_no_persons_mail_is_refused_with_the_reason(raw: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_mail(raw)


def test_how_deep_a_mail_is_is_seen_before_it_is_taken_apart() -> None:
    with pytest.raises(child.Refused):
        child.read(_nested(3_000), characters=1, parts=200, depth=30)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.example\r\nSubject: =?x-none?b?/////w==?=\r\nContent-Type: text/plain; charset=x\r\n\r\n\xff\xfehi",
        b"From: \xff\xfe <a@b.example>\r\nSubject: \x1b]0;PWNED\x07\r\n\r\nhello",
        b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nhello',
        b"From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"From: a@b.example\r\nDate: Thu, 1 Jan 99999 00:00:00 +9999\r\nReceived: ;\r\n\r\nhello",
    ],
)
def test_a_broken_mail_is_read_as_far_as_it_goes(raw: bytes) -> None:
    assert read_mail(raw).sender == "a@b.example"


def test_a_file_that_is_none_is_refused_at_once(tmp_path: Path) -> None:
    for name in (tmp_path, tmp_path / "absent.eml", Path("/dev/zero")):
        with pytest.raises(BadInput):
            load(name)


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are tried where they all hold")
@pytest.mark.parametrize(
    "does",
    ["import os; os.write(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), b'x')", "import mmap; mmap.mmap(-1, 10**9)",
     "[open('/dev/null') for _ in range(99)]", "while True: pass"],
    ids=["write", "memory", "files", "time"],
)  # fmt: skip
def test_the_process_that_reads_can_write_nothing_and_take_little(does: str, tmp_path: Path) -> None:
    """Seen to fail: with each of the limits left out."""
    written = tmp_path / "written"
    words = f"import sys, runpy; runpy.run_path({confined.__file__!r})['limit'](1, 512); print('limited')\n{does}"
    done = subprocess.run(
        [sys.executable, "-I", "-u", "-c", words, str(written)], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.stdout == "limited\n", done.stderr
    assert done.returncode != 0
    assert not written.exists() or written.stat().st_size == 0


def test_reading_leaves_nothing_of_the_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    read_mail(mail(card=CARD))
    assert traces(tmp_path) == []
    (tmp_path / "left").write_bytes(mail(card=CARD))
    assert traces(tmp_path) == [tmp_path / "left"]
