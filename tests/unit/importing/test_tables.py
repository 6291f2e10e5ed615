"""Tables by profile: found by content, columns in any order, bad rows and disguised files refused with their place.

Seen to fail: with the bound on a line taken away, with the macros of a workbook let through, and with the header looked
for in the first line alone; with two columns of one field passed over in silence, with a wide header compared column by
column, and with a workbook that unpacks to anything read by the desk itself.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.imported import Place
from staffdesk.domain.imported_lists import ImportedActivation, ImportedContact, ImportedSubscriber, NewsStatus
from staffdesk.domain.manifest import manifest_of
from staffdesk.domain.read_items import Imported, ReadItem, Refused, SameColumns, UnknownColumns
from staffdesk.services.importing import reader_of
from staffdesk.services.importing.profiles import names, profile
from tests.services.lists import HEADER, LUND, MET, SMITH, workbook

TODAY = dt.date(2026, 11, 27)
CSV = "First name,Last name,E-mail\nMette,Lund,mette@lund.example\n"


def read(path: Path, source: str = "leads", encoding: str | None = None) -> list[ReadItem]:
    said = MET if encoding is None else {**MET, "encoding": encoding}
    told = manifest_of(said, today=TODAY)
    return list(reader_of(source, told)(path))


def taken(items: Sequence[ReadItem]) -> list[ImportedContact]:
    return [each.record for each in items if isinstance(each, Imported) and isinstance(each.record, ImportedContact)]


def given_name(items: Sequence[ReadItem]) -> list[str | None]:
    return [each.party.given_name for each in taken(items)]


def file(folder: Path, content: str | bytes, name: str = "given.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def reasons(items: Sequence[ReadItem]) -> list[str]:
    return [each.reason for each in items if isinstance(each, Refused)]


def test_every_profile_can_be_read() -> None:
    assert {"leads", "partners", "licences", "mailchimp", "transpond", "fastspring", "shopify"} <= set(names())
    assert all(profile(name).origins for name in names())


@pytest.mark.parametrize(
    "content",
    [
        CSV,
        CSV.replace(",", ";"),
        CSV.replace(",", "\t"),
        CSV.replace("\n", "\r\n"),
        CSV.replace("\n", "\r"),
        b"\xef\xbb\xbf" + CSV.encode(),
        CSV.encode("utf-16"),
        f"Badges of hall 7\n\nExported by the scanner, 14 September\n{CSV}",
        CSV.replace("Last name,", "LAST NAME ,"),
    ],
    ids=["comma", "semicolon", "tab", "CR LF", "CR", "mark", "UTF-16", "notes before", "spelt otherwise"],
)
def test_a_table_is_read_however_it_was_saved(content: str | bytes, tmp_path: Path) -> None:
    items = read(file(tmp_path, content))
    assert reasons(items) == []
    assert given_name(items) == ["Mette"]


def test_another_encoding_is_told_or_the_file_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, CSV.replace("Mette", "Mettë").encode("latin-1"))
    (reason,) = reasons(read(path))
    assert "--encoding latin-1" in reason
    assert given_name(read(path, encoding="latin-1")) == ["Mettë"]
    assert "not known" in reasons(read(path, encoding="klingon"))[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "no row names the columns"),
        (CSV.replace("Last name", "First name"), "twice"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old or an encrypted workbook"),
        (b"PK\x03\x04 and nothing more", "cannot be unpacked"),
        (CSV + "x" * 1_100_000, "longer than"),
        (b"\0" * 2_000_000, "longer than"),
        ("BEGIN:VCARD\nFN:Mette\n", "ends inside a card"),
    ],
    ids=["empty", "foreign", "a column twice", "old workbook", "no zip", "long line", "zeros", "half a card"],
)
def test_what_is_no_list_is_refused_whole(content: str | bytes, says: str, tmp_path: Path) -> None:
    items = read(file(tmp_path, content))
    assert says in reasons(items)[-1]


def test_a_bad_row_spoils_no_other(tmp_path: Path) -> None:
    rows = ("A,B,a@b.example", 'C,"D,c@d.example', "E,F,e@f.example,more", "G,H,no address", "I\0,J,i@j.example", ",,")
    items = read(file(tmp_path, CSV + "\n".join(rows) + "\nK,L,k@l.example\n"))
    assert given_name(items) == ["Mette", "A", "K"]
    assert [each.place.position for each in items if isinstance(each, Refused)] == [f"line {n}" for n in (4, 5, 6, 7)]


def test_a_formula_is_a_text(tmp_path: Path) -> None:
    assert given_name(read(file(tmp_path, CSV.replace("Mette", '"=HYPERLINK(""x"")"')))) == ['=HYPERLINK("x")']


def test_a_workbook_is_read_and_one_with_macros_is_not(tmp_path: Path) -> None:
    rows = (("Leads of hall 7",), HEADER, LUND, SMITH)
    items = read(workbook(tmp_path / "leads.xlsx", [[*row, *[""] * (len(HEADER) - len(row))] for row in rows]))
    assert (reasons(items), given_name(items)) == ([], ["Mette", "Ada"])
    assert "macros" in reasons(read(workbook(tmp_path / "leads.csv", rows, macros=True)))[0]


CELL = '<c r="{}" t="inlineStr"><is><t>E-mail</t></is></c>'


@pytest.mark.parametrize("far", [CELL.format("XFD190000"), CELL.format("ZZZ1048576") * 3], ids=["wide", "beyond"])
def test_a_small_workbook_that_unpacks_to_more_than_is_held_is_refused(far: str, tmp_path: Path) -> None:
    """It names one cell so far out that the sheet would have three thousand million."""
    path = workbook(tmp_path / "leads.xlsx", (("E-mail",),))
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        parts[sheet].replace("</sheetData>", f"<row>{far}</row></sheetData>").replace("<c t", '<c r="A1" t', 1)
    )
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    assert path.stat().st_size < 5_000
    assert len(said := reasons(read(path))) == 1
    assert re.match("The workbook unpacks to more|The sheet has more than|The workbook cannot be read", said[0])


def test_a_text_that_stands_in_every_cell_of_a_workbook_fills_no_memory(tmp_path: Path) -> None:
    long = "".join(random.Random(1).choices("abcdefghij", k=200_000))  # noqa: S311 - it is only to pack badly
    path = workbook(tmp_path / "leads.xlsx", (("E-mail",), *((long,) for _ in range(3))))
    assert len(read(path)) == 3
    path = workbook(tmp_path / "leads.xlsx", (("E-mail",), (long, long)))
    assert "A row is longer than" in reasons(read(path))[0]


def test_a_header_of_a_hundred_thousand_columns_is_refused_at_once(tmp_path: Path) -> None:
    began = time.process_time()
    wide = "E-mail," + ",".join(f"c{n}" for n in range(100_000))
    assert "more than 5,000 columns" in reasons(read(file(tmp_path, wide + "\n")))[0]
    assert len(read(file(tmp_path, "E-mail," + ",".join(f"c{n}" for n in range(4_900)) + "\na@b.example\n"))) == 2
    assert time.process_time() - began < 5


def test_a_column_that_says_what_another_says_is_named_and_dropped(tmp_path: Path) -> None:
    same, item = read(file(tmp_path, "First name,Mail,E-mail\nMette,m@old.example,m@lund.example\n"))
    assert same == SameColumns(Place("given.csv"), (("Mail", "E-mail"),))
    assert isinstance(item, Imported)
    assert taken([item])[0].party.email == "m@lund.example"
    assert dict(item.dropped) == {"other": 1}


def test_a_cell_that_is_too_long_is_said_to_be(tmp_path: Path) -> None:
    items = read(file(tmp_path, f"{CSV}{'y' * 200_000},B,a@b.example\nC,D,c@d.example\n"))
    assert (given_name(items), reasons(items)[0][:21]) == (["Mette", "C"], "A cell is longer than")


CARD = "BEGIN:VCARD\r\nVERSION:2.1\r\nFN{}:Mette\r\nEND:VCARD\r\n"


@pytest.mark.parametrize("charset", ["UNDEFINED", "PUNYCODE", "IDNA", "A\0B", "HEX", ""])
def test_a_card_in_no_character_set_spoils_no_other(charset: str, tmp_path: Path) -> None:
    bad = CARD.format(f";CHARSET={charset}").replace("Mette", "M\xff.-" + "x" * 70).encode("latin-1")
    items = read(file(tmp_path, bad + CARD.format("").encode(), "met.vcf"))
    assert [each.party.family_name for each in taken(items)] == ["Mette"]
    assert [reason[:19] for reason in reasons(items)] == ["It is not UTF-8 tex"]


def test_a_card_that_is_larger_than_any_persons_is_refused_in_little_memory(tmp_path: Path) -> None:
    large = CARD.format("").replace("END", "X-A:y\r\n" * 3_000 + "END")
    path = file(tmp_path, large + CARD.format(""), "met.vcf")
    told = manifest_of(MET, today=TODAY)
    tracemalloc.start()
    items = list(reader_of("leads", told)(path))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ([reason[:14] for reason in reasons(items)], len(taken(items))) == (["The card holds"], 1)
    assert most < 2_000_000


def test_a_packed_file_is_no_workbook_whatever_its_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "leads.xlsx", "w") as packed:
        packed.writestr("leads.csv", CSV)
    assert "no workbook" in reasons(read(tmp_path / "leads.xlsx"))[0]


def test_memory_stays_as_it_is_however_long_the_list(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as made:
        made.write(CSV)
        made.writelines(f"Given{n},Family{n},p{n}@many.example\n" for n in range(8_000))
    told = manifest_of(MET, today=TODAY)
    tracemalloc.start()
    read_of = sum(isinstance(each, Imported) for each in reader_of("leads", told)(path))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read_of == 8_001
    assert most < 5_000_000


TEXT = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(TEXT, TEXT, st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)), max_size=8))
def test_what_is_written_as_a_list_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, str, str]]
) -> None:
    """Import, export, import: the columns of a list say again what was read of it."""
    folder = tmp_path_factory.mktemp("identity")
    first = taken(read(file(folder, listed(people), "first.csv")))
    spoken = [(each.party.given_name or "", each.party.family_name or "", each.party.email or "") for each in first]
    assert taken(read(file(folder, listed(spoken), "again.csv"))) == first


def listed(people: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([("First name", "Last name", "E-mail"), *people])
    return text.getvalue()


def test_mailchimps_three_files_say_who_wants_news_and_where_he_was_is_dropped(real: Callable[[str], Path]) -> None:
    states = {}
    for name in ("subscribed", "unsubscribed", "cleaned"):
        items = read(real(f"subscribers-mailchimp/{name}.csv"), "mailchimp")
        assert (reasons(items), [each for each in items if isinstance(each, UnknownColumns)]) == ([], [])
        said = [each.record for each in items if isinstance(each, Imported)]
        states[name] = {each.status for each in said if isinstance(each, ImportedSubscriber)}
    assert states == {
        "subscribed": {NewsStatus.SUBSCRIBED},
        "unsubscribed": {NewsStatus.UNSUBSCRIBED},
        "cleaned": {NewsStatus.UNREACHABLE},
    }


def test_an_address_of_a_network_older_than_it_may_be_kept_is_left_out_and_counted(tmp_path: Path) -> None:
    rows = "Serial,Activated at,MAC,IP\nAB-1234,2020-01-01 10:00:00,00-1b-63-84-45-e6,192.0.2.7\n"
    (item,) = read(file(tmp_path, rows), "licences")
    assert isinstance(item, Imported)
    assert isinstance(item.record, ImportedActivation)
    assert (item.record.mac, item.record.ip, dict(item.dropped)) == ("00:1B:63:84:45:E6", None, {"expired": 1})


def test_a_refusal_names_the_column_as_the_file_writes_it(tmp_path: Path) -> None:
    (path := tmp_path / "leads.csv").write_text("First name,EMAIL ADDRESS\nMette,nobody\n", encoding="utf-8")
    (refused,) = read(path)
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("Field EMAIL ADDRESS: it is not an e-mail address.")
