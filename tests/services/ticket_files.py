"""Support services' files for the tests of imports: the real ones beside the project, and invented ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from staffdesk.domain.access import Access
from staffdesk.services.importing.report import ImportReport
from tests.services.lists import taken
from tests.services.offices import Office
from tests.services.store_files import REAL

SAID: Final[Mapping[str, object]] = {
    "source": "SUPPORT",
    "obtained": "2026-10-01",
    "evidence": "the support service's own export",
}
ASKED: Final = "2026-09-14T10:00:00Z"
CASES: Final = (
    "SELECT c.desk, c.ticket, c.origin, c.channel, c.summary, c.product_name, c.resolution, c.closed_at IS NULL, "
    "p.family_name, p.email FROM support_case c JOIN person p ON p.id = c.person_id ORDER BY c.id"
)
REPORTS: Final = "SELECT channel, topic, body, message FROM contact_report ORDER BY contact_at, id"


def real_tickets() -> list[Path]:
    """Return Freshdesk's real files; skips where they are not beside the project."""
    folder = REAL / "helpdesk-freshdesk"
    if not folder.is_dir():
        pytest.skip("the real tickets are not beside the project")
    return sorted(folder.glob("*.json"))


def freshdesk(number: int, **values: object) -> dict[str, object]:
    """Return one ticket as version 2 of Freshdesk's API gives it, with its requester."""
    return {
        "id": number, "subject": "Playout stops", "description_text": "It stops after an hour.", "status": 2,
        "source": 1, "requester_id": 77, "requester": {"id": 77, "name": "Mette Lund", "email": "mette@lund.example"},
        "created_at": ASKED, "updated_at": ASKED, "spam": False, "attachments": [], "custom_fields": {}, **values,
    }  # fmt: skip


def conversation(number: int, **values: object) -> dict[str, object]:
    """Return one conversation of ticket 12."""
    return {
        "id": number, "ticket_id": 12, "body_text": "Which version is it?", "incoming": False, "private": False,
        "source": 0, "user_id": 5, "created_at": "2026-09-15T10:00:00Z", "attachments": [], **values,
    }  # fmt: skip


def zendesk(number: int, **values: object) -> dict[str, object]:
    """Return one ticket as Zendesk's API gives it."""
    return {
        "id": number, "subject": "Playout stops", "description": "It stops after an hour.", "status": "open",
        "via": {"channel": "email"}, "requester_id": 77, "assignee_id": 5, "organization_id": 3, "created_at": ASKED,
        "updated_at": ASKED, **values,
    }  # fmt: skip


def comment(number: int, author: int, text: str, day: int, **values: object) -> dict[str, object]:
    """Return one comment."""
    return {
        "id": number, "type": "Comment", "author_id": author, "body": text, "html_body": f"<p>{text}</p>",
        "plain_body": text, "public": True, "created_at": f"2026-09-{day}T10:00:00Z", "attachments": [],
        "via": {"channel": "email"}, **values,
    }  # fmt: skip


def file_of(folder: Path, document: object, name: str = "tickets.json") -> Path:
    """Write a JSON document."""
    path = folder / name
    path.write_text(json.dumps(document), "utf-8")
    return path


def taken_in(
    office: Office, access: Access, *files: Path, source: str = "freshdesk", dry_run: bool = False
) -> ImportReport:
    """Import tickets."""
    return taken(office, access, *files, source=source, said=SAID, dry_run=dry_run)
