"""A letter as PDF (PDF/A-2b), for who gets it by post or wants to keep it."""

from __future__ import annotations

import json
from typing import Final, cast

from staffdesk.domain.errors import BadInput, Misconfigured
from staffdesk.parameters.shapes import policy
from staffdesk.services.letters.language import Language
from staffdesk.services.letters.layout import paragraphs
from staffdesk.services.letters.words import FOLDER
from staffdesk.services.letters.writing import Written

TEMPLATE: Final = "letter.typ"
_STANDARD: Final = "a-2b"
_NO_FONT: Final = "could not be displayed with font"


def pdf(written: Written, language: Language) -> bytes:
    """Return a letter as PDF; its text goes in as data, so that nothing in it acts as markup.

    Raises :class:`Misconfigured` where the extra ``pdf`` is not installed, :class:`BadInput` for a character that
    no font of this computer has.
    """
    try:
        import typst  # noqa: PLC0415 - an extra, which not every desk has
    except ImportError as error:
        raise Misconfigured(
            "What makes letters into PDF is not installed.", "Install the extra: pip install 'staffdesk[pdf]'"
        ) from error
    source = FOLDER.joinpath(TEMPLATE).read_bytes()
    compiler = typst.Compiler(source, sys_inputs={"letter": paper_data(written, language)})
    try:
        made = compiler.compile(format="pdf", pdf_standards=_STANDARD)
    except typst.TypstError as error:
        # Its message quotes the text, so it is not passed on.
        if _NO_FONT not in str(error):
            raise Misconfigured(f"letters/{TEMPLATE}: the layout cannot be used.", "Install staffdesk again.") from None
        raise BadInput(
            "The letter holds a character for which this computer has no font.",
            "Install a font that has it, or send the letter as text.",
        ) from None
    return cast("bytes", made)  # a list is of pictures, nothing of a file


def paper_data(written: Written, language: Language) -> str:
    """Return what the layout is given: JSON, which it reads and never runs."""
    return json.dumps(
        {
            "subject": written.subject,
            "author": policy().controller.name,
            "language": language.value,
            "paragraphs": paragraphs(written.text),
        }
    )
