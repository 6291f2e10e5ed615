"""How the campaign service is told who gets news, in a run with faults; each file stands alone in its folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from staffdesk.domain.access import Role
from tests.faults.arranging import At

CAMPAIGN: Final[dict[str, Callable[[At], Callable[[], object]]]] = {
    "campaign.why": lambda at: partial(at.desk.campaign.why, at.by(Role.SUPPORT), at.demo.person),
    "campaign.export": lambda at: partial(at.desk.campaign.export, at.by(Role.PRIVACY), dry_run=_into_a_folder(at)),
    "campaign.drift": lambda at: partial(at.desk.campaign.drift, at.by(Role.PRIVACY), [_list(at)]),
    "settings.campaign_folder": lambda at: partial(at.desk.settings.campaign_folder, at.by(Role.ADMIN)),
    "settings.name_campaign_folder": lambda at: partial(
        at.desk.settings.name_campaign_folder, at.by(Role.ADMIN), str(_folder(at))
    ),
}


def _folder(at: At) -> Path:
    (folder := at.file("transpond")).mkdir(mode=0o700)
    return folder


def _into_a_folder(at: At) -> bool:
    """Name a folder and let somebody leave a list, so that there is something to tell; no dry run."""
    at.desk.settings.name_campaign_folder(at.by(Role.ADMIN), str(_folder(at)))
    at.owner.exec_driver_sql("DELETE FROM campaign_address")
    at.owner.exec_driver_sql("DELETE FROM campaign_export")
    return False


def _list(at: At) -> Path:
    path = at.file("list.csv")
    path.write_text("Email,Transpond Status\nnobody@nordlys.example,\n", encoding="utf-8")
    return path
