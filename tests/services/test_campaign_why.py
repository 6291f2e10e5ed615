"""Why somebody gets product news, as each role is told it, and how a service's own list differs from ours.

Seen to fail: with a role that is told nothing of news told all the same, with the evidence shown to support, with the
keyed hash of an erased address not asked, with who left there and not here taken for one who is missing, with all who
are missing on a short list named, and with no time left for the entry after a long comparison.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act, Purpose, RecordKind, Role
from staffdesk.domain.campaign import Drift, Told
from staffdesk.domain.errors import BadInput, Denied
from staffdesk.domain.masking import mask_email
from staffdesk.domain.measures import Measure
from staffdesk.domain.policy import matrix
from staffdesk.domain.requests import RequestChannel, RequestType
from staffdesk.parameters.shapes import sessions
from staffdesk.services.campaign.drifting import Compared, compare
from staffdesk.services.import_runs import RunsOfImports
from staffdesk.services.imports import Imports
from staffdesk.services.policy_evidence import PolicyEvidence
from staffdesk.services.recipients import given as told_outside
from tests import factories
from tests.databases import Place
from tests.services.campaigns import Newsroom, newsroom, subscribed
from tests.services.front import Front
from tests.services.offices import Office, entries
from tests.services.store_files import column, held

MAILCHIMP = '"Email Address","First Name","Last Name",OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED\n'


@pytest.fixture
def room(office: Office, tmp_path: Path) -> Newsroom:
    return newsroom(office, tmp_path)


def test_the_contact_the_ground_and_its_evidence_are_told_and_logged(room: Newsroom, place: Place) -> None:
    made = factories.customer(room.database)
    factories.put(room.database, subscribed(made.person))
    sale = replace(room.front.staff("sia", Role.SALES), purpose=Purpose.SALE, reference=made.order_number)
    told = room.campaign.why(sale, made.person)
    assert (told.eligible, told.event, told.against) == (True, "online store · 2026-01-15", ())
    assert told.basis.startswith("his consent")
    assert told.evidence == ("newsletter · since 2026-01-15 · the form on our site, 3 March 2026",)
    last = entries(place)[-1]
    assert (last.act, last.out, last.kinds, last.seq) == ("customer.opened", "ok", ("person", "news"), told.seq)
    assert told.given_on is None
    room.campaign.export(room.officer)
    assert room.campaign.why(sale, made.person).given_on is not None


def test_support_is_told_without_the_evidence_and_finance_nothing(room: Newsroom) -> None:
    made = factories.customer(room.database)
    factories.put(room.database, subscribed(made.person))
    support = replace(room.front.staff("ana", Role.SUPPORT), purpose=Purpose.SUPPORT, reference=made.order_number)
    told = room.campaign.why(support, made.person)
    assert told.eligible
    assert "form on our site" not in " ".join(told.evidence)
    finance = replace(room.front.staff("fia", Role.FINANCE), purpose=Purpose.LEGAL, reference=made.order_number)
    with pytest.raises(Denied, match="not told"):
        room.campaign.why(finance, made.person)


def test_a_list_of_theirs_is_held_against_ours_and_nothing_is_taken_in(
    room: Newsroom, place: Place, tmp_path: Path
) -> None:
    stays, gone = room.subscriber("stays@lund.example"), room.subscriber("gone@lund.example")
    missing, left_there = room.subscriber("missing@lund.example"), room.subscriber("left@lund.example")
    (never,) = factories.put(room.database, factories.person(email="never@lund.example"))
    erased = room.subscriber("erased@lund.example")
    stop = room.front.marketing.stop
    ana = room.front.staff("ana", Role.SUPPORT)
    stop(ana, gone)
    stop(ana, erased)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE suppression SET no_return = TRUE WHERE id = (SELECT max(id) FROM suppression)")
        for words in (
            "DELETE FROM recipient_task", "DELETE FROM request_move", "DELETE FROM request_letter",
            "DELETE FROM request_progress", "DELETE FROM request",
            f"DELETE FROM subscription WHERE person_id = {erased}", f"DELETE FROM person WHERE id = {erased}",
        ):  # fmt: skip
            owner.exec_driver_sql(words)
    theirs = tmp_path / "group.csv"
    rows = ("stays", "gone", "never", "erased+news", "nobody")
    theirs.write_text(
        "Email,First name,Transpond Status\n"
        + "".join(f"{name}@lund.example,,\n" for name in rows)
        + "left@lund.example,,UNSUBSCRIBED\nno address,,\n"
    )
    before = held(place)
    counted = room.campaign.drift(room.officer, [theirs])
    last = entries(place)[-1]
    assert (counted.counts[Drift.MISSING], len(counted.drifted), last.n, len(last.obj)) == (1, 5, 5, 3)
    found = room.campaign.drift(room.officer, [theirs], missing=True)
    assert counted.drifted == found.drifted[:-1]
    assert held(place) == before
    assert [(each.drift, each.customer, each.place) for each in found.drifted] == [
        (Drift.LEFT, gone, "group.csv line 3"), (Drift.ERASED, None, "group.csv line 5"),
        (Drift.UNKNOWN, None, "group.csv line 6"), (Drift.NOT_ELIGIBLE, never, "group.csv line 4"),
        (Drift.LEFT_THERE, left_there, "group.csv line 7"), (Drift.MISSING, missing, ""),
    ]  # fmt: skip
    assert (found.alike, found.read, len(found.refused)) == (1, 6, 1)
    assert found.drifted[0].address == mask_email("gone@lund.example") != "gone@lund.example"
    last = entries(place)[-1]
    assert (last.act, last.level, last.n, len(last.obj)) == ("campaign.compared", "listed", 6, 4)
    assert stays


def test_of_a_part_of_the_list_who_is_missing_is_counted_and_named_when_it_is_asked(
    room: Newsroom, place: Place, tmp_path: Path
) -> None:
    others = [room.subscriber(f"other{number}@lund.example") for number in range(3)]
    room.subscriber("mette@lund.example")
    theirs = tmp_path / "part.csv"
    theirs.write_text("Email,Transpond Status\nmette@lund.example,\nnobody@else.example,\n")
    found = room.campaign.drift(room.officer, [theirs])
    assert (found.partial, found.alike, dict(found.counts)) == (True, 1, {Drift.UNKNOWN: 1, Drift.MISSING: 3})
    assert [each.drift for each in found.drifted] == [Drift.UNKNOWN]
    last = entries(place)[-1]
    assert (last.n, last.obj, last.kinds) == (1, (), ("missing", "unknown"))
    named = room.campaign.drift(room.officer, [theirs], missing=True)
    assert [each.customer for each in named.drifted if each.drift is Drift.MISSING] == others
    assert (named.counts, len(entries(place)[-1].obj), entries(place)[-1].n) == (found.counts, 3, 4)
    theirs.write_text("Email,Transpond Status\n" + "".join(f"other{n}@lund.example,\n" for n in range(3)))
    whole = room.campaign.drift(room.officer, [theirs])
    assert (whole.partial, whole.missing) == (False, 1)


def test_a_comparison_that_takes_longer_than_a_look_is_logged_and_shown_all_the_same(
    room: Newsroom, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "part.csv"
    theirs.write_text("Email,Transpond Status\nnobody@else.example,\n")

    def slow(*given: object, **named: object) -> Compared:
        time.sleep(sessions().log.deadline_seconds + 0.1)
        return compare(*given, **named)  # type: ignore[arg-type] # what it was called with

    monkeypatch.setattr("staffdesk.services.campaign.service.compare", slow)
    assert dict(room.campaign.drift(room.officer, [theirs]).counts) == {Drift.UNKNOWN: 1}
    last = entries(place)[-1]
    assert (last.act, last.out, last.level) == ("campaign.compared", "ok", "listed")


def test_mailchimps_own_file_is_known_by_its_columns_and_another_file_is_refused(
    room: Newsroom, tmp_path: Path
) -> None:
    number = room.subscriber("mette@lund.example")
    theirs = tmp_path / "subscribed.csv"
    theirs.write_text(f"{MAILCHIMP}mette@lund.example,,,2024-01-10 10:00:00,2024-01-10 10:00:00,2024-01-10 10:00:00\n")
    found = room.campaign.drift(room.officer, [theirs])
    assert (found.alike, found.drifted) == (1, ())
    other = tmp_path / "orders.csv"
    other.write_text("Order,Total\nA-1,1.00\n")
    with pytest.raises(BadInput, match=r"orders\.csv.*names the columns") as caught:
        room.campaign.drift(room.officer, [other])
    assert (caught.value.sentence[-1], caught.value.hint) == (".", "Export the list anew.")
    assert "xport" not in caught.value.sentence, "there is one next step"
    with pytest.raises(BadInput, match="No file"):
        room.campaign.drift(room.officer, [])
    assert number


def test_the_record_and_the_art_19_tasks_name_the_service_though_one_export_is_one_record(
    room: Newsroom, place: Place
) -> None:
    made = factories.customer(room.database, email="info@nordlys.example")
    room.campaign.export(room.officer)
    asked = room.front.requests.receive(
        room.officer, kind=RequestType.ACCESS, channel=RequestChannel.EMAIL, customer=made.person
    )
    access = replace(room.officer, reference=asked.number)
    record = room.front.gateway.open(access, RecordKind.PERSON, made.person)
    (given,) = record.given
    assert (given.name, given.classes) == ("Transpond (MPZMail Limited, Manchester)", ("contact",))
    assert given.purposes == ("Sending product news to those who may get it",)
    assert column(place, "SELECT count(*) FROM disclosure") == [(0,)]
    assert column(place, "SELECT given, withdrawn FROM campaign_export") == [(1, 0)]
    with room.database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_OPENED))
    with room.database.read(ticket) as tx:
        assert set(told_outside(tx, made.person)) == {"CAMPAIGN_SERVICE"}


def test_who_left_by_a_list_counts_as_not_passed_on_until_he_is(room: Newsroom, place: Place) -> None:
    evidence = PolicyEvidence(room.office.door, matrix(), None, room.office.clock)
    ada = room.front.staff("ada", Role.ADMIN)

    def waiting() -> float | None:
        clauses = evidence.read(ada).clauses
        return next(
            figure.reading.value for each in clauses for figure in each.figures
            if figure.measure is Measure.STOPS_WAITING
        )  # fmt: skip

    by_list, by_request = room.subscriber("mette@lund.example"), room.subscriber("ada@smith.example")
    room.campaign.export(room.officer)
    assert waiting() == 0
    with place.owner() as owner:
        words = "UPDATE subscription SET status = 'unsubscribed', ended_on = '2026-10-01' WHERE person_id = "
        owner.exec_driver_sql(f"{words}{by_list}")
    room.front.marketing.stop(room.front.staff("ana", Role.SUPPORT), by_request)
    assert waiting() == 2
    assert room.campaign.export(room.officer).told == {Told.STOPPED: 1, Told.LEFT: 1}
    assert waiting() == 0


def test_an_import_is_undone_though_the_service_was_given_what_it_brought(
    room: Newsroom, place: Place, tmp_path: Path
) -> None:
    theirs = tmp_path / "group.csv"
    theirs.write_text("Email,Transpond Status\nmette@lund.example,\n")
    said = {"source": "STORE_ACCOUNT", "obtained": "2026-10-01", "evidence": "the campaign service's own export"}
    imports = Imports(room.office.door, Front(room.office).ledger)
    number = imports.run(room.officer, "transpond", [theirs], said=said).number
    room.campaign.export(room.officer)
    room.files()
    undone = RunsOfImports(room.office.door).undo(room.officer, number or 0)
    assert column(place, "SELECT count(*) FROM subscription") == [(0,)]
    assert [each.table for each in undone.stays] == ["person"]
    assert room.campaign.export(room.officer).told == {Told.PAUSED: 1}
