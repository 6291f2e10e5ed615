"""What of the log waits for a reviewer: how many entries of each kind, told in one entry, and to nobody else."""

from __future__ import annotations

import pytest

from staffdesk.domain.access import Role
from staffdesk.domain.entry_filter import EntryFilter
from staffdesk.domain.errors import Denied
from staffdesk.services.audit_review import AuditReview
from tests.databases import Place
from tests.services.front import Front
from tests.services.offices import entries


def test_a_reviewer_is_told_how_many_entries_wait_in_one_entry(
    place: Place, front: Front, review: AuditReview, looked_at: int
) -> None:
    assert looked_at
    adam = front.staff("adam", Role.ADMIN)
    before = len(entries(place))
    found = {each.name: (each.entries, each.more) for each in review.review(adam)}
    assert found["claimed"] == (
        len(review.list(adam, EntryFilter(act="customer.*", standing="claimed")).entries),
        False,
    )
    assert found["claimed"][0] > 0
    assert found["break-glass"] == (0, False)
    made = entries(place)[before:]
    assert made[0].kinds == ("filter", "review")


def test_who_does_not_review_the_log_is_not_told_what_waits_there(front: Front, review: AuditReview) -> None:
    with pytest.raises(Denied):
        review.review(front.staff("ana", Role.SUPPORT))
