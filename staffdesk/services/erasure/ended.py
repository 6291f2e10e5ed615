"""The letter that what a law made the house keep is gone now too, or a part of it: written with the end of the holds.

It is sent by a later run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from staffdesk.data.customers.belongings import of_requests
from staffdesk.data.customers.kept_rows import KeptRows
from staffdesk.data.customers.request_files import RequestFiles
from staffdesk.data.customers.request_letters import WritingLetters
from staffdesk.data.customers.request_progress import RequestProgresses
from staffdesk.data.transaction import Change
from staffdesk.domain.deadlines import receive_day
from staffdesk.domain.holds import rules
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.requests import RequestType
from staffdesk.services import letters
from staffdesk.services.letters import Counted, LetterFacts, check, kept_since, language_of
from staffdesk.services.told_of import told_of

_LETTER: Final = Letter.ERASED


def about_him(gone: Mapping[str, int]) -> dict[str, int]:
    """Leave out of what ended what is about the request itself: of the rest the person is told."""
    return {table: n for table, n in gone.items() if table not in of_requests()}


def write_ended(tx: Change, request_id: int, gone: Mapping[str, int], today: dt.date, now: int) -> bool:
    """Write the letter to whoever asked to be erased, to be sent by the next run; say whether one was.

    Nobody signs it and nobody reads it over: it tells numbers and kinds alone. Raises :class:`BadInput` for a fact
    that is not known, which rolls the end of the holds back with it.
    """
    outside, told, progress = told_of(tx, request_id), about_him(gone), RequestProgresses(tx).of(request_id)
    if not told or progress is None or progress.kind is not RequestType.ERASE:
        return False
    language = language_of(progress.language)
    facts = LetterFacts(
        number=progress.number,
        written_on=today,
        kind=progress.kind,
        received_on=receive_day(progress.received),
        effective_on=today,
        held_before=True,
        erased=tuple(Counted(table, n) for table, n in sorted(told.items())),
        backups_until=today + dt.timedelta(days=rules().server_days) if tx.is_postgres else None,
        told=outside.told,
        exempt=outside.exempt,
        kept=kept_since(KeptRows(tx).of(request_id, progress.number)),
    )
    written = letters.write(_LETTER, language, facts)
    check(written, _LETTER, language, RequestFiles(tx).employees())
    WritingLetters(tx).add(request_id, _LETTER, language.value, written.subject, written.text, written.digest, now)
    return True
