"""A key file that holds no key is a sentence with the next step, for every command and for the doctor.

Seen to fail: with ``_read_secret`` returning whatever the file holds (incident, exit code 1).
"""

from __future__ import annotations

import pytest

from tests.cli.conftest import Commands

pytestmark = pytest.mark.usefixtures("migrated_once")

NO_KEY = [b"hello\n", b"", b"ab" * 31 + b"\n", b"\xff\xfe\x00", b"zz" * 32]


@pytest.mark.parametrize("content", NO_KEY)
@pytest.mark.parametrize("name", ["desk.key", "seal.key"])
def test_a_key_file_without_a_key_shows_nothing_and_says_what_to_do(desk: Commands, name: str, content: bytes) -> None:
    (desk.home.config / name).write_bytes(content)
    for ran in (desk.look("search", "dupont"), desk.run("doctor"), desk.run("staff", "recover", "frank")):
        assert ran.code == 5, ran.err
        assert "Dupont" not in ran.out
        assert "does not hold a key (64 hexadecimal digits)." in ran.out + ran.err
        assert f"Put the right {name} in its place" in ran.err
        assert "incident" not in ran.err


def test_the_key_of_another_desk_is_said_to_fit_nothing(desk: Commands) -> None:
    desk.home.key_file.write_text("ab" * 32 + "\n", encoding="ascii")
    ran = desk.look("search", "dupont")
    assert (ran.code, ran.out) == (5, "")
    assert "does not fit" in ran.err


def test_a_seal_key_that_is_not_of_the_public_key_is_found_by_the_doctor(desk: Commands) -> None:
    desk.home.seal_key_file.write_text("ab" * 32 + "\n", encoding="ascii")
    ran = desk.run("doctor")
    assert ran.code == 5
    assert "seal.key and seal.vkey are not of one pair." in ran.out


def test_a_public_key_that_is_none_is_found_by_the_doctor(desk: Commands) -> None:
    desk.home.verifier_key_file.write_text("hello\n", encoding="ascii")
    ran = desk.run("doctor")
    assert ran.code == 5
    assert "seal.vkey does not hold the public key" in ran.out
