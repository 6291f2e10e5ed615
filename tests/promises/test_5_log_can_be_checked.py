"""The log can be checked: whoever keeps a checkpoint elsewhere finds each way of tampering with the stored log.

Seen to fail: with the indexed copies not compared, and with the notes outside left unread. The attacker owns the
database and may drop its triggers; the signing key he does not have.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from staffdesk.data.log import Event, Log
from staffdesk.data.log_source import DatabaseSource
from staffdesk.domain.access import Act, Outcome
from staffdesk.services.sealing import Sealer
from staffdesk.services.verification import verify_export, verify_log
from tests.databases import Place
from tests.tampering import ENTRIES, HOUR_MS, KEY, NO_TEXT, RULES, SEED, SEEN, TAMPERING, Kept
from tests.verifying import export_log, opener

OLD = 12


@pytest.fixture
def kept(place: Place, tmp_path: Path) -> Kept:
    database = place.open()
    sealer = Sealer(database, SEED, tmp_path / "checkpoints", RULES)
    for number in range(ENTRIES):
        # The first are old enough to be pruned.
        at = time.time_ns() - (2 * 365 * 24 * HOUR_MS * 1_000_000 if number < OLD else 0)
        with patch("time.time_ns", lambda at=at: at), database.append() as tx:
            ticket = Log(tx, "2024-10").append(SEEN)
        sealer.after(ticket.seq)
    sealer.close()
    database.close()
    return Kept(place, tmp_path / "checkpoints")


@pytest.mark.parametrize("way", TAMPERING)
def test_tampering_is_found_and_named(way: str, kept: Kept) -> None:
    tamper, sentence = TAMPERING[way]
    tamper(kept)
    report = kept.verify()
    assert report.exit_code == 20
    assert len(report.findings) == 1, [finding.sentence for finding in report.findings]
    assert sentence in report.findings[0].sentence


@pytest.mark.parametrize("home_kind", ["sqlite"])
def test_a_subject_under_what_is_no_number_is_found(kept: Kept) -> None:
    """PostgreSQL keeps numbers alone in a column of numbers."""
    kept.tamper("INSERT INTO entry_subject (seq, aid) VALUES ('eleven', 's_1'), (11.5, 's_1')")
    (found,) = kept.verify().findings
    assert found.sentence == "A row of subjects stands under the number -1, but no entry has it."


@pytest.mark.parametrize("home_kind", ["sqlite"])
@pytest.mark.parametrize("what", NO_TEXT)
def test_bytes_that_are_no_text_are_named_and_hide_nothing_else(what: str, kept: Kept) -> None:
    """PostgreSQL keeps text alone in a column of text. Seen to fail: with the text of SQLite read strictly."""
    statements, sentence = NO_TEXT[what]
    kept.tamper(*statements, "UPDATE entry SET purpose = 'sale' WHERE seq = 23")
    said = [each.sentence for each in kept.verify().findings]
    assert len(said) == 2, said
    assert any(each.startswith(sentence) for each in said), said
    assert "The indexed copy of purpose is not what entry 23 says." in said


def test_a_log_is_sound_while_a_desk_goes_on_sealing(kept: Kept) -> None:
    database = kept.place.open()
    sealer = Sealer(database, SEED, kept.folder, RULES)

    def work() -> None:
        with database.append() as tx:
            Log(tx, "2024-10").append(SEEN)
        assert sealer.seal()

    @contextmanager
    def busy() -> Iterator[DatabaseSource]:
        work()
        with opener(kept.place)() as source:
            assert source.head() == ENTRIES + 1, "the snapshot is taken here"
            work()
            yield source

    report = verify_log(busy, kept.folder, (KEY,), None)
    assert (report.exit_code, report.findings, report.entries, report.uncovered) == (0, (), ENTRIES + 1, 0)
    for path in kept.folder.glob(f"*{ENTRIES + 1}.note"):
        path.unlink()
    (kept.folder / f"{ENTRIES + 2:012d}.note").unlink()
    assert kept.verify().exit_code == 20
    database.close()


def test_an_untouched_log_is_sound_inside_and_as_an_export(kept: Kept, tmp_path: Path) -> None:
    report = kept.verify()
    assert (report.exit_code, report.entries, report.uncovered, report.findings) == (0, ENTRIES, 0, ())
    exported, public = tmp_path / "log.jsonl", tmp_path / "seal.vkey"
    export_log(kept.place, exported)
    public.write_text(KEY)
    assert verify_export(exported, kept.folder, public).exit_code == 0


def test_an_uncovered_entry_older_than_a_day_is_told(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    before = time.time_ns() - 25 * HOUR_MS * 1_000_000
    database = kept.place.open()
    with monkeypatch.context() as patch:
        patch.setattr("time.time_ns", lambda: before)
        with database.append() as tx:
            Log(tx, "2024-10").append(Event(act=Act.AUDIT_LISTED))
    database.close()
    report = kept.verify()
    assert (report.exit_code, report.uncovered, report.findings) == (10, 1, ())


def test_an_erased_opening_leaves_the_log_sound(kept: Kept) -> None:
    database = kept.place.open()
    with database.append() as tx:
        Log(tx, "2024-10").append(Event(act=Act.AUDIT_ERASED, out=Outcome.OK, obj=("s_1",)))
    with database.append() as tx:
        assert tx.write(sa.text("DELETE FROM opening")) == ENTRIES
    database.close()
    report = kept.verify()
    assert (report.exit_code, report.erased_openings) == (0, ENTRIES)
