"""An erasure that was begun and taken back is made by no restored copy; one that was made is.

Seen to fail: every line that was begun was carried out on a copy, whatever had become of it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Role
from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.services.erasure.ledger import Line
from staffdesk.services.erasure.replay import replay, run_due
from staffdesk.services.home import Home
from tests.databases import Place
from tests.services.contested_case import TO_PROVEN, case_at
from tests.services.erasures import NOW, TODAY, erased, ledger_of, planned, rows, somebody, storage_of
from tests.services.offices import PASSWORD, Office

PEOPLE = "SELECT count(*) FROM person"
WITHDRAWS = Answers(reason="He wrote that he stays our customer.")


def test_what_failed_and_was_withdrawn_is_made_by_no_copy(office: Office, place: Place, tmp_path: Path) -> None:
    it = case_at(office, tmp_path)
    number = it.asks(RequestType.ERASE, TO_PROVEN)
    it.make(number, "decide")
    it.make(number, "submit")
    it.workflow.make(it.approver, number, "approve", password=PASSWORD)
    home = Home.locate(tmp_path, {})
    storage = replace(storage_of(place, office.database, tmp_path), ledger_file=home.ledger_file)
    before = rows(place, PEOPLE)
    with place.owner() as owner:  # no letter names an employee, so that of the erasure cannot be written
        owner.exec_driver_sql("UPDATE staff SET full_name = 'Dear Sir' WHERE user_name = 'ron'")
        owner.commit()
    with pytest.raises(BadInput, match="no letter may"):
        it.make(number, "erase")
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff SET full_name = 'Ron' WHERE user_name = 'ron'")
        owner.commit()
    assert '"begun"' in home.ledger_file.read_text("ascii")
    assert ledger_of(storage).lines() == ()
    assert replay(storage, "2024-10", TODAY, NOW) == 0
    assert it.make(number, "withdraw", WITHDRAWS).progress.state is RequestState.WITHDRAWN
    assert rows(place, PEOPLE) == before


def test_what_was_killed_is_told_from_what_was_made_by_the_log(
    office: Office, database: Database, place: Place, tmp_path: Path
) -> None:
    him = somebody(database, office.hire("ines", Role.SUPPORT))
    storage = storage_of(place, database, tmp_path)
    ledger, decided = ledger_of(storage), planned(database, him.person, request=him.request)
    ledger.begin(Line(subject=him.aid, who=ledger.who(him.person), request=None, at=NOW))
    run_due(storage, "2024-10", TODAY, NOW)
    assert len(ledger.lines()) == 1, "a line of an older ledger does not say after which entry it was begun"
    with pytest.raises(ZeroDivisionError):
        erased(storage, decided, him.request, and_then=lambda: 1 // 0)
    (begun,) = ledger.lines()
    decided = planned(database, him.person, request=him.request)  # an entry where the erasure's would stand
    assert replay(storage, "2024-10", TODAY, NOW) == 0
    run_due(storage, "2024-10", TODAY, NOW)
    assert ledger.lines() == ()
    erased(storage, decided, him.request)
    assert ledger.lines()[0].after > begun.after
    run_due(storage, "2024-10", TODAY, NOW)
    assert ledger.lines()[0].done
