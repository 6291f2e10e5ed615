"""Reading a support service's files: tickets and messages, with whoever the other files of the import say they name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

from staffdesk.domain.deadlines import nominal, receive_day
from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import Dropped, Place
from staffdesk.domain.imported_lists import AnyRecord
from staffdesk.domain.imported_tickets import ImportedMessage, ImportedTicket
from staffdesk.domain.read_items import Imported, LeftOut, ReadItem, Reason, Refused
from staffdesk.parameters.shapes import retention
from staffdesk.services.importing.fields import CORRECT, Fields
from staffdesk.services.importing.parts import read_one, refused
from staffdesk.services.importing.ticket_files import records
from staffdesk.services.importing.ticket_people import Directory
from staffdesk.services.importing.ticket_texts import Texts
from staffdesk.services.importing.ticket_words import TicketWords

NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
"""What a service numbers its tickets with."""

COPIED: Final = (
    "cc_emails", "bcc_emails", "fwd_emails", "reply_cc_emails", "cc_email", "ticket_cc_emails", "collaborator_ids",
    "follower_ids", "email_cc_ids", "to_emails",
)  # fmt: skip
REASONS: Final[Mapping[str, Dropped]] = MappingProxyType(dict.fromkeys(COPIED, Dropped.COPIED))
"""Under which reason fields are counted that are left where they are."""

_NEITHER: Final = (
    "It is neither a ticket, nor a message that says of which ticket it is, nor anybody or anything a ticket names.",
    "Import the service's tickets, with its lists of contacts, agents and companies.",
)


class Sort(StrEnum):
    """What a record of a support service is."""

    TICKET = "ticket"
    MESSAGE = "message"
    PERSON = "person"
    AGENT = "agent"
    COMPANY = "company"
    PRODUCT = "product"
    OWN_FIELD = "own field"
    OTHER = "other"


class Format(Protocol):
    """How one service writes; whatever raises :class:`BadInput` refuses the record alone."""

    def sort_of(self, record: Mapping[str, object]) -> Sort:
        """Tell what a record is by the names of its fields."""

    def learn(self, sort: Sort, record: Mapping[str, object], directory: Directory) -> None:
        """Put whom or what a ticket may name into the directory."""

    def number(self, sort: Sort, record: Mapping[str, object]) -> object:
        """Return the number of the ticket that a record is, or belongs to."""

    def why_out(self, record: Mapping[str, object], directory: Directory) -> Reason | None:
        """Say why a ticket is left out, if it is."""

    def ticket(self, fields: Fields, number: str, directory: Directory, texts: Texts) -> ImportedTicket:
        """Read a ticket."""

    def message(self, fields: Fields, number: str, directory: Directory, texts: Texts) -> ImportedMessage:
        """Read a message that stands by itself."""


class TicketReader:
    """Reads the files of one import, each lazily; the lists of people count for all of them, in any order."""

    def __init__(self, words: TicketWords, form: Format, files: Sequence[Path]) -> None:
        """Read with the words of the profile, as ``form`` says."""
        self._words = words
        self._form = form
        self._files = files

    def __call__(self, path: Path) -> Iterator[ReadItem]:
        """Yield what a file tells; nothing that stands in it raises."""
        for found in records(path, self._words):
            if found.problem is not None:
                yield refused(found.place, found.problem)
                continue
            sort = self._form.sort_of(found.record)
            if sort in {Sort.TICKET, Sort.MESSAGE}:
                yield from self._one(found.place, sort, found.record)
            elif sort is Sort.OTHER:
                yield refused(found.place, BadInput(*_NEITHER))
            else:
                try:
                    self._form.learn(sort, found.record, Directory())
                except Exception as error:  # noqa: BLE001 - whatever one record provokes, the others come in
                    yield refused(found.place, error)

    @cached_property
    def _directory(self) -> Directory:
        """Return whom and what all files of the import tell; what cannot be read is told where the file is read."""
        directory = Directory()
        for path in self._files:
            for found in records(path, self._words):
                sort = Sort.OTHER if found.problem is not None else self._form.sort_of(found.record)
                if sort in {Sort.TICKET, Sort.MESSAGE, Sort.OTHER}:
                    continue
                try:
                    self._form.learn(sort, found.record, directory)
                except Exception:  # noqa: BLE001, S112 - told when the file is read
                    continue
        return directory

    def _one(self, place: Place, sort: Sort, record: Mapping[str, object]) -> Iterator[ReadItem]:
        number = str(self._form.number(sort, record))
        if not NUMBER.fullmatch(number):
            yield refused(place, BadInput("Its ticket's number is not one.", CORRECT))
            return
        place = replace(place, position=f"ticket {number}")
        reason = self._form.why_out(record, self._directory) if sort is Sort.TICKET else None
        if reason is not None:
            yield LeftOut(place, reason)
            return
        try:
            fields = Fields(record, reasons=REASONS)
        except BadInput as error:
            yield refused(place, error)
            return
        texts = Texts(place)
        build = self._form.ticket if sort is Sort.TICKET else self._form.message
        item = read_one(place, partial(build, fields, number, self._directory, texts), (fields,))
        if isinstance(item, Refused | LeftOut):
            yield item
        elif _is_past_its_time(item.record):
            yield LeftOut(place, Reason.EXPIRED)
        else:
            yield from texts.left
            yield _with_attachments(item)


def _is_past_its_time(record: AnyRecord) -> bool:
    """Say whether a ticket was closed so long ago that its case would have gone by now."""
    if not isinstance(record, ImportedTicket) or record.closed_at is None:
        return False
    kept = retention().kinds["case"].months or 0
    return record.closed_at.date() < nominal(receive_day(dt.datetime.now(dt.UTC)), -kept)


def _with_attachments(item: Imported) -> Imported:
    """Count the files that came with a record, which nobody fetches."""
    record = item.record
    messages = record.messages if isinstance(record, ImportedTicket) else (record,)
    files = sum(each.attachments for each in messages if isinstance(each, ImportedMessage))
    return replace(item, dropped={**item.dropped, Dropped.ATTACHMENT: files}) if files else item
