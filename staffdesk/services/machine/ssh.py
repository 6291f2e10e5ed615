"""How employees reach a desk by SSH: what sshd does for them, what sudo lets them run, what their homes could run."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.services.machine.finding import Finding, Machine, open_still, unread, wrong

_CONFIG: Final = "/etc/ssh/sshd_config"
_SUDOERS: Final = ("/etc/sudoers", "/etc/sudoers.d")
_PRINT: Final = "Compare with: staffdesk deploy ssh --print"
_PLAIN_SHELLS: Final = frozenset({"sh", "dash", "nologin", "false"})
_WRITTEN_BY_OTHERS: Final = 0o022
_MOST_SESSIONS: Final = 2

_CLOSED: Final = {
    "permituserrc": ("no", "yes", "A file ~/.ssh/rc of an employee runs before the desk."),
    "permituserenvironment": ("no", "no", "A file ~/.ssh/environment of an employee acts before the desk."),
    "permitemptypasswords": ("no", "no", "An account without a password is let in."),
    "permittunnel": ("no", "no", "A network can be tunnelled past the desk."),
    "disableforwarding": ("yes", "no", "Ports, sockets, screens or agents can be forwarded past the desk."),
}
"""The word that closes, the one in force where none is written, and what is open with another."""


@dataclass(frozen=True, slots=True)
class _Block:
    group: str
    words: Mapping[str, str]


def ssh_findings(machine: Machine) -> Iterator[Finding]:
    """Yield what was found; nothing is said of accounts where sshd leads nobody to a desk."""
    lines = _lines(machine, _CONFIG)
    if lines is None:
        yield Finding("SSH", "no server for it is here, or its files are closed to you")
        return
    block = _desk_block(lines)
    if block is None:
        yield Finding("SSH", "leads nobody to a desk; for a team: staffdesk deploy ssh --print")
        return
    members = _members(machine, block.group)
    yield from _sshd(machine, block, members)
    yield from _sudo(machine, block.group)
    yield from _homes(machine, members)


def _lines(machine: Machine, path: str) -> list[str] | None:
    """Return the lines of a configuration with those it includes in their place."""
    text = machine.text(path)
    if text is None:
        return None
    found: list[str] = []
    for line in text.splitlines():
        key, _, value = line.strip().partition(" ")
        if key.lower() != "include":
            found.append(line.strip())
            continue
        for pattern in value.split():
            for file in sorted(machine.root.glob(str(Path("/etc/ssh", pattern)).removeprefix("/"))):
                found += _lines(machine, f"/{file.relative_to(machine.root)}") or []
                found.append("Match all")
    return found


def _blocks(lines: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (what it is matched by, keyword, value), keywords in small letters."""
    matched = ""
    for line in lines:
        key, value, *_ = *re.split(r"[\s=]+", line, maxsplit=1), ""
        if key.lower() == "match":
            matched = "" if value.lower() == "all" else value
        elif key and not key.startswith("#"):
            yield matched, key.lower(), value.strip()


def _desk_block(lines: list[str]) -> _Block | None:
    """Return the block for the group whose command is the desk."""
    blocks = list(_blocks(lines))
    for matched, key, value in blocks:
        group = re.fullmatch(r"group\s+(\S+)", matched, re.IGNORECASE)
        if group and key == "forcecommand" and "staffdesk" in value:
            words: dict[str, str] = {}
            for criteria, name, said in blocks:
                if criteria == matched:
                    words.setdefault(name, said)
            for criteria, name, said in blocks:
                if not criteria:
                    words.setdefault(name, said)
            return _Block(group[1], words)
    return None


def _sshd(machine: Machine, block: _Block, members: Mapping[str, tuple[str, str]]) -> Iterator[Finding]:
    words: Mapping[str, str] = block.words
    source = "as its files say; sshd itself tells it to root alone"
    if members and machine.is_root:
        asked = machine.run(["sshd", "-T", "-C", f"user={min(members)},host=desk,addr=192.0.2.1"])
        if asked is not None:
            words = _effective(asked)
            source = "as sshd itself tells"
    found = tuple(_open_words(words))
    yield from found or (Finding("SSH", f"gives {block.group} the desk alone, {source}"),)


def _effective(text: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for line in text.splitlines():
        key, _, value = line.partition(" ")
        words[key] = f"{words[key]} {value}" if key in words else value
    return words


def _open_words(words: Mapping[str, str]) -> Iterator[Finding]:
    if "staffdesk" not in words.get("forcecommand", ""):
        yield wrong("SSH", "No command is forced on the employees: they have a shell.", _PRINT)
    for key, (closing, otherwise, sentence) in _CLOSED.items():
        if words.get(key, otherwise).lower() != closing:
            yield wrong("SSH", sentence, f"Set {key} {closing}. {_PRINT}")
    keys = words.get("authorizedkeysfile", ".ssh/authorized_keys").split()
    if not all(key.startswith("/") for key in keys):
        yield wrong(
            "SSH", "Keys are read from a folder in which an employee may write.", f"AuthorizedKeysFile. {_PRINT}"
        )
    taken = [name for name in words.get("acceptenv", "").split() if not name.startswith("STAFFDESK_")]
    if taken:
        yield open_still("SSH", f"The client's {', '.join(taken)} are taken along.", f"Set AcceptEnv. {_PRINT}")
    if words.get("clientaliveinterval", "0") == "0":
        yield open_still("SSH", "A line that is gone keeps its session.", f"Set ClientAliveInterval 30. {_PRINT}")
    if int(words.get("maxsessions", "10")) > _MOST_SESSIONS:
        yield open_still("SSH", "A connection may hold many sessions.", f"Set MaxSessions {_MOST_SESSIONS}. {_PRINT}")
    if "publickey" not in words.get("authenticationmethods", "any"):
        yield open_still("SSH", "A password alone is enough to be let in.", f"Set AuthenticationMethods. {_PRINT}")


def _sudo(machine: Machine, group: str) -> Iterator[Finding]:
    texts = [machine.text(path) for path in _sudoers(machine)]
    lines = [line.strip() for text in texts if text is not None for line in text.replace("\\\n", " ").splitlines()]
    ours = [line for line in lines if line.startswith(f"%{group} ")]
    if not ours:
        yield unread("sudo", "No rule for the employees could be read.", f"Run it as root. {_PRINT}")
        return
    defaults = " ".join(line for line in lines if re.match(rf"Defaults(\s|:%{re.escape(group)}\s)", line))
    found = (*_rules(ours), *_defaults(defaults))
    yield from found or (Finding("sudo", f"lets {group} run one program, without an argument"),)


def _sudoers(machine: Machine) -> Iterator[str]:
    main, folder = _SUDOERS
    yield main
    try:
        names = sorted(path.name for path in machine.file(folder).iterdir())
    except OSError:  # closed, or none
        return
    yield from (f"{folder}/{name}" for name in names if "." not in name and not name.endswith("~"))


def _rules(rules: list[str]) -> Iterator[Finding]:
    for rule in rules:
        command = rule.rpartition(":")[2].strip() if ":" in rule else rule.rpartition(")")[2].strip()
        if not re.fullmatch(r'/\S+ ""', command):
            yield wrong("sudo", "An employee may run more than the one program without an argument.", _PRINT)


def _defaults(words: str) -> Iterator[Finding]:
    for word, sentence in (
        ("env_reset", "What an employee's environment holds reaches the desk."),
        ("use_pty", "What the desk starts could write to a terminal it is no longer at."),
    ):
        if not re.search(rf"(?<!!)\b{word}\b", words):
            yield wrong("sudo", sentence, f"Set {word}. {_PRINT}")
    if not re.search(r"\bumask\s*=\s*0?077\b", words):
        yield open_still("sudo", "Files that the desk makes may be open to others.", f"Set umask = 0077. {_PRINT}")


def _members(machine: Machine, group: str) -> dict[str, tuple[str, str]]:
    """Return the members of a group with their homes and shells."""
    groups = [line.split(":") for line in (machine.text("/etc/group") or "").splitlines()]
    chosen = next((parts for parts in groups if parts[0] == group), None)
    if chosen is None:
        return {}
    named = set(chosen[3].split(","))
    accounts = [line.split(":") for line in (machine.text("/etc/passwd") or "").splitlines()]
    return {parts[0]: (parts[5], parts[6]) for parts in accounts if parts[0] in named or parts[3] == chosen[2]}


def _homes(machine: Machine, members: Mapping[str, tuple[str, str]]) -> Iterator[Finding]:
    if not members:
        yield open_still("Employees", "The group of the employees has no member.", "See: staffdesk deploy ssh --print")
        return
    found = tuple(finding for name, (home, shell) in members.items() for finding in _home(machine, name, home, shell))
    yield from found or (Finding("Employees", f"{len(members)}, none with a home or a shell that runs a file of his"),)


def _home(machine: Machine, name: str, home: str, shell: str) -> Iterator[Finding]:
    own = False
    try:
        status = machine.file(home).stat()
    except OSError:  # no home, or one closed to who looks: root sees it
        pass
    else:
        own = status.st_uid != 0 or bool(stat.S_IMODE(status.st_mode) & _WRITTEN_BY_OTHERS)
    if own:
        yield wrong(
            "Employees",
            f"{home} can be written by {name}: what lies there may run before the desk.",
            f"Run as root: chown -R root:root {home} && chmod 755 {home}",
        )
    if Path(shell).name not in _PLAIN_SHELLS:
        sentence = f"{name} has {shell}, which reads files of its own before the desk."
        yield (wrong if own else open_still)("Employees", sentence, f"Run as root: usermod --shell /bin/sh {name}")
