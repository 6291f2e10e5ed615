"""A desk that passes on who gets product news, for its tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.data.tables.sharing import Subscription
from staffdesk.domain.access import Access, Act, Purpose, Role
from staffdesk.domain.campaign import CampaignRules, rules
from staffdesk.domain.policy import matrix
from staffdesk.services.campaign.deciding import Deciding
from staffdesk.services.campaign.service import Campaign
from staffdesk.services.local_settings import DeskSettings
from staffdesk.services.workflow import Workflow
from tests import factories
from tests.services.front import Front
from tests.services.offices import Office
from tests.services.workflows import workflow_of

ADDED: Final = "-add.csv"
REMOVED: Final = "-remove.csv"


@dataclass(frozen=True)
class Newsroom:
    """An office with its officer, and the folder that the admin named."""

    front: Front
    officer: Access
    workflow: Workflow
    folder: Path
    campaign: Campaign

    @property
    def office(self) -> Office:
        return self.front.office

    @property
    def database(self) -> Database:
        return self.office.database

    def subscriber(self, email: str, **values: object) -> int:
        """Write somebody who said that he wants news."""
        (number,) = factories.put(self.database, factories.person(email=email, **values))
        factories.put(self.database, subscribed(number))
        return number

    def files(self) -> dict[str, dict[str, str]]:
        """Return what the files in the folder say of each address, by the ending of their names; and take them away."""
        found: dict[str, dict[str, str]] = {}
        for path in sorted(self.folder.iterdir()):
            ending = ADDED if path.name.endswith(ADDED) else REMOVED if path.name.endswith(REMOVED) else path.name
            found.setdefault(ending, {}).update(listed(path))
            path.unlink()
        return found

    def eligible(self) -> Mapping[str, int]:
        return eligible(self.database)


def listed(path: Path) -> dict[str, str]:
    """Return the status of each address of a file."""
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    return {row["Email"]: row["Transpond Status"] for row in rows}


def eligible(database: Database, by: CampaignRules | None = None) -> Mapping[str, int]:
    """Return who gets news, by address."""
    with database.append() as tx:
        ticket = Log(tx, "2024-10").append(Event(act=Act.CAMPAIGN_EXPORTED))
    with database.read(ticket) as tx:
        return Deciding(tx, by or rules()).eligible()


def subscribed(person: int, **values: object) -> Subscription:
    """Return the subscription of somebody who said yes."""
    given = {
        "person_id": person, "list_name": "newsletter", "status": "subscribed", "basis": "consent",
        "evidence": "the form on our site, 3 March 2026", "started_on": factories.DAY,
    }  # fmt: skip
    return Subscription.checked({**factories.provenance(), **given, **values})


def newsroom(office: Office, tmp_path: Path, by: CampaignRules | None = None) -> Newsroom:
    """Return an office that passes on who gets news."""
    front = Front(office)
    officer = replace(front.staff("pia", Role.PRIVACY), purpose=Purpose.RIGHTS)
    folder = tmp_path / "transpond"
    folder.mkdir(mode=0o700)
    DeskSettings(office.door, clock=office.clock).name_campaign_folder(front.staff("adam", Role.ADMIN), str(folder))
    workflow = workflow_of(office, tmp_path)
    campaign = Campaign(office.door, matrix(), lambda: workflow, clock=office.clock, rules=by)
    return Newsroom(front, officer, workflow, folder, campaign)
