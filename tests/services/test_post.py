"""Letters by mail over TLS, and in a file for who sends them by hand: the same record of both.

Seen to fail: with the check before sending left out, with STARTTLS left out, with a certificate of nobody trusted, with
a second address let through, with a package mailed unconfirmed, and with a link followed.
"""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import stat
from asyncio import Transport
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from staffdesk.domain.errors import BadInput, Misconfigured, NotSent, PerhapsSent, StorageUnavailable
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_work import Way
from staffdesk.services.letters import Language, Written, write
from staffdesk.services.post import Attachment, Message, Post, compose, save
from staffdesk.services.settings import Smtp
from tests.unit.test_letters import FACTS

SENDER = "privacy@softron.example"
PASSWORD = "horse battery staple"
WRITTEN = write(Letter.MARKETING_STOPPED, Language.FR, FACTS)
MESSAGE = Message(
    number=FACTS.number, letter=Letter.MARKETING_STOPPED, language=Language.FR, written=WRITTEN,
    recipient="anders@nordlys.example",
)  # fmt: skip
PACKAGE = Attachment(name="données.zip", content=b"PK\x03\x04", media_type="application/zip", is_package=True)


@dataclass
class Inbox:
    """Takes what comes, refuses whom it does not know, and notes how it came."""

    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        assert isinstance(envelope.content, bytes)
        if b"Subject: refuse" in envelope.content:
            return "554 not today"
        if b"Subject: break" in envelope.content:
            assert isinstance(server.transport, Transport)
            server.transport.abort()
        mail = message_from_bytes(envelope.content, policy=MAIL)
        self.mails.append(mail)
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"


@dataclass
class Office:
    inbox: Inbox
    smtp: Smtp
    port: int


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate of its own for localhost, its key, and the password's file."""
    folder = tmp_path_factory.mktemp("keys")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    (folder / "password").chmod(0o600)
    return folder


def _allowed(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (b"desk", PASSWORD.encode()), handled=False)


def _serving(keys: Path, security: str) -> Iterator[Office]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / "cert.pem", keys / "key.pem")
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kind: dict[str, dict[str, Any]] = {
        "tls": {"ssl_context": context},
        "starttls": {"tls_context": context, "require_starttls": True},
    }
    controller = Controller(
        inbox, hostname="localhost", port=port, authenticator=_allowed, auth_required=security != "none",
        auth_require_tls=security == "starttls", **kind.get(security, {}),
    )  # fmt: skip
    controller.start()
    try:
        smtp = Smtp(
            host="localhost", port=port, sender=SENDER, security="tls" if security == "tls" else "starttls",
            user="desk", password_file=str(keys / "password"), authority_file=str(keys / "cert.pem"),
        )  # fmt: skip
        yield Office(inbox, smtp, port)
    finally:
        controller.stop()


@pytest.fixture(params=["starttls", "tls"])
def office(request: pytest.FixtureRequest, keys: Path) -> Iterator[Office]:
    yield from _serving(keys, request.param)


@pytest.fixture
def plain_office(keys: Path) -> Iterator[Office]:
    yield from _serving(keys, "none")


def test_a_letter_goes_out_encrypted_and_says_what_was_shown(office: Office) -> None:
    sent = Post(office.smtp).send(MESSAGE)
    (mail,) = office.inbox.mails
    assert office.inbox.encrypted == [True]
    assert (mail["From"], mail["To"]) == (f"Softron <{SENDER}>", MESSAGE.recipient)
    assert mail["Subject"] == f"Vous ne recevrez plus de nouvelles de nos produits ({FACTS.number})"
    assert mail.get_content().replace("\r\n", "\n") == f"{WRITTEN.text}\n"
    assert (sent.way, sent.recipient, sent.digest) == (Way.MAIL, MESSAGE.recipient, WRITTEN.digest)
    assert sent.reference == mail["Message-ID"]
    assert sent.reference.endswith("@softron.example>")
    assert socket.gethostname() not in mail.as_string()


def test_a_package_goes_by_plain_mail_only_once_that_is_confirmed(office: Office) -> None:
    message = replace(MESSAGE, attachments=(PACKAGE,))
    with pytest.raises(BadInput, match="plain mail crosses the Internet unprotected"):
        Post(office.smtp).send(message)
    assert office.inbox.mails == []
    Post(office.smtp).send(message, confirmed=True)
    (part,) = office.inbox.mails[0].iter_attachments()
    assert (part.get_filename(), part.get_content()) == (PACKAGE.name, PACKAGE.content)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"recipient": "nobody@nordlys.example"}, "does not take this address; nothing was sent"),
        ({"subject": "refuse"}, r"refused the letter \(554\); nothing was sent"),
        ({"subject": "break"}, "broke off; it is not known whether"),
    ],
)
def test_what_the_server_does_not_take_is_said(change: dict[str, str], sentence: str, keys: Path) -> None:
    for office in _serving(keys, "tls"):
        message = replace(
            MESSAGE,
            recipient=change.get("recipient", MESSAGE.recipient),
            written=Written(change.get("subject", "Letter"), WRITTEN.text),
        )
        with pytest.raises(NotSent, match=sentence) as refused:
            Post(office.smtp).send(message)
        assert isinstance(refused.value, PerhapsSent) == ("not known" in sentence)
        assert office.inbox.mails == [] or "subject" in change


def test_a_server_without_encryption_a_strange_certificate_or_no_server_gets_nothing(
    plain_office: Office, office: Office, tmp_path: Path
) -> None:
    with pytest.raises(NotSent, match="offers no encryption; nothing was sent"):
        Post(plain_office.smtp).send(MESSAGE)
    with pytest.raises(NotSent, match="certificate is not one to trust; nothing was sent"):
        Post(replace(office.smtp, authority_file=None)).send(MESSAGE)
    wrong = tmp_path / "password"
    wrong.write_text("wrong", encoding="utf-8")
    wrong.chmod(0o600)
    with pytest.raises(NotSent, match="does not let the desk in; nothing was sent"):
        Post(replace(office.smtp, password_file=str(wrong))).send(MESSAGE)
    wrong.chmod(0o644)
    with pytest.raises(Misconfigured, match="is open to others"):
        Post(replace(office.smtp, password_file=str(wrong))).send(MESSAGE)
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = free.getsockname()[1]
    with pytest.raises(NotSent, match="cannot be reached; nothing was sent"):
        Post(replace(office.smtp, port=gone)).send(MESSAGE)
    with pytest.raises(Misconfigured, match="No mail server is named"):
        Post(None).send(MESSAGE)
    assert plain_office.inbox.mails == office.inbox.mails == []


@pytest.mark.parametrize(
    "recipient",
    [
        "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "a@b.example\nX: y", "A <a@b.example>",
        "a@b.example;", "", "Rue Haute 7, 1000 Brussels", "a@@b.example", f"{'a' * 300}@b.example", "a@b.example\x00",
        "\u0430@b.example",
    ],
)  # fmt: skip
def test_an_address_is_one_and_carries_no_header_along(recipient: str) -> None:
    with pytest.raises(BadInput, match="cannot be mailed to this address"):
        compose(replace(MESSAGE, recipient=recipient), SENDER)


def test_no_subject_or_name_of_a_file_carries_a_header_along() -> None:
    with pytest.raises(BadInput, match="does not belong there"):
        compose(replace(MESSAGE, written=Written("Letter\r\nBcc: a@b.example", WRITTEN.text)), SENDER)
    with pytest.raises(BadInput, match="does not belong there"):
        compose(replace(MESSAGE, attachments=(replace(PACKAGE, name="a\r\nX: y"),)), SENDER)


def test_a_letter_that_lacks_a_block_or_names_an_employee_goes_nowhere(office: Office, tmp_path: Path) -> None:
    cut = replace(MESSAGE, written=Written("Letter", WRITTEN.text.replace("apd-gba", "")))
    named = replace(MESSAGE, written=write(Letter.MARKETING_STOPPED, Language.FR, replace(FACTS, lists=("Pia Holm",))))
    for message, sentence in ((cut, "lacks what it must contain: complaint"), (named, "the name of an employee")):
        with pytest.raises(BadInput, match=sentence):
            Post(office.smtp).send(replace(message, staff=("Pia Holm",)))
        with pytest.raises(BadInput, match=sentence):
            save(replace(message, staff=("Pia Holm",)), tmp_path / "letters")
    assert office.inbox.mails == []
    assert list(tmp_path.iterdir()) == []


def test_a_letter_sent_by_hand_is_a_file_of_nobody_elses_with_the_same_record(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    first, second = save(MESSAGE, folder), save(MESSAGE, folder)
    assert [first.reference, second.reference] == ["L9-DSR-2026-0003.txt", "L9-DSR-2026-0003-2.txt"]
    file = folder / first.reference
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="utf-8") == f"{WRITTEN.text}\n"
    assert (first.way, first.recipient, first.digest) == (Way.HAND, MESSAGE.recipient, WRITTEN.digest)
    with pytest.raises(BadInput, match="under the number of its request"):
        save(replace(MESSAGE, number="../evil"), folder)


def test_no_link_is_followed_where_a_letter_is_saved(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "letters").symlink_to(elsewhere)
    with pytest.raises(StorageUnavailable, match="The folder of letters is a link"):
        save(MESSAGE, tmp_path / "letters")
    folder = tmp_path / "real" / "letters"
    folder.mkdir(parents=True)
    (folder / "L9-DSR-2026-0003.txt").symlink_to(elsewhere / "stolen")
    assert save(MESSAGE, folder).reference == "L9-DSR-2026-0003-2.txt"
    assert list(elsewhere.iterdir()) == []
