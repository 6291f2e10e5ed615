"""An erasure that was begun and taken back is made by no restored copy; one that was made is.

Seen to fail: every line that was begun was carried out on a copy, whatever had become of it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.place import place as place_of
from staffdesk.domain.access import Act, Role
from staffdesk.domain.errors import BadInput, StorageUnavailable
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import RequestState, RequestType
from staffdesk.services.erasure.ledger import Line
from staffdesk.services.erasure.replay import replay, run_due
from staffdesk.services.erasure.replayed import check_replayed
from staffdesk.services.home import Home
from tests import databases
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


def test_what_stands_in_a_copy_since_it_was_put_back_voids_nothing(
    office: Office, database: Database, place: Place, tmp_path: Path
) -> None:
    """Seen to fail with the restore's entry counted."""
    him = somebody(database, office.hire("ines", Role.SUPPORT))
    storage = storage_of(place, database, tmp_path)
    decided = planned(database, him.person, request=him.request)
    with pytest.raises(ZeroDivisionError):
        erased(storage, decided, him.request, and_then=lambda: 1 // 0)
    ledger, (line,) = ledger_of(storage), ledger_of(storage).lines()
    with database.append() as tx:
        assert Log(tx, "2024-10").append(Event(act=Act.SYSTEM_RESTORED, kinds=("backup",))).seq == line.after + 1
    run_due(storage, "2024-10", TODAY, NOW)
    assert [each.done for each in ledger.lines()] == [False], "made or not, nobody can tell here"
    assert replay(storage, "2024-10", TODAY, NOW) == 1
    run_due(storage, "2024-10", TODAY, NOW)
    assert [each.done for each in ledger.lines()] == [True]
    assert rows(place, "SELECT count(*) FROM person") == [(1,)]


def test_on_a_server_that_is_surely_put_back_what_was_begun_counts_as_made(
    office: Office, database: Database, place: Place, tmp_path: Path
) -> None:
    """Seen to fail with what was begun left out wherever no restore says that it is a copy."""
    him = somebody(database, office.hire("ines", Role.SUPPORT))
    storage = storage_of(place, database, tmp_path)
    decided = planned(database, him.person, request=him.request)
    with pytest.raises(ZeroDivisionError):
        erased(storage, decided, him.request, and_then=lambda: 1 // 0)
    with place.owner() as owner:
        other = str(owner.exec_driver_sql("SELECT aid FROM person ORDER BY id DESC LIMIT 1").scalar_one())
    ledger, (line,) = ledger_of(storage), ledger_of(storage).lines()
    ledger.begin(replace(line, subject=other, after=line.after + 1, request=None))
    ledger.complete(other, line.after + 2, NOW)
    run_due(storage, "2024-10", TODAY, NOW)
    assert rows(place, PEOPLE) == [(0,)]
    assert [each.done for each in ledger.lines()] == [True, True]


@pytest.mark.parametrize("home_kind", ["postgres"])
def test_a_dump_taken_while_it_was_under_way_voids_nothing_once_it_is_put_back(
    office: Office, database: Database, place: Place, tmp_path: Path
) -> None:
    """The server's own tools write no entry that says so. Seen to fail with the place left out: the line was void."""
    him = somebody(database, office.hire("ines", Role.SUPPORT))
    storage = storage_of(place, database, tmp_path)
    decided = planned(database, him.person, request=him.request)
    with pytest.raises(ZeroDivisionError):  # what a dump of this moment holds: nothing of the erasure
        erased(storage, decided, him.request, and_then=lambda: 1 // 0)
    ledger, (line,) = ledger_of(storage), ledger_of(storage).lines()
    assert line.place
    ledger.begin(replace(line, place=f"{line.place}0"))  # where it was begun, and made
    with database.append() as tx:
        assert Log(tx, "2024-10").append(Event(act=Act.SESSION_SIGNED_IN)).seq == line.after + 1
    with pytest.raises(StorageUnavailable, match="somebody who was erased would be shown"):
        check_replayed(database, storage.ledger_file, storage.secret)
    run_due(storage, "2024-10", TODAY, NOW)
    assert [each.done for each in ledger.lines()] == [True]
    assert rows(place, PEOPLE) == [(1,)]
    check_replayed(database, storage.ledger_file, storage.secret)


def test_a_database_made_anew_on_a_server_is_another_place(place: Place, database: Database) -> None:
    def here(there: Database) -> str:
        with there.append() as tx:
            return place_of(tx)

    again = place.open()
    assert here(database) == here(again)
    again.close()
    if place.url is None:
        assert here(database) == ""
        return
    before = here(database)
    with databases.fresh_postgres() as other:
        elsewhere = other.open()
        assert here(elsewhere) != before
        elsewhere.close()
    with place.owner() as owner:  # as a dump that is read back into the same database makes it
        owner.exec_driver_sql("ALTER TABLE entry RENAME TO before")
        owner.exec_driver_sql("CREATE TABLE entry (LIKE before)")
        owner.exec_driver_sql("DROP TABLE before CASCADE")
        owner.exec_driver_sql("GRANT SELECT ON entry TO PUBLIC")
    assert here(database) != before
