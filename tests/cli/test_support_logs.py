"""Support logs without a screen: from the words that ask for them to the destroyed file, each step as JSON too."""

from __future__ import annotations

import json
from pathlib import Path

from staffdesk.data import maintenance
from tests.cli.conftest import Commands
from tests.services.log_zips import AT_HOME, CARD, CLEAN, PICTURE, zipped


def test_logs_are_asked_for_taken_in_scrubbed_read_and_destroyed(desk: Commands, tmp_path: Path) -> None:
    case, sent = desk.demo.case, tmp_path / "logs.zip"
    asked = desk.run("case", "logs", "ask", case, as_="anna", why="it stops", language="fr", product="MovieRecorder")
    assert (asked.code, case in asked.out, "retirez-en" in asked.out) == (0, True, True), asked.err
    with maintenance.sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        owner.exec_driver_sql(
            "UPDATE person SET language = 'nl' WHERE id = (SELECT person_id FROM support_case WHERE number = ?)",
            (case,),
        )
    his = desk.run("case", "logs", "ask", case, "--json", as_="anna", why="it stops").record
    assert (his["language"], "de logbestanden van ons programma" in str(his["words"])) == ("nl", True)
    refused = desk.run("case", "logs", "ask", case, as_="anna", why="it stops", language="xx")
    assert (refused.code, "There are words in en, fr, nl only." in refused.err) == (6, True)
    assert len(desk.run("case", "logs", "list", case, "--json", as_="anna").rows) == 2
    sent.write_bytes(zipped({"a.log": CLEAN + AT_HOME, "shot.png": PICTURE}))
    came = desk.run("case", "logs", "add", case, str(sent), "--json", as_="anna")
    assert (came.code, came.record["state"], came.record["found"]) == (0, "quarantined", {"home": 2, "picture": 1})
    assert "anders" not in (came.out + came.err).lower()
    assert sent.exists()
    listed, _ = desk.run("case", "logs", "list", case, "--json", as_="anna").rows
    assert (listed["zip"], listed["why"], listed["files"]) == (came.record["zip"], "it stops", 2)
    number = str(listed["zip"])
    manifest = desk.run("case", "logs", "manifest", case, number, "--json", as_="david")
    assert [each["name"] for each in json.loads(manifest.out)["content"]] == ["a.log", "shot.png"]
    assert desk.run("case", "logs", "read", case, number, "1", as_="anna").code == 6
    scrubbed = desk.run("case", "logs", "scrub", case, number, "--json", as_="anna")
    assert (scrubbed.code, scrubbed.record["state"], scrubbed.record["left_out"]) == (0, "curated", 1), scrubbed.err
    copy = str(scrubbed.record["zip"])
    read = desk.run("case", "logs", "read", case, copy, "1", as_="anna")
    assert "/Users/(user)/Movies" in read.out
    assert len(list(desk.home.log_spool.iterdir())) == 1
    assert desk.run("case", "logs", "destroy", case, copy, as_="anna").code == 0
    assert list(desk.home.log_spool.iterdir()) == []
    said = desk.run("case", "logs", "list", case, as_="anna").out
    assert said.count("destroyed") == 2
    table = desk.run("case", "logs", "manifest", case, copy, as_="anna").out
    assert "SHA-256" in table
    assert "a.log" in table


def test_a_refused_zip_says_where_and_why_and_run_due_clears_what_was_left(desk: Commands, tmp_path: Path) -> None:
    case, sent = desk.demo.case, tmp_path / "logs.zip"
    sent.write_bytes(zipped({"a.log": CLEAN, "../b.log": CLEAN}))
    refused = desk.run("case", "logs", "add", case, str(sent), as_="anna")
    assert (refused.code, "File 2 of 2: its name leads out of the zip or has a backslash." in refused.err) == (6, True)
    assert desk.run("case", "logs", "add", case, str(tmp_path / "none.zip"), as_="anna").code == 6
    sent.write_bytes(zipped({"a.log": CARD}))
    kept = desk.run("case", "logs", "add", case, str(sent), as_="anna")
    assert "1 \u00d7 a card number" in kept.err
    assert "4111" not in kept.out + kept.err
    assert desk.run("case", "logs", "add", case, str(sent), as_="bruno").code == 3
    assert "destroy this one: staffdesk case logs destroy" in kept.err
    (told,) = desk.run("case", "logs", "quarantine", "--json", as_="david").rows
    assert (told["case"], told["found"]) == (case, {"card_number": 1})
    assert f"zip {told['zip']} of {case}" in desk.run("case", "logs", "quarantine", as_="david").out
    assert desk.run("case", "logs", "quarantine", as_="anna").code == 3
    for_him = desk.run("case", "logs", "manifest", case, str(told["zip"]), as_="anna", language="nl")
    assert ("We wissen hem uiterlijk op" in for_him.out, "a.log" in for_him.out) == (True, True)
    orphan = desk.home.log_spool / f"{'0' * 32}.logs"
    orphan.write_bytes(b"x" * 100)
    done = desk.run("run-due", "--json")
    assert (done.record["support_log_files_removed"], done.record["support_logs_ended"]) == (1, 0)
    assert done.record["support_logs_not_to_be_held"] == [told]
    assert not orphan.exists()
