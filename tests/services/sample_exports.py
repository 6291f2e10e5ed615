"""A small good export of every source that has a profile, made from the profile itself: to be damaged by tests.

A profile that is new gets one by itself: of a table each column by its first name, with a value that fits the field; of
a reader's own format what :data:`RECORDS` must hold.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from staffdesk.domain.imported import PaymentState
from staffdesk.domain.provenance import NEEDS_EVENT, NEEDS_PARTNER
from staffdesk.services.importing.profiles import Profile, Table, names, profile
from tests.services.store_files import order

MANY: Final = 3
CANARY: Final = "Zanzibarius"
"""A name in every export that no refusal may repeat."""

_MOMENT: Final = "2026-02-03 10:00:00"
_VALUES: Final[Mapping[str, str]] = {
    "account_id": "acc-{n}", "given_name": "Mette", "family_name": f"{CANARY}é", "name": f"Mette {CANARY}é",
    "email": "p{n}@bad.example", "phone": "+4555550142", "country": "DK", "language": "da", "serial": "SER-{n}",
    "product": "MReplay", "seats": "2", "quantity": "2", "version": "4.1", "mac": "00:1B:63:84:45:E6",
    "ip": "192.0.2.7", "currency": "EUR", "issued_on": "2026-01-02", "met_on": "2026-01-02", "paid_on": "2026-01-02",
    "status": "active", "state": "active",
}  # fmt: skip
"""What a field of a table holds; one whose name ends in ``_at`` a moment, one that names money an amount."""

_MONEY: Final = frozenset({"total", "tax", "amount", "price", "subtotal", "fee", "refunded"})
_OF_A_PART: Final = re.compile("^(?:billing|delivery|line)_")


@dataclass(frozen=True, slots=True)
class Sample:
    """One kind of file of a source; ``made`` gives it with numbers that begin with a text, so that each is another."""

    source: str
    kind: str
    is_json: bool
    made: Callable[[str], str]

    def __str__(self) -> str:
        return f"{self.source}-{self.kind}"


def samples() -> list[Sample]:
    """Return the samples of every source there is."""
    return [sample for name in names() for sample in _of(name, profile(name))]


def said(known: Profile, partner: int) -> dict[str, object]:
    """Return how a file of this source may have been obtained."""
    source = known.origins[0]
    told: dict[str, object] = {"source": source.value, "obtained": "2026-09-14", "evidence": "an export of theirs"}
    if source in NEEDS_EVENT:
        told["event"] = "IBC 2026"
    if source in NEEDS_PARTNER:
        told["partner"] = partner
    return told


def _of(name: str, known: Profile) -> Iterator[Sample]:
    for table in known.tables:
        yield Sample(name, table.name, False, lambda salt, table=table: _written(*_rows(known, table, salt)))  # type: ignore[misc] # a default of each round
    if known.reader is not None:
        made = RECORDS[known.reader]
        yield Sample(
            name, "json", True, lambda salt: json.dumps([made(f"{salt}-{n}") for n in range(MANY)], ensure_ascii=False)
        )


def _listed(records: Sequence[dict[str, object]]) -> str:
    return json.dumps(records, ensure_ascii=False)


def _rows(known: Profile, table: Table, salt: str) -> tuple[Sequence[str], list[Sequence[str]]]:
    fields = [field for field in table.columns if not (field == "account_id" and "serial" in table.columns)]
    if table.group_by is not None:  # of an order, what it must have and what is said of anybody
        fields = [field for field in fields if field in table.needs or _OF_A_PART.sub("", field) in _VALUES]
    header = [table.columns[field][0] for field in fields]
    return header, [[_value(known, table, field, f"{salt}-{n}") for field in fields] for n in range(MANY)]


def _value(known: Profile, table: Table, field: str, n: str) -> str:
    if field in table.words:
        return next(iter(table.words[field]))
    if field == "status" and known.states:
        return next(word for word, state in known.states.items() if state.payment is PaymentState.PAID)
    if field.endswith("_at"):
        return _MOMENT
    if field == "order_id":
        return f"{known.order_ids}{n}"
    plain = _OF_A_PART.sub("", field)
    if plain in _MONEY:
        return "10.00"
    return _VALUES.get(plain, "x{n}").format(n=n)


def _written(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def _fastspring(n: str) -> dict[str, object]:
    who = {"first": "Mette", "last": f"{CANARY}é", "email": f"p{n}@bad.example"}
    return {**order(f"A-{n}", who), "account": {"id": f"acc-{n}", "contact": who}}


def _shopify(n: str) -> dict[str, object]:
    who = {"id": f"{n}-1", "first_name": "Mette", "last_name": f"{CANARY}é", "email": f"p{n}@bad.example"}
    return {
        "id": n, "name": f"#{n}", "created_at": "2026-01-01T10:00:00Z", "currency": "EUR", "total_price": "10.00",
        "email": f"p{n}@bad.example", "customer": who, "line_items": [],
    }  # fmt: skip


def _woocommerce(n: str) -> dict[str, object]:
    where = {"first_name": "Mette", "last_name": f"{CANARY}é", "city": "Gent", "country": "BE"}
    return {
        "id": n, "number": n, "status": "completed", "currency": "EUR", "date_created_gmt": "2026-03-22T16:28:02",
        "total": "149.00", "total_tax": "25.86", "customer_id": 0, "shipping": where, "line_items": [],
        "billing": {**where, "email": f"p{n}@bad.example"},
    }  # fmt: skip


def _paddle(n: str) -> dict[str, object]:
    totals = {"subtotal": "1000", "tax": "210", "total": "1210"}
    lines = [{"quantity": 1, "totals": totals, "product": {"name": "MReplay"}}]
    return {
        "id": f"txn_{n}", "status": "completed", "currency_code": "EUR", "customer_id": f"ctm_{n}",
        "created_at": "2026-03-22T16:28:02Z", "billed_at": "2026-03-22T16:28:02Z", "collection_mode": "automatic",
        "details": {"totals": totals, "line_items": lines},
        "customer": {"name": f"Mette {CANARY}é", "email": f"p{n}@bad.example"},
    }  # fmt: skip


def _ticket(n: str) -> dict[str, object]:
    """Give a ticket that Freshdesk and Zendesk write alike; a ticket's number is one."""
    return {
        "id": str(int.from_bytes(n.encode()) % 10**15 + 1), "subject": "Playout stops", "status": 2, "requester_id": n,
        "requester": {"name": f"Mette {CANARY}é", "email": f"p{n}@bad.example"}, "created_at": "2026-03-22T16:28:02Z",
        "description": "It stops after an hour.",
    }  # fmt: skip


def _zendesk(n: str) -> dict[str, object]:
    return {**_ticket(n), "status": "open", "via": {"channel": "email"}}


RECORDS: Final[Mapping[str, Callable[[str], dict[str, object]]]] = {
    "fastspring": _fastspring, "freshdesk": _ticket, "paddle": _paddle, "shopify": _shopify,
    "woocommerce": _woocommerce, "zendesk": _zendesk,
}  # fmt: skip
"""One good record of a format that a reader of its own reads."""
