"""Lists of people for the tests of imports: written to a folder, and what is said of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from staffdesk.domain.access import Access
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.imports import Imports
from tests.services.offices import Office

MET: Final[Mapping[str, object]] = {
    "source": "EVENT_OWN",
    "obtained": "2026-09-14",
    "evidence": "cards given to us at our stand",
    "event": "IBC 2026",
}
"""What is said of a list of leads."""

HEADER: Final = ("First name", "Last name", "E-mail", "Phone", "Company", "Country code", "Interest")
LUND: Final = ("Mette", "Lund", "mette@lund.example", "+4555550142", "Lund ApS", "DK", "playout for two channels")
SMITH: Final = ("Ada", "Smith", "ada@smith.example", "", "", "GB", "")


def table(folder: Path, *rows: Sequence[str], header: Sequence[str] = HEADER, name: str = "leads.csv") -> Path:
    """Write a table."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((header, *rows))
    return path


def taken(
    office: Office,
    access: Access,
    *files: Path,
    source: str = "leads",
    said: Mapping[str, object] = MET,
    dry_run: bool = False,
) -> ImportReport:
    """Import a list."""
    return Imports(office.door).run(access, source, files, said=said, dry_run=dry_run)
