"""Mails of invented people, with a card where one is meant."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path
from typing import Final

CARD: Final = b"\x89PNG\r\n\x1a\n" + b"front of the card of Elodie Dupont, 85.07.30-033.28 " * 900
"""What stands for the picture of a card; no byte of it may be left anywhere."""

CARD_AS_SENT: Final = base64.b64encode(CARD)[:76]

SENT_ON: Final = "Mon, 02 Nov 2026 10:00:00 +0100"

ASKS: Final = "Hello,\n\nPlease send me a copy of all the data you hold about me.\n\nThank you for it,\nAnders"


def mail(
    text: str = ASKS,
    *,
    sender: str = "Anders Bo <anders@nordlys.example>",
    subject: str = "Request",
    card: bytes | None = None,
    card_type: str = "image/png",
    message_id: str = "<1@nordlys.example>",
    **headers: str,
) -> bytes:
    """Return a mail as a mail program saves it; ``reply_to="x"`` becomes a header Reply-To."""
    message = EmailMessage()
    message["Received"] = f"from out.example by mx.softron.example; {SENT_ON}"
    message["From"] = sender
    message["To"] = "privacy@softron.example"
    message["Subject"] = subject
    message["Date"] = SENT_ON
    message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if card is not None:
        kind, ending = card_type.split("/")
        message.add_attachment(card, maintype=kind, subtype=ending, filename=f"../../card.{ending}")
    return message.as_bytes()


def written(folder: Path, name: str = "request.eml", content: bytes | None = None) -> Path:
    """Write a mail into a folder and return its file."""
    file = folder / name
    file.write_bytes(mail() if content is None else content)
    return file


def traces(folder: Path, of: bytes = CARD) -> list[Path]:
    """Return the files below a folder in which any part of these bytes stands, as they are or as mail carries them."""
    needles = {of[place : place + 32] for place in range(8, len(of) - 32, 1024)}
    needles |= {base64.b64encode(of)[place : place + 48] for place in range(0, 4096, 76)}
    found = []
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            if any(needle in content for needle in needles):
                found.append(file)
    return found


def returned(address: str, *, status: str = "5.1.1", action: str = "failed", written_to: str = "") -> bytes:
    """Return a mail server's notice of what became of a mail to an address (RFC 3464).

    ``written_to`` is the address it was sent to, where somebody there sends his mail on.
    """
    first = f"Original-Recipient: rfc822;{written_to}\n" if written_to else ""
    return (
        "Received: from out.example by mx.softron.example; Mon, 02 Nov 2026 10:00:00 +0100\n"
        "From: Mail Delivery System <MAILER-DAEMON@out.example>\nTo: sales@softron.example\n"
        "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\nAuto-Submitted: auto-replied\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; out.example\nArrival-Date: Mon, 02 Nov 2026 09:59:00 +0100\n\n"
        f"{first}Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 what the server said\n\n"
        "--b\nContent-Type: message/rfc822\n\nFrom: sales@softron.example\nTo: him\nSubject: Offer\n\nHello\n\n--b--\n"
    ).encode()
