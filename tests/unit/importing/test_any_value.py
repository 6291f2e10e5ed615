"""Whatever stands in a cell or a field of any source's file, its record is read or refused with a reason foreseen.

Seen to fail: with a number of pieces that is taken without looking whether it is one.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.domain.manifest import Manifest
from staffdesk.domain.read_items import Imported, LeftOut, ReadItem, Refused, UnknownColumns
from staffdesk.services.importing import SOURCES, reader_of
from staffdesk.services.importing.profiles import profile
from tests.services.sample_exports import RECORDS
from tests.unit.importing.exported import Layout, spelt, tables
from tests.unit.importing.test_identity import EVERY, TOLD

Read = Callable[[str, str | bytes], list[ReadItem]]

HOSTILE = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="0123456789.,-+eE/: TZ", max_size=20),
    st.text(alphabet='[]{}":,|;\\ax=1\u202e\x1b\0', max_size=16),
    st.sampled_from(["NaN", "Infinity", "9" * 40, "1e999", "9999-12-31T23:59:59Z", "0000-00-00", "٣", "²", "=A1", "@"]),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | HOSTILE,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=5,
)


def foreseen(items: list[ReadItem]) -> None:
    for item in items:
        assert isinstance(item, Imported | Refused | LeftOut | UnknownColumns)
        assert not isinstance(item, Refused) or "not foreseen" not in item.reason


@pytest.mark.parametrize(("source", "name", "layout"), EVERY, ids=[", ".join(each) for each in EVERY])
@settings(max_examples=max(10, settings().max_examples // 3), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_cell_is_more_than_a_refusal(
    source: str, name: str, layout: Layout, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    known = profile(source)
    (table,) = [each for each in known.tables if each.name == name]
    rows = [dict(row) for row in data.draw(tables(known, table))]
    cells = [*table.packed] if layout is not Layout.ROWS else [each for each in table.columns if each != table.group_by]
    for row in rows:
        row.update(data.draw(st.dictionaries(st.sampled_from(cells), HOSTILE, max_size=4)))
    path = tmp_path_factory.getbasetemp() / f"any-{source}.csv"
    path.write_text(spelt(table, rows, layout), encoding="utf-8", errors="surrogatepass")
    foreseen(list(reader_of(source, Manifest(source=known.origins[0], **TOLD))(path)))  # type: ignore[arg-type] # of two kinds


@pytest.mark.parametrize("source", sorted(SOURCES))
@settings(suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_field_is_more_than_a_refusal(source: str, data: st.DataObject, read_text: Read) -> None:
    good = RECORDS[source]("1")
    inside = [name for name, value in good.items() if isinstance(value, dict)]
    values = data.draw(st.dictionaries(st.sampled_from(sorted(good)), ANYTHING, max_size=3))
    for name in data.draw(st.sets(st.sampled_from(inside))) - values.keys():
        below = good[name]
        assert isinstance(below, dict)
        values[name] = {**below, **data.draw(st.dictionaries(st.sampled_from(sorted(below)), ANYTHING, max_size=2))}
    foreseen(read_text(source, json.dumps([{**good, **values}])))
