"""An import asks for what is held by an index: a batch that reads a whole table takes longer the more there is.

Seen to fail with the condition on many values compared with true, as a column of a select is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from staffdesk.data.customers import accounts, held, listed
from staffdesk.data.prepared import Prepared
from tests import databases

TOLD: Final = {"store": "a", "wanted": [1, 2], "name": "a"}


def test_no_look_up_of_an_import_reads_a_whole_table(tmp_path: Path) -> None:
    asked = 0
    with databases.fresh_sqlite(tmp_path).owner() as owner:
        for module in (accounts, listed, held):
            for name, statement in vars(module).items():
                if isinstance(statement, Prepared) and "wanted" in str(statement.statement):
                    asking, bound = statement._form(owner.dialect).bind(TOLD)
                    plan = [str(row[3]) for row in owner.exec_driver_sql(f"EXPLAIN QUERY PLAN {asking}", bound)]
                    assert not any(step.startswith("SCAN") for step in plan), f"{name}: {plan}"
                    asked += 1
    assert asked > 10
