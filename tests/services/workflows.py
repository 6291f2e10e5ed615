"""The workflow of requests over one office: letters are saved in a folder, packages wait in the spool beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from staffdesk.data.entries import Entries
from staffdesk.domain.access import Access
from staffdesk.domain.request_work import Searched, places
from staffdesk.parameters.shapes import policy
from staffdesk.services.confirming import Confirming
from staffdesk.services.due import Due
from staffdesk.services.erasure.erasures import Erasures
from staffdesk.services.erasure.ledger import Ledger
from staffdesk.services.home import Home
from staffdesk.services.owed_letters import OwedLetters
from staffdesk.services.packages import Packages
from staffdesk.services.post import Post
from staffdesk.services.pruning import Pruning
from staffdesk.services.request_letters import Delivery
from staffdesk.services.request_packages import RequestPackages
from staffdesk.services.review_filling import ReviewFilling
from staffdesk.services.searches import Searches
from staffdesk.services.support_logs.expiry import LogExpiry
from staffdesk.services.support_logs.log_spool import LogSpool
from staffdesk.services.workflow import Workflow
from tests.databases import Place
from tests.services.offices import Clock, Office


def workflow_of(office: Office, folder: Path, *, days_pass: bool = False) -> Workflow:
    """Return the workflow, whose clock is the office's.

    Where ``days_pass`` passwords are asked again at the time of day: a session outlives no forwarded clock.
    """
    home = Home.locate(folder, {})
    home.config.mkdir(parents=True, exist_ok=True)
    if not home.key_file.exists():
        home.key_file.write_text("5a" * 32)
        home.key_file.chmod(0o600)

    def ledger() -> Ledger:
        with office.database.append() as tx:
            return Ledger(home.ledger_file, tx.secret, Entries(tx).origin())

    home.data.mkdir(parents=True, exist_ok=True)
    return Workflow(
        office.door,
        policy().version,
        Delivery(Post(None), home.letters),
        RequestPackages(office.door, Packages(home), LogSpool(home.log_spool)),
        ledger,
        Confirming((replace(office, clock=Clock()) if days_pass else office).sign_in.confirm),
        clock=office.clock,
    )


def search(office: Office, by: Access, number: str) -> None:
    """Note that nothing was found anywhere outside the desk."""
    Searches(office.door, clock=office.clock).note(
        by, number, {each.code: Searched.NOTHING for each in places().places}
    )


def due_of(office: Office, folder: Path, place: Place) -> Due:
    """Return what falls due by itself on the office's desk, in a home of its own."""
    home = Home.locate(folder, {})
    home.config.mkdir(parents=True, exist_ok=True)
    home.data.mkdir(parents=True, exist_ok=True)
    home.settings_file.write_text(f'database = "{place.url or "sqlite"}"\n')
    if place.path is not None and not home.database_file.exists():
        home.database_file.symlink_to(place.path)
    home.key_file.write_text(place.key)
    home.key_file.chmod(0o600)
    erasures = Erasures(home, office.database, policy().version)
    owed = OwedLetters(office.door, Delivery(Post(None), home.letters))
    filling = ReviewFilling(office.door, office.database, office.clock)
    pruning = Pruning(office.door, office.database, office.clock)
    packages, clock = Packages(home), office.clock
    logs = LogExpiry(office.door, office.database, LogSpool(home.log_spool), clock=clock)
    return Due(
        office.door, office.database, erasures, packages, home.letters, owed, filling, pruning, logs, clock=clock
    )  # fmt: skip
