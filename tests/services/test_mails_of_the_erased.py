"""Who was erased may write again: his mail is a report of its case, he is on file no more for it, and it is said.

Seen to fail: with nobody looked for among those who were erased.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from staffdesk.data.database import Database
from staffdesk.domain.access import Role
from staffdesk.domain.case_mail import told_of
from tests.databases import Place
from tests.services.case_mailing import a_case, written
from tests.services.erasures import erased, planned, somebody, storage_of
from tests.services.front import Front


@pytest.mark.parametrize(
    ("sender", "said"),
    [("Q <Zwiebelfisch+desk@Vergissmeinnicht.example>", True), ("N <nobody@vergissmeinnicht.example>", False)],
)
def test_who_attaches_a_mail_of_somebody_erased_is_told_so_and_nobody_is_taken_down(
    sender: str, said: bool, front: Front, place: Place, database: Database, tmp_path: Path
) -> None:
    made = somebody(database, front.office.hire("ines", Role.SUPPORT))
    erased(storage_of(place, database, tmp_path), planned(database, made.person, request=made.request), made.request)
    ana = front.staff("ana", Role.SUPPORT)
    attached = front.case_mails.attach(ana, a_case(front, ana, None), written(sender=sender))
    assert attached.erased is said
    assert any("was erased at his own request" in each for each in told_of(attached)) is said
    with place.owner() as owner:
        assert owner.exec_driver_sql("SELECT count(*) FROM person WHERE email_normal LIKE 'zwiebel%%'").scalar() == 0
