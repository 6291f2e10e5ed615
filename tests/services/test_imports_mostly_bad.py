"""A file in which nearly every row is bad: the first are named, the others counted, and none of them fills the memory.

Seen to fail: with every refused row kept, a cell of 50 MB in quotation marks took 1.5 GB.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from staffdesk.cli.import_text import in_vain, report_as_json, tell_report
from staffdesk.services.importing import report as reports
from tests.services.lists import LUND, table, taken
from tests.services.offices import Office
from tests.services.store_files import seller

_NAMED = 20
_BAD = 300


def test_of_many_bad_rows_the_first_are_named_and_all_are_counted(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reports, "MOST_REFUSED", _NAMED)
    bad = [("A", "B", "no address", "", "", "BE", "")] * _BAD
    report = taken(office, seller(office), table(tmp_path, *bad, LUND, *bad))
    assert [each.place.position for each in report.refused] == [f"line {n}" for n in range(2, 2 + _NAMED)]
    assert (report.all_refused, report.of("people")["new"]) == (2 * _BAD, 1)
    assert report_as_json(report)["refused_besides"] == 2 * _BAD - _NAMED
    tell_report(report)
    told = capsys.readouterr().err
    assert "580 more were refused and are not named here." in told
    assert "600 refused; the rest was taken in." in told
    assert not in_vain(report)


def test_that_a_whole_file_is_refused_is_named_behind_any_number_of_bad_rows(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MOST_REFUSED", _NAMED)
    bad = [("A", "B", "no address", "", "", "BE", "")] * _BAD
    report = taken(office, seller(office), table(tmp_path, *bad), tmp_path / "missing.csv")
    assert (len(report.refused), report.refused[-1].place.file) == (_NAMED + 1, "missing.csv")
    assert in_vain(report)
