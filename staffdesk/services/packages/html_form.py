"""A package for people: one web page that holds all it needs, runs nothing and fetches nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from staffdesk.services.packages.document import Document
from staffdesk.services.packages.words import FOLDER

_PAGE: Final = "page.html.j2"


def html(document: Document) -> bytes:
    """Return the page, in UTF-8; every text of the document is escaped by the template."""
    style = FOLDER.joinpath("page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _template().render(document=document, style=style, digest=digest).encode("utf-8", "replace")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(lambda name: FOLDER.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_PAGE)
