"""A log that grows under a sealer, and the checkpoints its database holds."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import resources
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa

from staffdesk.audit.checkpoint import verifier_key
from staffdesk.audit.leaves import Leaves, LeavesText, lines
from staffdesk.data.database import Database
from staffdesk.data.log import Event, Log
from staffdesk.domain.access import Act
from staffdesk.services.home import Home
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import log_of
from tests.databases import Place
from tests.verifying import opener

LeavesOpener: TypeAlias = Callable[[], AbstractContextManager[Leaves]]

SEED = bytes(range(32))
KEY = verifier_key("staffdesk", SEED)


def append(database: Database, sealer: Sealer, n: int) -> None:
    for _ in range(n):
        with database.append() as tx:
            ticket = Log(tx, "2024-10").append(Event(act=Act.AUDIT_LISTED))
        sealer.after(ticket.seq)


def sizes(place: Place) -> list[int]:
    with place.owner() as owner:
        return [row[0] for row in owner.exec_driver_sql("SELECT size FROM checkpoint ORDER BY size")]


@contextmanager
def past_the_triggers(place: Place) -> Iterator[sa.Connection]:
    """Give a connection on which the log can be changed, as who owns the database can."""
    with place.owner() as owner:
        if place.url:
            owner.exec_driver_sql("SET session_replication_role = replica")
        else:
            for (name,) in owner.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                owner.exec_driver_sql(f"DROP TRIGGER {name}")
        yield owner


@contextmanager
def as_the_sealer_reads(place: Place, folder: Path, *, granted: bool = True) -> Iterator[LeavesOpener]:
    """Give what opens the leaves as the sealer's own user reads them: piped to it, or by the rights the help names."""
    if place.url is None:
        yield lambda: _piped(place)
        return
    with a_sealers_user(place, granted=granted) as url:
        home = Home.locate(folder / secrets.token_hex(4), {})
        home.config.mkdir(parents=True)
        home.settings_file.write_text(f'database = "{url}"\n', encoding="utf-8")
        yield log_of(home)


@contextmanager
def a_sealers_user(place: Place, *, granted: bool = True) -> Iterator[str]:
    """Make the sealer's user of the database with the very words of the help, and give its URL."""
    assert place.url is not None
    page = resources.files("staffdesk").joinpath("help", "sealing.md").read_text(encoding="utf-8")
    words = re.findall(r"^    ((?:CREATE ROLE|GRANT) .*);$", page, re.MULTILINE)
    assert len(words) > 1
    name = f"seal-{secrets.token_hex(4)}"
    with place.owner() as owner:
        for each in words if granted else words[:1]:
            owner.exec_driver_sql(each.replace("staffdesk-seal", name))
        try:
            yield sa.make_url(place.url).set(username=name).render_as_string(hide_password=False)
        finally:
            owner.exec_driver_sql(f'DROP OWNED BY "{name}"')
            owner.exec_driver_sql(f'DROP ROLE "{name}"')


def _piped(place: Place) -> AbstractContextManager[Leaves]:
    with opener(place)() as source:
        text = "".join(lines(source.origin, source.head() or 0, source.leaves()))
    return nullcontext(LeavesText(io.StringIO(text)))
