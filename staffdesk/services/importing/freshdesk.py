"""Freshdesk's tickets, conversations and contacts (JSON).

Source: developers.freshdesk.com/api, Tickets, Conversations, Contacts, Agents, Companies, Products; version 1 of it and
the export of a whole account, write the same under other names.
"""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from staffdesk.domain.imported import ImportedParty
from staffdesk.domain.imported_tickets import FIRST_MESSAGE, ImportedMessage, ImportedTicket, Said
from staffdesk.domain.read_items import Reason
from staffdesk.services.importing.fields import NAME, Fields
from staffdesk.services.importing.profiles import folded
from staffdesk.services.importing.ticket_people import Directory, person
from staffdesk.services.importing.ticket_reading import Sort
from staffdesk.services.importing.ticket_texts import Texts
from staffdesk.services.importing.ticket_words import TicketWords

FRESHDESK: Final = "freshdesk"

_OWN: Final = re.compile(r"(?:cf_)?(.+?)(?:_\d{4,})?")
"""A field of a firm's own: ``cf_`` before its name, in version 1 the account's number behind it."""


class Freshdesk:
    """How Freshdesk writes."""

    def __init__(self, words: TicketWords) -> None:
        """Read with the words of its profile."""
        self._words = words

    def sort_of(self, record: Mapping[str, object]) -> Sort:
        """Tell what a record is by the names of its fields."""
        if "ticket_id" in record and ("body" in record or "body_text" in record):
            return Sort.MESSAGE
        if "requester_id" in record and "status" in record:
            return Sort.TICKET
        of_agent = isinstance(record.get("agent"), dict) or isinstance(record.get("contact"), dict)
        if of_agent or "ticket_scope" in record or record.get("helpdesk_agent") is True:
            return Sort.AGENT
        if "domains" in record:
            return Sort.COMPANY
        if "primary_email" in record:
            return Sort.PRODUCT
        return Sort.PERSON if "name" in record and "email" in record else Sort.OTHER

    def learn(self, sort: Sort, record: Mapping[str, object], directory: Directory) -> None:
        """Put whom or what a ticket may name into the directory."""
        fields = Fields(record)
        number = fields.needed("id", fields.code("id"))
        match sort:
            case Sort.AGENT:
                about = fields.section("contact") or fields
                directory.agents[number] = about.email("email") or ""
            case Sort.COMPANY:
                directory.companies[number] = fields.needed("name", fields.words("name", NAME))
            case Sort.PRODUCT:
                directory.products[number] = fields.needed("name", fields.words("name", NAME))
            case _:
                directory.people[number] = person(fields)
                company = fields.code("company_id") or fields.code("customer_id")
                if company:
                    directory.company_of[number] = company

    def number(self, sort: Sort, record: Mapping[str, object]) -> object:
        """Return the number people see: of version 1 ``id`` is another."""
        return record.get("ticket_id") if sort is Sort.MESSAGE else record.get("display_id", record.get("id"))

    def why_out(self, record: Mapping[str, object], directory: Directory) -> Reason | None:
        """Say why a ticket is left out, if it is."""
        if record.get("spam") is True:
            return Reason.SPAM
        if record.get("deleted") is True:
            return Reason.DELETED
        return Reason.OURS if str(record.get("requester_id")) in directory.agents else None

    def ticket(self, fields: Fields, number: str, directory: Directory, texts: Texts) -> ImportedTicket:
        """Read a ticket with the conversations that came with it."""
        for key in ("id", "display_id"):
            fields.leave_out(key)
        requester, section = fields.code("requester_id"), fields.section("requester")
        company, stats = fields.section("company"), fields.section("stats")
        told = person(section) if section is not None else None
        name = fields.name("requester_name")
        if name is not None and (told is None or told.family_name is None):
            told = replace(told or ImportedParty(), family_name=name)
        opened = fields.needed("created_at", fields.moment("created_at"))
        changed = fields.moment("updated_at")
        closed = None
        if fields.needed("status", fields.code("status")) in self._words.closed:
            ended = None if stats is None else stats.moment("closed_at") or stats.moment("resolved_at")
            closed = max(opened, ended or changed or opened)
        channel = self._words.channels.get(fields.code("source") or "", self._words.other_channel)
        agent = directory.agents.get(fields.code("responder_id") or "") or None
        subject = texts.subject(fields, "subject")
        sold = directory.products.get(fields.code("product_id") or "")
        # Where there is a page beside it, "description" is the text of version 1; else it is the page itself.
        text = ("description_text", "description") if "description_html" in fields else ("description_text",)
        page = ("description_html",) if "description_html" in fields else ("description",)
        taken = texts.message(fields, text, page, "first message")
        files = _files(fields)
        first = ImportedMessage(
            ticket=number, id=FIRST_MESSAGE, said=Said.ASKED, said_at=opened, channel=channel, subject=subject,
            text=taken.text, withheld=taken.withheld, cut=taken.cut, attachments=files,
        )  # fmt: skip
        notes = [*fields.sections("conversations"), *fields.sections("notes")]
        inside = [note.section("note") or note.section("helpdesk_note") or note for note in notes]
        party = directory.party(requester, told, company.words("name", NAME) if company is not None else None)
        said = taken.text is not None or taken.withheld or files
        return ImportedTicket(
            number=number,
            subject=subject,
            channel=channel,
            opened_at=opened,
            closed_at=closed,
            product=self._own(fields, self._words.product).words("own", NAME) or sold,
            resolution=texts.resolution(self._own(fields, self._words.resolution)),
            party=party,
            agent=agent,
            messages=(
                *((first,) if said else ()),
                *(self._message(note, number, directory, texts, channel, subject) for note in inside),
            ),
        )

    def message(self, fields: Fields, number: str, directory: Directory, texts: Texts) -> ImportedMessage:
        """Read a conversation that stands by itself."""
        fields.leave_out("ticket_id")
        return self._message(fields, number, directory, texts, self._words.other_channel, None)

    def _own(self, fields: Fields, names: tuple[str, ...]) -> Fields:
        """Return, as ``own``, the first field of a firm's own that is called one of these names."""
        for key in ("custom_fields", "custom_field"):
            own = fields.section(key) if fields.holds(key, dict) else None
            for name in [] if own is None else own.names():
                found = _OWN.fullmatch(name)
                if own is not None and own.holds(name, str) and found and folded(found[1]) in names:
                    return Fields({"own": own.leave_out(name)})
        return Fields({})

    def _message(
        self, fields: Fields, number: str, directory: Directory, texts: Texts, channel: str, subject: str | None
    ) -> ImportedMessage:
        note = fields.needed("id", fields.code("id"))
        private, incoming = fields.flag("private"), fields.flag("incoming")
        said = Said.AMONG_US if private else Said.ASKED if incoming else Said.ANSWERED
        source, writer = fields.code("source") or "", fields.code("user_id") or ""
        raw = fields.leave_out("from_email")
        sender = email.utils.parseaddr(raw)[1] if isinstance(raw, str) else ""
        outside = said is Said.ASKED or bool(incoming)
        listed = directory.people.get(writer)
        # Of version 1 "body" is the text where a page stands beside it.
        text = ("body_text", "body") if "body_html" in fields else ("body_text",)
        page = ("body_html",) if "body_html" in fields else ("body",)
        taken = texts.message(fields, text, page, f"message {note}")
        return ImportedMessage(
            ticket=number,
            id=note,
            said=said,
            said_at=fields.needed("created_at", fields.moment("created_at")),
            channel="note" if said is Said.AMONG_US else self._words.message_channels.get(source, channel),
            subject=subject,
            text=taken.text,
            withheld=taken.withheld,
            cut=taken.cut,
            attachments=_files(fields),
            agent=None if outside else directory.agents.get(writer) or sender or None,
            sender=(sender or (listed.email if listed is not None else None)) if outside else None,
        )


def _files(fields: Fields) -> int:
    listed = fields.leave_out("attachments")
    return len(listed) if isinstance(listed, list) else 0
