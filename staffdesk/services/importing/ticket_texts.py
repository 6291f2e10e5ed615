"""What people wrote in tickets, as text that may be held, or the reason why it is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import Place
from staffdesk.domain.read_items import LeftOut, Reason
from staffdesk.domain.screening import FieldKind, refuse_forbidden
from staffdesk.domain.text import clean_text
from staffdesk.services.importing.fields import Fields
from staffdesk.services.intake.reading import read_mail

LONGEST: Final = 19_000
"""Characters of the longest text taken; what follows is cut. A report says below it what is missing."""

SUBJECT: Final = 160
"""Characters of the longest subject taken."""

_NOT_TEXT: Final = "It is not text."
_PAGE: Final = b"From: a@b.invalid\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


@dataclass(frozen=True, slots=True, repr=False)
class Taken:
    """A text as it may be held; ``withheld`` where there was one that may not."""

    text: str | None = None
    withheld: bool = False
    cut: bool = False


@dataclass(slots=True)
class Texts:
    """The texts of one ticket; ``left`` is what was left out of it, with the place and no word of the text."""

    place: Place
    left: list[LeftOut] = field(default_factory=list)

    def subject(self, fields: Fields, key: str) -> str | None:
        """Take a subject on one line."""
        raw = fields.leave_out(key)
        return self._held(" ".join(raw.split()) if isinstance(raw, str) else raw, SUBJECT, "subject").text

    def resolution(self, fields: Fields) -> str | None:
        """Take how it ended, which stands in ``own``."""
        return self._held(fields.leave_out("own"), LONGEST, "resolution").text

    def message(self, fields: Fields, texts: Sequence[str], pages: Sequence[str], where: str) -> Taken:
        """Take the first of ``texts`` that is filled, else what the first page of ``pages`` (HTML) says."""
        told = [fields.leave_out(key) for key in (*texts, *pages)]
        plain, marked = told[: len(texts)], told[len(texts) :]
        raw = next((each for each in plain if each not in (None, "")), None)
        if raw is None:
            page = next((each for each in marked if each not in (None, "")), None)
            raw = self._words_of(page, where) if isinstance(page, str) else page
            if isinstance(raw, Taken):
                return raw
        return self._held(raw, LONGEST, where)

    def _words_of(self, page: str, where: str) -> str | Taken:
        """Return the words of a page, read as a mail's are: by a process that can do little else."""
        try:
            return read_mail(_PAGE + page.encode("utf-8", "replace")).text
        except BadInput:
            return self._withheld("It is a page that cannot be read.", where)

    def _held(self, raw: object, limit: int, where: str) -> Taken:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return Taken()
        if not isinstance(raw, str):
            return self._withheld(_NOT_TEXT, where)
        whole = raw.strip()
        text = whole[:limit]
        try:
            text = clean_text(text, limit)
            refuse_forbidden(text, FieldKind.NOTE)
        except BadInput as error:
            return self._withheld(error.sentence, where)
        return Taken(text, cut=len(whole) > limit)

    def _withheld(self, why: str, where: str) -> Taken:
        place = replace(self.place, position=f"{self.place.position}, {where}")
        self.left.append(LeftOut(place, Reason.TEXT, why))
        return Taken(withheld=True)
