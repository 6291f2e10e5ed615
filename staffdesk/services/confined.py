"""What a process gives up that takes apart what a stranger made; nothing of the desk is imported here."""

from __future__ import annotations


def limit(seconds: int, megabytes: int) -> None:
    """Give up whatever reading a mail or a sheet does not need."""
    import resource  # noqa: PLC0415 - there is none on every system, and without it nothing is read

    for name, most in (
        ("RLIMIT_CPU", seconds), ("RLIMIT_AS", megabytes * 1024 * 1024), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0),
        ("RLIMIT_NPROC", 0), ("RLIMIT_NOFILE", 16),
    ):  # fmt: skip
        if (kind := getattr(resource, name, None)) is not None:
            resource.setrlimit(kind, (most, most))
