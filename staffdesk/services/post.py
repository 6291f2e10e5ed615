"""Sending letters: by mail over TLS where a server is named, otherwise saved in a file and sent by hand.

Both leave the same record: how, when, to whom, and the digest of what was sent.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput, Misconfigured, NotSent, PerhapsSent
from staffdesk.domain.identifiers import Identifier, recognise
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.request_work import Way
from staffdesk.parameters.shapes import policy
from staffdesk.services.home import expanded
from staffdesk.services.letters import Language, Written, check, pdf
from staffdesk.services.new_files import write_together
from staffdesk.services.settings import Smtp

_SECONDS: Final = 20
_LONGEST_ADDRESS: Final = 254
_NUMBER: Final = re.compile(r"DSR-[0-9]{4}-[0-9]{4,}")
_HAND: Final = "Save the letter and send it by hand, or try again later."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Attachment:
    """A file sent along; a package holds somebody's data, and plain mail crosses the Internet unprotected."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"
    is_package: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Message:
    """A letter as it was shown, and where it goes; ``staff`` are the employees' names that may not stand in it.

    ``number`` is the number of its request.
    """

    number: str
    letter: Letter
    language: Language
    written: Written
    recipient: str
    attachments: tuple[Attachment, ...] = ()
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sent:
    """The record of a letter: ``reference`` is the message id or the file's name, ``at`` UTC milliseconds.

    What went by hand was saved then; when it left the house, who sent it says.
    """

    way: Way
    recipient: str
    reference: str
    at: int
    digest: str


class Post:
    """Sends letters by mail; without a server in the settings it sends none."""

    def __init__(self, smtp: Smtp | None) -> None:
        """Send through this server."""
        self._smtp = smtp

    @property
    def active(self) -> bool:
        """Whether letters can go by mail."""
        return self._smtp is not None

    def send(self, message: Message, *, confirmed: bool = False) -> Sent:
        """Check a letter, send it and return the record of it; a package goes by plain mail only ``confirmed``.

        Raises :class:`BadInput` before anything is sent, :class:`NotSent` (:class:`PerhapsSent` where it may have gone
        out all the same), and :class:`Misconfigured` where no server is named or its password or certificate cannot be
        used.
        """
        if self._smtp is None:
            raise Misconfigured("No mail server is named, so letters do not go by mail.", "Save the letter instead.")
        if any(each.is_package for each in message.attachments) and not confirmed:
            raise BadInput(
                "The package holds personal data, and plain mail crosses the Internet unprotected.",
                "Confirm that it may go by mail, or hand it over in another way.",
            )
        check(message.written, message.letter, message.language, message.staff)
        mail = compose(message, self._smtp.sender)
        with _connected(self._smtp) as server:
            _hand_over(server, mail)
        return _sent(Way.MAIL, message.recipient, str(mail["Message-ID"]), message.written)


def save(message: Message, folder: Path) -> Sent:
    """Check a letter and write it into a new 0600 file, to be sent by hand; return the same record as of one mailed.

    The file's name says which letter of which request it is. Raises :class:`BadInput`, :class:`StorageUnavailable`.
    """
    check(message.written, message.letter, message.language, message.staff)
    if not _NUMBER.fullmatch(message.number):
        raise BadInput("A letter is saved under the number of its request.", "Give it as DSR-2026-0001.")
    name = _saved(folder, f"{message.letter}-{message.number}", ".txt", f"{message.written.text}\n".encode())
    return _sent(Way.HAND, message.recipient, name, message.written)


def save_paper(message: Message, beside: str, folder: Path) -> None:
    """Write a letter as PDF into a new 0600 file beside its saved text, whose name it shares, where one can be made.

    The text is what counts: a desk without the extra, or a letter that no font here can show, goes without. Raises
    :class:`StorageUnavailable`.
    """
    with suppress(BadInput, Misconfigured):
        _saved(folder, Path(beside).stem, ".pdf", pdf(message.written, message.language))


def keep(attachment: Attachment, folder: Path) -> str:
    """Write what goes with a letter into a new 0600 file beside it, and return its name.

    Raises :class:`StorageUnavailable`.
    """
    name = Path(attachment.name)
    return _saved(folder, name.stem, name.suffix, attachment.content)


def _saved(folder: Path, stem: str, ending: str, content: bytes) -> str:
    (path,) = write_together(folder, stem, {ending: content})
    return path.name


def compose(message: Message, sender: str) -> EmailMessage:
    """Return the mail of a letter; raises :class:`BadInput` for an address or a name that is no single one."""
    if not is_address(message.recipient):
        raise BadInput("A letter cannot be mailed to this address.", "Give one e-mail address, as name@example.org.")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{policy().controller.name} <{sender}>"
    mail["To"] = message.recipient
    mail["Subject"] = _one_line(message.written.subject)
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Content-Language"] = message.language.value
    mail.set_content(f"{message.written.text}\n", cte="quoted-printable")
    for each in message.attachments:
        main, _, sub = each.media_type.partition("/")
        mail.add_attachment(each.content, maintype=main, subtype=sub, filename=_one_line(each.name))
    return mail


def is_address(text: str) -> bool:
    """Say whether a text is one e-mail address and nothing else, so that no second one or header rides along."""
    return (
        len(text) <= _LONGEST_ADDRESS
        and text.isascii()
        and text.isprintable()
        and not set(text) & set(' ,;:<>()[]"\\')
        and any(reading.kind is Identifier.EMAIL for reading in recognise(text))
    )


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise BadInput("A header of a mail holds a character that does not belong there.", "Write the letter again.")
    return text


@contextmanager
def _connected(smtp: Smtp) -> Iterator[smtplib.SMTP]:
    """Give a connection that is encrypted and signed in; up to there nothing was sent."""
    password, context = smtp.password(), _trusted(smtp)
    try:
        server = _open(smtp, context)
    except ssl.SSLError as error:
        raise NotSent("The mail server's certificate is not one to trust; nothing was sent.", _HAND) from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotSent("The mail server offers no encryption; nothing was sent.", _HAND) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent("The mail server cannot be reached; nothing was sent.", _HAND) from error
    try:
        if smtp.user is not None and password is not None:
            server.login(smtp.user, password)
    except (OSError, smtplib.SMTPException) as error:
        server.close()
        raise NotSent(
            "The mail server does not let the desk in; nothing was sent.", "Check smtp.user and its password file."
        ) from error
    try:
        yield server
    finally:
        _leave(server)


def _open(smtp: Smtp, context: ssl.SSLContext) -> smtplib.SMTP:
    own_name = smtp.sender.rpartition("@")[2]  # the machine's own would tell where the desk stands
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, own_name, timeout=_SECONDS, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, own_name, timeout=_SECONDS)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _trusted(smtp: Smtp) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if smtp.authority_file is not None:
        try:
            context.load_verify_locations(expanded(Path(smtp.authority_file)))
        except OSError as error:
            raise Misconfigured(
                "The certificate of the mail server's authority cannot be read.",
                "Check smtp.authority_file in settings.toml.",
            ) from error
    return context


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        raise NotSent("The mail server does not take this address; nothing was sent.", "Check the address.") from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"The mail server refused the letter ({error.smtp_code}); nothing was sent.", _HAND) from error
    except (OSError, smtplib.SMTPException) as error:
        raise PerhapsSent(
            "The mail server broke off; it is not known whether the letter was sent.",
            "Look in the sender's mailbox before you send it again.",
        ) from error


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _sent(way: Way, recipient: str, reference: str, written: Written) -> Sent:
    return Sent(
        way=way,
        recipient=recipient,
        reference=reference,
        at=time.time_ns() // 1_000_000,
        digest=written.digest,
    )
