"""Keeping a desk: backups, restoring, the schema."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from staffdesk.cli.options import Home, Json, PasswordFd, User, refuse_absent, refuse_taken
from staffdesk.cli.output import put_json, say
from staffdesk.cli.seat import home_of, seat
from staffdesk.cli.secret import Secrets
from staffdesk.domain.errors import BadInput

db_app = typer.Typer(no_args_is_help=True)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    *,
    user: User,
    password_fd: PasswordFd = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write an encrypted copy of the desk under a passphrase, and read it back before it counts."""
    refuse_taken(file, "The file for the backup")
    with seat(home, user, password_fd) as at:
        ask = partial(at.secrets.choose, "Passphrase of the backup (keep it apart from the file): ")
        report = at.desk.backups.make(at.access(), file, ask)
    if as_json:
        put_json({"file": str(report.path), "bytes": report.size, "entries": report.entries, "covered": report.covered})
    else:
        say(f"{report.path}: {report.size:,} bytes, {report.entries:,} entries of the log, read back and sound.")


def restore(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A backup.")] = None,
    *,
    recovery_key: Annotated[
        bool, typer.Option("--recovery-key", help="No backup: put the lost key file back from the recovery key.")
    ] = False,
    recovery_file: Annotated[
        Path | None, typer.Option("--recovery-file", metavar="FILE", help="The same, from the file that init wrote.")
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="FILE", help="The newest copy of erasures.ledger: they are erased again."),
    ] = None,
    without_ledger: Annotated[
        bool, typer.Option("--without-ledger", help="Nobody was erased here or stopped mail, so there is no ledger.")
    ] = False,
    password_fd: PasswordFd = None,
    home: Home = None,
) -> None:
    """Put a backup into a new home, or a lost key file back into its own.

    For who holds the passphrase of the backup, or the recovery key.
    """
    if sum((file is not None, recovery_key, recovery_file is not None)) != 1:
        raise BadInput("Name what to restore from.", "One of: a backup FILE, --recovery-key, or --recovery-file FILE.")
    secrets = Secrets(password_fd)
    if file is None:
        _restore_key(home, recovery_file, secrets)
        return
    refuse_absent(file, "The backup")
    if (ledger is None) != without_ledger:
        raise BadInput(
            "Whoever was erased since this backup would be back: name the ledger of erasures.",
            "One of: --ledger FILE (erasures.ledger of the old data folder, or its copy), --without-ledger.",
        )
    if ledger is not None:
        refuse_absent(ledger, "The ledger of erasures")
    from staffdesk.services.backups import restore as put_back  # noqa: PLC0415 - brings the data layer

    report = put_back(home_of(home), file, secrets.ask("Passphrase of the backup: "), ledger)
    say(f"Restored: {report.entries:,} entries of the log, sound.", "Open it: staffdesk run, with the same --home")


def _restore_key(home: Path | None, recovery_file: Path | None, secrets: Secrets) -> None:
    from staffdesk.services import recovery_key, upgrades  # noqa: PLC0415 - brings the data layer

    located = home_of(home)
    located.check_made()
    if recovery_file is None:
        recovered = recovery_key.RecoveryKey.typed(secrets.ask("Recovery key, 14 groups of four: "))
    else:
        refuse_absent(recovery_file, "The recovery file")
        recovered = recovery_key.read_recovery_file(recovery_file, secrets.ask("Passphrase of the recovery file: "))
    recovery_key.put_back(located, recovered)
    try:
        upgrades.opens(located)
    except BaseException:
        located.key_file.unlink()
        raise
    say("The key file is back, and opens the database.")


@db_app.command()
def upgrade(*, home: Home = None) -> None:
    """Bring the database to the shape this staffdesk wants, all or nothing; make a backup first."""
    from staffdesk.services import upgrades, word_parts  # noqa: PLC0415 - brings Alembic

    located = home_of(home)
    say(f"The database is at revision {upgrades.upgrade(located)}.")
    word_parts.fit(located)


@db_app.command()
def index(*, home: Home = None, as_json: Json = False) -> None:
    """Keep the trigrams of words, or empty them, as their number asks, and say how a part of a word is looked for.

    Before, the word indexes of the encrypted file are put together where they lie in many pieces. An upgrade and an
    import do the same at their end. The desk goes on meanwhile.
    """
    from staffdesk.services import word_parts  # noqa: PLC0415 - brings the data layer

    parts = word_parts.fit(home_of(home))
    if as_json:
        put_json({"words": parts.words, "by_trigrams": parts.by_trigrams})
    else:
        say(f"{word_parts.told(parts)}.")


@db_app.command()
def check(*, home: Home = None, as_json: Json = False) -> None:
    """Say whether the database has the shape this staffdesk wants."""
    from staffdesk.services import upgrades  # noqa: PLC0415 - brings the data layer

    revision = upgrades.check(home_of(home))
    if as_json:
        put_json({"revision": revision})
    else:
        say(f"The database is at revision {revision}, the newest.")
