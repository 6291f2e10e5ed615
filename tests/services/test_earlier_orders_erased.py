"""What an order said before an import changed it goes with its person, also where a law keeps the order itself.

Seen to fail: with the table said to be anonymised.
"""

from __future__ import annotations

import json
from pathlib import Path

from staffdesk.data.database import Database
from staffdesk.data.tables.sharing import ImportRun, OrderBefore
from staffdesk.domain.access import Role
from staffdesk.services.erasure.due import finish
from tests import factories
from tests.databases import Place
from tests.services.erasures import NOW, TODAY, erased, planned, rows, somebody, storage_of
from tests.services.offices import Office


def test_nothing_of_it_is_left(place: Place, database: Database, office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    storage, staff = storage_of(place, database, folder), office.hire("ana", Role.SUPPORT)
    him = somebody(database, staff)
    run = ImportRun.checked({"store": "fastspring", "digest": "x", "started_at": 1, "staff_id": staff})
    (number,) = factories.put(database, run)
    was = {"shipment": [{"recipient_name": "Xylorimba Quetzalbrot", "street": "Silberdistelweg 17"}]}
    for order in (him.old_order, him.new_order):
        factories.put(
            database,
            OrderBefore.checked({"import_id": number, "order_id": order, "content": json.dumps(was)}),
        )
    erased(storage, planned(database, him.person, request=him.request), him.request)
    done = finish(storage, "2024-10", TODAY, NOW)
    assert rows(place, f"SELECT count(*) FROM sales_order WHERE id = {him.new_order}") == [(1,)], "a law keeps it"
    assert rows(place, "SELECT count(*) FROM order_before") == [(0,)]
    assert [found.left for found in done.swept] == [{}]
