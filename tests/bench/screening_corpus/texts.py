"""A text of the corpus, and the sentences of everyday notes into which numbers are put."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CARRIERS: Final = (
    "{}",
    "He read it out on the phone: {}.",
    "From his mail: {} - please keep it for next time",
    "Il a donné {} au téléphone, à rappeler demain.",
    "Zijn nummer is {}, belt morgen terug",
    "Er nannte {}; bitte prüfen",
    "paid with {} yesterday\nOTF Video 4.2.1 on macOS 15",
    "({})",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text, what it holds that must not be held (``kind``, one of several names a rule may have), or nothing.

    ``family`` says what a text that may be held only looks like. ``note`` is a text written about somebody.
    """

    text: str
    family: str
    held: bool
    note: bool = True
