"""What the calls about mails of cases need first: a mail that no case has, as it was read and as it was saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from staffdesk.domain.request_mail import RequestMail
from tests.mails import mail, written

if TYPE_CHECKING:
    from tests.faults.arranging import At

_WORDS = "The red key does nothing."


def read(at: At) -> RequestMail:
    """Return a mail of a customer."""
    return RequestMail(
        sender="elodie@dupont.example", sender_name="", reply_to="", subject="The red key", text=_WORDS,
        message_id=f"<{next(at.numbers)}@dupont.example>",
    )  # fmt: skip


def saved(at: At) -> Path:
    """Return the file of one."""
    return written(at.folder, "sent.eml", mail(_WORDS, message_id=f"<{next(at.numbers)}@dupont.example>"))
