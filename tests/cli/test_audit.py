"""The log from the command line: listed, verified, exported, signed."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from staffdesk.audit.entry import FIELDS
from staffdesk.data import maintenance
from tests.cli.conftest import Commands
from tests.forked import PROGRAM, Ended, Forked


def test_a_list_is_entries_with_exactly_the_fields_of_core(desk: Commands) -> None:
    desk.look("show", "1")
    listed = desk.run("audit", "list", "--json", as_="grace")
    assert listed.code == 0, listed.err
    assert {tuple(row) for row in listed.rows} == {tuple(FIELDS)}
    numbers = [int(str(row["seq"])) for row in listed.rows]
    assert numbers == sorted(numbers, reverse=True)


def test_filters_narrow_the_list(desk: Commands) -> None:
    desk.look("show", "1")
    desk.look("search", "dupont")
    looks = desk.entries(who="anna", customer="1")
    assert {entry["act"] for entry in looks} == {"customer.opened", "customer.listed"}
    assert {entry["act"] for entry in desk.entries(act="customer.search")} == {"customer.search"}
    assert desk.entries(since="2999-01-01") == []
    assert desk.entries(until="2001-01-01") == []
    assert desk.entries(since="2001-01-01", until="2999-01-01") != []
    assert {entry["standing"] for entry in desk.entries(standing="verified", purpose="support")} == {"verified"}


def test_pages_go_on_where_the_last_one_ended(desk: Commands) -> None:
    first = desk.run("audit", "list", "--json", as_="grace", limit="3")
    last = first.rows[-1]["seq"]
    assert f"--before {last}" in first.err
    second = desk.run("audit", "list", "--json", as_="grace", limit="3", before=str(last))
    assert isinstance(last, int)
    assert [row["seq"] for row in second.rows] == [last - 1, last - 2, last - 3]


def test_nobody_who_sees_customers_reads_the_log(desk: Commands) -> None:
    for user in ("anna", "bruno", "carla", "david", "emma"):
        assert desk.run("audit", "list", as_=user).code == 3


def test_a_month_is_counted_and_written_down_as_a_report(desk: Commands, tmp_path: Path) -> None:
    desk.look("show", "1")
    month = f"{dt.datetime.now(ZoneInfo('Europe/Brussels')):%Y-%m}"
    told = desk.run("audit", "pictures", month, as_="grace")
    assert "1 access by 1 employee" in told.out
    assert "1 support" in told.out
    counted = desk.run("audit", "pictures", month, "--json", as_="grace").record
    assert (counted["pruned"], counted["opened"]) == (None, 1)
    assert counted["standings"] == {"verified": 1, "claimed": 0, "share": 1.0}
    absent = desk.run("audit", "report", month, as_="grace", to=str(tmp_path / "reports"))
    assert (absent.code, "the folder is not there" in absent.err, (tmp_path / "reports").exists()) == (6, True, False)
    (tmp_path / "reports").mkdir()
    made = desk.run("audit", "report", month, "--json", as_="grace", to=str(tmp_path / "reports"))
    assert made.code == 0, made.err
    assert sorted(each.name for each in (tmp_path / "reports").iterdir()) == [
        *(f"report-{month}-{name}.svg" for name in ("hours", "people", "rules", "teams")), f"report-{month}.html",
    ]  # fmt: skip
    again = desk.run("audit", "report", month, as_="grace", to=str(tmp_path / "reports"))
    assert (again.code, Path(again.out.strip()).name) == (0, f"report-{month}-2.html")
    assert desk.run("audit", "pictures", month, as_="anna").code == 3


def test_a_home_verifies_without_a_sign_in_and_without_a_trace(desk: Commands) -> None:
    before = desk.home.database_file.read_bytes()
    ran = desk.run("audit", "verify", "--json")
    assert (ran.code, ran.record["findings"]) == (0, [])
    assert desk.home.database_file.read_bytes() == before


def test_a_changed_entry_is_named_and_exits_20(desk: Commands) -> None:
    with maintenance.sqlite_owner(desk.home.database_file, desk.home.read_key()) as connection:
        connection.exec_driver_sql("DROP TRIGGER entry_is_pruned_only")
        connection.exec_driver_sql("UPDATE entry SET core = replace(core, '\"n\":7', '\"n\":8') WHERE seq = 1")
    ran = desk.run("audit", "verify")
    assert ran.code == 20
    assert "Entry 1 " in ran.out
    assert "NOT SOUND" in ran.out


def test_an_export_is_verified_offline_by_whoever_kept_a_checkpoint(desk: Commands, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    note = desk.run("audit", "checkpoint", as_="frank").out
    (kept / "mine.note").write_text(note, encoding="utf-8")
    exported = tmp_path / "log.jsonl"
    assert desk.run("audit", "export", str(exported), as_="grace").code == 0
    key = desk.home.verifier_key_file

    def offline(*more: str) -> Ended:
        with Forked(PROGRAM, "audit", "verify", "--export", str(exported), *more) as verifying:
            return verifying.end()

    sound = offline("--checkpoints", str(kept), "--key", str(key))
    assert sound.returncode == 0, sound.stdout + sound.stderr

    text = exported.read_text(encoding="utf-8")
    exported.write_text(text.replace("session.signed_in", "session.signed_on", 1), encoding="utf-8")
    changed = offline("--checkpoints", str(kept), "--key", str(key))
    assert changed.returncode == 20
    assert offline().returncode == 6


def test_a_fresh_export_verifies_against_the_desks_own_checkpoints(desk: Commands, tmp_path: Path) -> None:
    exported = tmp_path / "log.jsonl"
    ran = desk.run("audit", "export", str(exported), as_="grace")
    assert ran.code == 0
    assert oct(exported.stat().st_mode)[-3:] == "600"
    lines = exported.read_text(encoding="ascii").splitlines()
    assert f"{len(lines) - 1:,} entries" in ran.err
    assert [json.loads(json.loads(line)["core"])["act"] for line in lines[-2:]] == ["audit.exported", "session.ended"]
    kept = {"checkpoints": str(desk.home.checkpoints), "key": str(desk.home.verifier_key_file)}
    checked = desk.run("audit", "verify", "--json", "--export", str(exported), **kept)
    assert (checked.code, checked.record["findings"], checked.record["uncovered"]) == (0, [], 0)

    desk.run("audit", "checkpoint", as_="frank")
    later = desk.run("audit", "verify", "--export", str(exported), **kept)
    assert later.code == 0
    assert f"The file ends at entry {len(lines) - 1:,}, before the newest checkpoint" in later.out


def test_an_export_is_in_the_log_and_overwrites_nothing(desk: Commands, tmp_path: Path) -> None:
    exported = tmp_path / "log.jsonl"
    assert desk.run("audit", "export", str(exported), as_="anna").code == 3
    assert not exported.exists()
    exported.write_text("something else")
    assert desk.run("audit", "export", str(exported), as_="grace").code == 6
    assert exported.read_text() == "something else"
    assert desk.entries(act="audit.exported") == []
    assert desk.run("audit", "export", str(tmp_path / "new.jsonl"), as_="grace").code == 0
    assert [entry["out"] for entry in desk.entries(act="audit.exported")] == ["ok", "intent"]


def test_a_home_is_held_against_checkpoints_kept_elsewhere(desk: Commands, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "later.note").write_text(desk.run("audit", "checkpoint", as_="frank").out, encoding="utf-8")
    assert desk.run("audit", "verify", checkpoints=str(kept), key=str(desk.home.verifier_key_file)).code == 0
    note = (kept / "later.note").read_text(encoding="utf-8")
    (kept / "later.note").write_text(note.replace("staffdesk/", "staffdesk/x", 1), encoding="utf-8")
    assert desk.run("audit", "verify", checkpoints=str(kept)).code == 20
    (tmp_path / "empty").mkdir()
    assert desk.run("audit", "verify", checkpoints=str(tmp_path / "empty")).code == 6
    assert desk.run("audit", "verify", key=str(kept / "later.note")).code == 6


def test_every_word_of_a_filter_narrows_and_a_name_stands_for_several(desk: Commands) -> None:
    desk.look("show", "1")
    assert desk.run("audit", "list", as_="anna").code == 3
    refused = desk.entries(out="denied", kind="audit.listed")
    assert [(entry["act"], entry["out"]) for entry in refused] == [("denied", "denied")]
    assert {entry["act"] for entry in desk.entries(named="denied")} == {"denied"}
    (opened,) = desk.entries(level="opened", who="anna", act="customer.*")
    session, host = str(opened["sid"]), opened["host"]
    whole = desk.entries(session=session)
    assert {(entry["sid"], entry["host"]) for entry in whole} == {(session, host)}
    assert [entry["act"] for entry in whole][::2] == ["session.ended", "session.signed_in"]
    assert desk.run("audit", "list", as_="frank", session="00", named="denied").code == 7
    assert desk.run("audit", "list", as_="frank", named="no such name").code == 7


def test_a_filter_is_kept_under_a_name_of_ones_own_and_forgotten(desk: Commands) -> None:
    assert desk.run("audit", "keep-filter", "mine", "act:customer.* who:anna", as_="frank").code == 0
    desk.look("show", "1")
    assert {entry["act"] for entry in desk.entries(named="mine")} == {"customer.opened"}
    listed = {str(row["name"]): row for row in desk.run("audit", "filters", "--json", as_="frank").rows}
    assert listed["mine"] == {"name": "mine", "filter": "who:anna act:customer.*", "own": True}
    assert "mine" not in desk.run("audit", "filters", as_="grace").out
    assert desk.run("audit", "forget-filter", "mine", as_="grace").code == 7
    assert desk.run("audit", "forget-filter", "mine", as_="frank").code == 0
    assert desk.run("audit", "list", as_="frank", named="mine").code == 7
    for name, text, code in (
        ("denied", "out:ok", 6),
        ("x", "out:maybe", 6),
        ("x", "who:nobody", 7),
        ("x", "whom:999", 7),
    ):
        assert desk.run("audit", "keep-filter", name, text, as_="frank").code == code
    kept = [entry["kinds"] for entry in desk.run("audit", "list", "--json", as_="frank", kind="saved", out="ok").rows]
    assert kept == [["filter", "saved"]]


def test_everybody_reads_what_the_log_holds_about_himself(desk: Commands) -> None:
    desk.look("show", "1")
    ran = desk.run("audit", "own", "--json", as_="anna")
    assert ran.code == 0
    actors = {str(row["actor"]) for row in ran.rows}
    assert len(actors) == 1
    assert {"customer.opened", "session.signed_in"} <= {str(row["act"]) for row in ran.rows}


def test_an_access_is_asked_about_answered_and_signed_off(desk: Commands) -> None:
    seq = desk.entries(act="customer.opened")[0]["seq"] if desk.look("show", "1").code == 0 else 0
    with maintenance.sqlite_owner(desk.home.database_file, desk.home.read_key()) as owner:
        owner.exec_driver_sql(
            "INSERT INTO review (id, kind, rule, words, severity, actor, day, month, at, first_seq, state, made_at,"
            " own) SELECT 1, 'flag', 'own', 'Opened the record of himself.', 3, id, '2026-11-02', '2026-11', 0,"
            f" {seq}, 'open', 0, 0 FROM staff WHERE user_name = 'anna'"
        )
        owner.exec_driver_sql(f"INSERT INTO review_entry (review_id, seq) VALUES (1, {seq})")
    (item,) = desk.run("audit", "review", "list", "--json", as_="frank").rows
    assert (item["id"], item["who"], item["state"], item["title"]) == (1, "anna", "open", "Own record")
    assert desk.run("audit", "review", "decide", "1", "unclear", as_="frank", note="nobody knows why he did").code != 0
    assert desk.run("audit", "review", "ask", "1", "--json", as_="frank").record == {"item": 1, "state": "asked"}
    early = desk.run("audit", "review", "decide", "1", "unclear", as_="frank", note="nobody knows why he did")
    assert ("more days to answer" in early.err, "Ask him first" in early.err) == (True, False)
    assert [each["id"] for each in desk.run("audit", "inbox", "list", "--json", as_="anna").rows] == [1]
    assert desk.run("audit", "inbox", "list", "--json", as_="bruno").rows == []
    said = "I wanted to see what customers are told"
    answered = desk.run("audit", "inbox", "answer", "1", said, "--json", as_="anna")
    assert answered.record == {"item": 1, "state": "answered"}
    shown = desk.run("audit", "review", "show", "1", "--json", as_="grace").record
    assert shown["answer"] == said
    decide = partial(desk.run, "audit", "review", "decide", "1", "not-justified", "--json", as_="frank")
    unread = decide(note="no call and no case was there")
    assert (unread.code != 0, "anna has answered" in unread.err) == (True, True)
    decided = decide(note="no call and no case was there", answer=str(shown["answer_entry"]))
    (breach,) = desk.run("audit", "breaches", "list", "--json", as_="grace").rows
    assert (breach["number"], breach["outcome"]) == (decided.record["breach"], None)
    assert "h left" in desk.run("audit", "breaches", "list", as_="grace").out
    closing = ("audit", "breaches", "close", str(breach["number"]))
    facts = "he saw nothing but his own data"
    closed = desk.run(*closing, "--json", as_="frank", outcome="no_risk", facts=facts)
    assert closed.record == {"number": breach["number"], "outcome": "no_risk"}
    assert desk.run("audit", "breaches", "list", as_="grace").out.count("no risk") == 1
    assert desk.run("audit", "review", "months", "--json", as_="grace").rows == []
    assert desk.run("audit", "review", "certificate", "2026-11", as_="grace").code != 0
