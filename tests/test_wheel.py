"""What is shipped: a wheel made from the source archive holds everything the program reads, and nothing else."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[frozenset[str]]:
    """Build the source archive, take it apart elsewhere, build the wheel there, and list what is in it."""
    folder = tmp_path_factory.mktemp("dist")
    archive = Path(next(iter(SdistBuilder(str(ROOT)).build(directory=str(folder)))))
    with tarfile.open(archive) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # which Python has from 3.11.4 on
        packed.extractall(folder)  # noqa: S202 - built above
    source = folder / archive.name.removesuffix(".tar.gz")
    wheel = next(iter(WheelBuilder(str(source)).build(directory=str(folder), versions=["standard"])))
    with zipfile.ZipFile(wheel) as opened:
        yield frozenset(opened.namelist())


def _below(*parts: str, suffix: str = "") -> set[str]:
    found = ROOT.joinpath(*parts).rglob(f"*{suffix}")
    return {str(path.relative_to(ROOT)) for path in found if path.is_file() and "__pycache__" not in path.parts}


def test_every_file_of_the_package_is_in_the_wheel(shipped: frozenset[str]) -> None:
    assert _below("staffdesk") - shipped == set()


@pytest.mark.parametrize("suffix", [".tcss", ".toml", ".md", ".py", "py.typed"])
def test_the_package_has_files_of_each_kind_it_reads(shipped: frozenset[str], suffix: str) -> None:
    assert [name for name in shipped if name.startswith("staffdesk/") and name.endswith(suffix)]


def test_the_files_of_the_database_are_in_the_wheel_under_their_packaged_name(shipped: frozenset[str]) -> None:
    expected = {f"staffdesk/_{name}" for name in _below("db")}
    assert expected - shipped == set()
    for needed in ("migrations/env.py", "sqlite/append_only_log.sql", "postgres/word_index.sql", "demo/company.toml"):
        assert f"staffdesk/_db/{needed}" in shipped


def test_nothing_else_is_in_the_wheel(shipped: frozenset[str]) -> None:
    assert {name.split("/")[0].partition("-")[0] for name in shipped} == {"staffdesk"}
    assert not [name for name in shipped if "__pycache__" in name or name.startswith("tests/")]
