"""Where passwords come from: a terminal or an open file, one a line, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from staffdesk.cli.secret import Secrets
from staffdesk.domain.errors import BadInput
from tests.cli.conftest import open_with


def test_secrets_are_read_one_a_line_in_the_order_they_are_asked_for() -> None:
    with open_with(["first one", "zweites ß"]) as fd:
        secrets = Secrets(fd)
        assert secrets.ask("Password: ") == "first one"
        assert secrets.choose("New: ") == "zweites ß"


def test_not_a_byte_after_the_line_is_read() -> None:
    with open_with(["mine", "another program's"]) as fd:
        Secrets(fd).ask("Password: ")
        assert os.read(fd, 100) == b"another program's\n"


def test_a_missing_line_is_said_to_be_missing() -> None:
    with open_with(["only one"]) as fd:
        secrets = Secrets(fd)
        secrets.ask("Password: ")
        with pytest.raises(BadInput, match="fewer lines"):
            secrets.ask("Passphrase: ")


@pytest.mark.parametrize("content", [b"\xff\xfe\n", b"x" * 5000 + b"\n"])
def test_what_is_no_password_is_refused_without_repeating_it(content: bytes) -> None:
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    with pytest.raises(BadInput) as refused:
        Secrets(reading).ask("Password: ")
    assert "x" * 20 not in f"{refused.value}{refused.value.hint}"
    os.close(reading)


def test_a_file_that_is_not_open_is_a_sentence() -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        Secrets(987).ask("Password: ")


def test_without_a_terminal_nothing_is_asked_and_standard_input_is_left_alone() -> None:
    code = "from staffdesk.cli.secret import Secrets; print(Secrets().ask('Password: '))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="4711-hunter\n",
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 1
    assert "4711-hunter" not in done.stdout + done.stderr
    assert "There is no terminal to ask on." in done.stderr
