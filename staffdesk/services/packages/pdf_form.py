"""A package on paper: a PDF by typst, where that is installed; text that is data never becomes markup."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Final

from staffdesk.domain.errors import StaffdeskError
from staffdesk.services.packages.document import Document
from staffdesk.services.packages.words import FOLDER

_PAGE: Final = "page.typ"


class NoPdf(StaffdeskError):
    """The PDF could not be made; the package goes without it, and its manifest says so."""


def pdf(document: Document, number: str, made_at: int) -> bytes:
    """Return the PDF; nothing is written to a disk. Raises :class:`NoPdf` where it cannot be made."""
    try:
        import typst  # noqa: PLC0415 - an extra, and 40 MB
    except ImportError as error:
        raise NoPdf("There is no PDF: what makes it is not installed.", "Install staffdesk[pdf].") from error
    given = json.dumps({**asdict(document), "number": number})
    try:
        made = typst.compile(
            FOLDER.joinpath(_PAGE).read_bytes(),
            sys_inputs={"document": given},
            timestamp=dt.datetime.fromtimestamp(made_at // 1000, dt.UTC),
        )
    except typst.TypstError as error:
        raise NoPdf("There is no PDF: it could not be set.", "Send the web page and the data.") from error
    if not isinstance(made, bytes):
        raise NoPdf("There is no PDF: it could not be set.", "Send the web page and the data.")
    return made
