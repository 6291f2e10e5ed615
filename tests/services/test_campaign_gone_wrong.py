"""What is passed on to the campaign service though something goes wrong, and to nobody who shares an address.

Seen to fail: with the files destroyed of an export whose record may stand, with the folder that was named before
forgotten, with a shared address given though one who has it may not be written to, and with the folder left unswept.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.data.database import AnswerLost, Database
from staffdesk.domain.access import Role
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.services.erasure.due import finish
from staffdesk.services.erasure.storage import Storage
from staffdesk.services.local_settings import DeskSettings
from staffdesk.services.new_files import destroy_file
from tests.databases import Place
from tests.services.campaigns import ADDED, Newsroom, newsroom
from tests.services.erasures import EMAIL, NOW, TODAY, Somebody, erased, planned
from tests.services.offices import Office
from tests.services.store_files import column


@pytest.fixture
def room(office: Office, tmp_path: Path) -> Newsroom:
    return newsroom(office, tmp_path)


def test_an_export_of_which_nobody_knows_whether_it_was_recorded_is_finished_by_the_next(
    room: Newsroom, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.subscriber("mette@lund.example")
    commit = Database._commit

    def answer_lost(self: Database, connection: sa.Connection) -> None:
        commit(self, connection)
        if any(room.folder.iterdir()):
            raise AnswerLost

    monkeypatch.setattr(type(room.database), "_commit", answer_lost)
    with pytest.raises(StorageUnavailable, match="not known"):
        room.campaign.export(room.officer)
    monkeypatch.undo()
    assert column(place, "SELECT told FROM campaign_address") == [("given",)]
    done = room.campaign.export(room.officer)
    assert (done.told, len(done.finished)) == ({}, 1)
    assert room.files() == {ADDED: {"mette@lund.example": ""}}


def test_nobody_gets_news_at_the_address_of_somebody_whose_record_is_restricted(room: Newsroom, place: Place) -> None:
    restricted, _ = room.subscriber("same@lund.example"), room.subscriber("same@lund.example")
    with place.owner() as owner:
        owner.exec_driver_sql(
            "INSERT INTO hold (record_table, record_id, ground, law, until, made_at) "
            f"VALUES ('person', {restricted}, 'restriction', 'x', '2030-01-01', 1)"
        )
    assert room.eligible() == {}


def test_what_a_run_left_in_the_folder_before_is_finished_though_another_is_named_since(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.subscriber("mette@lund.example")

    def cut_off(_path: Path, _to: Path) -> Path:
        raise OSError

    monkeypatch.setattr(Path, "rename", cut_off)
    with pytest.raises(StorageUnavailable):
        room.campaign.export(room.officer)
    monkeypatch.undo()
    (other := tmp_path / "other").mkdir(mode=0o700)
    admin = room.front.staff("ada", Role.ADMIN)
    DeskSettings(room.office.door, clock=room.office.clock).name_campaign_folder(admin, str(other))
    (finished,) = room.campaign.export(room.officer).finished
    assert Path(finished).parent == room.folder
    assert room.files() == {ADDED: {"mette@lund.example": ""}}


def test_what_is_destroyed_is_no_file_that_a_link_leads_to(tmp_path: Path) -> None:
    (mine := tmp_path / "mine").write_text("mine")
    (link := tmp_path / "link").symlink_to(mine)
    with pytest.raises(OSError, match="symbolic"):
        destroy_file(link)
    assert mine.read_text() == "mine"


def test_an_erasure_is_not_finished_while_a_file_for_the_campaign_service_names_him(
    room: Newsroom, him: Somebody, storage: Storage
) -> None:
    room.subscriber("mette@lund.example")
    (file := room.folder / "product-news-20261101-120000-00c0ffee-add.csv").write_text(
        f"Email,Transpond Status\r\n{EMAIL},\r\n", encoding="utf-8"
    )
    erased(storage, planned(storage.database, him.person, request=him.request), him.request)
    done = finish(storage, "2024-10", TODAY, NOW)
    assert (done.open, list(done.swept[0].left)) == (1, [f"file {file.name}"])
    assert file.exists(), "others are withdrawn by it"
    file.unlink()
    assert finish(storage, "2024-10", TODAY, NOW).open == 0
