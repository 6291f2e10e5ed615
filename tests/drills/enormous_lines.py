"""Files that are one enormous line, in each form a source comes in: read or refused, and with how much memory.

``python -m tests.drills.enormous_lines [--megabytes N] [--json]`` makes each file, reads it in a process of its own and
tells what the reader said last, how long it took and the most memory that process had at once. The exit code is 1 where
a file was neither read nor refused, or more than 200 MB were taken.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

from tests.services.sample_exports import CANARY, said, samples

MOST_MB: Final = 200.0
_CHUNK: Final = 1_000_000


def _before(good: str) -> tuple[str, str]:
    return "", f"\n{good}"


def _after(good: str) -> tuple[str, str]:
    return good, ""


def _inside(good: str) -> tuple[str, str]:
    first, found, rest = good.partition(CANARY)
    return (first, found + rest) if found else (good, "")


FORMS: Final[Mapping[str, Callable[[str], tuple[str, str]]]] = {
    "before all": _before, "after all": _after, "in a value": _inside,
}  # fmt: skip
"""Where the line stands: what is before it, and what after it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read all of them and print; 1 where one went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills.enormous_lines", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    told = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        for sample in samples():
            for form, around in FORMS.items():
                _write(path, *around(sample.made("1")), options.megabytes)
                told.append({"file": str(sample), "line": form, **_apart(sample.source, path)})
        _write(path, "BEGIN:VCARD\nVERSION:3.0\nFN:Mette\nPHOTO:", "\nEND:VCARD\n", options.megabytes)
        told.append({"file": "leads-card", "line": "in a value", **_apart("leads", path)})
    bad = [each for each in told if each["peak_mb"] > MOST_MB or not each["read"] + each["refused"]]
    if options.json:
        json.dump({"megabytes": options.megabytes, "files": told, "bad": bad}, sys.stdout, indent=1)
    else:
        sys.stdout.writelines(
            f"{each['file']:24} {each['line']:10} {each['read']:2} read, {each['refused']:2} refused"
            f"  {each['seconds']:7.2f} s  {each['peak_mb']:7.1f} MB  {each['last']}\n"
            for each in told
        )
    return int(bool(bad))


def _write(path: Path, before: str, after: str, megabytes: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(before)
        for _ in range(megabytes):
            file.write("x" * _CHUNK)
        file.write(after)


def _apart(source: str, path: Path) -> dict[str, Any]:
    """Read a file in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
        return other.submit(_read, source, path).result()


def _read(source: str, path: Path) -> dict[str, Any]:
    from staffdesk.domain.manifest import manifest_of  # noqa: PLC0415 - as above
    from staffdesk.domain.read_items import Imported, Refused  # noqa: PLC0415 - as above
    from staffdesk.services.clearance import today_in_brussels  # noqa: PLC0415 - as above
    from staffdesk.services.importing import reader_of  # noqa: PLC0415 - as above
    from staffdesk.services.importing.profiles import profile  # noqa: PLC0415 - as above

    told = manifest_of(said(profile(source), 1), today=today_in_brussels())
    began, items = time.perf_counter(), list(reader_of(source, told)(path))
    refused = [item for item in items if isinstance(item, Refused)]
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    return {
        "read": sum(isinstance(item, Imported) for item in items),
        "refused": len(refused),
        "last": refused[-1].reason if refused else "",
        "seconds": round(time.perf_counter() - began, 3),
        "peak_mb": round(peak * 1024 / 1e6, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
