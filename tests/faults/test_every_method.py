"""Whatever breaks, at whichever commit of whichever method of a service: what is shown is logged, what is changed is
logged, nothing is half done, the person is told the next step, and the next call works.

The methods are found in the code, their transactions are counted in a good run. Then each transaction of a method of
the gateway meets each fault, and each of another service's a fault, on the server every second one, other ones for the
next method, so that over the methods each place meets each fault. With ``--hypothesis-profile=thorough`` each meets
each there too.

Seen to fail: with the entry of a change in a transaction of its own, with a listing returned though its entry failed,
with the driver's errors let through, and with no rollback after a failed COMMIT.
"""

from __future__ import annotations

import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from hypothesis import settings

from staffdesk.data import register
from staffdesk.domain.errors import LogUnavailable, SessionEnded, SignInFailed, StaffdeskError, StorageUnavailable
from staffdesk.services.demo import Demo
from staffdesk.services.desk import Desk
from staffdesk.services.gateway import Gateway
from staffdesk.services.home import Home, secret_of
from tests import demos
from tests.databases import Place
from tests.faults.arranging import At
from tests.faults.cases import CASES, MISSING, WITHOUT, Call, methods
from tests.faults.layer import ON_POSTGRES, ON_SQLITE, UNKNOWN, Layer, layered
from tests.services.store_files import LOG_TABLES

_WITHOUT_ENTRY: Final = {
    "asked.waiting",
    "import_runs.owed",
    "cases.mine",
    "catalogue.names",
    "log_length.state",
    "sign_in.seen",
    "sign_in.still_valid",
    "support_logs.not_to_be_held",
}
"""References, the log's length, how much one is asked oneself, whether a session holds, and which zips wait."""

_BOOKKEEPING: Final = {"throttle", "staff"}
"""Failed passwords are counted before they are checked, and stay counted."""

_LEFT_OPEN: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state IN "
    "('idle in transaction', 'idle in transaction (aborted)')"
)
_DIGEST: Final = "SELECT '{name}', md5(string_agg({name}::text, ' ' ORDER BY {name}::text)) FROM {name}"
_FEW: Final = 4
"""How many faults a method meets at the least; on the server half as many, whose broken connections cost most."""

_TOO_LONG: Final = frozenset({"lock held", "too slow"})
"""What others do to whoever waits: he is told that the database was busy, not that something is wrong with it."""

_NEXT_STEPS: Final = ("ry again", "staffdesk doctor", "Free some space", "Check the folder")

Acts = Counter[tuple[str, str]]


@dataclass
class Bench:
    """A desk with a layer of faults under it, and a connection past its door."""

    at: At
    layer: Layer
    owner: sa.Connection

    def state(self, method: str) -> dict[str, object]:
        """Return every row of every table but the log's as the driver gives it, or on the server a digest of them."""
        ignored = LOG_TABLES | {"throttle"} | (_BOOKKEEPING if method.startswith("sign_in.") else set())
        names = sorted(register.metadata.tables.keys() - ignored)
        driver = self.owner.connection.driver_connection
        assert driver is not None
        if self.owner.dialect.name == "postgresql":
            words = " UNION ALL ".join(_DIGEST.format(name=name) for name in names)
            return dict(driver.execute(words, prepare=True).fetchall())
        return {name: driver.execute(f"SELECT * FROM {name}").fetchall() for name in names}

    def acts(self, since: int) -> Acts:
        found = self.owner.exec_driver_sql(f"SELECT act, out FROM entry WHERE seq > {since}")
        return Counter((str(act), str(out)) for act, out in found)

    def newest(self) -> int:
        return int(self.owner.exec_driver_sql("SELECT seq FROM head").scalar_one())


@contextmanager
def bench(home: Home, demo: Demo, place: Place, folder: Path) -> Iterator[Bench]:
    with place.owner() as owner:
        database, layer = layered(place, owner, secret_of(home.read_key()))
        desk = Desk(home, database)
        try:
            yield Bench(At(desk, demo, owner, folder), layer, owner)
        finally:
            desk.close()


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Bench]:
    with demos.cheap_passwords():
        demo = demos.small()
        home = demos.copied(demo, tmp_path / "home")
        with bench(home, demo, Place("sqlite", home.database_file, key=home.read_key()), tmp_path) as made:
            yield made


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Bench]:
    with (
        demos.cheap_passwords(),
        demos.team(tmp_path / "home") as (demo, place),
        bench(demo.home, demo, place, tmp_path) as made,
    ):
        yield made


def test_every_method_of_every_service_has_a_case_of_faults(alone: Bench) -> None:
    found = methods(alone.at.desk)
    assert set(found) >= {f"gateway.{name}" for name in vars(Gateway) if not name.startswith("_")}
    missing = [MISSING.format(name=name) for name in found if name not in {*CASES, *WITHOUT}]
    assert not missing, "\n".join(missing)
    assert not {*CASES, *WITHOUT} - set(found), "these are no methods any more"


@pytest.mark.timeout(3600)  # with the thorough profile
@pytest.mark.parametrize("service", sorted({name.partition(".")[0] for name in CASES}))
@pytest.mark.parametrize("where", ["alone", "team"])
def test_whatever_breaks_nothing_is_shown_unlogged_or_half_done(
    where: str, service: str, request: pytest.FixtureRequest
) -> None:
    made: Bench = request.getfixturevalue(where)
    faults = ON_SQLITE if where == "alone" else ON_POSTGRES
    ours = [method for method in CASES if method.partition(".")[0] == service]
    wrong = [f"{method}: {each}" for method in ours for each in _wrongs(made, method, list(faults))]
    assert not wrong, "\n".join(wrong)


@dataclass(frozen=True)
class Ready:
    """A call that is arranged, and the rows as they stood before it."""

    call: Call
    before: dict[str, object]


def _wrongs(bench: Bench, method: str, faults: list[str]) -> Iterator[str]:
    bench.at.desk.sealer.seal_quietly()
    first, since = _arranged(bench, method), bench.newest()
    with bench.layer.watching():
        first.call()
    good, after = bench.acts(since), bench.state(method)
    changes, transactions = after != first.before, list(bench.layer.seen)
    if not good and method not in _WITHOUT_ENTRY:
        yield "it writes no entry; what shows nobody's data is named in _WITHOUT_ENTRY"
    ready = None if changes else first
    share = 2 if bench.owner.dialect.name == "postgresql" else 1
    for fault, number in _tried(method, faults, len(transactions), share):
        ready, wrong = _broken(bench, method, (fault, number), good, changes=changes, ready=ready)
        for each in wrong:
            yield f"{fault} in transaction {number} ({transactions[number - 1]}): {each}"


def _tried(method: str, faults: list[str], transactions: int, share: int) -> list[tuple[str, int]]:
    """Return which fault acts in which transaction, counted from one.

    Of the gateway each meets each. Of another service every transaction has its turn, or one in ``share``, and the name
    of the method says which and which faults come first, so that over the methods each place meets each fault; the
    thorough profile tries each in each there too.
    """
    if method.startswith("gateway.") or settings.get_current_profile_name() == "thorough":
        return [(fault, number) for fault in faults for number in range(1, transactions + 1)]
    first, most = zlib.crc32(method.encode()), max(_FEW, transactions) if transactions else 0
    return [
        (faults[(first + each) % len(faults)], (first // 8 + each * share) % transactions + 1)
        for each in range((most + share - 1) // share)
    ]


def _arranged(bench: Bench, method: str) -> Ready:
    call = CASES[method](bench.at)
    return Ready(call, bench.state(method))


def _broken(
    bench: Bench, method: str, fault: tuple[str, int], good: Acts, *, changes: bool, ready: Ready | None
) -> tuple[Ready | None, list[str]]:
    """Run a method once with one fault, and return what is wrong about how it ended.

    The next call is the same one again where the fault left everything as it was, else one arranged anew. With what is
    wrong comes what is still ready for the next fault: a call that only reads.
    """
    ready = ready or _arranged(bench, method)
    since, wrong = bench.newest(), list[str]()
    error: StaffdeskError | None = None
    began = time.monotonic()
    with bench.layer.watching(*fault):
        try:
            ready.call()
        except StaffdeskError as raised:
            error = raised
    if time.monotonic() - began > 2.5:
        wrong.append("it took longer than the two seconds a person waits")
    if not bench.layer.met:
        wrong.append("the fault was not met")
    acts, changed = bench.acts(since), bench.state(method) != ready.before
    if error is not None:
        wrong += _told(error, fault[0], bench.at.demo)
    elif good - acts:
        wrong.append(f"it came back with {dict(acts)} in the log instead of {dict(good)}")
    wrong += [*_half_done(acts, good, changed=changed, changes=changes), *_left_open(bench.owner)]
    if "clock" in fault[0]:
        bench.at.seats.clear()
    if "clock" in fault[0] or changed or (changes and error is None):
        ready = _arranged(bench, method)
    bench.at.forget_failures()
    try:
        ready.call()
    except StaffdeskError as raised:
        wrong.append(f"the next call fails: {raised.sentence}")
    return None if changes else ready, wrong


def _half_done(acts: Acts, good: Acts, *, changed: bool, changes: bool) -> Iterator[str]:
    """Compare what was changed with what the log says was."""
    results = {act for act in good if act[1] == "ok"}
    if changed and not changes:
        yield "it changed what it only reads"
    if changed and changes and results and not results & acts.keys():
        yield f"it changed something and the log says {dict(acts)}"
    if changes and not changed and acts == good != Acts():
        yield "it changed nothing and the log says that it did"


def _told(error: StaffdeskError, fault: str, demo: Demo) -> Iterator[str]:
    said = f"{error.sentence} {error.hint}"
    if not error.sentence.endswith(".") or not error.hint:
        yield f"no sentence with a next step: {said!r}"
    if "dupont" in said.casefold() or f"{demo.person}" in said.split():
        yield f"the sentence names a customer: {said!r}"
    if "clock" in fault:
        if not isinstance(error, SessionEnded | SignInFailed | LogUnavailable):
            yield f"a clock that moved is told as {type(error).__name__}: {said!r}"
    elif not isinstance(error, LogUnavailable | StorageUnavailable):
        yield f"told as {type(error).__name__}: {said!r}"
    elif fault in UNKNOWN and "Nothing was changed" in said:
        yield f"it says what nobody knows: {said!r}"
    elif fault in _TOO_LONG and not any(word in said for word in ("busy", "did not answer in time")):
        yield f"it does not say that the database was busy: {said!r}"
    elif not any(step in error.hint for step in _NEXT_STEPS):
        yield f"no next step: {said!r}"


def _left_open(owner: sa.Connection) -> Iterator[str]:
    head, count, last = owner.exec_driver_sql("SELECT (SELECT seq FROM head), count(*), max(seq) FROM entry").one()
    if not head == count == last:
        yield f"the log has a gap: {head}, {count}, {last}"
    if owner.dialect.name == "sqlite":
        owner.exec_driver_sql("BEGIN IMMEDIATE")
        owner.exec_driver_sql("ROLLBACK")
    elif owner.exec_driver_sql(_LEFT_OPEN).scalar_one():
        yield "a transaction is left open"
