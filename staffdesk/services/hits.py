"""How a search's matches read in a list: a name, a company, the field that matched, never the value that did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

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


def hits(
    matches: Sequence[Match], cells: Cells, terms: Sequence[str], readings: Sequence[Recognised]
) -> tuple[Hit, ...]:
    """Return the rows of a list; rows that would read the same carry country and masked e-mail besides."""
    shown = [_hit(match, cells, terms, readings) for match in matches]
    same = Counter((hit.kind, hit.title, hit.company) for hit in shown)
    return tuple(
        hit if same[hit.kind, hit.title, hit.company] == 1 else replace(hit, detail=_detail(match))
        for hit, match in zip(shown, matches, strict=True)
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


def _hit(match: Match, cells: Cells, terms: Sequence[str], readings: Sequence[Recognised]) -> Hit:
    return Hit(
        kind=match.kind,
        id=match.id,
        aid=match.aid,
        title=_title(match, cells),
        company=(match.country or "")
        if match.kind is RecordKind.ORGANISATION
        else _seen(match.company, cells.exposure(PrivacyClass.COMPANY)),
        found_by=_found_by(match, terms, readings),
        customer=match.customer,
        state="" if match.kind is not RecordKind.CASE else "open" if match.is_open else "closed",
    )


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


def _found_by(match: Match, terms: Sequence[str], readings: Sequence[Recognised]) -> str:
    if match.kind is RecordKind.ORGANISATION:
        return "company"
    wordy = _fields(match, terms, str.startswith) or _fields(match, terms, str.__contains__)
    exact = [reading.kind for reading in readings if reading.kind is not Identifier.WORDS]
    if exact and (match.kind is not RecordKind.PERSON or not wordy):
        of_kind = [kind for kind in exact if _leads_to(kind) is match.kind]
        return _FOUND_BY[(of_kind or exact)[0]]
    return ", ".join(wordy) or "name"


def _leads_to(identifier: Identifier) -> RecordKind:
    return {
        Identifier.ORDER: RecordKind.ORDER,
        Identifier.INVOICE: RecordKind.ORDER,
        Identifier.CASE: RecordKind.CASE,
        Identifier.TICKET: RecordKind.CASE,
        Identifier.SERIAL: RecordKind.LICENCE,
        Identifier.MAC: RecordKind.ACTIVATION,
        Identifier.IP: RecordKind.ACTIVATION,
    }.get(identifier, RecordKind.PERSON)


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
