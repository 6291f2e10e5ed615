"""The house's walls hold, and a hole in one of them is found."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); {_LINT}"
    return subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_every_import_contract_holds() -> None:
    linted = _lint(ROOT)
    assert linted.returncode == 0, linted.stdout


_HOLES = {
    "tui/peek.py": "from staffdesk.data.customers.reading import Reading",
    "services/aside.py": "from staffdesk.data.customers.reading import Reading",
    "services/shortcut.py": "import sqlalchemy",
    "cli/shortcut.py": "import sqlmodel",
    "services/drawing.py": "import rich.text",
    "cli/drawing.py": "import textual.app",
    "domain/upwards.py": "from staffdesk.data import register",
    "audit/upwards.py": "from staffdesk.services import door",
    "tui/upwards.py": "from staffdesk.cli import guard",
}


def test_a_hole_in_a_wall_is_found_and_named(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "staffdesk", tmp_path / "staffdesk", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module, line in _HOLES.items():
        (tmp_path / "staffdesk" / module).write_text(f"{line}\n", encoding="utf-8")

    linted = _lint(tmp_path)

    assert linted.returncode == 1, linted.stdout
    named = [f"staffdesk.{module.removesuffix('.py').replace('/', '.')} -> " for module in _HOLES]
    assert [module for module in named if module not in linted.stdout] == []


def test_every_importer_that_may_read_customers_still_does() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (door,) = (each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "protected")
    idle = [
        module
        for module in door["allowed_importers"]
        if "from staffdesk.data.customers" not in (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    ]
    assert idle == []


def _imports(folder: Path) -> dict[str, set[str]]:
    """Return which files import which, also for types alone and within a function."""
    files = {
        ".".join(file.relative_to(folder.parent).with_suffix("").parts): file for file in sorted(folder.rglob("*.py"))
    }

    def named(file: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                yield node.module
                yield from (f"{node.module}.{each.name}" for each in node.names)
            elif isinstance(node, ast.Import):
                yield from (each.name for each in node.names)

    return {name: {each for each in named(file) if each in files} for name, file in files.items()}


def test_no_files_import_each_other_in_a_circle() -> None:
    """Seen to fail: with the application's own type asked for by the screens it shows."""
    known = _imports(ROOT / "staffdesk")
    assert "staffdesk.tui.screens.record" in known["staffdesk.tui.calls"], "an import within a function is one too"
    TopologicalSorter(known).prepare()

    known["staffdesk.tui.asking"].add("staffdesk.tui.app")
    with pytest.raises(CycleError):
        TopologicalSorter(known).prepare()
