"""What a server needs on which a small team shares one desk over SSH: files and commands, printed and never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePosixPath
from string import Template
from typing import Final

from staffdesk.domain.errors import BadInput

_NAME: Final = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The names on one server: the employees' group, the desk's account, the program and the desk's home.

    They end up in sshd's and sudo's files: any other than plain names and absolute paths raise :class:`BadInput`.
    """

    group: str
    user: str
    program: PurePosixPath
    home: PurePosixPath

    def __post_init__(self) -> None:
        """Refuse what a configuration file would read as more than a name."""
        for what, name in (("--group", self.group), ("--user", self.user)):
            if not _NAME.fullmatch(name):
                raise BadInput(
                    f"{what} is no plain name of an account or a group.",
                    "Use small letters, digits, - and _, beginning with a letter.",
                )
        if self.user in {"root", self.group}:
            raise BadInput(
                "The desk's account is not root, and its group is not the employees'.",
                "Name another: --user NAME, --group NAME.",
            )
        for what, path in (("--program", self.program), ("--home", self.home)):
            if not _PATH.fullmatch(str(path)) or ".." in path.parts:
                raise BadInput(
                    f"{what} is no plain absolute path.", "Begin with /; use letters, digits, dots, - and _ alone."
                )


@dataclass(frozen=True, slots=True)
class Part:
    """One file or one set of commands: ``path`` is where it goes (nothing for commands), ``check`` tells a mistake."""

    name: str
    title: str
    text: str
    path: str = ""
    mode: str = ""
    check: str = ""


def over_ssh(server: Server) -> Iterator[Part]:
    """Yield the parts in the order in which they are put in place."""
    names = {"group": server.group, "user": server.user, "program": str(server.program), "home": str(server.home)}

    def part(name: str, title: str, path: str = "", mode: str = "", check: str = "") -> Part:
        file = resources.files("staffdesk").joinpath("deploy", f"{name}.txt")
        return Part(name, title, Template(file.read_text(encoding="utf-8")).substitute(names), path, mode, check)

    yield part("account", "Run once, as root", check=f"stat -c '%U %a' {server.home}  says: {server.user} 700")
    yield part(
        "environment",
        "Where the desk is, for the program that sudo starts",
        "/etc/staffdesk/environment",
        "0644",
        "the desk opens",
    )
    yield part(
        "sudoers", "What an employee may run", "/etc/sudoers.d/staffdesk", "0440", "visudo -cf /etc/sudoers.d/staffdesk"
    )
    yield part(
        "sshd",
        "What SSH gives an employee",
        "/etc/ssh/sshd_config.d/20-staffdesk.conf",
        "0600",
        "sshd -t -f /etc/ssh/sshd_config && systemctl reload ssh",
    )
    yield part("employee", "Run for each employee, as root", check="stat -c '%U %a' /home/EMPLOYEE  says: root 755")
    yield part(
        "authorized_key",
        "The employee's key, one a line",
        "/etc/ssh/authorized_keys/EMPLOYEE",
        "0644",
        "ssh EMPLOYEE@SERVER shows the desk; ssh EMPLOYEE@SERVER id shows no id",
    )
