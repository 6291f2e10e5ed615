"""What shows an admin that the log is whole: how far it is sealed, and a file that can be checked elsewhere."""

from __future__ import annotations

import pytest

from staffdesk.services.log_state import LogState
from staffdesk.services.verification import verify_export
from staffdesk.tui.log.seal import seal_line
from tests.tui.conftest import SitDown
from tests.tui.seat import SMALL, together


async def test_the_line_under_the_filter_says_how_far_the_log_is_sealed(sit_down: SitDown) -> None:
    async with sit_down(SMALL) as seat:
        await seat.sign_in("admin")
        desk = seat.app.desk_coming.result()
        covered = max(int(path.stem) for path in seat.home.checkpoints.glob("*.note"))
        assert f"✓ sealed to {covered:,} · {seat.newest - covered} since · " in seat.text()
        desk.sealer.seal()
        await seat.press("b")
        assert f"✓ sealed to {seat.newest - 1:,} · 1 since · just now" in seat.text()


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (LogState(7, 0, ""), "! no checkpoint yet · 7 entries"),
        (LogState(1_042, 1_000, "", 0, 0, 180_000), "✓ sealed to 1,000 · 42 since · 3 min ago"),
        (LogState(1_042, 1_000, "no key", 0, 0, 180_000), "! sealed to 1,000 · 42 since · no checkpoint can be made"),
        (LogState(1_042, 1_000, "", 0, 0, 26 * 3_600_000), "! sealed to 1,000 · 42 since · the first waits for 26 h"),
    ],
)
def test_what_is_not_sealed_is_said_with_a_word_and_a_mark(state: LogState, line: str) -> None:
    assert seal_line(state).plain == line


async def test_the_log_is_exported_to_a_file_that_the_real_verifier_takes(sit_down: SitDown) -> None:
    async with sit_down((60, 20)) as seat:
        await seat.sign_in("admin")
        await seat.press("x")
        assert not seat.home.exports.exists()
        await seat.press("enter")
        assert "100%" in seat.text()
        (file,) = seat.home.exports.iterdir()
        assert file.name in together(seat.lines())
        await seat.press("end")
        assert str(seat.home.checkpoints) in "".join(line.strip(" │") for line in seat.lines())
        assert [oct(path.stat().st_mode)[-3:] for path in (file.parent, file)] == ["700", "600"]
        covered = max(int(path.stem) for path in seat.home.checkpoints.glob("*.note"))
        await seat.press("escape", "b")
        seat.app.desk_coming.result().sealer.seal()
        report = verify_export(file, seat.home.checkpoints, seat.home.verifier_key_file)
        assert (report.exit_code, report.entries, report.uncovered) == (0, covered, 0)
        assert file.stem.endswith(f"-{covered}")
        assert report.ends_before == seat.newest
        exported = seat.entries()[covered - 1]
        assert (exported.act, exported.out) == ("audit.exported", "ok")
