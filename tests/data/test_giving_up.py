"""What somebody gave up waiting for ends at once, and the next question is answered.

Seen to fail: with nothing asked of the server, with the moment the door hands on not tied to the one it was given, and
with the queue for the write lock not looking.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from staffdesk.data.database import Database
from staffdesk.data.deadline import Deadline
from staffdesk.data.sqlite import queued
from staffdesk.domain.errors import LogUnavailable, StorageUnavailable
from tests import databases
from tests.data.test_deadlines import backend_of, no_longer_than, ticket_of

ENDLESS = sa.text(
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n"
)


@pytest.mark.parametrize("between", [False, True])
def test_what_was_given_up_ends_at_once_and_the_next_question_is_answered(between: bool, database: Database) -> None:
    """Also where it is given up between two statements, and where the one who gives up is early or late."""
    ticket, deadline = ticket_of(database), Deadline(10)
    before = backend_of(database) if database.is_postgres else 0
    threading.Timer(0.2, deadline.give_up).start()
    with no_longer_than(0.4), pytest.raises(StorageUnavailable), database.read(ticket, deadline.sooner(1)) as tx:  # noqa: PT012 - as below
        if between:
            time.sleep(0.3)
            tx.rows(sa.text("SELECT 1"))
        else:
            tx.rows(ENDLESS)
    for _ in range(20):
        with database.read(ticket_of(database)) as tx:
            assert tx.rows(sa.text("SELECT 1")) == [(1,)]
    deadline.give_up()
    assert ticket_of(database).committed
    assert not database.is_postgres or backend_of(database) == before, "its connection was kept"
    with no_longer_than(0), pytest.raises(LogUnavailable):
        ticket_of(database, deadline)


def test_who_gave_up_stands_in_no_queue(tmp_path: Path) -> None:
    file = databases.fresh_sqlite(tmp_path)
    assert file.path is not None
    database, deadline = file.open(), Deadline(10)
    threading.Timer(0.1, deadline.give_up).start()
    with queued(file.path, Deadline(1)), no_longer_than(0.3), pytest.raises(LogUnavailable):
        ticket_of(database, deadline)
    database.close()
