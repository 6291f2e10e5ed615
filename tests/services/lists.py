"""Lists of people for the tests of imports: written to a folder, and what is said of them."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from staffdesk.domain.access import Access
from staffdesk.services.importing.report import ImportReport
from staffdesk.services.imports import Imports
from tests.services.front import Front
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


def workbook(path: Path, rows: Sequence[Sequence[str]], *, macros: bool = False) -> Path:
    """Write a workbook as small as one can be."""
    kind = "ms-excel.sheet.macroEnabled.main" if macros else "openxmlformats-officedocument.spreadsheetml.sheet.main"
    main, packed = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", zipfile.ZipFile(path, "w")
    cells = ""
    for row in rows:
        inside = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)
        cells += f"<row>{inside}</row>"
    about = "http://schemas.openxmlformats.org"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{about}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="application/vnd.{kind}+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{about}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{about}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{about}/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Leads" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{about}/package/2006/relationships"><Relationship '
        f'Id="r1" Type="{about}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    if macros:
        parts["xl/vbaProject.bin"] = "x"
    with packed:
        for name, content in parts.items():
            packed.writestr(name, content, zipfile.ZIP_DEFLATED)
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
    return Imports(office.door, Front(office).ledger).run(access, source, files, said=said, dry_run=dry_run)
