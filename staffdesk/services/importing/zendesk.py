"""Zendesk's tickets with their comments, users, organizations and ticket fields (JSON).

Source: developer.zendesk.com/api-reference/ticketing, Tickets, Ticket Comments, Users, Organizations, Ticket Fields. A
ticket's own description is its first comment, which counts once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from staffdesk.domain.imported_tickets import FIRST_MESSAGE, ImportedMessage, ImportedTicket, Said
from staffdesk.domain.read_items import Reason
from staffdesk.services.importing.fields import NAME, Fields
from staffdesk.services.importing.profiles import folded
from staffdesk.services.importing.ticket_people import Directory, person
from staffdesk.services.importing.ticket_reading import Sort
from staffdesk.services.importing.ticket_texts import Texts
from staffdesk.services.importing.ticket_words import TicketWords

ZENDESK: Final = "zendesk"

_OURS: Final = frozenset({"agent", "admin"})


class Zendesk:
    """How Zendesk writes."""

    def __init__(self, words: TicketWords) -> None:
        """Read with the words of its profile."""
        self._words = words

    def sort_of(self, record: Mapping[str, object]) -> Sort:
        """Tell what a record is by the names of its fields."""
        if "requester_id" in record and "status" in record:
            return Sort.TICKET
        if "ticket_id" in record and "author_id" in record:
            return Sort.MESSAGE
        if "role" in record and "name" in record:
            return Sort.AGENT if record["role"] in _OURS else Sort.PERSON
        if "domain_names" in record:
            return Sort.COMPANY
        return Sort.OWN_FIELD if "title" in record and "type" in record else Sort.OTHER

    def learn(self, sort: Sort, record: Mapping[str, object], directory: Directory) -> None:
        """Put whom or what a ticket may name into the directory."""
        fields = Fields(record)
        number = fields.needed("id", fields.code("id"))
        match sort:
            case Sort.AGENT:
                directory.agents[number] = fields.email("email") or ""
            case Sort.COMPANY:
                directory.companies[number] = fields.needed("name", fields.words("name", NAME))
            case Sort.OWN_FIELD:
                directory.own_fields[number] = folded(fields.words("title", NAME) or "")
            case _:
                directory.people[number] = person(fields)
                if company := fields.code("organization_id"):
                    directory.company_of[number] = company

    def number(self, sort: Sort, record: Mapping[str, object]) -> object:
        """Return the ticket's number."""
        return record.get("ticket_id") if sort is Sort.MESSAGE else record.get("id")

    def why_out(self, record: Mapping[str, object], directory: Directory) -> Reason | None:
        """Say why a ticket is left out, if it is; what is spam Zendesk itself keeps apart, and exports nowhere."""
        if record.get("status") in self._words.deleted:
            return Reason.DELETED
        section = record.get("requester")
        ours = isinstance(section, dict) and section.get("role") in _OURS
        return Reason.OURS if ours or str(record.get("requester_id")) in directory.agents else None

    def ticket(self, fields: Fields, number: str, directory: Directory, texts: Texts) -> ImportedTicket:
        """Read a ticket with the comments that came with it."""
        fields.leave_out("id")
        requester, section = fields.code("requester_id"), fields.section("requester")
        opened = fields.needed("created_at", fields.moment("created_at"))
        changed, metrics = fields.moment("updated_at"), fields.section("metric_set")
        closed = None
        if fields.needed("status", fields.code("status")) in self._words.closed:
            solved = None if metrics is None else metrics.moment("solved_at")
            closed = max(opened, solved or changed or opened)
        channel = self._channel(fields)
        subject = texts.subject(fields, "subject")
        comments = fields.sections("comments")
        if comments:
            fields.leave_out("description")
            messages = self._comments(comments, number, directory, texts, subject, requester or "")
        else:
            messages = self._described(fields, number, texts, subject, opened)
        company = directory.companies.get(fields.code("organization_id") or "")
        assignee = fields.code("assignee_id") or ""
        own = [*fields.sections("custom_fields")]
        return ImportedTicket(
            number=number,
            subject=subject,
            channel=channel,
            opened_at=opened,
            closed_at=closed,
            product=_own(own, directory, self._words.product).words("own", NAME),
            resolution=texts.resolution(_own(own, directory, self._words.resolution)),
            party=directory.party(requester, person(section) if section is not None else None, company),
            agent=directory.agents.get(assignee) or None,
            messages=messages,
        )

    def message(self, fields: Fields, number: str, directory: Directory, texts: Texts) -> ImportedMessage:
        """Read a comment that says of which ticket it is."""
        fields.leave_out("ticket_id")
        return self._comment(fields, number, directory, texts, None, "")

    def _described(
        self, fields: Fields, number: str, texts: Texts, subject: str | None, opened: dt.datetime
    ) -> tuple[ImportedMessage, ...]:
        taken = texts.message(fields, ("description",), (), "first message")
        if taken.text is None and not taken.withheld:
            return ()
        first = ImportedMessage(
            ticket=number, id=FIRST_MESSAGE, said=Said.ASKED, said_at=opened, channel=self._channel(fields),
            subject=subject, text=taken.text, withheld=taken.withheld, cut=taken.cut,
        )  # fmt: skip
        return (first,)

    def _comments(
        self,
        comments: list[Fields],
        number: str,
        directory: Directory,
        texts: Texts,
        subject: str | None,
        requester: str,
    ) -> tuple[ImportedMessage, ...]:
        read = [self._comment(each, number, directory, texts, subject, requester) for each in comments]
        first = min(read, key=lambda each: (each.said_at, each.id))
        return tuple(replace(each, id=FIRST_MESSAGE) if each is first else each for each in read)

    def _comment(
        self,
        fields: Fields,
        number: str,
        directory: Directory,
        texts: Texts,
        subject: str | None,
        requester: str,
    ) -> ImportedMessage:
        comment = fields.needed("id", fields.code("id"))
        writer, public = fields.code("author_id") or "", fields.flag("public")
        listed = directory.people.get(writer)
        if public is False:
            said = Said.AMONG_US
        elif writer in directory.agents:
            said = Said.ANSWERED
        else:
            said = Said.ASKED if writer == requester or listed is not None else Said.UNTOLD
        taken = texts.message(fields, ("plain_body", "body"), ("html_body",), f"message {comment}")
        files = fields.leave_out("attachments")
        return ImportedMessage(
            ticket=number,
            id=comment,
            said=said,
            said_at=fields.needed("created_at", fields.moment("created_at")),
            channel="note" if said is Said.AMONG_US else self._channel(fields),
            subject=subject,
            text=taken.text,
            withheld=taken.withheld,
            cut=taken.cut,
            attachments=len(files) if isinstance(files, list) else 0,
            agent=directory.agents.get(writer) or None,
            sender=None if listed is None else listed.email,
        )

    def _channel(self, fields: Fields) -> str:
        via = fields.section("via")
        return self._words.channels.get(
            (via.code("channel") if via is not None else None) or "", self._words.other_channel
        )


def _own(listed: list[Fields], directory: Directory, names: tuple[str, ...]) -> Fields:
    """Return, as ``own``, the first field of a firm's own whose title is one of these names."""
    for each in listed:
        if directory.own_fields.get(each.code("id") or "") in names and each.holds("value", str):
            return Fields({"own": each.leave_out("value")})
    return Fields({})
