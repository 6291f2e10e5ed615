"""Looking at a desk from outside: what is wrong, in the order in which it would stop the desk."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from staffdesk.cli.progress import progress
from staffdesk.domain.errors import Misconfigured, StaffdeskError, StorageUnavailable
from staffdesk.services.machine.finding import Finding, Grade

if TYPE_CHECKING:
    from staffdesk.services.home import Home

_OTHERS: Final = 0o077
_PROBE: Final = b"\x00" * 1024 * 1024
_LEAST_FREE: Final = 64 * 1024 * 1024
_MEGABYTE: Final = 1_000_000
_DEPUTY: Final = "An admin names a deputy: staffdesk staff deputy ACCOUNT"
_ITSELF: Final = "doctor"
_INSTEAD: Final = "The lines above say how far it works; to begin from what was kept: staffdesk restore FILE --home DIR"


def looked_at(located: Home) -> Iterator[Finding]:
    """Yield what was found; what stands on something broken is not looked at."""
    yield _look("Terminal", _terminal, optional=True)
    for about, look in (
        ("Home", lambda: _home(located)),
        ("Key file", lambda: _key(located)),
        ("Settings", lambda: _settings(located)),
        ("Disk", lambda: _disk(located)),
        ("Database", lambda: _database(located)),
        ("Tables", lambda: _tables(located)),
        ("Writing", lambda: _writing(located)),
        ("Seal key", lambda: _seal_key(located)),
    ):
        finding = _look(about, look)
        yield finding
        if finding.exit_code:
            return
    yield _look("Identity", lambda: _identity(located))
    yield _officer(located)
    yield _words(located)
    yield from _support_logs(located)
    yield _log(located)


def _look(about: str, look: Callable[[], str], *, optional: bool = False) -> Finding:
    try:
        return Finding(about, look())
    except StaffdeskError as error:
        hint = _INSTEAD if _ITSELF in error.hint else error.hint
        if optional:
            return Finding(about, error.sentence, hint, Grade.OPEN)
        return Finding(about, error.sentence, hint, Grade.WRONG, error.exit_code)


def _terminal() -> str:
    from staffdesk.tui.terminal import refuse_without_terminal  # noqa: PLC0415 - without Textual

    refuse_without_terminal(os.environ, sys.stdin, sys.stderr)
    encoding = sys.stdout.encoding
    if encoding.lower().replace("-", "") != "utf8":
        raise Misconfigured(f"The character set is {encoding}, so many names cannot be shown.", "Set LANG to UTF-8.")
    return f"{os.environ['TERM']}, {encoding}"


def _home(located: Home) -> str:
    located.check_made()
    for folder in (located.config, located.data):
        _closed_to_others(folder, f"The folder {folder.name}", "chmod 700")
    return str(located.config.parent)


def _key(located: Home) -> str:
    located.read_key()
    return "there, closed to others"


def _settings(located: Home) -> str:
    from staffdesk.services.settings import stated_settings  # noqa: PLC0415 - as the others

    return "PostgreSQL" if stated_settings(located).postgres_url else "encrypted file"


def _disk(located: Home) -> str:
    """Write a nameless file where the desk writes: a full disk and a folder that takes nothing show in nothing else."""
    for folder in (located.data, located.checkpoints):
        try:
            with tempfile.TemporaryFile(dir=folder) as probe:
                probe.write(_PROBE)
                probe.flush()
                os.fsync(probe.fileno())
        except OSError as error:
            raise StorageUnavailable(
                f"Nothing can be written to the folder {folder.name}: {error.strerror or 'the system refuses'}.",
                "Free some space, or make the folder writable for whoever owns the desk.",
            ) from error
    free = shutil.disk_usage(located.data).free
    if free < _LEAST_FREE:
        raise StorageUnavailable(f"Only {free // _MEGABYTE:,} MB are free on the disk of the data.", "Free some space.")
    return f"{free // _MEGABYTE:,} MB free, writable"


def _database(located: Home) -> str:
    from staffdesk.services import upgrades  # noqa: PLC0415 - brings the data layer

    return f"opens, revision {upgrades.check_revision(located)}"


def _tables(located: Home) -> str:
    from staffdesk.services import upgrades  # noqa: PLC0415 - as above

    upgrades.check_shape(located)
    return "tables and triggers are as this staffdesk makes them"


def _writing(located: Home) -> str:
    from staffdesk.services import upgrades  # noqa: PLC0415 - as above

    upgrades.try_the_log(located)
    return "an entry can be written; it was taken back"


def _seal_key(located: Home) -> str:
    from staffdesk.audit.checkpoint import CheckpointError, parse_verifier_key, verifier_key  # noqa: PLC0415 - as others
    from staffdesk.services.home import read_seal_key  # noqa: PLC0415 - as the others
    from staffdesk.services.public_keys import keys_in  # noqa: PLC0415 - as below
    from staffdesk.services.verification import read_verifier_key  # noqa: PLC0415 - brings the data layer

    public, seed = keys_in(read_verifier_key(located)), read_seal_key(located)
    try:
        name, *_ = (parse_verifier_key(key).name for key in public or ("",))
    except CheckpointError as error:
        raise StorageUnavailable(
            "seal.vkey does not hold the public key of the checkpoints.", "Put the right file back; it was kept apart."
        ) from error
    if seed is None:
        return "another user's; only the public key is here"
    if verifier_key(name, seed) != public[0]:
        raise StorageUnavailable(
            "seal.key and seal.vkey are not of one pair.", "Put back the one that does not belong to this desk."
        )
    return "here"


def _identity(located: Home) -> str:
    from staffdesk.services.sessions import shown_time  # noqa: PLC0415 - as above
    from staffdesk.services.settings_here import card_rule_of  # noqa: PLC0415 - brings the data layer

    rule = card_rule_of(located)
    changed = rule.changed
    since = "as shipped" if changed is None else f"since {shown_time(changed.at)}, by {changed.by}: {changed.reason}"
    return f"the front of the card is {rule.words}; {since}"


def _officer(located: Home) -> Finding:
    from staffdesk.services.settings_here import watch_of  # noqa: PLC0415 - brings the data layer

    try:
        watch = watch_of(located)
    except StaffdeskError as error:
        return Finding("Due dates", error.sentence, error.hint, Grade.WRONG, error.exit_code)
    if watch.officer:
        return Finding("Due dates", "a privacy officer signed in lately")
    if watch.stands_in is not None:
        return Finding("Due dates", f"no privacy officer is there; {watch.stands_in.user_name} stands in")
    return Finding("Due dates", "no privacy officer is there, and nobody stands in", _DEPUTY, Grade.OPEN)


def _words(located: Home) -> Finding:
    from staffdesk.services import word_parts  # noqa: PLC0415 - brings the data layer

    try:
        parts = word_parts.look(located)
    except StaffdeskError as error:
        return Finding("Words", error.sentence, error.hint, Grade.WRONG, error.exit_code)
    if word_parts.is_fitting(parts):
        return Finding("Words", word_parts.told(parts))
    return Finding("Words", word_parts.told(parts), "Bring the index to its size: staffdesk db index", Grade.OPEN)


def _support_logs(located: Home) -> Iterator[Finding]:
    from staffdesk.services.support_logs.missing import missing_at  # noqa: PLC0415 - brings the data layer

    try:
        held, gone = missing_at(located)
    except StaffdeskError as error:
        yield Finding("Support logs", error.sentence, error.hint, Grade.WRONG, error.exit_code)
        return
    if gone:
        said = f"{gone:,} of {held:,} sealed zips were taken away from outside."
        yield Finding("Support logs", said, "staffdesk run-due notes it in the log, and tells privacy.", Grade.OPEN)
    elif held:
        yield Finding("Support logs", f"{held:,} sealed, all there")


def _log(located: Home) -> Finding:
    from staffdesk.services.verification import verify_home  # noqa: PLC0415 - brings the data layer

    try:
        with progress("entries") as step:
            report = verify_home(located, step)
    except StaffdeskError as error:
        hint = _INSTEAD if _ITSELF in error.hint else error.hint
        return Finding("Log", error.sentence, hint, Grade.WRONG, error.exit_code)
    if report.findings:
        return Finding(
            "Log", report.findings[0].sentence, "All of it: staffdesk audit verify", Grade.WRONG, report.exit_code
        )
    found = f"{report.entries:,} entries, {report.uncovered:,} not yet under a checkpoint"
    hint = "Sign one: staffdesk audit checkpoint" if report.exit_code else ""
    return Finding("Log", found, hint, Grade.OPEN if report.exit_code else Grade.GOOD, report.exit_code)


def _closed_to_others(path: Path, name: str, command: str) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        from staffdesk.services.home import RESTORE  # noqa: PLC0415 - as the others

        raise StorageUnavailable(f"{name} is not there.", f"Put it back, or {RESTORE}") from error
    if stat.S_IMODE(mode) & _OTHERS:
        raise StorageUnavailable(f"{name} is open to others.", f"Run: {command} {path}")
