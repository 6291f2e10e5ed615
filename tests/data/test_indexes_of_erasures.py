"""An erasure finds what hangs on the rows it deletes; seen to fail without the index of disclosures by order."""

from __future__ import annotations

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.domain.classes import Erasure


def test_what_hangs_on_a_row_that_an_erasure_deletes_is_found_by_an_index() -> None:
    """Without one each row that goes is looked for among all there are, and an erasure does not end."""
    for table in register.metadata.sorted_tables:
        led = {next(iter(each.columns)).name for each in (*table.indexes, *_unique(table))}
        for key in table.foreign_keys:
            target = key.column.table.name
            if register.paths_to_person().get(target) is not None and register.erasure_of(target) is Erasure.ERASE:
                assert key.parent.name in led, f"{table.name}.{key.parent.name}"


def _unique(table: sa.Table) -> list[sa.UniqueConstraint | sa.PrimaryKeyConstraint]:
    kinds = (sa.UniqueConstraint, sa.PrimaryKeyConstraint)
    return [each for each in table.constraints if isinstance(each, kinds) and len(each.columns)]


def test_every_number_of_another_row_is_watched_by_a_key_or_forgotten_with_the_row() -> None:
    numbers = {
        f"{table.name}.{column.name}"
        for table in register.metadata.sorted_tables
        for column in table.c
        if column.name.endswith("_id") and isinstance(column.type, sa.Integer | sa.BigInteger)
        if not column.foreign_keys
    }
    forgotten = {f"{table.name}.record_id" for table in register.by_bare_number()}
    stay = {"hold.request_id", "destruction.request_id", "break_glass.organisation_id"}
    of_no_person = {each for each in numbers if each.endswith((".partner_id", "import_id", ".before_id"))}
    assert numbers - of_no_person == forgotten | stay
    for table in ("request", "organisation"):
        assert register.erasure_of(table) is Erasure.ANONYMISE, "its rows keep their numbers"
