"""What is said of a file beside it is read at once or refused at once, with its name: nothing is waited for.

Seen to fail: with a pipe opened as a file, with what the parser raises besides let through, and with a name that is too
long taken for a file that cannot be read.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from staffdesk.domain.errors import BadInput
from staffdesk.services.importing.manifests import ENDING, manifest

TODAY = dt.date(2026, 11, 28)
SAID = 'source = "EVENT_OWN"\nobtained = 2026-09-14\nevidence = "cards"\nevent = "IBC"\n'


def _enormous(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1_000_000_000)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkfifo, "is not a file"),
        (Path.mkdir, "is not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "is not a file"),
        (lambda path: path.symlink_to(path), "cannot be read"),
        (_enormous, "is larger than 20,000 bytes"),
        (lambda path: path.write_bytes(SAID.replace("cards", "caf\xe9").encode("latin-1")), "is not UTF-8 text"),
        (lambda path: path.write_bytes(SAID.encode("utf-16")), "is not UTF-8 text"),
        (lambda path: path.write_text("\0"), "is not TOML"),
        (lambda path: path.write_text(f"a = {'[' * 9_000}"), "is not TOML"),
        (lambda path: path.write_text(f"partner = {'9' * 9_000}"), "is not TOML"),
        (lambda path: path.write_text(f"{SAID}partner = 99999999999999999999"), "number of his organisation"),
    ],
)
def test_what_is_no_manifest_is_refused_with_a_sentence(
    make: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    file = tmp_path / "leads.csv"
    make(beside := file.with_name(f"{file.name}{ENDING}"))
    with pytest.raises(BadInput, match=said) as caught:
        manifest([file], {}, TODAY)
    assert caught.value.hint
    assert beside.name in caught.value.sentence or "organisation" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_one_that_is_closed_is_refused(tmp_path: Path) -> None:
    (beside := tmp_path / f"leads.csv{ENDING}").write_text(SAID)
    beside.chmod(0)
    with pytest.raises(BadInput, match="cannot be read"):
        manifest([tmp_path / "leads.csv"], {}, TODAY)


def test_a_name_to_which_nothing_can_be_added_has_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="source is missing"):
        manifest([tmp_path / f"{'x' * 250}.csv"], {}, TODAY)


def test_one_that_a_windows_editor_saved_is_read(tmp_path: Path) -> None:
    (tmp_path / f"leads.csv{ENDING}").write_text(SAID.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    assert manifest([tmp_path / "leads.csv"], {}, TODAY).event == "IBC"
