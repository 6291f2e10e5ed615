"""What was said last of an address stands, in whatever order it comes: only a later opt-in undoes that somebody left.

Seen to fail: with the day a list was obtained counting as an opt-in, with any leaving that is known counting as the
last one, with the time of an objection not noted where the address had been left before, with the time of an opt-in not
noted, with a restored copy that knows the address leaving it as it is, with a later opt-in of who is on the list not
noted, and with the first or the last of one batch noted instead of the latest.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from staffdesk.domain.access import Purpose, Role
from staffdesk.domain.policy import matrix
from staffdesk.services.backups import restore
from staffdesk.services.merging import Merging
from staffdesk.services.opening_homes import open_desk
from tests import factories
from tests.databases import Place
from tests.services.campaigns import Newsroom, newsroom
from tests.services.kept import PASSPHRASE, home_in, kept_in, place_of
from tests.services.lists import table, taken
from tests.services.offices import Office
from tests.services.store_files import column, held
from tests.services.test_imports_again import small_batches

A, B = "mette@one.example", "mette@two.example"
SAID: Final = {"source": "STORE_ACCOUNT", "evidence": "the service's export", "obtained": "2026-11-01"}
ACTIVE: Final = ("Email Address", "First Name", "Last Name", "OPTIN_TIME", "LAST_CHANGED")
LEFT: Final = ("Email Address", "UNSUB_TIME")


@pytest.fixture
def room(office: Office, tmp_path: Path) -> Newsroom:
    return newsroom(office, tmp_path)


def _opted_in(room: Newsroom, folder: Path, email: str, moment: str, name: str = "Mette") -> None:
    file = table(folder, (email, name, "Lund", moment, "2026-10-31 09:00:00"), header=ACTIVE, name="subscribed.csv")
    taken(room.office, room.officer, file, source="mailchimp", said=SAID)


def _left(room: Newsroom, folder: Path, email: str, moment: str) -> None:
    file = table(folder, (email, moment), header=LEFT, name="unsubscribed.csv")
    taken(room.office, room.officer, file, source="mailchimp", said=SAID)


def test_that_a_list_names_somebody_without_a_time_is_no_opt_in_after_he_left(room: Newsroom, tmp_path: Path) -> None:
    _opted_in(room, tmp_path, A, "")
    assert list(room.eligible()) == [A]
    _left(room, tmp_path, A, "2026-08-01 10:00:00")
    assert room.eligible() == {}
    _opted_in(room, tmp_path, A, "")
    assert room.eligible() == {}


def test_who_left_by_one_of_his_addresses_before_leaves_by_all_when_he_does_so_again(
    room: Newsroom, place: Place, tmp_path: Path
) -> None:
    name = {"given_name": "Mette", "family_name": "Lund", "phone": "+45 55 55 01 42", "country": "DK"}
    first, other = factories.put(room.database, *(factories.person(**name, email=email) for email in (A, B)))
    sue = room.front.staff("sue", Role.SUPPORT, "T-1182")
    Merging(room.office.door, matrix(), clock=room.office.clock).merge(sue, first, other)
    _left(room, tmp_path, A.replace("@", "+news@"), "2026-04-01 10:00:00")
    _left(room, tmp_path, A, "2026-07-15 10:00:00")
    _opted_in(room, tmp_path, B, "2026-06-01 10:00:00")
    assert column(place, "SELECT status FROM subscription") == []


@pytest.mark.parametrize("name", ["Mette", "Poul"])
def test_an_objection_is_not_undone_by_an_opt_in_before_it_whoever_is_named_there(
    name: str, room: Newsroom, tmp_path: Path
) -> None:
    _left(room, tmp_path, A, "2026-05-01 10:00:00")
    _opted_in(room, tmp_path, A, "2026-06-01 10:00:00")
    (person,) = room.eligible().values()
    room.front.marketing.stop(room.front.staff("sue", Role.SUPPORT, "T-1182"), person)
    _opted_in(room, tmp_path, A, "2026-07-01 10:00:00", name)
    assert room.eligible() == {}


@pytest.mark.parametrize("email", [A, A.replace("@", "+news@")])
def test_the_file_of_who_left_again_takes_nothing_from_who_opted_in_since(
    email: str, room: Newsroom, place: Place, tmp_path: Path
) -> None:
    tagged = A.replace("@", "+news@") if email == A else A
    _left(room, tmp_path, email, "2026-05-01 09:00:00")
    _opted_in(room, tmp_path, tagged, "2026-05-01 10:00:00")
    assert list(room.eligible()) == [tagged]
    before = held(place)
    _left(room, tmp_path, email, "2026-05-01 09:00:00")
    assert held(place) == before
    _left(room, tmp_path, email, "2026-05-02 09:00:00")
    assert room.eligible() == {}


def test_a_restored_copy_knows_that_he_left_once_more(tmp_path: Path) -> None:
    made = kept_in(tmp_path / "kept")
    desk = open_desk(made.home)
    lists = (
        table(tmp_path, (A, "2026-05-01 10:00:00"), header=LEFT, name="unsubscribed.csv"),
        table(tmp_path, (A, "Mette", "Holm", "2026-06-01 10:00:00", ""), header=ACTIVE, name="subscribed.csv"),
    )
    for file in lists:
        desk.imports.run(made.other, "mailchimp", [file], said=SAID)
    desk.backups.make(made.admin, tmp_path / "then.backup", lambda: PASSPHRASE)
    ((person, gets),) = column(place_of(made.home), "SELECT person_id, status FROM subscription")
    assert gets == "subscribed"
    desk.marketing.stop(replace(made.other, purpose=Purpose.SUPPORT), int(str(person)))
    desk.close()
    home = home_in(tmp_path / "back")
    restore(home, tmp_path / "then.backup", PASSPHRASE, made.home.ledger_file)
    assert column(place_of(home), "SELECT status FROM subscription") == [("unsubscribed",)]
    assert column(place_of(home), "SELECT DISTINCT no_mail FROM suppression") == [(True,)]


@pytest.mark.parametrize("size", [1, 500])
@pytest.mark.parametrize("opted_in", [("2026-06-01", "2026-09-01"), ("2026-09-01", "2026-06-01"), ("", "2026-09-01")])
def test_who_stands_twice_on_a_list_and_left_between_gets_news_and_a_second_run_changes_nothing(
    opted_in: tuple[str, str], size: int, room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, size)
    rows = [(A, "Mette", "Lund", f"{day} 10:00:00" if day else "", "2026-10-31 09:00:00") for day in opted_in]
    files = (
        table(tmp_path, *rows, header=ACTIVE, name="subscribed.csv"),
        table(tmp_path, (A, "2026-08-01 10:00:00"), header=LEFT, name="unsubscribed.csv"),
    )
    for path in files:  # each alone, so that his leaving is told after both
        taken(room.office, room.officer, path, source="mailchimp", said=SAID)
    assert list(room.eligible()) == [A]
    again = taken(room.office, room.officer, *files, source="mailchimp", said=SAID)
    assert (again.of("news")["new"], again.of("news")["changed"], list(room.eligible())) == (0, 0, [A])
