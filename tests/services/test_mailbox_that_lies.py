"""A mailbox whose server is slow, says less or more than it sends, or makes no sense: a sentence, and soon.

Seen to fail: with the number of its folder and of its mails believed, with as much read as it says, and with every byte
waited for anew.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from staffdesk.domain.errors import StorageUnavailable
from staffdesk.services.home import Home
from staffdesk.services.intake import mailbox
from staffdesk.services.intake.mailbox import watched
from tests.drills.imap_server import certificate

_MAIL: Final = b"From: Jo <jo@x.example>\r\nSubject: hello\r\n\r\nhello\r\n"
_SOUND: Final[Mapping[bytes, bytes]] = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    b"STATUS": b"* STATUS INBOX (UIDVALIDITY 5)\r\n",
    b"EXAMINE": b"* 1 EXISTS\r\n",
    b"SEARCH": b"* SEARCH 1\r\n",
    b"SIZE": b"* 1 FETCH (UID 1 RFC822.SIZE 20)\r\n",
    b"BODY": b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%b)\r\n" % (len(_MAIL), _MAIL),
    b"LOGOUT": b"* BYE\r\n",
}


@contextmanager
def _home(tmp_path: Path, **said: bytes) -> Iterator[Home]:
    """Give a home whose mailbox answers so; what is told slowly comes a byte each tenth of a second."""
    answers = {**_SOUND, **{word.encode(): answer for word, answer in said.items()}}
    certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=_serve, args=(listening, context, answers), daemon=True)
        serving.start()
        home = Home.locate(tmp_path / "home", {})
        home.config.mkdir(parents=True)
        home.data.mkdir(parents=True, exist_ok=True)
        password = home.config / "mailbox.password"
        password.write_text("invented\n", encoding="ascii")
        password.chmod(0o600)
        home.settings_file.write_text(
            f'[mailbox]\nhost = "127.0.0.1"\nport = {listening.getsockname()[1]}\nuser = "privacy"\n'
            f'password_file = "{password}"\nauthority_file = "{tmp_path / "cert.pem"}"\n',
            encoding="ascii",
        )
        yield home
    serving.join(10)


def _serve(listening: socket.socket, context: ssl.SSLContext, answers: Mapping[bytes, bytes]) -> None:
    with suppress(OSError), context.wrap_socket(listening.accept()[0], server_side=True) as line:
        line.sendall(b"* OK hello\r\n")
        for said in line.makefile("rb"):
            tag, _, words = said.strip().partition(b" ")
            for word, answer in answers.items():
                if word in words.upper():
                    _send(line, answer)
            line.sendall(tag + b" OK done\r\n")


def _send(line: socket.socket, answer: bytes) -> None:
    promised, slowly, rest = answer.partition(b"SLOWLY")
    line.sendall(promised)
    for each in rest if slowly else b"":
        line.sendall(bytes([each]))
        time.sleep(0.1)


def _fetched(home: Home) -> bytes:
    with watched(home) as box:
        return box.mail(box.new[0])


def test_a_sound_one_is_read(tmp_path: Path) -> None:
    with _home(tmp_path) as home:
        assert _fetched(home) == _MAIL


@pytest.mark.parametrize(
    "said",
    [
        {"STATUS": b"* STATUS INBOX (MESSAGES 1)\r\n"},
        {"STATUS": b"* STATUS INBOX (UIDVALIDITY x)\r\n"},
        {"STATUS": b""},
        {"SEARCH": b"* SEARCH one\r\n"},
    ],
)
def test_one_that_has_no_numbers_is_told_so(said: dict[str, bytes], tmp_path: Path) -> None:
    with _home(tmp_path, **said) as home, pytest.raises(StorageUnavailable, match="tell its mails apart"):
        _fetched(home)


@pytest.mark.parametrize("lies", [b"{9000000000}\r\n" + b"x" * 100_000, b"{4000}\r\nSLOWLY" + b"x" * 1_000])
def test_one_that_sends_more_than_it_said_or_for_ever_is_left(
    lies: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "_LONGEST_SECONDS", 0.5)
    began = time.monotonic()
    with (
        _home(tmp_path, BODY=b"* 1 FETCH (UID 1 BODY[] " + lies) as home,
        pytest.raises(StorageUnavailable, match="cannot be reached"),
    ):
        _fetched(home)
    assert time.monotonic() - began < 10
