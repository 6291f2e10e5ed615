"""The lines of a letter: wrapped for mail, and put together again for paper."""

from __future__ import annotations

import re
import textwrap
from typing import Final

WIDTH: Final = 72
_ITEM: Final = "- "
_HANGING: Final = "  "


def wrapped(text: str) -> str:
    """Return a text with no line longer than mail wants it, and never more than one empty line in a row."""
    lines = "\n".join(_wrapped(line.strip()) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def paragraphs(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the paragraphs of a wrapped text, each as the lines that were broken on purpose.

    A line goes on in the next where the first word of that did not fit any more.
    """
    found: list[tuple[str, ...]] = []
    for block in text.split("\n\n"):
        lines: list[str] = []
        fitted = ""
        for line in block.splitlines():
            word = line.strip().partition(" ")[0]
            if lines and not line.startswith(_ITEM) and len(fitted) + 1 + len(word) > WIDTH:
                lines[-1] = f"{lines[-1]} {line.strip()}"
            else:
                lines.append(line.strip())
            fitted = line
        found.append(tuple(lines))
    return tuple(found)


def _wrapped(line: str) -> str:
    hanging = _HANGING if line.startswith(_ITEM) else ""
    return textwrap.fill(line, WIDTH, subsequent_indent=hanging, break_on_hyphens=False)
