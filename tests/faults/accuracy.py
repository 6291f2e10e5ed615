"""How what is to be set right is listed, and a mail that came back taken in, in a run with faults."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from staffdesk.domain.access import Role
from staffdesk.domain.accuracy import Mend
from staffdesk.domain.request_mail import Delivery, RequestMail

if TYPE_CHECKING:
    from tests.faults.arranging import At

_REACHED: Final = sa.text("UPDATE person SET bounced_at = NULL WHERE id = :id RETURNING email")


def returned(at: At) -> RequestMail:
    """Return a mail to the demo's person that came back; no mail to him did before."""
    (email,) = at.owner.execute(_REACHED, {"id": at.demo.person}).one()
    return RequestMail(
        sender="mailer-daemon@out.example", sender_name="", reply_to="", subject="Undelivered", text="",
        message_id="<1@out.example>", automatic=True, returned=(Delivery(str(email), "failed", "5.1.1"),),
    )  # fmt: skip


CASES: Final[dict[str, Callable[[At], Callable[[], object]]]] = {
    "accuracy.list": lambda at: partial(at.desk.accuracy.list, at.by(Role.PRIVACY), Mend.INCOMPLETE),
    "accuracy.every": lambda at: partial(at.desk.accuracy.every, at.by(Role.SUPPORT)),
    "bounces.take": lambda at: partial(at.desk.bounces.take, at.by(Role.PRIVACY), returned(at)),
}
