"""A name in a log is found however it is written there, and nothing of it is left in a curated copy."""

from __future__ import annotations

import unicodedata
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.log_scan import LogScan
from staffdesk.domain.log_texts import PIECE, overlapping, pieces, uncut
from staffdesk.domain.support_log_rules import rules
from staffdesk.domain.traces import Identity, Trace
from staffdesk.domain.unescaped import unescaped

HIM = Identity(
    {
        Trace.EMAIL: ("andré.bø@nordlys.example",),
        Trace.NAME: ("André Bø", "Bø André"),
        Trace.USER_NAME: ("andrebo",),
    }
)
SCAN = LogScan(rules(), HIM)
NAMES = [
    "André Bø", "ANDRÉ BØ", "andre bo", "andré_bø", "Bø, André", "André%20Bø", "Andr%C3%A9%20B%C3%B8", "AndréBø",
    unicodedata.normalize("NFD", "André Bø"), r"Andr\u00e9 B\u00f8", "Andr&eacute; B&#248;", "Andre+Bo", "ANDREBO",
    "andr%C3%A9.b%C3%B8%40nordlys.example", "Andr%25C3%25A9+B%25C3%25B8",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_customers_name_gives_way_however_it_is_written(name: str) -> None:
    assert SCAN.scrub(f"owner <{name}>, 25 fps") == "owner <(customer)>, 25 fps"
    assert SCAN.find(f"owner <{name}>, 25 fps")


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        (r'"\/Users\/jane\/x"', r'"\/Users\/(user)\/x"'),
        ("/users/jane/x", "/users/(user)/x"),
        ("/Users/jane%20doe/x", "/Users/(user)/x"),
        ("%2FUsers%2Fjane%2Fx", "%2FUsers%2F(user)%2Fx"),
        ("%252Fusers%252fjane", "%252Fusers%252f(user)"),
        ("Macintosh HD:Users:jane:Movies", "Macintosh HD:Users:(user):Movies"),
        ("open ~jane/Desktop", "open ~(user)/Desktop"),
        ("smb://jane:pw@nas/share", "smb://(user)@nas/share"),
        ('"userName" : "jane.doe"', '"userName" : "(user)"'),
        ("LOGNAME=jane SHELL=/bin/zsh", "LOGNAME=(user) SHELL=/bin/zsh"),
        ("on Jane\u2019s MacBook Pro", "on (user)\u2019s MacBook Pro"),
        ("to jane%40example.org", "to (an e-mail address)"),
    ],
)
def test_who_it_was_gives_way_by_the_shape_of_it(text: str, scrubbed: str) -> None:
    assert SCAN.scrub(text) == scrubbed
    assert SCAN.find(scrubbed) == {}


@pytest.mark.parametrize(
    "text",
    [
        "/Users/USER/*/MovieRecorder.app", "hw.model: MacBookPro18,3", "username=501", "https://softron.example/users",
        "100% done, 20%25 left", "a ~/Movies path", "users: 12, views: 3", "it supports iMac", "USER: null",
    ],
)  # fmt: skip
def test_what_every_log_has_is_left(text: str) -> None:
    assert SCAN.find(text) == {}
    assert SCAN.scrub(text) == text


def test_a_name_that_was_met_in_a_path_is_looked_for_by_itself_but_not_one_that_many_have() -> None:
    text = "/Users/Jané/x, /home/admin/y, /Users/x1/z"
    assert set(SCAN.names_in(text)) == {"jane"}
    scan = LogScan(rules(), HIM, names=frozenset(SCAN.names_in(text)))
    assert (
        scan.scrub("owner JANE:staff, Janes-iPhone, janet, admin") == "owner (user):staff, (user)s-iPhone, janet, admin"
    )
    assert scan.find("owner JANE:staff") == {"home": 1}


@given(st.text(alphabet=st.sampled_from("aé%2Cu0\\/&amp;#é\U0001f3a5")))
def test_each_sign_of_what_is_read_stands_where_it_is_said_to(text: str) -> None:
    view = unescaped(text)
    places = [view.written(n, n + 1) for n in range(len(view.text))]
    ends = [0, *(end for _, end in places)]
    assert ends == [*(begin for begin, _ in places), len(text)]
    for sign, (begin, end) in zip(view.text, places, strict=True):
        assert unescaped(text[begin:end]).text == sign or text[begin:end] == sign


@pytest.mark.parametrize("around", [b"x", "é".encode(), b"x ", b"x,"])
@pytest.mark.parametrize("before", range(PIECE - 40, PIECE + 20, 15))
def test_a_name_at_the_border_of_two_pieces_is_found_and_gives_way(around: bytes, before: int) -> None:
    """In a file of one long line, which has no better place to be cut."""
    whole = around * (before // len(around)) + b" /Users/jane/x Andr\xc3\xa9, B\xc3\xb8 " + around * PIECE
    chunks = [whole[at : at + 999] for at in range(0, len(whole), 999)]
    found: set[str] = set()
    for text in overlapping(pieces(chunks)):
        found |= set(SCAN.find(text))
    assert {"home", "known_name"} <= found
    places = partial(lambda text: [(each.begin, each.end) for each in SCAN.places(text)])
    scrubbed = b"".join(piece.encode(SCAN.scrub(piece.text)) for piece in uncut(pieces(chunks), places))
    assert scrubbed == whole.replace(b"jane", b"(user)").replace(b"Andr\xc3\xa9, B\xc3\xb8", b"(customer)")


def test_one_line_in_another_encoding_hides_no_name_beside_it() -> None:
    whole = "André Bø\n".encode() + b"caf\xe9 Andr\xe9 B\xf8\n"
    assert [piece.encode(SCAN.scrub(piece.text)) for piece in pieces([whole])] == [
        b"(customer)\n", b"caf\xe9 (customer)\n",
    ]  # fmt: skip
