"""From rows to cells: what of a record a role may see, driven by the register and the access matrix."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

from staffdesk.data import register
from staffdesk.data.customers.reading import LIMIT, Values
from staffdesk.data.references import SUBJECT_TABLES
from staffdesk.domain.access import Role, Standing
from staffdesk.domain.access_table import ReferenceKind
from staffdesk.domain.classes import Exposure, PrivacyClass, Whose
from staffdesk.domain.errors import NotFound
from staffdesk.domain.masking import mask_text
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.postal_codes import COUNTRY_OF, doubt
from staffdesk.domain.records import CONTESTED, Cell, Row
from staffdesk.services.clearance import Clearance
from staffdesk.services.held_rows import contested_in, reads_contested

LONGEST_NUMBER: Final = 19
_NOTHING: Final[frozenset[str]] = frozenset()
_UNCLASSED: Final = (Exposure.SHOWN, False, "")
_Column = tuple[str, str, PrivacyClass | None, Callable[[object], str], Exposure, bool, str]
"""What a column is called, its label and class, how its values read, and how much is seen: as in :class:`Cell`."""


class Cells:
    """Makes the cells of one record for one clearance."""

    def __init__(self, matrix: AccessMatrix, cleared: Clearance) -> None:
        """Decide by the role in force, the standing and the reference of ``cleared``."""
        if cleared.role is None or cleared.actor is None:
            raise NotFound("There is nothing to show.", "Open the record again.")
        self._matrix = matrix
        self._role: Role = cleared.role
        self._staff_id = cleared.actor.staff_id
        self._standing = cleared.standing or Standing.NONE
        self._kind = cleared.reference_kind
        self._glass = cleared.glass is not None
        # By the kind in force: the number of a case closed since is a reference no more.
        under_case = cleared.reference is not None and cleared.reference_kind is ReferenceKind.CASE
        self._case = cleared.reference.id if cleared.reference is not None and under_case else None
        self._own_cases: frozenset[object] = frozenset()
        self._settles = reads_contested(cleared)
        self._contested: Mapping[tuple[str, int], frozenset[str]] = {}
        self._seen: dict[tuple[PrivacyClass, bool], tuple[Exposure, bool, str]] = {}
        self._columns: dict[tuple[str, bool], Sequence[_Column]] = {}

    def sections(
        self, found: Mapping[str, tuple[Values, ...]], further: frozenset[int] = frozenset()
    ) -> tuple[dict[str, tuple[Row, ...]], tuple[str, ...]]:
        """Return the sections as the role may see them, and the names of those that hold more than were read.

        ``further`` are cases about the product in hand that stand behind what was read of the cases.
        """
        seen = {table: rows for table, rows in found.items() if self.sees(table)}
        self._own_cases = self._of_the_same_product(found.get("support_case", ())) | further
        self._contested = contested_in(found.get("field_status", ()))
        truncated = tuple(table for table, rows in seen.items() if len(rows) > LIMIT)
        return {table: tuple(self.row(table, row) for row in rows[:LIMIT]) for table, rows in seen.items()}, truncated

    def row(self, table: str, values: Values) -> Row:
        """Return one row's cells by column name."""
        own = self._is_own(table, values)
        number = int(values["id"])
        start = f"{table}:{number}:"
        cells: dict[str, Cell] = {}
        contested = self._contested.get((table, number), _NOTHING) if self._contested else _NOTHING
        for column, label, privacy_class, read, exposure, revealable, why in self._columns_of(table, own=own):
            value = values[column]
            text = value if value is None or type(value) is str else read(value)
            if column in contested:
                cells[column] = self._contested_cell(start + column, label, privacy_class, text)
                continue
            if privacy_class is None:
                cells[column] = Cell(start + column, label, text, held=text is not None)
                continue
            if text is not None and exposure is not Exposure.SHOWN:
                shown = mask_of(table, column)(text) if exposure is Exposure.MASKED else None
            else:
                shown = text
            held = text is not None and exposure is not Exposure.NONE
            cells[column] = Cell(
                start + column, label, shown, exposure, privacy_class, held, revealable and text is not None, why,
                doubt=doubt(values[COUNTRY_OF[column]], text) if held and column in COUNTRY_OF else "",
            )  # fmt: skip
        return Row(table, number, cells)

    def _contested_cell(self, key: str, label: str, privacy_class: PrivacyClass | None, text: str | None) -> Cell:
        """Return a field whose accuracy is contested: privacy alone reads what stands in it, until it is settled."""
        shown, exposure = (text, Exposure.SHOWN) if self._settles else (None, Exposure.MASKED)
        return Cell(key, label, shown, exposure, privacy_class, held=True, why=CONTESTED, contested=True)

    def sees(self, table: str) -> bool:
        """Say whether the role sees rows of a table at all."""
        return self._matrix.sees_rows(self._role, table, glass=self._glass)

    def exposure(self, privacy_class: PrivacyClass) -> Exposure:
        """Return how much of a class is seen."""
        return self._of_class(privacy_class, own=False)[0]

    def _columns_of(self, table: str, *, own: bool) -> Sequence[_Column]:
        """Return a table's columns with what is seen of each, decided once for all its rows."""
        known = self._columns.get((table, own))
        if known is None:
            known = self._columns[table, own] = [
                (*column, *(_UNCLASSED if (held := column[2]) is None else self._of_class(held, own=own)))
                for column in _plan(table)
            ]
        return known

    def _of_class(self, privacy_class: PrivacyClass, *, own: bool) -> tuple[Exposure, bool, str]:
        known = self._seen.get((privacy_class, own))
        if known is None:
            matrix, role, standing, kind = self._matrix, self._role, self._standing, self._kind
            glass = self._glass
            exposure = matrix.exposure(role, privacy_class, standing, kind, own=own, glass=glass)
            may = matrix.may_reveal(role, privacy_class, standing, kind, own=own, glass=glass)
            known = (
                exposure,
                exposure is Exposure.MASKED and may,
                "" if exposure is Exposure.SHOWN else matrix.missing(role, privacy_class, standing, kind, own=own),
            )
            self._seen[privacy_class, own] = known
        return known

    def _is_own(self, table: str, values: Values) -> bool:
        """Say whether a report is of a case of the product in hand, or a request was received by this very employee."""
        if table == "contact_report":
            return values["case_id"] in self._own_cases
        return table == "request" and values["received_by"] == self._staff_id

    def _of_the_same_product(self, cases: Sequence[Values]) -> frozenset[object]:
        """Return the numbers of the cases about what the case in hand is about, itself among them."""
        if self._case is None:
            return frozenset()
        products = {case["product_name"] for case in cases if case["id"] == self._case} - {None}
        return frozenset({self._case, *(case["id"] for case in cases if case["product_name"] in products)})


@cache
def mask_of(table: str, column: str) -> Callable[[str], str]:
    """Return the mask a column declares; one that declares none is masked whole."""
    return register.of_table(table)[column].mask or mask_text


@cache
def _plan(table: str) -> tuple[tuple[str, str, PrivacyClass | None, Callable[[object], str]], ...]:
    """Return what a table's columns are called, what they hold, and how their values read."""
    return tuple(
        (column, declaration.label, declaration.privacy_class, _moment if column.endswith("_at") else as_text)
        for column, declaration in register.shown(table).items()
    )


def as_text(value: object) -> str:
    """Return a stored value as people and programs read it: dates in ISO 8601, yes and no."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _moment(value: object) -> str:
    return iso(value) if isinstance(value, int) else str(value)


def iso(milliseconds: int) -> str:
    """Return UTC milliseconds as ``2026-11-22T10:00:00Z``."""
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_key(key: str) -> tuple[str, int, str, PrivacyClass]:
    """Take a cell's key apart; raises :class:`NotFound` for one that names no customer's value."""
    table, _, rest = key.partition(":")
    number, _, column = rest.partition(":")
    declaration = register.of_table(table).get(column) if table in SUBJECT_TABLES else None
    if (
        declaration is None
        or declaration.privacy_class is None
        or declaration.derived
        or declaration.whose is not Whose.CUSTOMER
        or not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER)
    ):
        raise NotFound("There is no such value.", "Its key is as person:12:city; show --json prints them all.")
    return table, int(number), column, declaration.privacy_class
