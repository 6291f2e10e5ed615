"""A text as a page shows it: digits that belong together stand together, whatever elements are between them."""

from __future__ import annotations

import re
from typing import Final

from staffdesk.domain.unescaped import unescaped

_MAY_BE_MARKED_UP: Final = re.compile(r"[<&%\\]")

_OF_A_MAIL: Final = re.compile(r"(?<![A-Za-z])(?:=[0-9A-F]{2})+|=[ \t]*\r?\n")
"""How a mail writes what is no letter or figure, and where it breaks a line (RFC 2045, 6.7)."""

_BETWEEN: Final = re.compile(
    r"<!--.{0,2000}?-->"
    r"|</?(?:a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|o:p|q|s|samp|small|span|strike|strong|sub|sup|tt|u"
    r"|var|wbr)(?:[\s/][^<>]{0,2000})?>",
    re.IGNORECASE | re.DOTALL,
)
"""Elements between which nothing is shown, with and without attributes: HTML's phrasing content, Word's ``o:p``."""

_APART: Final = re.compile(
    r"\s*(?:</?(?:br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|tbody|td|th|thead|tr|ul)(?:[\s/][^<>]{0,2000})?>\s*)+",
    re.IGNORECASE,
)
"""Those that a page shows apart. An element that HTML does not know, as those of a program's settings, is neither."""


def without_markup(text: str) -> str:
    """Return a text with its escapes resolved and its elements gone; what a page shows apart has ``|`` between it.

    Used for looking through a text, never for keeping it: the text may be no page at all.
    """
    if not _MAY_BE_MARKED_UP.search(text):
        return text
    return _APART.sub(" | ", _BETWEEN.sub("", unescaped(text).text))


def as_sent(text: str) -> str:
    """Return a text as it reads where it is a mail's, as it was sent; used for looking through it, as the other is."""
    return _OF_A_MAIL.sub(_sent, text) if "=" in text else text


def _sent(found: re.Match[str]) -> str:
    return bytes.fromhex("".join(found[0].split()).replace("=", "")).decode("utf-8", "replace")
