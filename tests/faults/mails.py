"""What the calls about mails and licences of cases need first: a mail that no case has, a case about a licence."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from staffdesk.domain.access import Role
from staffdesk.domain.matters import NewCase
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


def asked(at: At, *, recognised: bool = True) -> str:
    """Return the number of a case that is a licence request of the demo's customer, whose holder was recognised."""
    access = at.by(Role.SUPPORT)
    number = at.desk.cases.open(access, NewCase("support", "call", product="x", customer=_holder(at))).number
    at.desk.licence_requests.start(access, number, "other_person", _licence(at))
    if recognised:
        at.desk.licence_requests.tick(access, number, "holder", note="call-back")
    return number


def begun(at: At) -> tuple[str, str, int]:
    """Return the number of a case that is none yet, a kind and a licence."""
    new = NewCase("support", "call", product="x", customer=_holder(at))
    return at.desk.cases.open(at.by(Role.SUPPORT), new).number, "seat_freed", _licence(at)


def seat(at: At) -> tuple[str, int]:
    """Return a request, and a seat of its licence that is taken."""
    number = asked(at)
    at.owner.exec_driver_sql(f"UPDATE activation SET status = 'active' WHERE licence_id = {_licence(at)}")
    return number, int(at.owner.exec_driver_sql(
        f"SELECT MIN(id) FROM activation WHERE licence_id = {_licence(at)}"
    ).scalar_one())  # fmt: skip


def moving(at: At) -> tuple[str, int]:
    """Return a request whose licence may move, and to whom."""
    number = asked(at)
    at.owner.exec_driver_sql(f"UPDATE activation SET status = 'released' WHERE licence_id = {_licence(at)}")
    at.desk.licence_requests.tick(at.by(Role.SUPPORT), number, "recipient")
    other = at.owner.exec_driver_sql(f"SELECT MIN(id) FROM person WHERE id <> {_holder(at)}").scalar_one()
    return number, int(other)


def _licence(at: At) -> int:
    return int(at.owner.exec_driver_sql(
        "SELECT MIN(l.id) FROM licence AS l JOIN activation AS a ON a.licence_id = l.id WHERE l.person_id IS NOT NULL"
    ).scalar_one())  # fmt: skip


def _holder(at: At) -> int:
    return int(at.owner.exec_driver_sql(f"SELECT person_id FROM licence WHERE id = {_licence(at)}").scalar_one())


LICENCES: dict[str, Callable[[At], Callable[[], object]]] = {
    "licence_requests.start": lambda at: partial(at.desk.licence_requests.start, at.by(Role.SUPPORT), *begun(at)),
    "licence_requests.of_case": lambda at: partial(at.desk.licence_requests.of_case, at.by(Role.SUPPORT), asked(at)),
    "licence_requests.tick": lambda at: partial(
        at.desk.licence_requests.tick, at.by(Role.SUPPORT), asked(at, recognised=False), "holder", note="call-back"
    ),
    "licence_requests.untick": lambda at: partial(
        at.desk.licence_requests.untick, at.by(Role.SUPPORT), asked(at), "holder"
    ),
    "licence_requests.free_seat": lambda at: partial(
        at.desk.licence_requests.free_seat, at.by(Role.SUPPORT), *seat(at)
    ),
    "licence_requests.move": lambda at: partial(at.desk.licence_requests.move, at.by(Role.SUPPORT), *moving(at)),
}
