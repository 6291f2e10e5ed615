"""Where the files of ``db/`` lie: inside the package in a wheel, beside it in a checkout."""

from pathlib import Path

from staffdesk.domain.errors import StorageUnavailable


def database_files() -> Path:
    """Return the folder that holds ``migrations/``, ``sqlite/`` and ``postgres/``.

    The packaged copy is looked for first: beside an installed package another project's ``db`` may lie.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_db", package.parent / "db"):
        if (folder / "migrations" / "env.py").is_file():
            return folder
    raise StorageUnavailable("The migration files are missing from this installation.", "Install staffdesk again.")


def sql(dialect: str, name: str) -> tuple[str, ...]:
    """Return the statements of ``db/<dialect>/<name>.sql``; a line of ``--;`` ends a statement."""
    text = (database_files() / dialect / f"{name}.sql").read_text(encoding="utf-8")
    return tuple(part.strip() for part in text.split("\n--;\n") if part.strip())
