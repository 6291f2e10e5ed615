from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.imported import (
    Dropped,
    ImportedAddress,
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    ImportedShipment,
    OrderState,
    PaymentState,
    Place,
)
from staffdesk.domain.read_items import Imported, ReadItem, Refused, UnknownColumns
from staffdesk.services.importing import reader_of
from tests.unit.importing.conftest import told

Real = Callable[[str], Path]
ReadText = Callable[[str, str | bytes], list[ReadItem]]

FULL: list[Mapping[str, str]] = [
    {
        "Name": "#7",
        "Email": "ana@shop.example",
        "Financial Status": "paid",
        "Paid at": "2025-01-05 23:30:00 -0500",
        "Fulfillment Status": "fulfilled",
        "Fulfilled at": "2025-01-07 08:00:00 -0500",
        "Accepts Marketing": "no",
        "Currency": "EUR",
        "Taxes": "8.68",
        "Total": "50.00",
        "Created at": "2025-01-05 10:00:00 -0500",
        "Lineitem quantity": "2",
        "Lineitem name": "Cable, long",
        "Lineitem price": "12.10",
        "Lineitem sku": "C-2",
        "Billing Name": "Ana Holm",
        "Billing Street": "Kaai 1, bus 4",
        "Billing Address1": "Kaai 1",
        "Billing Address2": "bus 4",
        "Billing Company": 'Holm "& Co"',
        "Billing City": "Gent",
        "Billing Zip": "'09000",
        "Billing Province": "VOV",
        "Billing Country": "BE",
        "Billing Phone": "'+3292000000",
        "Shipping Name": "Bo Holm",
        "Shipping Street": "Laan 2",
        "Shipping City": "Gent",
        "Shipping Country": "Belgium",
        "Shipping Phone": "+3292000001",
        "Notes": "ring twice",
        "Payment Method": "Bancontact",
        "Payment Reference": "c123.1",
        "Refunded Amount": "0.00",
        "Vendor": "Softron",
        "Id": "5551",
        "Device ID": "9",
    },
    {
        "Name": "#7",
        "Email": "ana@shop.example",
        "Created at": "2025-01-05 10:00:00 -0500",
        "Lineitem quantity": "1",
        "Lineitem name": "Box",
        "Lineitem price": "25.80",
        "Vendor": "Softron",
    },
    {"Name": "#8", "Currency": "EUR", "Total": "3", "Created at": "2025-01-06 10:00:00 +0000", "Lineitem name": "Pin"},
]
COLUMNS = list(FULL[0])
NO_ORDERS = "It is none of the tables of this source: no row names the columns"


def write(rows: list[Mapping[str, str]], columns: list[str], ending: str = "\n", delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator=ending, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def orders(items: list[ReadItem]) -> list[ImportedOrder]:
    return [item.record for item in items if isinstance(item, Imported) and isinstance(item.record, ImportedOrder)]


def test_the_full_export_comes_out_whole(read_text: ReadText) -> None:
    home = {"street": "Kaai 1, bus 4", "postal_code": "09000", "city": "Gent", "region": "VOV", "country": "BE"}
    first, second = read_text("shopify", write(FULL, COLUMNS))
    assert isinstance(first, Imported)
    assert first.place == Place("export", "line 2")
    assert first.record == ImportedOrder(
        store="shopify",
        store_order_id="5551",
        number="#7",
        ordered_at=dt.datetime(2025, 1, 5, 15, tzinfo=dt.UTC),
        currency="EUR",
        total="50.00",
        tax="8.68",
        state=OrderState.COMPLETED,
        payment_state=PaymentState.PAID,
        paid_on=dt.date(2025, 1, 6),
        test=False,
        buyer=ImportedParty(
            family_name="Ana Holm", email="ana@shop.example", phone="+3292000000", company='Holm "& Co"', **home
        ),
        billing=ImportedAddress(name="Ana Holm", company='Holm "& Co"', **home),
        delivery=ImportedAddress(name="Bo Holm", street="Laan 2", city="Gent", country="BE", phone="+3292000001"),
        lines=(
            ImportedLine(sku="C-2", description="Cable, long", quantity=2, amount="24.20"),
            ImportedLine(sku=None, description="Box", quantity=1, amount="25.80"),
        ),
        shipments=(
            ImportedShipment(
                carrier=None,
                tracking=None,
                status="fulfilled",
                shipped_at=dt.datetime(2025, 1, 7, 13, tzinfo=dt.UTC),
            ),
        ),
        licences=(),
    )
    assert first.dropped == {Dropped.PAYMENT: 2, Dropped.BROWSER: 1, Dropped.OTHER: 5}
    assert isinstance(second, Imported)
    assert second.place == Place("export", "line 4")
    assert isinstance(second.record, ImportedOrder)
    assert (second.record.number, second.record.total, second.record.buyer) == ("#8", "3.00", None)


@given(st.permutations(COLUMNS), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(",;\t"), st.booleans())
def test_reordered_columns_other_line_ends_and_a_byte_order_mark_change_nothing(
    read_text: ReadText, columns: list[str], ending: str, delimiter: str, mark: bool
) -> None:
    text = ("\ufeff" if mark else "") + write(FULL, columns, ending, delimiter)
    plain, other = read_text("shopify", write(FULL, COLUMNS)), read_text("shopify", text)
    assert [item.record for item in other if isinstance(item, Imported)] == orders(plain)
    assert [item.dropped for item in other if isinstance(item, Imported)] == [
        item.dropped for item in plain if isinstance(item, Imported)
    ]
    assert len(other) == len(plain)


def test_the_real_short_export_keeps_its_orders_and_their_lines(real: Real) -> None:
    found = orders(list(reader_of("shopify", None)(real("store-shopify/shopify_orders.csv"))))
    assert [order.number for order in found] == [f"#{number}" for number in range(1001, 1009)]
    assert [line.description for line in found[0].lines] == ["Blue Widget", "Red Gadget"]
    assert found[0].ordered_at == dt.datetime(2025, 1, 5, 15, tzinfo=dt.UTC)
    assert found[6].ordered_at == dt.datetime(2025, 4, 2, 16, tzinfo=dt.UTC)
    assert [order.buyer is None for order in found] == [False, False, False, True, False, False, False, False]
    assert found[2].payment_state is PaymentState.PARTIALLY_REFUNDED
    assert all(order.store_order_id is None for order in found)


def test_the_real_sample_keeps_every_order_and_every_row_once(real: Real) -> None:
    path = real("store-shopify/shopify_orders_sample.csv")
    found = list(reader_of("shopify", None)(path))
    rows = path.read_text("utf-8").splitlines()[1:]
    read = orders(found)
    assert len(read) == len(found) == len({row.split(",")[0] for row in rows})
    assert sum(len(order.lines) for order in read) == len(rows)
    assert [item.place.position for item in found[:3]] == ["line 2", "line 5", "line 8"]
    assert sum(order.buyer is None for order in read) == sum(row.count(",,2025") for row in rows)


def test_unknown_columns_are_named_once_and_what_they_hold_is_dropped(read_text: ReadText) -> None:
    rows: list[Mapping[str, str]] = [{**row, "Loyalty\u202eTier": "gold", "": "stray"} for row in FULL]
    note, *items = read_text("shopify", write(rows, [*COLUMNS, "Loyalty\u202eTier", ""]))
    assert note == UnknownColumns(Place("export"), ("Loyalty\u2039U+202E\u203aTier",))
    assert not any(isinstance(item, UnknownColumns) for item in items)
    plain = read_text("shopify", write(FULL, COLUMNS))
    counted = [(item.record, item.dropped[Dropped.OTHER]) for item in items if isinstance(item, Imported)]
    expected = [
        (item.record, item.dropped.get(Dropped.OTHER, 0) + 2 * written)
        for item, written in zip(plain, (2, 1), strict=True)
        if isinstance(item, Imported)
    ]
    assert counted == expected


@pytest.mark.parametrize(
    ("refunded", "status", "state"),
    [
        ("0.00", "", None),
        ("10.00", "", PaymentState.PARTIALLY_REFUNDED),
        ("10.00", "paid", PaymentState.PARTIALLY_REFUNDED),
        ("50.00", "paid", PaymentState.REFUNDED),
        ("0.00", "paid", PaymentState.PAID),
        ("", "pending", PaymentState.PENDING),
        ("50.00", "voided", PaymentState.VOIDED),
    ],
)
def test_a_refund_is_seen_by_its_amount(
    read_text: ReadText, refunded: str, status: str, state: PaymentState | None
) -> None:
    row = {**FULL[0], "Refunded Amount": refunded, "Financial Status": status}
    (found,) = orders(read_text("shopify", write([row], COLUMNS)))
    assert found.payment_state is state


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"Email": "other@shop.example"}, "Two rows of the order differ in Email."),
        ({"Total": "51.00"}, "Two rows of the order differ in Total."),
        ({"Lineitem quantity": "many"}, "Field Lineitem quantity: it is not a number of pieces."),
        ({"Lineitem sku": "X", "Lineitem name": ""}, "Field Lineitem name is missing."),
    ],
)
def test_a_bad_row_spoils_its_order_alone(read_text: ReadText, second: Mapping[str, str], reason: str) -> None:
    rows = [FULL[2], FULL[0], {**FULL[1], **second}, {**FULL[2], "Name": "#9"}]
    before, refused, after = read_text("shopify", write(rows, COLUMNS))
    assert told(refused) == (Place("export", "line 3"), reason)
    assert [order.number for order in orders([before, after])] == ["#8", "#9"]


def test_damaged_rows_are_named_by_their_line_and_the_rest_is_read(read_text: ReadText) -> None:
    rows = write(FULL, COLUMNS).splitlines()
    header, first, second, third = rows[0], rows[1], rows[2], rows[3]
    text = "\n".join([header, third, '#10,"never closed,,', first, second, "#11,too,short", third.replace("#8", "#12")])
    items = read_text("shopify", text)
    assert [item.place.position for item in items] == ["line 2", "line 3", "line 4", "line 6", "line 7"]
    assert [order.number for order in orders(items)] == ["#8", "#7", "#12"]
    assert [told(item)[1] for item in items if isinstance(item, Refused)] == [
        "A row cannot be read: a quotation mark in it is not closed or stands in the wrong place.",
        f"A row has 3 fields where the header has {len(COLUMNS)}.",
    ]


@pytest.mark.parametrize("damaged", [0, 1])
def test_an_order_of_which_a_row_is_damaged_is_not_taken_in_part(read_text: ReadText, damaged: int) -> None:
    rows = write([FULL[0], FULL[1], {**FULL[1], "Lineitem name": "Pen"}, FULL[2]], COLUMNS).splitlines()
    rows[1 + damaged] = rows[1 + damaged].replace(",ana@", ',"ana"@')
    refused, kept = read_text("shopify", "\n".join(rows))
    assert isinstance(refused, Refused)
    assert refused.place.position == "line 2"
    assert [order.number for order in orders([kept])] == ["#8"]


def test_a_row_that_is_not_utf8_is_refused_alone_and_a_file_that_begins_so_whole(read_text: ReadText) -> None:
    plain = [{**FULL[2], "Name": f"#{number}"} for number in range(30)]
    accented = {**FULL[2], "Name": "#30", "Lineitem name": "é"}
    why = "It is not UTF-8 text. Save it as UTF-8, or tell its encoding, for example --encoding latin-1."
    items = read_text("shopify", write([*plain, accented, {**FULL[2], "Name": "#31"}], COLUMNS).encode("latin-1"))
    assert [order.number for order in orders(items)] == [f"#{number}" for number in (*range(30), 31)]
    assert items[30] == Refused(Place("export", "line 32"), why)
    assert read_text("shopify", write([accented], COLUMNS).encode("latin-1")) == [Refused(Place("export"), why)]


def test_a_file_of_which_hardly_a_row_can_be_read_is_left(read_text: ReadText) -> None:
    items = read_text("shopify", write(FULL, COLUMNS) + "".join(f'#{number},"x\n' for number in range(9, 209)))
    assert len(orders(items)) == 2
    assert len(items) == 2 + 100 + 1
    assert told(items[-1]) == (
        Place("export"),
        "A hundred rows could not be read, so the rest of the file was left.",
    )


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (
            "Name,Email,Total,Currency",
            f"{NO_ORDERS} Name, Created at, Currency, Total.",
        ),
        (
            "First Name,Last Name,Email,Total Spent",
            f"{NO_ORDERS} Name, Created at, Currency, Total.",
        ),
        (
            "Name,Created at,Currency,Total,TOTAL",
            "It cannot be told which column counts: TOTAL, Total stands in the header twice.",
        ),
        (
            '"Name',
            f"{NO_ORDERS} Name, Created at, Currency, Total.",
        ),
    ],
)
def test_a_file_that_is_no_orders_export_is_refused_once(read_text: ReadText, header: str, reason: str) -> None:
    (refused,) = read_text("shopify", f"{header}\n#1,a,b,c,d\n#2,a,b,c,d\n")
    assert told(refused) == (Place("export"), reason)
