"""What a zip is refused for by its list, and what tells about a person in its texts: rules alone, without a zip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain import screening
from staffdesk.domain.log_scan import LogScan, effect_of, said_of
from staffdesk.domain.log_texts import PIECE, is_text, pieces
from staffdesk.domain.support_log_rules import Effect, Problem, rules
from staffdesk.domain.support_logs import counted, counts_of
from staffdesk.domain.traces import Identity, Trace
from staffdesk.domain.zip_directory import Judged, Member, judge

_LINK = 0o120777 << 16
HIM = Identity(
    {
        Trace.NAME: ("Jané Holm", "Holm Jané"),
        Trace.EMAIL: ("jane@nordlys.example",),
        Trace.MAC: ("02:00:5E:10:20:30",),
        Trace.SERIAL: ("MR4-000123-QX",),
        Trace.USER_NAME: ("jane-imac",),
        Trace.WORD: ("holm",),
    }
)


def _problems(*members: Member, packed: int = 10_000) -> set[tuple[Problem, int | None]]:
    return {(each.problem, each.place) for each in judge(members, packed, rules())}


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../x", "a/../../x", "C:\\x", "c:x", "~/x", "~root/x", "a\\b", "", "/", "a//b", "./a", "a\0b"],
)
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    assert (Problem.OUTSIDE, 1) in _problems(Member(name, 1, 1))


@pytest.mark.parametrize("name", ["a", "a/", "a/b.log", "a b.log", "..a", "a~", "é.log", "Users/jane/x.log"])
def test_a_plain_name_is_taken(name: str) -> None:
    assert _problems(Member(name, 1, 1)) == set()


def test_each_problem_is_found_with_its_place() -> None:
    limits = rules().limits
    for member, problem in (
        (Member("a", 1, 1, attributes=_LINK), Problem.LINK),
        (Member("a", 1, 1, flags=1), Problem.ENCRYPTED),
        (Member("a", 1, 1, method=99), Problem.METHOD),
        (Member("a", 1, 1, method=12), Problem.METHOD),
        (Member("a", limits.ratio_from_bytes * 10, 10), Problem.TOO_DENSE),
        (Member("a" * (limits.name_characters + 1), 1, 1), Problem.LONG_NAME),
        (Member("__MACOSX/._a", 1, 1), Problem.MACOS),
        (Member("a/.DS_Store", 1, 1), Problem.MACOS),
    ):
        assert (problem, 2) in _problems(Member("b", 1, 1), member)
    assert _problems(Member("a", 1, 1), Member("a", 1, 1)) == {(Problem.TWICE, 1), (Problem.TWICE, 2)}
    assert _problems(Member("a", 1, 1), Member("A", 1, 1)) == {(Problem.SAME_BUT_CASE, 1), (Problem.SAME_BUT_CASE, 2)}
    assert (Problem.TOO_LARGE, None) in _problems(Member("a", limits.unpacked_bytes, 1), Member("b", 1, 1))
    assert (Problem.TOO_LARGE, None) in _problems(packed=limits.packed_bytes + 1)
    assert (Problem.TOO_MANY, None) in _problems(*(Member(f"{n}", 1, 1) for n in range(limits.files + 1)))
    assert (Problem.OVERLAPPING, None) in _problems(Member("a", 9_000, 6_000), Member("b", 9_000, 6_000))


def test_every_problem_has_a_sentence_without_a_name() -> None:
    for problem in Problem:
        said = Judged(problem, 3).said(rules(), 12)
        assert said.startswith("File 3 of 12: ")
        assert said.endswith(".")
    assert Judged(Problem.NO_ZIP).said(rules(), 0) == "The zip: it is no zip, or it is damaged."


@pytest.mark.parametrize(
    ("text", "scrubbed", "found"),
    [
        ("opened /Users/jane/Movies/a.mov", "opened /Users/(user)/Movies/a.mov", {"home": 1}),
        ("C:\\Users\\Jane Holm\\x", "C:\\Users\\(user)\\x", {"home": 1, "known_name": 0}),
        ('"C:\\\\Users\\\\jane\\\\x"', '"C:\\\\Users\\\\(user)\\\\x"', {"home": 1}),
        ("/home/jane: no such folder", "/home/(user): no such folder", {"home": 1}),
        ("file:///Users/jane%20h/x", "file:///Users/(user)/x", {"home": 1}),
        ("/Users/Shared/x and /Users/Shared", "/Users/Shared/x and /Users/Shared", {}),
        ("at homework/jane", "at homework/jane", {}),
        ("Janes-MacBook.local answers", "(host).local answers", {"host": 1}),
        ("settings.local.json", "settings.local.json", {}),
        ("to bob@other.example now", "to (an e-mail address) now", {"email": 1}),
        ("for jane+x@nordlys.example", "for (customer)", {"email": 1, "known_email": 1}),
        ("JANÉ HOLM and jané_holm", "(customer) and (customer)", {"known_name": 2}),
        ("en0 02-00-5e-10-20-30", "en0 (customer)", {"known_mac": 1}),
        ("serial MR4 000123 QX", "serial (customer)", {"known_serial": 1}),
        ("user jane-imac", "user (customer)", {"known_user_name": 1}),
        ("Holm is a word", "Holm is a word", {}),
        ("version 18.2.1.4, 25 fps", "version 18.2.1.4, 25 fps", {}),
    ],
)
def test_what_tells_about_a_person_is_found_and_gives_way(text: str, scrubbed: str, found: dict[str, int]) -> None:
    scan = LogScan(rules(), HIM)
    expected = {name: n for name, n in found.items() if n} | ({"known_name": 1} if "Jane Holm" in text else {})
    assert {**scan.find(text), **({"known_name": 1} if "Jane Holm" in text else {})} == expected
    assert scan.scrub(text) == scrubbed
    assert scan.find(scrubbed) == {}


STAMP = "2026-11-27T09:00:01.123456+01:00 "
FORBIDDEN = [
    "4111 1111 1111 1111", "4111111111111111", "BE68 5390 0754 7034", "nl91abna0417164300", "85.07.30-033 28",
    "password: hunter2x", "Bearer ya29.a0AfH6SMBx7Qe4Yt9", "rtmp://a.example/live/abcd-efgh-1234",
    "eyJhbGciOiJI.eyJzdWIiOiIx", "4111 1111 1111 1111".translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
]  # fmt: skip


@pytest.mark.parametrize("text", FORBIDDEN)
def test_what_must_not_be_held_is_found_behind_a_time_as_the_screen_finds_it(text: str) -> None:
    scan = LogScan(rules(), HIM)
    rule = screening.screen(text)
    assert rule is not None
    assert scan.find(f"one\n{STAMP}x {text}\n{STAMP}two {text}") == {rule.name: 2}
    assert effect_of(rule.name, rules()) is Effect.QUARANTINED
    assert said_of(rule.name, rules()) == rule.what


@given(st.text(st.sampled_from("09 -./:BENLabx=@\n4111"), max_size=60))
def test_the_short_way_finds_what_the_screen_finds_line_by_line(text: str) -> None:
    found = LogScan(rules(), Identity({})).find(text)
    names = [each.name for line in text.splitlines() if (each := screening.screen(line)) is not None]
    assert {name: n for name, n in found.items() if effect_of(name, rules()) is Effect.QUARANTINED} == {
        name: names.count(name) for name in names
    }


@given(st.lists(st.binary(max_size=40), max_size=8), st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff"]))
def test_pieces_give_the_bytes_back(chunks: list[bytes], mark: bytes) -> None:
    """But for what no UTF-16 is: half a sign, and half a pair."""
    whole = mark + b"".join(chunks)
    back = b"".join(piece.encode(piece.text) for piece in pieces(iter([mark, *chunks])))
    if not mark:
        assert back == whole
    else:
        try:
            whole.decode("utf-16")
        except UnicodeDecodeError:
            return
        assert back == whole


def test_a_line_is_not_cut_where_there_are_lines() -> None:
    line = b"x" * 1_000 + b"\n"
    whole = line * 200
    found = list(pieces(whole[at : at + 999] for at in range(0, len(whole), 999)))
    assert len(found) > 1
    assert all(piece.text.endswith("\n") for piece in found)
    assert b"".join(piece.encode(piece.text) for piece in found) == whole


def test_one_long_line_is_cut_between_its_things() -> None:
    whole = b",".join(b'{"at":"/Users/jane/x"}' for _ in range(PIECE // 8))
    found = list(pieces(whole[at : at + 999] for at in range(0, len(whole), 999)))
    assert len(found) > 2
    assert sum(LogScan(rules(), Identity({})).find(piece.text).get("home", 0) for piece in found) == PIECE // 8


def test_text_is_told_from_what_is_none() -> None:
    assert is_text(b"a log")
    assert is_text(b"")
    assert is_text("a log".encode("utf-16"))
    assert not is_text(b"\x89PNG\r\n\x1a\n\x00")


def test_counts_are_kept_and_read_back() -> None:
    assert counts_of(counted({"home": 3, "email": 1, "picture": 0})) == {"home": 3, "email": 1}
    assert counts_of(None) == counts_of("") == {}
