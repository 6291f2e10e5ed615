"""Mails attached to cases: each becomes a report of a contact, once, with what may be kept of it.

A mail proves who sent it only where the server that took it in says so: whoever hands in a file says himself where it
comes from. A proven mail of whom the case names stands for the case, whoever opened it: for one case, not for every one
that somebody attaches it to.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from staffdesk.data.customers.case_mails import CaseMails as Mails
from staffdesk.data.customers.digests import Addressee
from staffdesk.data.customers.objections import Suppressions
from staffdesk.data.customers.request_mails import digest_of
from staffdesk.data.customers.writing import Writing
from staffdesk.data.tables.support import ContactReport
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.case_mail import (
    LONGEST_TOPIC,
    OF_CUSTOMER,
    OF_MAIL,
    PROVEN,
    AttachedMail,
    came_long_before,
    correspondent_of,
    direction_of,
    is_proven,
    kept_of,
    moment_of,
    zips_of,
)
from staffdesk.domain.correspondence import Correspondent, Direction
from staffdesk.domain.errors import Conflict, Denied, SessionEnded
from staffdesk.domain.policy import matrix
from staffdesk.domain.provenance import Source
from staffdesk.domain.request_mail import RequestMail, as_searched
from staffdesk.domain.text import optional_line
from staffdesk.services.cases import case_draft, locked_case
from staffdesk.services.clearance import Clearance, today_in_brussels
from staffdesk.services.door import Door, Result
from staffdesk.services.held_rows import may_read
from staffdesk.services.intake.reading import load, read_mail
from staffdesk.services.sessions import utc_ms
from staffdesk.services.standing import reference_number

_KINDS: Final = ("report", OF_MAIL)


class CaseMails:
    """Attaches mails to open cases."""

    def __init__(self, door: Door) -> None:
        """Write through ``door``."""
        self._door = door

    def attach_file(
        self, access: Access, number: str, file: Path, *, direction: Direction | None = None, topic: str | None = None
    ) -> AttachedMail:
        """Attach a mail that was saved as a file, as :meth:`attach`; nothing proves who sent it."""
        return self.attach(access, number, read_mail(load(file), names=True), direction=direction, topic=topic)

    def attach(
        self,
        access: Access,
        number: str,
        mail: RequestMail,
        *,
        direction: Direction | None = None,
        topic: str | None = None,
        server: str | None = None,
        his_own: bool = False,
    ) -> AttachedMail:
        """Write a mail into an open case as a report: its sender's own words, without quotes; no attachment is kept.

        With a ``topic`` nothing of its words is kept. ``server`` is the name under which the server it was fetched from
        says whether a sender is proven. With ``his_own`` only a mail of whom the case names is taken in.
        One that was attached as a file, and that the server proves now, is proven from here on: what the server had
        stands in its place.

        Raises :class:`MustNotBeHeld` with the reason, and the mail stays where it is; :class:`NotFound` if no case of
        this number is open; :class:`Conflict` for a mail that the case has already, or that is somebody else's;
        :class:`BadInput`, :class:`Denied`.
        """
        what = kept_of(mail, optional_line(topic, LONGEST_TOPIC))
        case_number = reference_number(number)
        draft = case_draft(self._door, access, Act.CASE_NOTED, case_number, _KINDS)
        today, now = today_in_brussels(), utc_ms()

        def write(tx: Change, cleared: Clearance) -> tuple[AttachedMail, Result]:
            case = locked_case(tx, case_number, draft)
            if cleared.actor is None:
                raise SessionEnded("You are not signed in.", "Sign in again.")
            if not may_read(tx, cleared, "support_case", case.id):
                raise Denied("This case is restricted, and its mails with it.", "Privacy reads what there is.")
            mails = Mails(tx)
            on_file = mails.addresses_on_file(case.person_id)
            way = direction or direction_of(mail, on_file)
            whose = correspondent_of(mail, way, on_file)
            if his_own and (way, whose) != (Direction.IN, Correspondent.CUSTOMER):
                raise Conflict("This mail is not from the address on file.", "Read it; --mail N attaches it.")
            digest = digest_of(tx, mail.identity)
            held = mails.held(case.id, digest)
            proven = way is Direction.IN and whose is Correspondent.CUSTOMER and is_proven(mail, server)
            if held is not None and (held.proven or not proven):
                raise Conflict("This mail is in this case already.", "Look at the reports of the record.")
            elsewhere = proven and mails.stands_elsewhere(case.person_id, digest)
            old = proven and came_long_before(mail, case.opened_at, matrix().standing.corroborated_within_days)
            stands = proven and not elsewhere and not old
            at = moment_of(mail, now)
            report = ContactReport.checked(
                {
                    "case_id": case.id,
                    "person_id": case.person_id,
                    "organisation_id": case.organisation_id,
                    "channel": "email",
                    "contact_at": at,
                    "author_id": cleared.actor.staff_id,
                    "direction": way,
                    "correspondent": whose,
                    "proven": proven,
                    "attachments": what.attachments,
                    "message": digest,
                    "topic": what.topic,
                    "body": what.body,
                    "source": Source.EMAIL_IN if way is Direction.IN else Source.SUPPORT,
                    "obtained_on": today,
                }
            )
            if held is None:
                Writing(tx).add([report])
            elif mails.prove(held, report) != 1:
                raise Conflict("This mail was proven meanwhile.", "Look at the reports of the record.")
            if stands:
                mails.vouch(case.id)
            kinds = (*_KINDS, way.value, *(() if held is None else (PROVEN,)), *((OF_CUSTOMER,) if stands else ()))
            attached = AttachedMail(
                number=case_number,
                direction=way,
                correspondent=whose,
                proven=proven,
                at=at,
                attachments=len(mail.attachments),
                zips=zips_of(mail),
                about_nobody=case.person_id is None,
                elsewhere=elsewhere,
                old=old,
                was_there=held is not None,
                erased=(way, whose) == (Direction.IN, Correspondent.SOMEBODY_ELSE) and _was_erased(tx, mail.sender),
            )
            return attached, Result(act=Act.CASE_NOTED, obj=(case.aid,), kinds=kinds, n=1)

        return self._door.change(access, draft, write)


def _was_erased(tx: Change, sender: str) -> bool:
    email = as_searched(sender)
    return email is not None and bool(Suppressions(tx).erased([[Addressee(email=email)]]))
