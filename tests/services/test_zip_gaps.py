"""Nothing is held unseen in a zip of logs: not before its files, between or behind them, nor beside them."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from staffdesk.domain.errors import BadInput
from staffdesk.domain.log_scan import LogScan, effect_of
from staffdesk.domain.support_log_rules import Effect, Problem, rules
from staffdesk.domain.support_logs import Examined, LogState
from staffdesk.domain.traces import Identity, Trace
from staffdesk.services.support_logs.curating import curate
from staffdesk.services.support_logs.examining import examine
from staffdesk.services.support_logs.log_spool import LogSpool
from tests.services.hand_made_zips import Odd, extra
from tests.services.log_zips import CLEAN, sealed

KNOWN: Final = Identity({Trace.EMAIL: ("anders@nordlys.example",)})
SCAN: Final = LogScan(rules(), KNOWN)
MOST: Final = rules().limits.directory_bytes
TOKEN: Final = b"ya29.a0AfH6SMBx7Qe4Yt9"
HIS: Final = b"anders@nordlys.example"
BINARY: Final = bytes(range(256)) * 3
TIMES: Final = extra(b"\x03" + bytes(8), 0x5455)

LOOSE: Final[dict[str, Callable[[bytes], Odd]]] = {
    "before the first file": lambda it: Odd(before=it),
    "between two files": lambda it: Odd(between=it),
    "behind the last file": lambda it: Odd(behind=it),
    "after the list": lambda it: Odd(after=it),
    "after the comment": lambda it: Odd(of_all=b"made at nine", after=it),
    "behind the packed content": lambda it: Odd(slack=it),
    "behind content that is not packed": lambda it: Odd(slack=it, stored=True),
    "a field of the file's own header": lambda it: Odd(local=extra(it)),
    "a field of the list": lambda it: Odd(listed=extra(it)),
    "behind the fields of a header": lambda it: Odd(local=TIMES + (b"\1\2\3" if it == BINARY else it)),
    "a field of times that is too long": lambda it: Odd(local=extra(bytes(40) + it, 0x5455)),
}
SAID: Final[dict[str, Callable[[bytes], Odd]]] = {
    "a file's comment": lambda it: Odd(comment=it),
    "the zip's comment": lambda it: Odd(of_all=it),
    "a name in Unicode": lambda it: Odd(local=extra(b"\1\0\0\0\0" + it, 0x7075)),
    "a comment in Unicode": lambda it: Odd(listed=extra(b"\1\0\0\0\0" + it, 0x6375)),
    "a short field of a kind that is known": lambda it: Odd(listed=extra(b"\0" + it, 0x000A)),
}


def _examined(folder: Path, content: bytes) -> Examined:
    with sealed(folder, content) as new:
        return examine(new.reader(MOST), SCAN, rules())


def _copied(folder: Path, content: bytes) -> bytes:
    with sealed(folder, content) as original, LogSpool(folder).new() as copy:
        curate(original.reader(MOST), copy.writer, SCAN, rules())
        reader = copy.reader(MOST)
        return reader.read(reader.size)


@pytest.mark.parametrize("where", [*LOOSE, *SAID])
def test_what_must_not_be_held_is_found_wherever_it_lies_in_a_zip(where: str, tmp_path: Path) -> None:
    what = _examined(tmp_path, {**LOOSE, **SAID}[where](b"Bearer " + TOKEN).zip(a=CLEAN, b=CLEAN * 9))
    assert "google_token" in what.found
    assert what.state is LogState.QUARANTINED
    assert ("beside" in what.found) is (where in LOOSE)


@pytest.mark.parametrize("where", [*LOOSE, *SAID])
def test_what_is_known_of_the_customer_is_found_there_and_no_copy_has_it(where: str, tmp_path: Path) -> None:
    content = {**LOOSE, **SAID}[where](b"of " + HIS).zip(a=CLEAN, b=CLEAN * 9)
    what = _examined(tmp_path, content)
    assert {"email", "known_email"} <= what.found.keys()
    assert {effect_of(name, rules()) for name in what.found} == {Effect.SCRUBBED}
    assert HIS in content
    copy = _copied(tmp_path, content)
    assert HIS not in copy
    assert _examined(tmp_path, copy).found == {}
    with zipfile.ZipFile(io.BytesIO(copy)) as made:
        assert {name: made.read(name) for name in made.namelist()} == {"a.log": CLEAN, "b.log": CLEAN * 9}
        assert [(each.extra, each.comment) for each in made.infolist()] == [(b"", b"")] * 2
        assert made.comment == b""


@pytest.mark.parametrize("where", LOOSE)
def test_bytes_that_nobody_can_read_keep_a_zip_from_being_read(where: str, tmp_path: Path) -> None:
    what = _examined(tmp_path, LOOSE[where](BINARY).zip(a=CLEAN, b=CLEAN))
    assert what.state is LogState.QUARANTINED
    assert what.found.keys() == {"beside"}


@pytest.mark.parametrize("where", ["a file's comment", "the zip's comment", "a comment in Unicode"])
def test_a_comment_that_is_no_text_keeps_a_zip_from_being_read(where: str, tmp_path: Path) -> None:
    assert "beside" in _examined(tmp_path, SAID[where]("Jane".encode("utf-16-le")).zip(a=CLEAN)).found


@pytest.mark.parametrize("where", [each for each in LOOSE if each != "behind content that is not packed"])
def test_zeros_tell_nothing(where: str, tmp_path: Path) -> None:
    assert _examined(tmp_path, LOOSE[where](bytes(64)).zip(a=CLEAN, b=CLEAN)).found == {}


def test_a_header_that_says_something_else_than_the_list_is_noticed(tmp_path: Path) -> None:
    assert _examined(tmp_path, Odd(lies=True).zip(a=CLEAN)).found == {"beside": 1}


def test_a_file_that_goes_on_behind_the_size_it_states_is_refused(tmp_path: Path) -> None:
    """Its checksum is of what the format's reader gives back, which stops there."""
    content = Odd(tail=b"the key is " + TOKEN).zip(a=CLEAN, b=CLEAN)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.read("a.log") == CLEAN
    with pytest.raises(BadInput, match=r"^File 1 of 2: it is not what the zip says of it\.$"):
        _examined(tmp_path, content)


def test_a_file_that_is_in_no_list_is_nothing_that_is_known(tmp_path: Path) -> None:
    hidden = Odd(stored=True).zip(hidden=b"Bearer " + TOKEN)
    what = _examined(tmp_path, Odd(between=hidden[: hidden.index(b"PK\1\2")]).zip(a=CLEAN, b=CLEAN))
    assert what.found == {"beside": 1}, "it begins with figures of a header, and is no text"


def test_a_record_of_a_large_zip_with_more_in_it_than_it_has_is_no_zip(tmp_path: Path) -> None:
    assert _examined(tmp_path, Odd(record=b"").zip(a=CLEAN)).found == {}
    with pytest.raises(BadInput, match="it is no zip"):
        _examined(tmp_path, Odd(record=b"Bearer " + TOKEN).zip(a=CLEAN))


def test_files_that_lie_in_one_another_are_refused(tmp_path: Path) -> None:
    inner = Odd(stored=True).zip(a=CLEAN)
    whole = bytearray(Odd(stored=True).zip(b=inner[: inner.index(b"PK\1\2")], a=CLEAN))
    listed = whole.rindex(b"PK\1\2")
    whole[listed + 42 : listed + 46] = (30 + len("b.log")).to_bytes(4, "little")
    either = r"The zip: its files lie over one another|File 1 of 2: it is not what the zip says of it"
    with pytest.raises(BadInput, match=rf"^({either})\.$"):  # by what Python's reader finds before us
        _examined(tmp_path, bytes(whole))


class _Pipe(io.RawIOBase):
    """A file that is written from its beginning to its end, as a download is."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        assert isinstance(part, bytes | bytearray | memoryview)
        self.written += part
        return len(part)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("piped", [False, True])
def test_what_an_honest_program_writes_beside_its_files_is_nothing(large: bool, piped: bool, tmp_path: Path) -> None:
    plain, pipe = io.BytesIO(), _Pipe()
    with zipfile.ZipFile(pipe if piped else plain, "w", zipfile.ZIP_DEFLATED) as made:
        made.comment = b"Logs of MovieRecorder 4.2"
        for name in ("a.log", "\u00e9/b.log", "empty"):
            info = zipfile.ZipInfo(name)
            info.extra = TIMES + extra(b"\1\4\xf5\1\0\0\4\x14\0\0\0", 0x7875) + extra(bytes(24), 0x000A)
            info.compress_type = zipfile.ZIP_DEFLATED
            with made.open(info, "w", force_zip64=large) as file:
                file.write(b"" if name == "empty" else CLEAN * 2_000)
    what = _examined(tmp_path, bytes(pipe.written) if piped else plain.getvalue())
    assert (what.found, what.state) == ({}, LogState.RECEIVED)


def test_a_gap_of_any_size_is_looked_through_in_little_memory(tmp_path: Path) -> None:
    line = b"%s 25 fps, 0 frames dropped\n" % (b"x" * 200)
    content = Odd(between=line * 12_000 + HIS + b"\n" + line, slack=os.urandom(1_500_000)).zip(a=CLEAN, b=CLEAN)
    with sealed(tmp_path, content) as new:
        del content
        tracemalloc.start()
        what = examine(new.reader(MOST), SCAN, rules())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert what.found.keys() == {"beside", "email", "known_email"}
    assert peak < 2_000_000


def test_what_is_beside_is_said_in_words() -> None:
    said = rules().problems[Problem.BESIDE]
    assert said.effect is Effect.SCRUBBED
    assert "belong to no file" in said.sentence
