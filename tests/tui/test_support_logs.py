"""Support logs by keys: asked for, taken in, scrubbed, read, destroyed from the case; privacy is told of some."""

from __future__ import annotations

from pathlib import Path

import pytest

from staffdesk.services.demo import Demo
from staffdesk.tui.typed_path import path_of
from staffdesk.tui.widgets.rows import Rows
from tests.cli.conftest import commands_on
from tests.services.log_zips import AT_HOME, CLEAN, TOKEN, zipped
from tests.tui.conftest import SitDown
from tests.tui.seat import BOTH, Seat, together
from tests.tui.terminal import staffdesk_in_terminal


def _zip(folder: Path, content: bytes, name: str = "his logs.zip", *, within: str = "Users/anders/app.log") -> Path:
    path = folder / name
    path.write_bytes(zipped({within: content}))
    return path


async def _on_case(seat: Seat) -> str:
    case = seat.desk_screen.query_one(Rows).current
    await seat.press("l")
    return case


@pytest.mark.parametrize("size", BOTH)
async def test_logs_are_asked_for_taken_in_scrubbed_read_and_destroyed_from_the_case(
    sit_down: SitDown, size: tuple[int, int], tmp_path: Path
) -> None:
    async with sit_down(size) as seat:
        await seat.sign_in("support")
        case = await _on_case(seat)
        assert seat.text().count("a asks the customer for them") == 1
        assert f"There are no support logs in {case}." in seat.text()
        await seat.press("a", "enter")
        assert "Say in one line what they are needed for." in together(seat.lines())
        await seat.type("it stops after an hour", "tab", "tab", "right", "right", "enter")
        assert "retirez-en" in together(seat.lines())
        await seat.press("escape")
        assert "asked: it stops after an hour" in seat.text()
        await seat.press("enter")
        assert "was asked for; nothing has come yet." in together(seat.lines())
        await seat.press("t")
        await seat.paste(str(_zip(tmp_path, CLEAN + AT_HOME)).replace(" ", "\\ "), "enter")
        said = together(seat.lines())
        assert "quarantined, 1 file. s makes a copy that can be read. Remove your own copy." in said
        assert "the name of a home folder" in said
        await seat.press("enter", "down", "enter")
        assert "is in quarantine, and nobody reads it" in together(seat.lines())
        await seat.press("s")
        assert "that tells of nobody, and destroy the original?" in together(seat.lines())
        await seat.press("enter")
        assert "curated, 1 file. 1 earlier zip destroyed." in together(seat.lines())
        await seat.press("enter", "down", "enter")
        assert "opened /Users/(user)/Movies/take 1.mov" in together(seat.lines())
        assert "anders" not in seat.text().lower()
        await seat.press("escape", "d", "enter")
        assert "its manifest stays" in together(seat.lines())
        acts = [core.act for core in seat.entries() if core.act.startswith("case.logs") and core.out == "ok"]
        assert list(seat.home.log_spool.iterdir()) == []
    done = [act for act in acts if act != "case.logs_listed"]
    assert done == [
        "case.logs_asked", *["case.logs_kept"] * 4, "case.logs_read", "case.logs_destroyed",
    ]  # fmt: skip


async def test_a_zip_with_what_must_not_be_held_is_told_to_privacy_who_destroys_that_one(
    sit_down: SitDown, tmp_path: Path
) -> None:
    async with sit_down(BOTH[0]) as seat:
        await seat.sign_in("support")
        await _on_case(seat)
        for content in (CLEAN + TOKEN, CLEAN):
            await seat.press("t")
            await seat.paste(str(_zip(tmp_path, content)), "enter")
        await seat.press("down", "down", "s")
        assert "has what must not be held" in together(seat.lines())
    async with sit_down(BOTH[0]) as seat:
        await seat.sign_in("privacy")
        line = next((each for each in seat.lines() if "an access token" in each), "")
        assert "ends 20" in line
        await seat.press("home", "enter", "d")
        assert "Destroy the bytes of zip" in together(seat.lines())
        await seat.press("enter", "escape")
        assert "an access token" not in seat.text()


@pytest.mark.parametrize("typed", ["{}", "'{}'", '"{}"', "{escaped}"])
def test_a_path_is_taken_as_it_is_typed_or_dropped(typed: str, tmp_path: Path) -> None:
    path = _zip(tmp_path, CLEAN, "a 'zip' of his.zip" if typed == "{}" else "a zip.zip")
    assert path_of(typed.format(path, escaped=str(path).replace(" ", "\\ "))) == path


def test_a_zip_is_taken_in_and_read_in_a_real_terminal(
    company: Demo, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sent = _zip(tmp_path, CLEAN * 3, within="app.log")
    with commands_on(company, tmp_path / "home", capfd) as desk:
        number = desk.run("case", "new", as_="anna", product="Norvand Ingest").out.strip()
        with staffdesk_in_terminal("run", "--home", str(desk.root), size=(80, 24)) as tty:
            tty.wait_for("User name")
            tty.send("anna\r")
            tty.read(0.3)
            tty.send(f"{desk.password('anna')}\r")
            tty.wait_for("My open cases", number)
            tty.send("l")
            tty.wait_for(f"no support logs in {number}")
            tty.send("t")
            tty.wait_for("Take logs into")
            tty.send(f"{sent}\r")
            tty.wait_for("received, 1 file.")
            tty.send("\r")
            tty.wait_for("app.log")
            tty.send("\x1b[B\r")
            tty.wait_for("File 1 of zip", "capture began")
            tty.send("\x11")
            assert tty.end() == 0
        acts = [(str(row["act"]), str(row["out"])) for row in desk.entries()]
    assert ("case.logs_read", "ok") in acts
