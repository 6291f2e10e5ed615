"""What several files of the services' tests begin with.

``cheap_seals``  seals as cheap as the passwords of an office, in all of these tests
``kept``    a desk with customers and the backup made of it, made once a worker; who changes anything works on a copy
``folder``  where a sealer copies its checkpoints to, not there yet
``sealer``  who signs checkpoints of ``database``
``front``   the services of an office by which a customer's record is reached
``review``  the log of that office as admins and auditors read it
``packages``  what makes packages, in a home with a key
``looked_at`` a customer whom ana searched for, opened and revealed there
``pruning`` lets the log of the office forget, and ``work`` writes months that are to be forgotten
``storage`` what an erasure is carried out in, and ``him``: who is erased there
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from staffdesk.data.database import Database
    from staffdesk.services.audit_review import AuditReview
    from staffdesk.services.erasure.storage import Storage
    from staffdesk.services.home import Home
    from staffdesk.services.packages import Packages
    from staffdesk.services.pruning import Pruning
    from staffdesk.services.sealing import Sealer
    from tests.databases import Place
    from tests.services.erasures import Somebody
    from tests.services.front import Front
    from tests.services.kept import Kept
    from tests.services.offices import Office


@pytest.fixture(scope="module", autouse=True)
def cheap_seals() -> Iterator[None]:
    from tests import demos  # noqa: PLC0415 - as below

    with demos.cheap_seals():
        yield


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    from tests import demos  # noqa: PLC0415 - only who asks for it pays
    from tests.services.kept import kept_in  # noqa: PLC0415 - as above

    with demos.cheap_seals():
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


@pytest.fixture
def front(office: Office) -> Front:
    from tests.services.front import Front  # noqa: PLC0415 - as above

    return Front(office)


@pytest.fixture
def review(front: Front, place: Place, folder: Path, sealer: Sealer) -> AuditReview:
    from staffdesk.domain.policy import matrix  # noqa: PLC0415 - as above
    from staffdesk.services.audit_review import AuditReview  # noqa: PLC0415 - as above
    from tests.services.seals import KEY  # noqa: PLC0415 - as above
    from tests.verifying import opener  # noqa: PLC0415 - as above

    return AuditReview(front.office.door, matrix(), sealer, opener(place), folder, KEY)


@pytest.fixture
def looked_at(front: Front, database: Database) -> int:
    from staffdesk.domain.access import RecordKind, Role  # noqa: PLC0415 - as above
    from tests import factories  # noqa: PLC0415 - as above

    number = factories.customer(database).person
    ana = front.staff("ana", Role.SUPPORT, "T-1182")
    front.gateway.search(ana, "anders")
    front.gateway.open(ana, RecordKind.PERSON, number)
    front.gateway.reveal(ana, f"person:{number}:phone")
    return number


@pytest.fixture
def packages(home: Home) -> Packages:
    from staffdesk.services.home import write_secret  # noqa: PLC0415 - as above
    from staffdesk.services.packages import Packages  # noqa: PLC0415 - as above
    from tests.databases import KEY  # noqa: PLC0415 - as above

    home.make_folders()
    write_secret(home.key_file, KEY)
    return Packages(home)


@pytest.fixture
def storage(place: Place, database: Database, tmp_path: Path) -> Storage:
    from tests.services.erasures import storage_of  # noqa: PLC0415 - as above

    return storage_of(place, database, tmp_path / "data" if place.path is None else tmp_path)


@pytest.fixture
def him(office: Office, storage: Storage) -> Somebody:
    from staffdesk.domain.access import Role  # noqa: PLC0415 - as above
    from tests.services.erasures import somebody  # noqa: PLC0415 - as above

    storage.ledger_file.parent.mkdir(exist_ok=True)
    return somebody(office.database, office.hire("ana", Role.SUPPORT))


@pytest.fixture
def pruning(office: Office) -> Pruning:
    from staffdesk.services.pruning import Pruning  # noqa: PLC0415 - as above

    return Pruning(office.door, office.database, office.clock)


@pytest.fixture
def work(
    database: Database, sealer: Sealer, place: Place, office: Office, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    from tests.services.pruned_months import writing  # noqa: PLC0415 - as above

    return writing(database, sealer, place, office, monkeypatch)
