"""What a desk sets otherwise: whether a card is demanded, by privacy alone; who stands in for the officer, by an admin.

Seen to fail: with the statement that writes not asking who may, with verifying otherwise open whatever is set, with a
deputy told though an officer is there, and with every copy of a card called deleted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from staffdesk.data.deciding import Deciding
from staffdesk.data.local_settings import SettingChanges
from staffdesk.domain.access import Access, Purpose, Role
from staffdesk.domain.errors import BadInput, Conflict, Denied, NotFound
from staffdesk.domain.request_moves import Identity
from staffdesk.domain.request_work import Answers
from staffdesk.domain.requests import FrontOfCard, RequestChannel, RequestState, RequestType, rules
from staffdesk.services.letters.language import Language
from staffdesk.services.letters.language import day as said
from staffdesk.services.local_settings import DeskSettings
from staffdesk.services.sessions import day_in_brussels
from tests import factories
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import Office, entries
from tests.services.workflows import due_of, workflow_of

WHY = "The authority finds the copy of a card disproportionate."
BY_PHONE = Answers(method="call_back")


@pytest.fixture
def settings(office: Office) -> DeskSettings:
    return DeskSettings(office.door, clock=office.clock)


@pytest.fixture
def pia(office: Office) -> Access:
    return replace(Front(office).staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)


def acknowledged(office: Office, folder: Path, by: Access, kind: RequestType = RequestType.ACCESS) -> str:
    made = factories.customer(office.database)
    number = Front(office).requests.receive(by, kind=kind, channel=RequestChannel.EMAIL, customer=made.person).number
    workflow_of(office, folder).make(by, number, "acknowledge")
    return number


def test_privacy_alone_and_with_a_reason_lets_the_card_go_and_the_log_says_so(
    office: Office, settings: DeskSettings, pia: Access, place: Place
) -> None:
    assert settings.card_rule(pia).value is FrontOfCard.MANDATORY
    assert settings.card_rule(pia).changed is None
    for role in (Role.ADMIN, Role.APPROVER, Role.SUPPORT):
        with pytest.raises(Denied):
            settings.demand_card(office.access(_hired(office, role)), FrontOfCard.OTHERWISE, WHY)
    with pytest.raises(BadInput, match="A reason has at least"):
        settings.demand_card(pia, FrontOfCard.OTHERWISE, "because")
    rule = settings.demand_card(pia, FrontOfCard.OTHERWISE, WHY)
    assert rule.changed is not None
    assert (rule.value, rule.changed.by, rule.changed.reason) == (FrontOfCard.OTHERWISE, "pia", WHY)
    with pytest.raises(Conflict, match="so already"):
        settings.demand_card(pia, FrontOfCard.OTHERWISE, WHY)
    changed = [core for core in entries(place) if (core.act, core.out) == ("request.rule", "ok")]
    assert [(core.kinds, core.n, len(core.sec)) for core in changed] == [(("front_of_card", "otherwise"), 1, 1)]
    for_support = settings.card_rule(office.access(_hired(office, Role.SALES))).changed
    assert for_support is not None
    assert (for_support.by, for_support.reason) == ("", "")


def test_who_loses_the_role_meanwhile_changes_no_setting(
    office: Office, settings: DeskSettings, pia: Access, place: Place
) -> None:
    with place.owner() as owner:
        (who,) = owner.exec_driver_sql(f"SELECT staff_id FROM session WHERE sid = '{pia.session}'").one()
        owner.exec_driver_sql("DELETE FROM staff_role")
    with pytest.raises(Denied):
        settings.demand_card(pia, FrontOfCard.OTHERWISE, WHY)
    now = office.clock()
    by = Deciding(who, pia.session, Role.PRIVACY, now, day_in_brussels(now))
    with office.database.append() as tx:
        assert SettingChanges(tx).demand_card(FrontOfCard.OTHERWISE, WHY, by) == 0, (
            "whoever asked in time to write late"
        )
    with place.owner() as owner:
        assert owner.exec_driver_sql("SELECT count(*) FROM local_setting").scalar_one() == 0


def test_without_a_card_he_is_verified_in_a_recorded_way_and_stays_verified(
    office: Office, settings: DeskSettings, pia: Access, place: Place, tmp_path: Path
) -> None:
    workflow, number = workflow_of(office, tmp_path), acknowledged(office, tmp_path, pia)
    with pytest.raises(Conflict, match="The front of the card is mandatory"):
        workflow.make(pia, number, "verify_otherwise", BY_PHONE)
    settings.demand_card(pia, FrontOfCard.OTHERWISE, WHY)
    with pytest.raises(BadInput, match="In no such way"):
        workflow.make(pia, number, "verify_otherwise", Answers(method="he sounded honest"))
    known = workflow.make(pia, number, "verify_otherwise", BY_PHONE).progress
    assert (known.state, known.identity, known.proof_kind) == (
        RequestState.ASSESSMENT, Identity.VERIFIED, "call_back",
    )  # fmt: skip
    assert not known.copy_there
    kinds = [core.kinds for core in entries(place) if core.out == "ok" and "verify_otherwise" in core.kinds]
    assert kinds == [("request", "access", "verify_otherwise", "assessment", "call_back")]
    settings.demand_card(pia, FrontOfCard.MANDATORY, "The house wants what its policy says again.")
    other = acknowledged(office, tmp_path, pia)
    with pytest.raises(Conflict, match="The front of the card is mandatory"):
        workflow.make(pia, other, "verify_otherwise", BY_PHONE)


def test_a_copy_that_was_not_enough_is_named_until_the_officer_says_that_it_is_deleted(
    office: Office, pia: Access, place: Place, tmp_path: Path
) -> None:
    workflow, number = workflow_of(office, tmp_path), acknowledged(office, tmp_path, pia)
    due = due_of(office, tmp_path, place)
    unclear = Answers(reason="The name cannot be read.")
    workflow.make(pia, number, "ask_identity", Answers(reason="Two people of this name write to us."))
    workflow.make(pia, number, "proof_arrived", Answers(document="passport"))
    assert workflow.make(pia, number, "proof_insufficient", unclear).progress.copy_there
    office.clock.forward(days=6)
    workflow.make(pia, number, "proof_arrived", Answers(document="passport"))
    assert due.run().copies == []
    office.clock.forward(days=2)
    assert due.run().copies == [number], "the first copy lies there for eight days"
    workflow.make(pia, number, "proof_insufficient", replace(unclear, copy_deleted=True))
    assert due.run().copies == []
    with pytest.raises(Conflict, match="confirmed as deleted already"):
        workflow.make(pia, number, "copy_deleted")


@pytest.mark.parametrize(
    ("kind", "name"), [(RequestType.ACCESS, "ask_identity"), (RequestType.OBJECT, "no_identity_needed")]
)
def test_a_card_that_came_with_the_request_is_named_whatever_is_made_of_it(
    office: Office, pia: Access, place: Place, tmp_path: Path, kind: RequestType, name: str
) -> None:
    workflow, requests = workflow_of(office, tmp_path), Front(office).requests
    number = requests.receive(
        pia, kind=kind, channel=RequestChannel.EMAIL, customer=factories.customer(office.database).person,
        proof_came_along=True,
    ).number  # fmt: skip
    workflow.make(pia, number, "acknowledge")
    workflow.make(pia, number, name, Answers(reason="Nothing on the card he sent can be read."))
    office.clock.forward(days=8)
    assert due_of(office, tmp_path, place).run().copies == [number]
    (listed,) = requests.open_requests(pia)
    assert listed.copy_there is (kind is RequestType.OBJECT), "one that may still be looked at is not pressed for"
    assert not workflow.make(pia, number, "copy_deleted").progress.copy_there
    assert due_of(office, tmp_path, place).run().copies == []


def test_a_letter_says_that_the_copy_is_deleted_only_once_the_officer_said_so(
    office: Office, pia: Access, tmp_path: Path
) -> None:
    workflow, number = workflow_of(office, tmp_path), acknowledged(office, tmp_path, pia)
    unclear = Answers(reason="The name cannot be read.")
    soon = "deleted by {} at the latest"

    def told(move: str, answers: Answers | None = None) -> str:
        drafted = workflow.draft(pia, number, move, answers)
        assert drafted is not None
        return " ".join(drafted.written.text.split())

    assert "proof of identity" not in told("withdraw", unclear), "none ever came"
    workflow.make(pia, number, "ask_identity", Answers(reason="Two people of this name write to us."))
    workflow.make(pia, number, "proof_arrived", Answers(document="passport"))
    day = day_in_brussels(office.clock()) + dt.timedelta(days=rules().periods.copy_days)
    office.clock.forward(days=3)  # it is counted from the day on which the copy came
    assert f"What had reached us as proof of identity will be {soon.format(said(day, Language.EN))}" in told(
        "withdraw", unclear
    )
    assert "We have deleted what was not sufficient" in told("proof_insufficient", replace(unclear, copy_deleted=True))
    assert "We have deleted" not in told("proof_insufficient", unclear)
    workflow.make(pia, number, "proof_insufficient", unclear)
    office.clock.forward(days=25)
    day = day_in_brussels(office.clock())
    assert f"Whatever reached us as proof of identity will be {soon.format(said(day, Language.EN))}" in told("lapse")
    workflow.make(pia, number, "copy_deleted")
    assert "Whatever reached us as proof of identity has been deleted." in told("lapse")


def test_an_admin_names_a_deputy_who_is_told_of_due_dates_while_no_officer_is_there(
    office: Office, settings: DeskSettings, pia: Access, place: Place, tmp_path: Path
) -> None:
    number = acknowledged(office, tmp_path, pia)
    adam = office.access(_hired(office, Role.ADMIN))
    office.hire("tom", Role.SALES)
    office.hire("gone", Role.SALES, in_force=False)
    for name, error in (("gone", BadInput), ("pia", BadInput), ("nobody", NotFound)):
        with pytest.raises(error):
            settings.name_deputy(adam, name)
    with pytest.raises(Denied):
        settings.name_deputy(pia, "tom")
    settings.name_deputy(adam, "tom")
    due = due_of(office, tmp_path, place)
    assert (due.run().watch.officer, due.run().watch.stands_in) == (True, None)
    assert number not in " ".join(office.come_in("tom").notices)
    office.clock.forward(days=25)
    report = due.run()
    assert not report.watch.officer
    assert report.watch.stands_in is not None
    assert report.watch.stands_in.user_name == "tom"
    (told,) = [each for each in office.come_in("tom").notices if number in each]
    assert "you stand in" in told
    assert "(due in " in told
    office.come_in("pia")
    assert number not in " ".join(office.come_in("tom").notices)
    with place.owner() as owner:
        owner.exec_driver_sql("UPDATE staff SET disabled_at = 1 WHERE user_name IN ('pia', 'tom')")
    assert (due.run().watch.officer, due.run().watch.stands_in) == (False, None)
    named = [core for core in entries(place) if (core.act, core.out) == ("staff.deputy", "ok")]
    assert [(core.kinds, len(core.obj)) for core in named] == [(("deputy", "named"), 1)]


def _hired(office: Office, role: Role) -> str:
    office.hire(role.value, role)
    return role.value
