"""The machine a desk stands on, read and not changed: what is open on it, each with the next step.

No customer's value is read, and nobody signs in; what this account may not read is said to be unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from staffdesk.data.versions import cipher_version
from staffdesk.services.home import Home
from staffdesk.services.machine.files import file_findings
from staffdesk.services.machine.finding import Finding, Machine
from staffdesk.services.machine.ssh import ssh_findings
from staffdesk.services.machine.system import system_findings


def examine(home: Home, environ: Mapping[str, str], machine: Machine | None = None) -> Iterator[Finding]:
    """Yield what was found of the files, the system and the ways in."""
    looked_at = machine or Machine()
    yield from file_findings(home)
    yield from system_findings(looked_at, environ, cipher_version())
    yield from ssh_findings(looked_at)
