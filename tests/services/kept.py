"""A desk in a home of its own with customers in it, and the backup that was made of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from staffdesk.domain.access import Access
from staffdesk.services.backups import BackupReport
from staffdesk.services.bootstrap import initialise
from staffdesk.services.home import Home
from staffdesk.services.init_answers import Answers, Person
from staffdesk.services.opening_homes import open_database, open_desk
from tests.databases import Place
from tests.migrated_once import migrated_once
from tests.services.offices import CHEAP, PASSWORD, Office
from tests.services.store_files import contact, held, order, written

PASSPHRASE = "seven brass kettles sing"
PEOPLE = Answers(firm=3, people=tuple(Person(full_name=name) for name in ("Ana Holm", "Bo Berg", "Cem Can")))


@dataclass(frozen=True, slots=True)
class Kept:
    """A desk, the backup made of it, who asks, and what was in it when the backup was made."""

    home: Home
    file: Path
    report: BackupReport
    admin: Access
    other: Access
    rows: dict[str, list[tuple[object, ...]]]


def home_in(folder: Path) -> Home:
    return Home.locate(folder / "home", os.environ)


def place_of(home: Home) -> Place:
    return Place("sqlite", path=home.database_file, key=home.read_key())


def everything_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def kept_in(folder: Path) -> Kept:
    """Make a desk of three people with twenty customers under ``folder``, and a backup of it."""
    home = home_in(folder)
    names = ("ana.holm", "bo.berg", "cem.can")
    with migrated_once():
        initialise(home, PEOPLE, passwords_given=dict.fromkeys(names, PASSWORD), hashes=CHEAP)
    file = written(folder, *(order(f"A-{n}", contact(last=f"Lindqvist{n}")) for n in range(20)))
    database = open_database(home)
    office = Office(database)
    seller, _, admin = (office.access(name) for name in names)
    database.close()
    desk = open_desk(home)
    desk.imports.run(seller, "fastspring", [file])
    report = desk.backups.make(admin, folder / "desk.backup", lambda: PASSPHRASE)
    desk.close()
    return Kept(home, folder / "desk.backup", report, admin, seller, held(place_of(home)))
