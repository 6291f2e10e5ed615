"""The licences of a record, as a licence request chooses among them."""

from __future__ import annotations

from staffdesk.domain.records import Record, Row


def licences_of(record: Record, key: str) -> tuple[Row, ...]:
    """Return a record's licences, the one first on whose line, field or activation the cursor stands (its key)."""
    table, _, rest = key.partition(":")
    number = rest.partition(":")[0]
    if table == "activation":
        number = next((each.text("licence_id") for each in record.rows(table) if str(each.id) == number), "")
    elif table != "licence":
        number = ""
    return tuple(sorted(record.rows("licence"), key=lambda each: str(each.id) != number))
