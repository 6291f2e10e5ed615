"""A package on paper: a PDF by typst, where that is installed; text that is data never becomes markup."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from staffdesk.domain.errors import StaffdeskError
from staffdesk.services.packages.document import Document
from staffdesk.services.packages.words import FOLDER

if TYPE_CHECKING:
    from typst import PDFStandard

_PAGE: Final = "page.typ"
_STANDARDS: Final[tuple[list[PDFStandard], ...]] = (["ua-1"], [])
"""The standards that are tried, one after the other."""


class NoPdf(StaffdeskError):
    """The PDF could not be made; the package goes without it, and its manifest says so."""


def pdf(document: Document, number: str, made_at: int) -> bytes:
    """Return the PDF; nothing is written to a disk. Raises :class:`NoPdf` where it cannot be made.

    It is PDF/UA-1, for screen readers, but where a letter stands in it that no font here has: that is drawn as a box,
    and the web page shows it.
    """
    try:
        import typst  # noqa: PLC0415 - an extra, and 40 MB
    except ImportError as error:
        raise NoPdf("There is no PDF: what makes it is not installed.", "Install staffdesk[pdf].") from error
    given = json.dumps({**asdict(document), "number": number})
    template, moment = FOLDER.joinpath(_PAGE).read_bytes(), dt.datetime.fromtimestamp(made_at // 1000, dt.UTC)
    for standards in _STANDARDS:
        # An error says which text it was about, so it goes no further.
        with suppress(typst.TypstError):
            made = typst.compile(template, sys_inputs={"document": given}, timestamp=moment, pdf_standards=standards)
            if isinstance(made, bytes):
                return made
    raise NoPdf("There is no PDF: it could not be set.", "Send the web page and the data.")
