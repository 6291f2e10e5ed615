"""Letters to customers in English, French and Dutch: written from templates, checked, and made into PDF.

Every letter names the house, the request, the day, the policy in force and whom to ask; no employee is named in one.
"""

from __future__ import annotations

from staffdesk.services.letters.checking import check, forbidden, lint
from staffdesk.services.letters.facts import (
    AccessReply,
    Became,
    Changed,
    Consulted,
    Counted,
    Exempt,
    Identified,
    Kept,
    LetterFacts,
    Origin,
    Outside,
    Received,
    Together,
    kept_since,
)
from staffdesk.services.letters.language import Language, language_of
from staffdesk.services.letters.paper import pdf
from staffdesk.services.letters.writing import Written, retold, write

__all__ = [
    "AccessReply", "Became", "Changed", "Consulted", "Counted", "Exempt", "Identified", "Kept", "Language",
    "LetterFacts", "Origin", "Outside", "Received", "Together", "Written", "check", "forbidden", "kept_since",
    "language_of", "lint", "pdf", "retold", "write",
]  # fmt: skip
