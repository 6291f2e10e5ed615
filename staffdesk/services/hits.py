"""How a search's matches read in a list: a name, a company, the field that matched, never the value that did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from staffdesk.domain.access import RecordKind
from staffdesk.domain.classes import Exposure, PrivacyClass
from staffdesk.domain.identifiers import Identifier, Recognised
from staffdesk.domain.masking import mask_email, mask_serial, mask_text
from staffdesk.domain.records import Hit, Match, Row
from staffdesk.domain.words import cut
from staffdesk.services.cells import Cells

_FOUND_BY = {
    Identifier.EMAIL: "e-mail",
    Identifier.ORDER: "order number",
    Identifier.INVOICE: "invoice number",
    Identifier.CASE: "case number",
    Identifier.TICKET: "ticket",
    Identifier.REQUEST: "request number",
    Identifier.CUSTOMER: "customer number",
    Identifier.SERIAL: "serial",
    Identifier.MAC: "MAC address",
    Identifier.IP: "IP address",
    Identifier.PHONE: "telephone",
}
_LEADS_TO: Final = {
    Identifier.ORDER: RecordKind.ORDER,
    Identifier.INVOICE: RecordKind.ORDER,
    Identifier.CASE: RecordKind.CASE,
    Identifier.TICKET: RecordKind.CASE,
    Identifier.SERIAL: RecordKind.LICENCE,
    Identifier.MAC: RecordKind.ACTIVATION,
    Identifier.IP: RecordKind.ACTIVATION,
}
"""What an identifier leads to, if not to a person."""


def hits(
    matches: Sequence[Match], cells: Cells, terms: Sequence[str], readings: Sequence[Recognised]
) -> tuple[Hit, ...]:
    """Return the rows of a list; rows that would read the same carry country and masked e-mail besides."""
    read = [(match.kind, _title(match, cells), _company(match, cells)) for match in matches]
    same = Counter(read)
    exact = [reading.kind for reading in readings if reading.kind is not Identifier.WORDS]
    wordless = bool(exact) and len(exact) == len(readings)
    return tuple(
        Hit(
            kind=match.kind,
            id=match.id,
            aid=match.aid,
            title=title,
            company=company,
            found_by=_found_by(match, terms, exact, wordless=wordless),
            customer=match.customer,
            state="" if match.kind is not RecordKind.CASE else "open" if match.is_open else "closed",
            detail="" if same[kind, title, company] == 1 else _detail(match),
        )
        for match, (kind, title, company) in zip(matches, read, strict=True)
    )


def person_title(sections: Mapping[str, tuple[Row, ...]]) -> str:
    """Return what a record is called: the person's name, or the number of the thing that was opened."""
    for row in sections.get("person", ()):
        name = " ".join(part for part in (row.text("given_name"), row.text("family_name")) if part)
        return name or row.text("email") or row.text("user_name") or f"customer {row.id}"
    for table in ("sales_order", "licence", "support_case"):
        for row in sections.get(table, ()):
            return row.text("number") or row.text("product_name")
    return next((row.text("name") for row in sections.get("organisation", ())), "")


def _company(match: Match, cells: Cells) -> str:
    if match.kind is RecordKind.ORGANISATION:
        return match.country or ""
    return _seen(match.company, cells.exposure(PrivacyClass.COMPANY))


def _title(match: Match, cells: Cells) -> str:
    identity = cells.exposure(PrivacyClass.IDENTITY)
    match match.kind:
        case RecordKind.PERSON:
            name = " ".join(part for part in (match.given_name, match.family_name) if part)
            if name:
                return _seen(name, identity)
            return mask_email(match.email) if match.email else f"customer {match.id}"
        case RecordKind.ORGANISATION:
            return _seen(match.company, cells.exposure(PrivacyClass.COMPANY)) or f"organisation {match.id}"
        case RecordKind.LICENCE | RecordKind.ACTIVATION:
            serial = mask_serial(match.number) if match.number else ""
            return " ".join(part for part in (match.product, serial) if part)
        case _:
            return match.number or f"{match.kind.value} {match.id}"


def _seen(text: str | None, exposure: Exposure) -> str:
    if text is None or exposure is Exposure.NONE:
        return ""
    return text if exposure is Exposure.SHOWN else mask_text(text)


def _found_by(match: Match, terms: Sequence[str], exact: Sequence[Identifier], *, wordless: bool) -> str:
    if match.kind is RecordKind.ORGANISATION:
        return "company"
    if wordless or (exact and match.kind is not RecordKind.PERSON):
        return _identified(match, exact)
    wordy = _fields(match, terms, str.startswith) or _fields(match, terms, str.__contains__)
    if exact and not wordy:
        return _identified(match, exact)
    return ", ".join(wordy) or "name"


def _identified(match: Match, exact: Sequence[Identifier]) -> str:
    """Return by which of these a match was found: the first that leads to records of its kind."""
    of_kind = (kind for kind in exact if _LEADS_TO.get(kind, RecordKind.PERSON) is match.kind)
    return _FOUND_BY[next(of_kind, exact[0])]


def _fields(match: Match, terms: Sequence[str], has: Callable[[str, str], bool]) -> list[str]:
    """Return the fields that have every term, else those that have some where every term is in one of them."""
    texts = {"name": (match.given_name, match.family_name), "company": (match.company,)}
    words = {field: [word for text in each if text for word in cut(text)] for field, each in texts.items()}
    met = {field: {term for term in terms if any(has(word, term) for word in found)} for field, found in words.items()}
    whole = [field for field, found in met.items() if terms and len(found) == len(set(terms))]
    if whole or set().union(*met.values()) != set(terms):
        return whole
    return [field for field, found in met.items() if found]


def _detail(match: Match) -> str:
    return " · ".join(part for part in (match.country, mask_email(match.email) if match.email else None) if part)
