"""The system under a desk: what of its memory could reach a disk or another program, its clock, its versions."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from staffdesk.services.machine.finding import Finding, Machine, open_still, unread, wrong

_OF_OTHERS: Final = 0o077
_DUMPS_OPEN: Final = 1
_MAC: Final = "macOS does not tell this; the desk closes its own process all the same."


def system_findings(machine: Machine, environ: Mapping[str, str], cipher: str) -> Iterator[Finding]:
    """Yield what was found; ``cipher`` is the version of SQLCipher, which only the data layer knows."""
    if machine.is_linux:
        yield _swap(machine)
        yield _core_files(machine)
        yield _debuggers(machine)
        yield _umask(machine)
    else:
        yield from (unread(about, _MAC) for about in ("Swap", "Core files", "Debuggers", "New files"))
    yield _clock(machine)
    yield Finding("Versions", f"Python {platform.python_version()}, SQLCipher {cipher}")
    if "TMUX" in environ:
        yield open_still(
            "Copying",
            "tmux hands a copied value on only where it is told to.",
            "In tmux: set -s set-clipboard on; what is copied is in the log either way.",
        )


def _swap(machine: Machine) -> Finding:
    text = machine.text("/proc/swaps")
    if text is None:
        return unread("Swap", "Which swap is in use could not be read.")
    names = [line.split()[0] for line in text.splitlines()[1:] if line.strip()]
    clear = [name for name in names if not _is_closed(machine, name)]
    if clear:
        return open_still(
            "Swap",
            f"What a desk shows may be written in clear to {', '.join(clear)}.",
            "Encrypt it (a random key in /etc/crypttab), or switch it off: swapoff -a",
        )
    return Finding("Swap", "encrypted, or in memory" if names else "none is in use")


def _is_closed(machine: Machine, name: str) -> bool:
    device = Path(name).name
    if device.startswith("zram"):
        return True
    resolved = machine.file(name)
    device = resolved.resolve().name if resolved.is_symlink() else device
    return (machine.text(f"/sys/class/block/{device}/dm/uuid") or "").startswith("CRYPT-")


def _core_files(machine: Machine) -> Finding:
    dumps, pattern = machine.text("/proc/sys/fs/suid_dumpable"), machine.text("/proc/sys/kernel/core_pattern")
    if dumps is None or pattern is None:
        return unread("Core files", "What becomes of a crashed program's memory could not be read.")
    if int(dumps) == _DUMPS_OPEN:
        return wrong(
            "Core files",
            "A program that runs for another account leaves its memory to whoever started it.",
            "Set fs.suid_dumpable = 0 in /etc/sysctl.d/",
        )
    if pattern.startswith("|"):
        return open_still(
            "Core files",
            "Crashed programs are handed to a collector; the desk switches that off for itself, commands do not.",
            "Set kernel.core_pattern = core in /etc/sysctl.d/, or look at what the collector keeps.",
        )
    return Finding("Core files", "go to no collector, and the desk writes none")


def _debuggers(machine: Machine) -> Finding:
    scope = machine.text("/proc/sys/kernel/yama/ptrace_scope")
    if scope is None or int(scope) == 0:
        return open_still(
            "Debuggers",
            "A program may read another of the same account; the desk's terminal closes itself, commands do not.",
            "Set kernel.yama.ptrace_scope = 1 in /etc/sysctl.d/",
        )
    return Finding("Debuggers", "read no other program of the same account")


def _umask(machine: Machine) -> Finding:
    lines = (machine.text("/proc/self/status") or "").splitlines()
    found = next((line.partition(":")[2].strip() for line in lines if line.startswith("Umask:")), None)
    if found is None:
        return unread("New files", "The umask could not be read.")
    if int(found, 8) & _OF_OTHERS != _OF_OTHERS:
        return open_still(
            "New files",
            f"The umask is {found}, so a file that a command's output goes to is open to others.",
            "Put umask 077 into the account's profile.",
        )
    return Finding("New files", f"umask {found}, for their owner alone")


def _clock(machine: Machine) -> Finding:
    is_set = machine.clock_is_set()
    if is_set is None:
        return unread(
            "Clock", "Whether the clock follows another could not be asked.", "Look at the system's settings."
        )
    if not is_set:
        return open_still(
            "Clock",
            "The clock follows no other, so times in the log may be wrong; their order is not.",
            "Switch on time synchronisation: timedatectl set-ntp true",
        )
    return Finding("Clock", "follows another")
