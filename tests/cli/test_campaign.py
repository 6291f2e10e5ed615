"""Product news by commands: the folder, the export, the comparison, the explanation, in plain lines and as JSON.

Seen to fail: with the address of a difference not masked, and with all who are missing on a short list named.
"""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Commands
from tests.services.campaigns import listed


def test_an_admin_names_the_folder_and_privacy_exports_once(desk: Commands, tmp_path: Path) -> None:
    refused = desk.run("campaign", "export", as_="david")
    assert refused.code == 6
    assert "staffdesk campaign folder PATH --as ADMIN" in refused.err
    (folder := tmp_path / "transpond").mkdir(mode=0o700)
    named = desk.run("campaign", "folder", str(folder), "--json", as_="frank")
    assert (named.code, named.record["folder"], named.record["by"]) == (0, str(folder), "frank")
    dry = desk.run("campaign", "export", "--dry-run", "--json", as_="david").record
    assert (dry["dry_run"], dry["files"], list(folder.iterdir())) == (True, [], [])
    done = desk.run("campaign", "export", "--json", as_="david").record
    assert done["told"] == dry["told"]
    told = {email: word for path in folder.iterdir() for email, word in listed(path).items()}
    assert sorted(path.name for path in folder.iterdir()) == sorted(str(each) for each in list_of(done["files"]))
    given = [email for email, word in told.items() if not word]
    assert given
    assert len(given) < len(told)
    again = desk.run("campaign", "export", as_="david")
    assert (again.code, again.out) == (0, "to be told  nothing\n")
    theirs = tmp_path / "group.csv"
    theirs.write_text(f"Email,Transpond Status\n{given[0]},\nnobody@nowhere.example,\n")
    found = desk.run("campaign", "drift", str(theirs), "--json", as_="david").record
    assert [each["kind"] for each in list_of(found["drift"])] == ["unknown"]  # type: ignore[index]
    assert (found["alike"], found["partial"]) == (1, len(given) > 2)
    assert found["counts"] == {"unknown": 1, "missing": len(given) - 1}
    all_of_it = desk.run("campaign", "drift", str(theirs), "--missing", "--json", as_="david").record
    kinds = [each["kind"] for each in list_of(all_of_it["drift"])]  # type: ignore[index]
    assert kinds.count("missing") == len(given) - 1
    plain = desk.run("campaign", "drift", str(theirs), as_="david")
    assert "looks like a part of the service's list" in plain.err
    assert plain.out.count("gets news, and is missing there") == 1
    assert given[0] not in plain.out
    assert given[1] not in plain.out


def test_why_is_printed_with_the_contact_the_ground_and_what_speaks_against_it(desk: Commands) -> None:
    person = str(desk.demo.person)
    told = desk.look("campaign", "why", person, "--json").record
    assert (told["customer"], isinstance(told["eligible"], bool)) == (desk.demo.person, True)
    assert str(told["event"]).startswith("licence account · 20")
    before = desk.look("campaign", "why", person)
    assert (before.code, "Contact" in before.out, "Ground" in before.out) == (0, True, True)
    stop = desk.run("requests", "stop-marketing", person, as_="anna", purpose="support", reference=desk.demo.case)
    assert stop.code == 0
    after = desk.look("campaign", "why", person)
    assert "objected to mail" in after.out
    assert after.out.startswith("Product news")


def list_of(value: object) -> list[object]:
    assert isinstance(value, list)
    return value
