"""Each mail is read by a process of its own, whatever became of the one before and of what forks them.

Seen to fail: with what forks not started anew, with no end of its time, and with no turn among threads.
"""

from __future__ import annotations

import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from staffdesk.domain.intake_rules import rules
from staffdesk.services.intake import readers
from staffdesk.services.intake.reading import read_mail
from tests.mails import mail

_WITHIN = 20


def _forking() -> psutil.Process:
    read_mail(mail())
    started, _ = readers._there[os.getpid()]
    return psutil.Process(started.pid)


def _until_none_is_left(forking: psutil.Process) -> None:
    until = time.monotonic() + _WITHIN
    while forking.children():
        assert time.monotonic() < until, "it reads on"
        time.sleep(0.01)


def test_each_mail_has_a_process_of_its_own_that_ends_with_it() -> None:
    forking = _forking()
    found = set()
    for _ in range(3):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            found.add(number := readers._forked(b"5 512 1000 1000 10 5 0", theirs))
            assert psutil.Process(number).ppid() == forking.pid
    assert len(found) == 3
    _until_none_is_left(forking)


def test_where_what_forks_was_killed_the_next_mail_is_read_all_the_same() -> None:
    killed = _forking()
    killed.kill()
    killed.wait(_WITHIN)
    assert "Anders" in read_mail(mail(sender="Anders Bo <anders@nordlys.example>")).sender_name
    assert _forking().pid != killed.pid


def test_who_takes_too_long_is_given_up_and_ended() -> None:
    forking, by = _forking(), rules().limits
    limits = (by.seconds, by.memory_megabytes, 10**8, by.text_characters, by.parts, by.depth, 0)
    forking.suspend()
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(readers.read, mail() + b"x\n" * 4_000_000, limits, 0.05)
        time.sleep(0.2)
        forking.resume()
        with pytest.raises(OSError, match="timed out"):
            asked.result(_WITHIN)
    _until_none_is_left(forking)


def test_whoever_reads_at_once_gets_his_own_answer() -> None:
    names = [f"Name{number} Holm" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        read = pool.map(lambda name: read_mail(mail(sender=f"{name} <a@b.example>")).sender_name, names)
    assert list(read) == names
