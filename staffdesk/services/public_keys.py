"""Public keys in files, one a line; apart from the log itself, so that who only takes notes starts at once."""

from __future__ import annotations

from pathlib import Path

from staffdesk.domain.errors import BadInput


def read_key(path: Path) -> str:
    """Return the text of a public key's file; raises :class:`BadInput`."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        raise BadInput("The public key cannot be read.", "Check its name: --key FILE") from error


def keys_in(text: str) -> tuple[str, ...]:
    """Return the public keys that a text holds, one a line."""
    return tuple(line for each in text.splitlines() if (line := each.strip()))


def read_keys(*paths: Path) -> tuple[str, ...]:
    """Return the public keys of files that hold one a line; raises :class:`BadInput`, also where there is none."""
    found = tuple(dict.fromkeys(key for path in paths for key in keys_in(read_key(path))))
    if not found:
        raise BadInput("The file of public keys is empty.", "Give one with a key a line: --key FILE")
    return found
