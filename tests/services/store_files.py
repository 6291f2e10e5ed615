"""Store exports for the tests of imports: the real ones beside the project, invented ones, and a dump to compare."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from staffdesk.data import register
from staffdesk.domain.access import Access, Role
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.imports import Imports
from tests.databases import Place
from tests.services.offices import Office

REAL: Final = Path(__file__).parents[3] / "shared" / "realdata"
LOG_TABLES: Final = frozenset({"entry", "entry_subject", "opening", "head", "checkpoint"})

FASTSPRING: Final = (
    "order_completed.json",
    "subscription_activated.json",
    "subscription_canceled.json",
    "subscription_charge_completed.json",
    "subscription_deactivated.json",
)
SHOPIFY: Final = ("order.json", "orders.json", "shopify_orders.csv", "shopify_orders_sample.csv")


def real(store: str) -> list[Path]:
    """Return a store's real files; skips where the folder beside the project is missing."""
    names = {"fastspring": FASTSPRING, "shopify": SHOPIFY}[store]
    folder = REAL / f"store-{store}"
    if not folder.exists():
        pytest.skip(f"the real files of {store} are not beside the project")
    return [folder / name for name in names]


def seller(office: Office) -> Access:
    """Return the access of somebody who may import."""
    office.hire("sam", Role.PRIVACY)
    return office.access("sam")


def taken_in(office: Office, access: Access, files: Sequence[Path], store: str = "fastspring") -> ImportReport:
    """Import, test orders too."""
    return Imports(office.door).run(access, store, files, test_orders=True)


def contact(**values: object) -> dict[str, object]:
    """Return whom FastSpring names in an order."""
    return {"first": "Mette", "last": "Lund", "email": "mette@lund.example", **values}


def order(number: str, buyer: Mapping[str, object] | None = None, **values: object) -> dict[str, object]:
    """Return one FastSpring order."""
    who = contact() if buyer is None else buyer
    return {
        "id": f"id-{number}",
        "reference": number,
        "completed": True,
        "changed": 1_700_000_000_000,
        "live": True,
        "currency": "EUR",
        "total": 149.0,
        "tax": 25.86,
        "account": {"id": "account-1", "contact": who},
        "customer": who,
        "address": {"addressLine1": "Havnegade 12", "postalCode": "1058", "city": "København", "country": "DK"},
        "items": [{"product": "mr4", "sku": "mr4", "display": "MovieRecorder 4", "quantity": 1, "subtotal": 123.14}],
        **values,
    }


def subscription(state: str, changed: int, **values: object) -> dict[str, object]:
    """Return one FastSpring subscription."""
    return {
        "id": "sub-1",
        "subscription": "sub-1",
        "state": state,
        "active": state == "active",
        "changed": changed,
        "live": True,
        "currency": "EUR",
        "price": 12.5,
        "account": {"id": "account-1", "contact": contact()},
        "product": {"product": "mr4", "display": {"en": "MovieRecorder 4"}, "sku": "mr4"},
        **values,
    }


def written(folder: Path, *records: object, name: str = "orders.json") -> Path:
    """Write a FastSpring export."""
    path = folder / name
    path.write_text(json.dumps(list(records)), encoding="utf-8")
    return path


def held(place: Place) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but the log's."""
    with place.owner() as owner:
        driver = owner.connection.driver_connection  # a result of SQLAlchemy's for each of a hundred tables costs more
        assert driver is not None
        return {
            name: [tuple(row) for row in driver.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()]
            for name in register.metadata.tables
            if name not in LOG_TABLES
        }


def counted(place: Place) -> dict[str, int]:
    """Return the number of rows of every table but the log's that holds any."""
    return {name: len(rows) for name, rows in held(place).items() if rows}


def column(place: Place, words: str) -> list[tuple[object, ...]]:
    """Ask the owner's connection."""
    with place.owner() as owner:
        return [tuple(row) for row in owner.exec_driver_sql(words)]
