"""Zips as other programs make them, and as nobody should: read, or refused with place and reason, in little memory."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import BadInput, StaffdeskError
from staffdesk.domain.log_scan import LogScan
from staffdesk.domain.support_log_rules import rules
from staffdesk.domain.support_logs import Examined, LogState
from staffdesk.domain.traces import Identity
from staffdesk.services.support_logs.curating import curate
from staffdesk.services.support_logs.examining import examine
from staffdesk.services.support_logs.log_spool import LogSpool
from staffdesk.services.support_logs.sealed_stream import MAGIC, SealedReader
from tests.services.log_zips import AT_HOME, CLEAN, PICTURE, sealed, zipped

ODD: Final = Path(__file__).resolve().parents[3] / "shared" / "realdata" / "zip-libarchive"
SCAN: Final = LogScan(rules(), Identity({}))
MOST: Final = rules().limits.directory_bytes


def _examined(folder: Path, content: bytes) -> Examined:
    with sealed(folder, content) as new:
        return examine(new.reader(MOST), SCAN, rules())


@pytest.mark.skipif(not ODD.is_dir(), reason="the zips of libarchive's tests are not here")
def test_every_odd_zip_is_read_or_refused_with_its_place_and_a_reason(tmp_path: Path) -> None:
    came: Counter[str] = Counter()
    for path in sorted(ODD.glob("*.zip")):
        try:
            came[_examined(tmp_path, path.read_bytes()).state.value] += 1
        except BadInput as refused:
            place, _, reason = refused.sentence.partition(": ")
            assert place.startswith(("File ", "The zip")), path.name
            came[reason] += 1
    assert came == {
        "received": 22,
        "quarantined": 13,
        "it is locked with a password.": 13,
        "it is a link or another thing that is no file.": 6,
        "it is no zip, or it is damaged.": 4,
        "it is not what the zip says of it.": 3,
        "its name leads out of the zip or has a backslash.": 2,
        "another file has the same name but for capital letters.": 1,
        "it is larger than a zip of logs may be.": 1,
    }


CONTENTS = st.sampled_from([b"", CLEAN, AT_HOME, PICTURE, b"\x1f\x8b\x08", CLEAN * 900, b"\xff\xfea\x00"])


@given(st.lists(st.tuples(st.text("abA/.~:\\é ", min_size=1, max_size=5), CONTENTS), max_size=5))
def test_a_generated_zip_is_what_its_manifest_says_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, bytes]]
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
    try:
        what = _examined(tmp_path_factory.mktemp("zip"), made.getvalue())
    except BadInput:
        return
    held = [(name, content) for name, content in files if not name.endswith("/")]
    assert [(each.name, each.size, each.digest) for each in what.files] == [
        (name, len(content), hashlib.sha256(content).hexdigest()) for name, content in held
    ]


@given(st.data())
def test_a_zip_with_any_byte_changed_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(zipped({"a.log": CLEAN, "b/c.log": AT_HOME, "d": b""}))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BadInput):
        _examined(tmp_path_factory.mktemp("zip"), bytes(content))


def _curated(folder: Path, content: bytes) -> tuple[int, Examined, dict[str, bytes]]:
    with sealed(folder, content) as original, LogSpool(folder).new() as copy:
        left_out = curate(original.reader(MOST), copy.writer, SCAN, rules())
        what = examine(copy.reader(MOST), SCAN, rules())
        reader = copy.reader(MOST)
        with zipfile.ZipFile(io.BytesIO(reader.read(reader.size))) as made:
            return left_out, what, {name: made.read(name) for name in made.namelist()}


def test_a_curated_copy_holds_the_texts_alone_and_no_name_twice(tmp_path: Path) -> None:
    files = {
        "Users/jane/a.log": CLEAN, "Users/bob/a.log": AT_HOME, "shot.png": PICTURE, "old.gz": b"\x1f\x8b\x08",
        "__MACOSX/._a.log": b"Mac OS X", "wide.log": "/Users/jane/x".encode("utf-16"), "l1.log": b"caf\xe9 /home/jane",
    }  # fmt: skip
    left_out, what, texts = _curated(tmp_path, zipped(files))
    assert (left_out, what.state) == (3, LogState.RECEIVED)
    assert texts == {
        "Users/(user)/a.log": CLEAN,
        "Users/(user)/a (2).log": AT_HOME.replace(b"anders", b"(user)").replace(b"Anders Bo", b"(user)"),
        "wide.log": "/Users/(user)/x".encode("utf-16"),
        "l1.log": b"caf\xe9 /home/(user)",
    }


def test_what_lies_beside_the_files_is_not_kept_unseen(tmp_path: Path) -> None:
    plain = zipped({"a.log": CLEAN})
    assert _examined(tmp_path, plain).state is LogState.RECEIVED
    assert _examined(tmp_path, b"x" * 200_000 + plain).found == {"beside": 1}
    made = io.BytesIO(plain)
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = b"Bearer ya29.a0AfH6SMBx7Qe4Yt9"
    assert _examined(tmp_path, made.getvalue()).found == {"google_token": 1}


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("far", [0, 200_000])
def test_what_lies_in_a_gap_with_a_nul_in_it_is_looked_through_as_any_other(
    tmp_path: Path, wide: bool, far: int
) -> None:
    token = "Bearer ya29.a0AfH6SMBx7Qe4Yt9"
    hidden = token.encode("utf-16-le") if wide else b"\0" + token.encode() + b"\0tail"
    before = _examined(tmp_path, b"\0" * far + b"x\0" + hidden + zipped({"a.log": CLEAN}))
    assert before.found == {"beside": 1, "google_token": 1}
    behind = _examined(tmp_path, zipped({"a.log": CLEAN}) + b"x\0" * 10_000 + hidden)
    assert behind.found == {"beside": 1, "google_token": 1}


def test_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    """Five megabytes of zeros, twice; a directory of more names than may be; and one that unpacks by itself alone."""
    dense = zipped({f"{n}.log": b"0" * 5_000_000 for n in range(2)})
    many = zipped({f"{n}": b"" for n in range(rules().limits.files + 1)})
    packed_so = zipped({"a.log": b"0" * 5_000_000}, packed=zipfile.ZIP_BZIP2)
    whole = zipped({"a.log": b"".join(b"%d frames dropped of 0x%x\n" % (n, n * 2_654_435_761) for n in range(40_000))})
    tracemalloc.start()
    for content, sentence in (
        (dense, "many times its size"), (many, "more files"), (packed_so, "a way that is not read"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=sentence):
            _examined(tmp_path, content)
    _examined(tmp_path, whole)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


def test_a_list_of_files_longer_than_may_be_is_not_read(tmp_path: Path) -> None:
    content = zipped({f"{n}" * 30: b"" for n in range(900)})
    with sealed(tmp_path, content) as new, pytest.raises(BadInput, match="too long"):
        examine(new.reader(50_000), SCAN, rules())


@given(st.binary(max_size=200_000), st.data())
def test_what_was_sealed_is_read_back_anywhere_and_never_altered(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    with sealed(tmp_path_factory.mktemp("sealed"), content) as new:
        reader = new.reader(MOST)
        at = data.draw(st.integers(0, len(content)))
        n = data.draw(st.integers(0, 70_000))
        reader.seek(at)
        assert reader.read(n) == content[at : at + n]
        new.file.seek(0)
        kept = new.file.read()[len(MAGIC) :]
        altered = data.draw(st.sampled_from(["cut", "longer", "swapped", "named"]))
        name = new.name
        if altered == "cut":
            kept = kept[: data.draw(st.integers(0, len(kept) - 1))]
        elif altered == "longer":
            kept += data.draw(st.binary(min_size=1, max_size=100))
        elif altered == "swapped" and len(kept) > 2 * 65_552:
            kept = kept[65_552 : 2 * 65_552] + kept[:65_552] + kept[2 * 65_552 :]
        else:
            name = "another"
        with pytest.raises(StaffdeskError, match="not as it was written"):
            _whole(io.BytesIO(MAGIC + kept), new.key, name)


def test_a_file_cut_off_between_two_pieces_is_known(tmp_path: Path) -> None:
    with sealed(tmp_path, b"x" * (3 * 65_536)) as new:
        new.file.seek(0)
        cut = new.file.read()[: len(MAGIC) + 2 * 65_552]
        with pytest.raises(StaffdeskError, match="not as it was written"):
            _whole(io.BytesIO(cut), new.key, new.name)


def _whole(file: io.BytesIO, key: bytes, name: str) -> bytes:
    reader = SealedReader(file, key, name, MOST)
    return reader.read(reader.size)
