"""Files for the readers: the real ones beside the project, and invented ones written to a folder of the session."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from staffdesk.domain.imported import Place
from staffdesk.domain.read_items import ReadItem, Refused
from staffdesk.services.importing import reader_of

REAL = Path(__file__).parents[4] / "shared" / "realdata"

_TOLD: Final = re.compile(
    r"(?P<why>.+?\.) (?:Check|Correct|Export|Import|Name|Remove|Shorten|Turn on|Type|Write)\b[^.]+\.( .+\.)?", re.DOTALL
)


def told(item: ReadItem) -> tuple[Place, str]:
    """Return where a refused record stood and why; a next step must follow."""
    assert isinstance(item, Refused)
    found = _TOLD.fullmatch(item.reason)
    assert found, item.reason
    return item.place, found["why"]


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """Give the path of a real file, or skip where the folder beside the project is missing."""

    def find(name: str) -> Path:
        path = REAL / name
        if not path.exists():
            pytest.skip(f"the real file {name} is not beside the project")
        return path

    return find


@pytest.fixture(scope="session")
def read_text(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str | bytes], list[ReadItem]]:
    """Read an invented file with one store's reader."""
    folder = tmp_path_factory.mktemp("exports")

    def read(store: str, text: str | bytes) -> list[ReadItem]:
        path = folder / "export"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return list(reader_of(store, None)(path))

    return read
