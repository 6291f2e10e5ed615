"""From the bytes of a mail to what may be known of it, by way of a process that can do little else."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from staffdesk.domain.errors import BadInput
from staffdesk.domain.intake_rules import Limits, rules
from staffdesk.domain.request_mail import Attachment, AttachmentKind, Delivery, RequestMail
from staffdesk.services.intake import readers

_PATIENCE_SECONDS: Final = 20
"""A process that waits uses no time of the processor, so it has a clock on the wall too."""

_REFUSED: Final = {
    "large": ("This mail is larger than {megabytes} MB.", "Take its text in by hand."),
    "deep": ("This mail has more parts inside parts than any person's.", "Do not open it; ask who sent it."),
    "no mail": ("This is no mail: it has neither a sender nor a subject.", "Save the mail itself, as an .eml file."),
}
_UNREAD: Final = ("This mail cannot be read.", "Save it again as an .eml file, or take its text in by hand.")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    kind: str
    size: int
    name: str = ""


class _Returned(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    address: str
    action: str
    status: str


class _Read(BaseModel):
    """What the process prints; it read what a stranger wrote, and is believed no more than that."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sender: str
    sender_name: str
    reply_to: str
    subject: str
    text: str
    cut: bool
    message_id: str
    answers: str
    received_at: int | None
    claimed: bool
    automatic: bool
    returned: list[_Returned]
    recipients: list[str]
    results: list[str]
    attachments: list[_Part]


def load(file: Path) -> bytes:
    """Return the bytes of a mail's file; raises :class:`BadInput` for one that is none or too large."""
    most = rules().limits.megabytes * 1_000_000
    try:
        # Not waiting: who names a pipe is told so, not left standing.
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as opened:  # noqa: PTH123 - a handle, which cannot be swapped behind the look at it
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise BadInput("It is not a file.", "Name the .eml file itself.")
            raw = opened.read(most + 1)
    except OSError as error:
        raise BadInput(
            f"The file cannot be read: {error.strerror or 'the system refuses'}.",
            "Check its name, and that you may read it.",
        ) from None
    return raw


def read_mail(raw: bytes, limits: Limits | None = None, *, names: bool = False) -> RequestMail:
    """Return what was read of a mail; its attachments are neither decoded nor kept, their ``names`` read where asked.

    Raises :class:`BadInput` for a mail that is too large, nested too deeply, or none; whatever it holds, this process
    is not the one that takes it apart.
    """
    by = limits or rules().limits
    most = by.megabytes * 1_000_000
    if len(raw) > most:
        raise _refusal("large", by)
    asked = (by.seconds, by.memory_megabytes, most, by.text_characters, by.parts, by.depth, int(names))
    try:
        answer = json.loads(readers.read(raw, asked, _PATIENCE_SECONDS))
    except (OSError, ValueError):
        raise BadInput(*_UNREAD) from None
    if not isinstance(answer, dict):
        raise BadInput(*_UNREAD)
    if "refused" in answer:
        raise _refusal(str(answer.get("refused", "")), by)
    try:
        read = _Read.model_validate(answer)
        attachments = tuple(Attachment(AttachmentKind(each.kind), each.size, each.name) for each in read.attachments)
    except (ValidationError, ValueError):
        raise BadInput(*_UNREAD) from None
    return RequestMail(
        sender=read.sender,
        sender_name=read.sender_name,
        reply_to=read.reply_to,
        subject=read.subject,
        text=read.text,
        cut=read.cut,
        message_id=read.message_id,
        answers=read.answers,
        received_at=read.received_at,
        claimed=read.claimed,
        automatic=read.automatic,
        returned=tuple(Delivery(each.address.strip(), each.action, each.status) for each in read.returned),
        recipients=tuple(read.recipients),
        results=tuple(read.results),
        attachments=attachments,
    )


def _refusal(reason: str, limits: Limits) -> BadInput:
    sentence, hint = _REFUSED.get(reason, _UNREAD)
    return BadInput(sentence.format(megabytes=limits.megabytes), hint)
