"""Taking in a mail that came back: whoever has the address it could not reach is marked (privacy policy, H.1).

A notice of delivery proves nothing about who wrote it, so a person takes it in, and nothing but the mark comes of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from staffdesk.data.customers.bounces import Bounces, MarkingBounces
from staffdesk.data.transaction import Change
from staffdesk.domain.access import Access, Act
from staffdesk.domain.accuracy import BouncedMail, rules
from staffdesk.domain.errors import BadInput, Conflict
from staffdesk.domain.identifiers import normal_email
from staffdesk.domain.intake import receipt_of
from staffdesk.domain.request_mail import RequestMail
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.sessions import utc_ms

_KINDS: Final = ("person.email",)


class ReturnedMails:
    """Marks addresses that mail came back from."""

    def __init__(self, door: Door, *, clock: Callable[[], int] = utc_ms) -> None:
        """Write through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._clock = clock

    def take(self, access: Access, mail: RequestMail) -> BouncedMail:
        """Mark everybody who has an address that the mail says cannot be reached; once more changes nothing.

        Raises :class:`BadInput` for a mail that is no notice of delivery, :class:`Denied`.
        """
        if not mail.returned:
            raise BadInput(
                "This is no notice that a mail came back.",
                "Save the notice of the mail server itself, as an .eml file.",
            )
        by = rules().bounces
        wrong = [each for each in mail.returned if by.says_unreachable(each.action, each.status)]
        named = {each.address: _email(each.address) for each in wrong}
        addresses = {email for email in named.values() if email is not None}
        at = receipt_of(mail, self._clock())
        came_back = dt.datetime.fromtimestamp(at / 1000, dt.UTC)
        draft = Draft(wanted=Wanted(act=Act.CUSTOMER_BOUNCED), kinds=_KINDS, n=len(addresses))

        def write(tx: Change, _cleared: Clearance) -> tuple[BouncedMail, Result]:
            found = Bounces(tx).of_addresses(addresses)
            held = {each.email for each in found}
            marked = [each for each in found if each.is_news(came_back)]
            if MarkingBounces(tx).mark([each.person for each in marked], at) != len(marked):
                raise Conflict("A customer was taken away meanwhile.", "Take the mail in again.")
            said = BouncedMail(
                marked=tuple(each.person for each in marked),
                known=tuple(each.person for each in found if each not in marked),
                unknown=sum(email not in held for email in named.values()),
                reachable=len(mail.returned) - len(wrong),
            )
            aids = tuple(each.aid for each in marked)
            return said, Result(act=Act.CUSTOMER_BOUNCED, obj=aids, kinds=_KINDS, n=len(aids))

        return self._door.change(access, draft, write)


def _email(text: str) -> str | None:
    """Return an address as it is looked up, or None for what is none; + and = stand there encoded (RFC 3461, 4)."""
    try:
        return normal_email(text.replace("+2B", "+").replace("+3D", "="))
    except BadInput:
        return None
