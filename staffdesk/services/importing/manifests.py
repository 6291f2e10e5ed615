"""What is said of the files of an import: on the command line, or in a manifest beside each of them."""

from __future__ import annotations

import datetime as dt
import errno
import stat
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.manifest import Manifest, manifest_of
from staffdesk.services.importing.reading import file_name

HOW_SAVED: Final = frozenset({"encoding", "decimal_comma", "zone"})
"""What is said of how a file was saved, beside a manifest that says how it was obtained."""

ENDING: Final = ".manifest.toml"
_LARGEST: Final = 20_000
_NOT_THERE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})
"""No such file beside it: to a name that is very long already nothing can be added either."""


def manifest(files: Sequence[Path], said: Mapping[str, object], today: dt.date) -> Manifest:
    """Return what is said of all ``files``: ``said``, and where that is nothing, the manifest beside each.

    Raises what :func:`manifest_of` raises, and :class:`BadInput` where two files are told of differently.
    """
    if set(said) - HOW_SAVED:
        return manifest_of(said, today)
    found = [manifest_of({**_beside(file), **said}, today) for file in files]
    if any(each != found[0] for each in found[1:]):
        raise BadInput("These files were not obtained in one way.", "Import them one by one.")
    return found[0]


def _beside(file: Path) -> dict[str, object]:
    path = file.with_name(f"{file.name}{ENDING}")
    name = file_name(path)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe would be waited for
            raise BadInput(f"{name} is not a file.", "Write what is said of the file into a file, or into the options.")
        if about.st_size > _LARGEST:
            raise _too_large(name)
        with path.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        if error.errno in _NOT_THERE:
            return {}
        raise BadInput(
            f"{name} cannot be read: {error.strerror or 'the system refuses'}.", "Check that you may read it."
        ) from None
    if len(content) > _LARGEST:
        raise _too_large(name)
    try:
        return dict(tomllib.loads(content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise BadInput(f"{name} is not UTF-8 text.", "Save it as UTF-8.") from None
    except (ValueError, RecursionError):  # also a number too long to be one, and lists in lists without end
        raise BadInput(f"{name} is not TOML.", 'Write it as lines such as source = "EVENT_OWN".') from None


def _too_large(name: str) -> BadInput:
    return BadInput(f"{name} is larger than {_LARGEST:,} bytes.", "Leave in it what is said of the file.")
