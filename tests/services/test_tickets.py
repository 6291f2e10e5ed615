"""A support service's tickets become cases, with every message a report; the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.domain.access import Basis, RecordKind, Role, Standing
from staffdesk.services.import_runs import RunsOfImports
from staffdesk.services.importing.report import ImportReport
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office
from tests.services.store_files import column, held, seller
from tests.services.ticket_files import (
    CASES,
    REPORTS,
    comment,
    conversation,
    file_of,
    freshdesk,
    real_tickets,
    taken_in,
    zendesk,
)

CARD = "4111 1111 1111 1111"


def figures(report: ImportReport) -> tuple[object, ...]:
    return (
        report.read, report.of("people"), report.of("cases"), report.of("reports"), dict(report.left_out),
        dict(report.dropped), [each.place for each in report.refused],
    )  # fmt: skip


def test_a_ticket_is_a_case_that_a_colleague_did_not_make(office: Office, place: Place, tmp_path: Path) -> None:
    access = seller(office)
    anna = office.hire("anna", Role.SUPPORT)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff SET email = 'Anna@House.example' WHERE user_name = 'anna'")
        owner.commit()
    ticket = freshdesk(
        12, status=5, responder_id=5, stats={"closed_at": "2026-09-20T10:00:00Z"}, cc_emails=["boss@lund.example"],
        company={"id": 3, "name": "Lund ApS"}, attachments=[{"id": 1, "name": "a.log"}, {"id": 2, "name": "b.log"}],
        custom_fields={"cf_product": "MovieRecorder 4", "cf_resolution": "Version 4.8 has it mended.", "cf_mood": "x"},
        conversations=[
            conversation(1), conversation(2, incoming=True, user_id=77, body_text=None, body="<p>4.7,<br>on a Mac</p>"),
            conversation(3, private=True, source=2, body_text="Known, see 4.8."),
        ],
    )  # fmt: skip
    agents = [{"id": 5, "ticket_scope": 1, "contact": {"name": "Anna", "email": "anna@house.example"}}]
    files = file_of(tmp_path, [ticket]), file_of(tmp_path, agents, "agents.json")
    dry = taken_in(office, access, *files, dry_run=True)
    assert column(place, CASES) == []
    report = taken_in(office, access, *files)
    assert figures(report) == figures(dry)
    assert report.of("cases")["new"] == 1
    assert report.of("reports")["new"] == 4
    assert report.of("people")["new"] == 1
    assert (report.dropped["attachment"], report.dropped["in copy"]) == (2, 1)
    ((desk, number, origin, channel, summary, product, resolution, is_open, name, email),) = column(place, CASES)
    assert (desk, number, origin, channel, summary) == ("freshdesk", "12", "ticket", "email", "Playout stops")
    assert (product, resolution) == ("MovieRecorder 4", "Version 4.8 has it mended.")
    assert (bool(is_open), name, email) == (False, "Mette Lund", "mette@lund.example")
    assert column(place, REPORTS) == [
        ("email", "Customer wrote: Playout stops", "It stops after an hour.\n\n(2 attachments not taken in.)", "first"),
        ("email", "We answered: Playout stops", "Which version is it?", "1"),
        ("email", "Customer wrote: Playout stops", "4.7,\non a Mac", "2"),
        ("note", "Note among us: Playout stops", "Known, see 4.8.", "3"),
    ]
    assert column(place, "SELECT opened_by FROM support_case") == [(anna,)]
    assert column(place, "SELECT count(*) FROM contact_report WHERE author_id IS NOT NULL") == [(2,)]
    assert column(place, "SELECT source, is_customer FROM person") in ([("SUPPORT", False)], [("SUPPORT", 0)])
    before = held(place)
    again = taken_in(office, access, *files)
    assert (again.of("cases"), again.of("reports")) == (
        {"new": 0, "changed": 0, "unchanged": 1}, {"new": 0, "changed": 0, "unchanged": 4},
    )  # fmt: skip
    assert held(place) == before


def test_zendesk_says_the_same_side_loaded_or_one_to_a_line(office: Office, place: Place, tmp_path: Path) -> None:
    access = seller(office)
    users = [
        {"id": 77, "name": "Mette Lund", "email": "mette@lund.example", "role": "end-user", "organization_id": 3},
        {"id": 5, "name": "Anna", "email": "anna@house.example", "role": "agent"},
    ]
    fields = [{"id": 9, "type": "text", "title": "Product"}]
    comments = [
        comment(101, 77, "It stops after an hour.", 14), comment(102, 5, "Which version?", 15),
        comment(103, 5, "Known.", 16, public=False), comment(104, 8, "Me too.", 17),
    ]  # fmt: skip
    ticket = zendesk(
        12, status="solved", comments=comments, custom_fields=[{"id": 9, "value": "MovieRecorder 4"}],
        metric_set={"solved_at": "2026-09-20T10:00:00Z"},
    )  # fmt: skip
    document = {
        "tickets": [ticket, zendesk(13, status="deleted"), zendesk(14, requester_id=5)],
        "users": users, "organizations": [{"id": 3, "name": "Lund ApS", "domain_names": []}], "ticket_fields": fields,
        "count": 3,
    }  # fmt: skip
    report = taken_in(office, access, file_of(tmp_path, document), source="zendesk")
    assert report.refused == []
    assert dict(report.left_out) == {"deleted": 1, "asked by one of us": 1}
    assert column(place, REPORTS) == [
        ("email", "Customer wrote: Playout stops", "It stops after an hour.", "first"),
        ("email", "We answered: Playout stops", "Which version?", "102"),
        ("note", "Note among us: Playout stops", "Known.", "103"),
        ("email", "Message: Playout stops", "Me too.", "104"),
    ]
    ((_, _, _, _, _, product, _, is_open, name, _),) = column(place, CASES)
    assert (product, bool(is_open), name) == ("MovieRecorder 4", False, "Mette Lund")
    assert column(place, "SELECT name FROM organisation") == [("Lund ApS",)]
    before = held(place)
    lines, people = tmp_path / "export.json", tmp_path / "users.json"
    lines.write_text("\n".join(file_of(tmp_path, each, "x").read_text("utf-8") for each in (ticket, ticket)), "utf-8")
    people.write_text("\n".join(file_of(tmp_path, each, "x").read_text("utf-8") for each in users), "utf-8")
    assert taken_in(office, access, lines, people, source="zendesk").of("cases")["unchanged"] == 2
    alone = {"ticket": ticket, "users": users}
    assert taken_in(office, access, file_of(tmp_path, alone), source="zendesk").of("reports")["unchanged"] == 4
    assert held(place) == before


def test_what_must_not_be_held_is_left_out_and_the_rest_is_taken_in(
    office: Office, place: Place, tmp_path: Path
) -> None:
    ticket = freshdesk(
        12, subject=f"My card {CARD}", description_text="Please help.",
        conversations=[
            conversation(1, incoming=True, body_text=f"It is {CARD}."),
            conversation(2, body_text="He has diabetes and cannot call."), conversation(3),
        ],
    )  # fmt: skip
    report = taken_in(office, seller(office), file_of(tmp_path, [ticket]))
    assert (report.of("cases")["new"], report.of("reports")["new"], report.left_out["text"]) == (1, 4, 3)
    assert [each.place.position for each in report.texts_left_out] == [
        "ticket 12, subject", "ticket 12, message 1", "ticket 12, message 2",
    ]  # fmt: skip
    assert not any("4111" in each.why or "diabetes" in each.why for each in report.texts_left_out)
    everything = str(held(place))
    assert "4111" not in everything
    assert "diabetes" not in everything
    bodies = [row[2] for row in column(place, REPORTS)]
    missing = "(The text was not taken in: it holds what must not be held here.)"
    assert sorted(map(str, bodies)) == sorted(["Please help.", missing, missing, "Which version is it?"])


def test_spam_deleted_and_our_own_tickets_are_counted_and_nobody_is_made_of_them(
    office: Office, place: Place, tmp_path: Path
) -> None:
    us = {"id": 5, "name": "Anna", "email": "anna@house.example", "helpdesk_agent": True}
    tickets = [
        freshdesk(1, spam=True), freshdesk(2, deleted=True), freshdesk(3, requester_id=5), us,
        freshdesk(4, status=5, created_at="2019-01-01T10:00:00Z", updated_at="2019-02-01T10:00:00Z"),
    ]  # fmt: skip
    report = taken_in(office, seller(office), file_of(tmp_path, tickets))
    assert dict(report.left_out) == {"spam": 1, "deleted": 1, "asked by one of us": 1, "past its time": 1}
    assert (report.refused, column(place, "SELECT count(*) FROM person")) == ([], [(0,)])


def test_who_is_on_file_is_found_by_his_address_and_name_whatever_way_he_came(
    office: Office, place: Place, tmp_path: Path
) -> None:
    from tests import factories  # noqa: PLC0415 - this test alone

    known = factories.person(given_name="Mette", family_name="Lund", email="Mette@Lund.example", store="fastspring")
    (mette,) = factories.put(office.database, known)
    plain = freshdesk(13, requester={"id": 78, "name": "mette", "email": "mette@lund.example"}, requester_id=78)
    other = freshdesk(14, requester={"id": 79, "name": "Ole Lund", "email": "mette@lund.example"}, requester_id=79)
    taken_in(office, seller(office), file_of(tmp_path, [freshdesk(12), plain, other]))
    owners = [row[0] for row in column(place, "SELECT person_id FROM support_case ORDER BY ticket")]
    assert owners[:2] == [mette, mette]
    assert owners[2] != mette
    assert column(place, f"SELECT store, account_id FROM person WHERE id = {mette}") == [
        ("fastspring", known.account_id)
    ]


def test_a_later_export_closes_a_case_and_opens_none_again(office: Office, place: Place, tmp_path: Path) -> None:
    access = seller(office)
    opened = file_of(tmp_path, [freshdesk(12)], "opened.json")
    closed = freshdesk(12, status=4, updated_at="2026-09-20T10:00:00Z", custom_fields={"cf_product": "MovieRecorder 4"})
    assert taken_in(office, access, opened).of("cases")["new"] == 1
    later = taken_in(office, access, file_of(tmp_path, [closed]))
    assert (later.of("cases")["changed"], later.of("reports")["unchanged"]) == (1, 1)
    ((_, _, _, _, _, product, _, is_open, _, _),) = column(place, CASES)
    assert (product, bool(is_open)) == ("MovieRecorder 4", False)
    before = held(place)
    assert taken_in(office, access, opened).of("cases")["unchanged"] == 1
    assert held(place) == before


def test_a_message_alone_is_joined_to_its_ticket_and_another_tickets_number_is_refused(
    office: Office, place: Place, tmp_path: Path
) -> None:
    access = seller(office)
    tickets = file_of(tmp_path, [freshdesk(12)])
    notes = file_of(tmp_path, [conversation(1), conversation(2, ticket_id=99)], "notes.json")
    report = taken_in(office, access, tickets, notes)
    assert [each.place.position for each in report.refused] == ["ticket 99"]
    assert report.of("reports")["new"] == 2
    stranger = file_of(tmp_path, [freshdesk(12, created_at="2025-09-14T10:00:00Z"), freshdesk(13, requester=None)])
    report = taken_in(office, access, stranger)
    assert [each.reason.split(".")[0] for each in report.refused] == [
        "A ticket of another time holds this number", "Its requester is not told",
    ]  # fmt: skip
    assert column(place, "SELECT count(*) FROM support_case") == [(1,)]


def test_the_case_is_found_by_the_tickets_number_and_is_corroborated(office: Office, tmp_path: Path) -> None:
    taken_in(office, seller(office), file_of(tmp_path, [freshdesk(12, conversations=[conversation(1)])]))
    front = Front(office)
    ana = front.staff("ana", Role.SUPPORT)
    for typed in ("ticket 12", "Ticket #12", "12"):
        (hit,) = front.gateway.search(ana, typed).hits
        assert (hit.kind, hit.found_by, hit.state) == (RecordKind.CASE, "ticket", "open")
    opened = front.gateway.open(replace(ana, reference=hit.title), RecordKind.CASE, hit.id)
    assert (opened.standing, opened.basis) == (Standing.VERIFIED, Basis.TICKET)
    assert [row.text("topic") for row in opened.rows("contact_report")] == [
        "We answered: Playout stops", "Customer wrote: Playout stops",
    ]  # fmt: skip
    assert opened.rows("support_case")[0].text("ticket") == "12"


def test_undoing_takes_the_cases_away_but_for_what_came_of_them(office: Office, place: Place, tmp_path: Path) -> None:
    access = seller(office)
    before = {name: rows for name, rows in held(place).items() if name in {"person", "contact_report", "support_case"}}
    report = taken_in(office, access, file_of(tmp_path, [freshdesk(12), freshdesk(13)]))
    with place.owner() as owner:
        owner.exec_driver_sql(f"UPDATE support_case SET closed_at = {2**41} WHERE ticket = '13'")
        owner.commit()
    undone = RunsOfImports(office.door).undo(access, report.number or 0)
    assert [(each.table, each.reason.split(",")[0]) for each in undone.stays] == [
        ("support_case", "was set right"), ("person", "something that this import did not bring belongs to it"),
    ]  # fmt: skip
    assert undone.removed["support_case"] == 1
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE support_case SET closed_at = NULL")
        owner.commit()
    RunsOfImports(office.door).undo(access, report.number or 0)
    assert {name: rows for name, rows in held(place).items() if name in before} == before


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v1", {"read": 2, "cases": 1, "reports": 2, "refused": 3}),
        ("v2", {"read": 9, "cases": 1, "reports": 3, "refused": 3}),
    ],
)
def test_the_real_files_come_in_as_counted(
    version: str, expected: dict[str, int], office: Office, place: Place
) -> None:
    """Of version 1 three time entries are refused. All tickets have the number 1, so those of another time are."""
    files = [each for each in real_tickets() if each.stem.startswith(version)]
    access = seller(office)
    report = taken_in(office, access, *files)
    new = {kind: report.of(kind)["new"] for kind in ("cases", "reports")}
    assert {"read": report.read, **new, "refused": len(report.refused)} == expected
    before = held(place)
    assert taken_in(office, access, *files).of("reports")["new"] == 0
    assert held(place) == before
