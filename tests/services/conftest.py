"""What several files of the services' tests begin with.

``kept``    a desk with customers and the backup made of it, made once a worker; who changes anything works on a copy
``folder``  where a sealer copies its checkpoints to, not there yet
``sealer``  who signs checkpoints of ``database``
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from staffdesk.data.database import Database
    from staffdesk.services.sealing import Sealer
    from tests.services.kept import Kept


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    from tests.services.kept import kept_in  # noqa: PLC0415 - only who asks for it pays

    return kept_in(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


@pytest.fixture
def sealer(database: Database, folder: Path) -> Sealer:
    from staffdesk.parameters.shapes import sessions  # noqa: PLC0415 - as above
    from staffdesk.services.sealing import Sealer  # noqa: PLC0415 - as above
    from tests.services.seals import SEED  # noqa: PLC0415 - as above

    return Sealer(database, SEED, folder, sessions().log)
