"""``python -m tests.drills.go_checker``: a demo's entries proved, and checked by a program that knows nothing of ours.

It needs Go, and the module golang.org/x/mod: as Debian's golang-golang-x-mod-dev, or from Go's module proxy. Where one
is missing it says so and ends with 2; where a proof does not hold, or a changed one does, with 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

_DEBIAN: Final = Path("/usr/share/gocode/src/golang.org/x/mod")
_MODULE: Final = "module checker\n\ngo 1.18\n\nrequire golang.org/x/mod v0.7.0\n"
_PROOF_HEAD: Final = 3


def main() -> int:
    """Build the checker, make a log, and have entries of it checked."""
    if shutil.which("go") is None:
        return _cannot("Go is not installed")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        built = _build(folder)
        return _cannot(f"the checker could not be built: {built}") if built else _check(folder)


def _cannot(why: str) -> int:
    sys.stderr.write(f"This drill could not run, so nothing is proved: {why}.\n")
    return 2


def _build(folder: Path) -> str:
    shutil.copy(Path(__file__).with_name("main.go"), folder)
    local = f"\nreplace golang.org/x/mod => {_DEBIAN}\n" if _DEBIAN.is_dir() else ""
    (folder / "go.mod").write_text(_MODULE + local, encoding="utf-8")
    environ = {**os.environ, "GOFLAGS": "-mod=mod", **({"GOPROXY": "off"} if local else {})}
    ran = subprocess.run(
        ["go", "build", "-o", "checker", "."], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    return ran.stderr.strip() if ran.returncode else ""


def _staffdesk(*arguments: str) -> str:
    command = [sys.executable, "-m", "staffdesk", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _check(folder: Path) -> int:
    home = folder / "home"
    _staffdesk("demo", "--no-open", "--json", "--home", str(home))
    key, proof, entry = home / "config" / "seal.vkey", folder / "proof", folder / "core"
    cores = _cores(home)
    failed = 0
    for seq in (1, 2, len(cores) // 2, len(cores)):
        text = _staffdesk("audit", "prove", str(seq), "--home", str(home))
        lines = text.split("\n")
        middle = lines[_PROOF_HEAD]
        changed = text.replace(middle, ("B" if middle.startswith("A") else "A") + middle[1:], 1)
        for given, core, holds in ((text, cores[seq - 1], True), (changed, cores[seq - 1], False), (text, "{}", False)):
            proof.write_text(given, encoding="utf-8")
            entry.write_text(core, encoding="utf-8")
            ran = subprocess.run(
                [str(folder / "checker"), str(proof), str(key), str(entry)], capture_output=True, text=True, check=False
            )
            right = (ran.returncode == 0) is holds
            failed += not right
            sys.stdout.write(f"{'held' if right else 'FAILED'}: entry {seq}: {(ran.stdout or ran.stderr).strip()}\n")
    return 1 if failed else 0


def _cores(home: Path) -> list[str]:
    """Return the bytes of the entries as the log holds them, up to the newest checkpoint."""
    from staffdesk.services.home import Home  # noqa: PLC0415 - only where Go is
    from staffdesk.services.verification import log_of  # noqa: PLC0415 - as above

    at = Home.locate(home, {})
    with log_of(at)() as source:
        size = max(row.size for row in source.checkpoints())
        return [(entry.core or b"").decode() for entry in source.entries()][:size]


if __name__ == "__main__":
    raise SystemExit(main())
