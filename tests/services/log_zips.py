"""Zips of invented logs, and a desk with a case to take them into."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from staffdesk.data.database import Database
from staffdesk.domain.access import Access, Role
from staffdesk.services.support_logs.log_spool import LogSpool, NewFile
from staffdesk.services.support_logs.service import SupportLogs
from tests import factories
from tests.services.front import Front, a_case

CLEAN = b"2026-11-27 09:00:01.123456 MovieRecorder[47] capture began, 25 fps, 0 dropped\n"
AT_HOME = b"2026-11-27 09:00:02 opened /Users/anders/Movies/take 1.mov and C:\\Users\\Anders Bo\\x.mov\n"
NAMED = b"registered to Anders Bo, anders@nordlys.example, 02-00-5e-10-20-30\n"
TOKEN = b"GET /v1/me Authorization: Bearer ya29.a0AfH6SMBx7Qe4Yt9\n"
CARD = b"paid with 4111 1111 1111 1111\n"
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00"


def zipped(files: Mapping[str, bytes], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packed) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 27, 9, 0, 0)), content, packed)
    return made.getvalue()


@contextmanager
def sealed(folder: Path, content: bytes) -> Iterator[NewFile]:
    """Seal a zip as it is sealed when it is taken in, and give it for as long."""
    with LogSpool(folder).new() as new:
        new.writer.write(content)
        new.writer.finish()
        yield new


@dataclass
class LogDesk:
    """Support at a desk, a customer's case, and the folders."""

    logs: SupportLogs
    front: Front
    database: Database
    spool: LogSpool
    folder: Path
    support: Access
    case: str
    person: int

    @property
    def files(self) -> list[Path]:
        """The sealed files."""
        return sorted((self.folder / "logs").glob("*"))

    def sent(self, files: Mapping[str, bytes] | bytes, name: str = "logs.zip") -> Path:
        """Return a zip as the customer sent it."""
        path = self.folder / name
        path.write_bytes(files if isinstance(files, bytes) else zipped(files))
        return path


def log_desk(front: Front, database: Database, folder: Path) -> LogDesk:
    """Make a customer with a case that support has in hand."""
    made = factories.customer(database)
    staff_id = front.office.hire("ana", Role.SUPPORT)
    case = a_case(database, staff_id, person_id=made.person, organisation_id=made.organisation)
    spool = LogSpool(folder / "logs")
    support = front.again("ana", Role.SUPPORT, case)
    return LogDesk(SupportLogs(front.office.door, spool), front, database, spool, folder, support, case, made.person)
