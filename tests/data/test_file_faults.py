"""What breaks of the encrypted file itself: its key, its bytes, its disk; each time one sentence and nothing written.

Seen to fail: with the driver's errors let through, with the file's header not looked at, and with a full disk told as
an event that could not be written.
"""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from staffdesk.data import maintenance
from staffdesk.data.log import Log
from staffdesk.data.sqlite import SqliteDatabase
from staffdesk.domain.errors import StorageUnavailable
from tests import databases
from tests.data.test_faults import EMAILS, LOOK, ticket_of, verified
from tests.databases import KEY, SECRET, Place
from tests.forked import Forked
from tests.services.offices import acts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = databases.fresh_sqlite(tmp_path).path
    assert path is not None
    return path


def test_a_wrong_key(file: Path) -> None:
    before = file.read_bytes()
    wrong = SqliteDatabase(file, "a5" * 32, SECRET)
    with pytest.raises(StorageUnavailable, match="key file does not fit"), wrong.append() as tx:
        tx.rows(EMAILS)
    with pytest.raises(StorageUnavailable, match="key file does not fit"), maintenance.sqlite_owner(file, "a5" * 32):
        pytest.fail("it opened")
    assert file.read_bytes() == before


@pytest.mark.parametrize("key", ["", "5a", "zz" * 32, "5A" * 32, f"{'5a' * 32}'; ATTACH 'x' AS y; --"])
def test_a_key_file_that_holds_no_key(key: str, file: Path) -> None:
    with pytest.raises(StorageUnavailable, match="does not hold a key"), maintenance.sqlite_owner(file, key):
        pytest.fail("it opened")


def test_a_plain_database_and_a_missing_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    plain.write_bytes(b"SQLite format 3\x00" + bytes(4080))
    with pytest.raises(StorageUnavailable, match="not encrypted"):
        SqliteDatabase(plain, KEY, SECRET)
    with pytest.raises(StorageUnavailable, match="is missing"):
        SqliteDatabase(tmp_path / "none.db", KEY, SECRET)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain.db"]


@pytest.mark.parametrize("first", [0, 1])
def test_a_damaged_file(first: int, file: Path) -> None:
    """SQLCipher's checksum of each page tells; nothing of a page that fails it is read."""
    data = bytearray(file.read_bytes())
    for at in range(first * 4096 + 100, len(data), 4096):
        data[at] ^= 1
    file.write_bytes(data)
    with pytest.raises(StorageUnavailable, match="damaged"):
        verified(Place("sqlite", path=file))
    with pytest.raises(StorageUnavailable, match="file is damaged"), SqliteDatabase(file, KEY, SECRET).append() as tx:
        Log(tx, "2024-10").append(LOOK)
    assert file.read_bytes() == bytes(data)


FULL = """
import resource, sys, sqlalchemy as sa
from pathlib import Path
from staffdesk.data.sqlite import SqliteDatabase
from staffdesk.data.log import Event, Log, Opened
from staffdesk.domain.access import Act
from staffdesk.domain.errors import StaffdeskError
from tests.databases import KEY, SECRET
path, step = Path(sys.argv[1]), sys.argv[2]
database = SqliteDatabase(path, KEY, SECRET)
def look():
    with database.append() as tx:
        return Log(tx, "2024-10").append(Event(act=Act.CUSTOMER_SEARCH, openings=(Opened("term", "x" * 20000),)))
ticket = look()
room = path.with_name("desk.db-wal").stat().st_size + 4096
if step == "first":
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
try:
    ticket = look()
    with database.read(ticket) as tx:
        tx.rows(sa.text("SELECT email FROM person"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    look()
    print("shown")
except StaffdeskError as error:
    print(type(error).__name__, error.sentence)
"""


@pytest.mark.parametrize("step", ["first", "second"])
def test_a_disk_that_is_full_at_either_commit(step: str, file: Path) -> None:
    with Forked("-c", FULL, str(file), step) as running:
        done = running.end()
    full = "DiskFull Nothing was shown or changed: the disk of the database is full, or cannot be written to.\n"
    assert done.stdout == full, done.stderr
    place = Place("sqlite", path=file)
    assert [act for act, _ in acts(place)] == ["customer.search"] * (1 if step == "first" else 2)
    database = place.open()
    assert ticket_of(database).seq == (2 if step == "first" else 3)
    database.close()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


OPENED_FULL = """
import resource, sys
from pathlib import Path
from staffdesk.data.sqlite import SqliteDatabase
from staffdesk.domain.errors import StaffdeskError
from tests.databases import KEY, SECRET
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    with SqliteDatabase(Path(sys.argv[1]), KEY, SECRET).append():
        print("opened")
except StaffdeskError as error:
    print(error.sentence)
"""


def test_a_disk_that_is_full_when_the_desk_is_opened_is_no_wrong_key(file: Path) -> None:
    with Forked("-c", OPENED_FULL, str(file)) as running:
        done = running.end()
    assert "its disk is full" in done.stdout, done.stdout + done.stderr
    assert "key" not in done.stdout
