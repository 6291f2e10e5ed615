"""Collecting and opening packages, and a row of everything for somebody to ask for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

import pyzipper
import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act
from staffdesk.domain.packages import Contents, Package, Redaction
from staffdesk.services.packages import Packages, collect
from tests import factories
from tests.databases import Place

NUMBER: Final = "DSR-2026-0001"
NO_SECOND_OWNER: Final = ("field_status", "organisation_id")


def collected(database: Database, person_id: int) -> Contents:
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.REQUEST_MOVED))
    with database.read(ticket, Deadline(30)) as tx2:
        return collect(tx2, person_id, NUMBER)


def left(contents: Contents) -> Mapping[str, Redaction]:
    return {each.id: Redaction.LEAVE for each in contents.findings}


def opened(packages: Packages, made: Package) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(packages.take(NUMBER))) as outer:
        outer.setpassword(made.passphrase.encode())
        assert outer.namelist() == ["package.zip"]
        with zipfile.ZipFile(io.BytesIO(outer.read("package.zip"))) as inner:
            assert inner.testzip() is None
            return {name: inner.read(name) for name in inner.namelist()}


def fill(place: Place, who: str, number: int, staff_id: str) -> None:
    """Write one row into every table of which a person is given a copy, each column filled, all of it ``who``'s."""
    with place.owner() as owner:
        for table in register.metadata.sorted_tables:
            if table.name in register.packaged_tables():
                owner.execute(sa.insert(table).values(_row(table, who, number, staff_id)))


def _row(table: sa.Table, who: str, number: int, staff_id: str) -> dict[str, object]:
    listed = {}
    for check in table.constraints:
        found = re.match(r"(\w+) IN \('([^']+)'", str(getattr(check, "sqltext", "")))
        if found:
            listed[found[1]] = found[2]
    row: dict[str, object] = {}
    for column in table.columns:
        keys = [key.column.table.name for key in column.foreign_keys]
        if "staff" in keys:
            row[column.name] = staff_id
        elif column.name in listed:
            row[column.name] = listed[column.name]
        elif (table.name, column.name) == NO_SECOND_OWNER:
            row[column.name] = None
        elif isinstance(column.type, sa.Boolean):
            row[column.name] = True
        elif isinstance(column.type, sa.Date):
            row[column.name] = factories.DAY
        elif isinstance(column.type, sa.String | sa.LargeBinary):
            text = f"{table.name} {column.name} {who}"
            row[column.name] = text if isinstance(column.type, sa.String) else text.encode()
        else:
            row[column.name] = 1_700_000_000_000 + number if column.name.endswith("_at") else number
    return row


def a_persons(table: str) -> set[str]:
    """Return the columns with a word for people, but those that are computed and those that lead to an employee."""
    columns = register.metadata.tables[table].columns
    of_staff = {column.name for column in columns for key in column.foreign_keys if key.column.table.name == "staff"}
    declared = register.of_table(table).items()
    return {name for name, each in declared if each.label and not each.derived} - of_staff
