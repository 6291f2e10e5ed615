"""The monthly report: a page that holds its pictures, runs nothing and fetches nothing, and the pictures beside it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from staffdesk.domain.pictures import drawings
from staffdesk.domain.pictures.figures import MonthFigures
from staffdesk.domain.pictures.markup import element, written
from staffdesk.domain.pictures.words import counts_in_words, pruned_in_words, standing_in_words
from staffdesk.domain.review_certificates import Certificate

_STYLE: Final = (
    "body { font-family: sans-serif; color: #1d2126; background: #ffffff; margin: 2em auto; max-width: 60em; } "
    "h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; } "
    "svg { max-width: 100%; height: auto; } dt { font-weight: bold; } dd { margin: 0 0 0.4em 0; } "
    "pre { font-size: 0.8em; overflow-wrap: anywhere; white-space: pre-wrap; } p.note { color: #565e68; }"
)
_NO_REVIEW: Final = "The review has nothing of this month."
_OPEN: Final = "The review of this month is not closed: it has no certificate yet."


def report(figures: MonthFigures, certificate: Certificate | None, digest: str, made: str) -> Mapping[str, bytes]:
    """Return the report's files by their names; the page comes last, ``digest`` is that of the certificate as kept.

    No customer stands in it: employees are their user names, all else is counted.
    """
    drawn = {
        "hours": drawings.hours(figures),
        "people": drawings.people(figures),
        "teams": drawings.teams(figures),
        "rules": drawings.rules(figures),
    }
    stem = stem_of(figures.month)
    files = {f"{stem}-{name}.svg": written(root) for name, root in drawn.items()}
    page = element(
        "html",
        _head(figures.month),
        element("body", *_body(figures, drawn, certificate, digest, made)),
        lang="en",
    )
    return {**files, f"{stem}.html": written(page, "<!DOCTYPE html>\n")}


def stem_of(month: str) -> str:
    """Return what the names of a report's files begin with, where no report of the month is there yet."""
    return f"report-{month}"


def _head(month: str) -> Element:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("title", f"The log in {month}"),
        element("style", _STYLE),
    )


def _body(
    figures: MonthFigures, drawn: Mapping[str, Element], certificate: Certificate | None, digest: str, made: str
) -> Iterator[Element]:
    yield element("h1", f"The log in {figures.month}")
    yield element("p", f"Made {made}. Days and hours are those of {figures.zone}.", class_="note")
    if pruned := pruned_in_words(figures):
        yield element("p", element("strong", pruned))
    yield element("p", counts_in_words(figures))
    yield element("p", standing_in_words(figures))
    yield element("h2", "By day and hour")
    yield drawn["hours"]
    yield element("h2", "By employee and purpose")
    yield drawn["people"] if figures.employees else element("p", "Nobody was shown anything.")
    yield element("h2", "Against the team")
    yield drawn["teams"] if figures.teams else element("p", "Nobody was shown anything.")
    yield element("h2", "Flags by rule")
    yield drawn["rules"] if figures.rules else element("p", _NO_REVIEW)
    yield element("h2", "Certificate")
    if certificate is None:
        yield element("p", _OPEN)
        return
    yield element("dl", *_certified(certificate, digest))
    yield element("pre", certificate.checkpoint)


def _certified(found: Certificate, digest: str) -> Iterator[Element]:
    facts = {name: words for name, words in found.facts().items() if name != "Month"}
    facts["SHA-256 of the certificate"] = digest
    for name, words in facts.items():
        yield element("dt", name)
        yield element("dd", words)
