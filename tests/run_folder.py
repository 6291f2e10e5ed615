"""One folder for a whole test run, all xdist workers included: whoever began the run removes it."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

_RUN: Final = "STAFFDESK_TEST_RUN"
_STOPPED_WITHIN: Final = 20
_MEMORY: Final = "/dev/shm"  # noqa: S108 - mkdtemp makes the folder in it
_ROOM: Final = 4 * 2**30


def begin() -> None:
    """Make the run's folder; workers started afterwards inherit its name.

    It lies in memory where there is room, else under the system's temporary folder; a server started by root runs as
    another user.
    """
    os.environ[_RUN] = tempfile.mkdtemp(prefix="staffdesk-tests-", dir=_MEMORY if _has_room() else None)


def end() -> None:
    """Stop the database server if one was started, see that it is gone, and remove the run's folder."""
    pid_file = server() / "postmaster.pid"
    if pid_file.exists():
        postmaster = psutil.Process(int(pid_file.read_text(encoding="utf-8").split()[0]))
        postmaster.send_signal(signal.SIGINT)
        postmaster.wait(_STOPPED_WITHIN)
        assert not pid_file.exists(), "the PostgreSQL server of the tests is still running"
    shutil.rmtree(Path(os.environ.pop(_RUN)))


def folder() -> Path:
    """Return the run's folder."""
    return Path(os.environ[_RUN])


def server() -> Path:
    """Return the folder of the run's PostgreSQL server, started or not."""
    return folder() / "server"


def _has_room() -> bool:
    """Say whether files may lie in memory: a desk syncs each commit, and of thousands of desks a disk makes minutes."""
    if not os.access(_MEMORY, os.W_OK):
        return False
    found = os.statvfs(_MEMORY)
    room = min(found.f_bavail * found.f_frsize, psutil.virtual_memory().available)
    return room > _ROOM and not found.f_flag & os.ST_NOEXEC


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Keep the run's other processes out."""
    with (folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
