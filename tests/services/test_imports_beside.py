"""A long list is read in a process beside the one that writes, and nothing of what comes of it is another.

Seen to fail: with a row made ready under another key, with an import that takes the end of the process beside for
the end of the file, with a process beside that waits on when its parent was killed, with a digest without a key.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
import pytest

from staffdesk.domain.errors import StorageUnavailable
from staffdesk.services.importing import beside
from staffdesk.services.imports import Imports
from tests import databases
from tests.databases import Place
from tests.services.front import Front
from tests.services.lists import LUND, MET, SMITH, table, taken
from tests.services.offices import Office
from tests.services.store_files import column, seller

ROOT: Final = Path(__file__).parents[2]
MANY: Final = 900
"""More than are read ahead."""

FORBIDDEN: Final = "4111 1111 1111 1111"
LISTED: Final = (
    LUND,
    SMITH,
    ("Mette", "Lund", "mette@lund.example", "", "Lund ApS", "DK", "something else"),
    ("Ada", "", "ada@smith.example", "+32 2 555 01 42", "", "BE", ""),
    ("Card", FORBIDDEN, "card@holder.example", "", "", "", ""),
    ("4111 1111", "1111 1111", "pieces@holder.example", "", "", "", ""),
    ("", "", "", "", "", "", ""),
    ("No", "Address", "no address", "", "", "", ""),
    ("Two", "Signs", "two@signs@twice.example", "", "", "", ""),
    ("Åsa", "O'Brien-Łukasz", "åsa@bücher.example", "0470 12 34 56", "Bücher GmbH", "BE", "späť"),
)
_COLUMNS: Final = (
    "given_name, family_name, email, email_normal, phone, phone_normal, words, sort_name, relation_keys, country, "
    "organisation_id, store, mark, is_customer, source, obtained_on, event, import_id"
)
ROWS: Final = (
    f"SELECT {_COLUMNS} FROM person ORDER BY id",
    "SELECT name, words, sort_name, country, import_id FROM organisation ORDER BY id",
    "SELECT person_id, organisation_id, topic, body, import_id FROM contact_report ORDER BY id",
)
_KILLED: Final = """
import os, sys
from pathlib import Path
import psutil
from staffdesk.services import imports
from staffdesk.services.importing import beside
from staffdesk.services.importing.lists import ListBatch
from tests.databases import Place
from tests.services import lists
from tests.services.offices import Office
def dying(self, tx, items):
    print(max(each.pid for each in psutil.Process().children()), flush=True)
    os.kill(os.getpid(), 9)
def main():
    ListBatch.write = dying
    beside.MUCH, beside.processors = 0, lambda: 2
    kind, where, file = sys.argv[1:]
    place = Place(kind, path=Path(where)) if kind == "sqlite" else Place(kind, url=where)
    office = Office(place.open())
    lists.taken(office, office.access("sam"), Path(file))
if __name__ == "__main__":
    main()
"""


@pytest.fixture
def _beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in a process beside, however little there is."""
    monkeypatch.setattr(beside, "MUCH", 0)
    monkeypatch.setattr(beside, "processors", lambda: 2)


@contextmanager
def _another(kind: str, folder: Path) -> Iterator[Place]:
    if kind == "sqlite":
        folder.mkdir()
        yield databases.fresh_sqlite(folder)
        return
    with databases.fresh_postgres() as place:
        yield place


def _many(folder: Path) -> Path:
    return table(folder, *((f"Given{n}", f"Family{n}", f"p{n}@many.example", "", "", "", "") for n in range(MANY)))


def test_a_list_read_beside_gives_the_same_rows_and_the_same_refusals(
    place: Place, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = table(tmp_path, *LISTED)
    here = taken(office, seller(office), file)
    monkeypatch.setattr(beside, "MUCH", 0)
    monkeypatch.setattr(beside, "processors", lambda: 2)
    with _another(place.kind, tmp_path / "another") as other:
        elsewhere = Office(other.open())
        there = taken(elsewhere, seller(elsewhere), file)
        elsewhere.database.close()
        rows_there = [column(other, words) for words in ROWS]
    assert there.refused == here.refused
    assert len(here.refused) > 1
    assert {kind: there.of(kind) for kind in there.kinds} == {kind: here.of(kind) for kind in here.kinds}
    rows_here = [column(place, words) for words in ROWS]
    assert rows_there == rows_here
    assert all(rows_here)


@pytest.mark.usefixtures("_beside")
def test_an_import_whose_reading_process_is_ended_says_so_and_goes_on_when_run_again(
    place: Place, office: Office, tmp_path: Path
) -> None:
    file, access = _many(tmp_path), seller(office)
    ended: list[int] = []

    def end(_read: int) -> None:
        if not ended:
            for each in psutil.Process().children():
                if "spawn_main" in " ".join(each.cmdline()):
                    ended.append(each.pid)
                    each.kill()

    with pytest.raises(StorageUnavailable, match="the process that reads its files was ended"):
        Imports(office.door, Front(office).ledger).run(access, "leads", [file], said=MET, progress=end)
    assert len(ended) == 1
    (written,) = column(place, "SELECT count(*) FROM person")[0]
    assert 0 < int(str(written)) < MANY
    again = taken(office, access, file).of("people")
    assert (again["new"], again["unchanged"]) == (MANY - int(str(written)), written)


def test_a_process_that_reads_ends_with_the_import_that_was_killed(
    place: Place, office: Office, tmp_path: Path
) -> None:
    file, script = _many(tmp_path), tmp_path / "killed.py"
    script.write_text(_KILLED, encoding="utf-8")
    seller(office)
    office.database.close()
    died = subprocess.run(
        [sys.executable, str(script), place.kind, str(place.path or place.url), file],
        check=False,
        timeout=120,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert died.returncode == -9
    reading = int(died.stdout)
    until = time.monotonic() + 30
    while psutil.pid_exists(reading) and time.monotonic() < until:
        time.sleep(0.05)
    assert not psutil.pid_exists(reading)


def test_a_run_is_told_from_another_by_a_digest_that_cannot_be_made_from_the_file_alone(
    place: Place, office: Office, tmp_path: Path
) -> None:
    file, access = table(tmp_path, SMITH), seller(office)
    taken(office, access, file)
    ((digest,),) = column(place, "SELECT digest FROM import_run")
    content = hashlib.sha256(file.read_bytes())
    assert digest not in {content.hexdigest(), hashlib.sha256(content.digest()).hexdigest()}
    assert len(str(digest)) == 64
