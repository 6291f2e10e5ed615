"""Zips of support logs in words and for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffdesk.cli.moments import as_utc
from staffdesk.cli.output import put, put_pairs, put_table
from staffdesk.domain.support_logs import LogState

if TYPE_CHECKING:
    from staffdesk.domain.support_logs import LogBundle, LogFile, Manifest, Quarantined


def quarantined_words(each: Quarantined) -> str:
    """Return a zip with what must not be held in a line: whose case, what was found, when it ends, what to do."""
    from staffdesk.domain.log_scan import told, worst  # noqa: PLC0415 - as in every command, what it needs alone
    from staffdesk.domain.support_log_rules import rules  # noqa: PLC0415 - as above

    found, ends = ", ".join(told(worst(each.found, rules()), rules())), as_utc(each.ends)
    destroy = f"staffdesk case logs destroy {each.case} {each.zip}"
    return f"zip {each.zip} of {each.case}: {found}; nobody reads it, and it ends {ends}, or at once: {destroy}"


def quarantined_as_json(each: Quarantined) -> dict[str, object]:
    """Return the same for a program."""
    return {"zip": each.zip, "case": each.case, "found": dict(each.found), "ends_at": as_utc(each.ends)}


def put_manifest(manifest: Manifest) -> None:
    """Print what is in a zip, as a customer may have it: sizes, SHA-256, what was found."""
    from staffdesk.domain.log_scan import told  # noqa: PLC0415 - as in every command, what it needs alone
    from staffdesk.domain.support_log_rules import rules  # noqa: PLC0415 - as above

    bundle = manifest.bundle
    facts = {
        "Case": manifest.case, "Zip": str(bundle.id), "State": bundle.state.value,
        "Received": "" if bundle.received_at is None else as_utc(bundle.received_at),
        "Bytes": "" if bundle.size is None else f"{bundle.size:,}", "SHA-256": bundle.digest or "",
        "Destroyed": "" if bundle.ended_at is None else f"{as_utc(bundle.ended_at)}: {bundle.ended}",
    }  # fmt: skip
    put_pairs({name: value for name, value in facts.items() if value})
    put()
    heads = ("File", "Bytes", "SHA-256", "Name", "Found")
    put_table(
        heads,
        ((str(f.place), f"{f.size:,}", f.digest, f.name, ", ".join(told(f.found, rules()))) for f in manifest.files),
    )


def files_in_words(n: int) -> str:
    """Return how many files."""
    return "1 file" if n == 1 else f"{n} files"


def unremoved_in_words(files: int) -> str:
    """Return what becomes of files that could not be removed; nothing where there is none."""
    return "Its file could not be removed, and run-due does it; without its key nobody reads it." if files else ""


def bundle_line(bundle: LogBundle) -> tuple[str, ...]:
    """Return a zip as a line of the list."""
    from staffdesk.domain.log_scan import told  # noqa: PLC0415 - as in every command, what it needs alone
    from staffdesk.domain.support_log_rules import quarantine_ends, rules  # noqa: PLC0415 - as above

    state = bundle.state.value if bundle.ended is None else f"{bundle.state.value} ({bundle.ended})"
    if bundle.state is LogState.QUARANTINED and bundle.received_at is not None:
        state += f" until {as_utc(quarantine_ends(bundle.received_at, rules()))[:10]}"
    return (
        str(bundle.id),
        state,
        "" if bundle.asked_at is None else as_utc(bundle.asked_at),
        "" if bundle.received_at is None else as_utc(bundle.received_at),
        "" if bundle.files is None else str(bundle.files),
        "" if bundle.size is None else f"{bundle.size:,}",
        ", ".join(told(bundle.found, rules())),
    )


def bundle_as_json(bundle: LogBundle) -> dict[str, object]:
    """Return a zip for a program."""
    return {
        "zip": bundle.id,
        "state": bundle.state.value,
        "curated": bundle.curated.value,
        "asked_at": None if bundle.asked_at is None else as_utc(bundle.asked_at),
        "why": bundle.why or None,
        "received_at": None if bundle.received_at is None else as_utc(bundle.received_at),
        "files": bundle.files,
        "bytes": bundle.size,
        "sha256": bundle.digest,
        "found": dict(bundle.found),
        "destroyed_at": None if bundle.ended_at is None else as_utc(bundle.ended_at),
        "destroyed_because": None if bundle.ended is None else bundle.ended.value,
    }


def file_as_json(file: LogFile) -> dict[str, object]:
    """Return a file of a zip for a program."""
    return {
        "file": file.place,
        "name": file.name,
        "bytes": file.size,
        "sha256": file.digest,
        "found": dict(file.found),
    }
