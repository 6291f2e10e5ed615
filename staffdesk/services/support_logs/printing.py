"""The manifest of a zip as a text that its customer reads, in his language (policy D.8: he always has access to it)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from staffdesk.domain.errors import BadInput
from staffdesk.domain.support_log_rules import ManifestWords, SupportLogRules, quarantine_ends
from staffdesk.domain.support_logs import HELD, LogState, Manifest
from staffdesk.domain.text import visible
from staffdesk.parameters.shapes import policy, retention
from staffdesk.services.sessions import day_in_brussels

KEPT_BY: Final = "log bytes"
"""The rule of ``retention.toml`` for the bytes of a zip."""


def check_language(language: str, by: SupportLogRules) -> None:
    """Refuse a language in which there are no words; raises :class:`BadInput`."""
    if language not in by.manifest:
        raise BadInput(f"There are words in {', '.join(sorted(by.manifest))} only.", "Choose one of them.")


def manifest_text(manifest: Manifest, language: str, by: SupportLogRules) -> str:
    """Return what a zip holds or held, until when, and that it is his; ``language`` is one of the rules'."""
    words = by.manifest[language]
    house = policy().controller
    return "\n".join(
        (
            *(house.name, *house.address, policy().contact),
            "",
            words.title,
            "",
            *_facts(manifest, words),
            "",
            words.files if manifest.files else words.no_files,
            *(line for each in manifest.files for line in ("", f"{each.size:>12}  {visible(each.name)}", each.digest)),
            "",
            *_told(manifest, words, by),
            "",
        )
    )


def _facts(manifest: Manifest, words: ManifestWords) -> Iterator[str]:
    bundle, colon = manifest.bundle, words.colon
    yield f"{words.case}{colon} {manifest.case}"
    yield f"{words.zip}{colon} {bundle.id}"
    if bundle.received_at is not None:
        yield f"{words.received}{colon} {day_in_brussels(bundle.received_at)}"
    if bundle.size is not None:
        yield f"{words.bytes}{colon} {bundle.size}"
        yield f"SHA-256{colon} {bundle.digest}"
    if bundle.ended_at is not None:
        yield f"{words.ended}{colon} {day_in_brussels(bundle.ended_at)}"


def _told(manifest: Manifest, words: ManifestWords, by: SupportLogRules) -> Iterator[str]:
    bundle = manifest.bundle
    if bundle.state is LogState.QUARANTINED and bundle.received_at is not None:
        yield words.quarantined.format(date=day_in_brussels(quarantine_ends(bundle.received_at, by)))
    elif bundle.state in HELD:
        yield words.held.format(days=retention().kinds[KEPT_BY].days, most=by.periods.most_days)
    elif bundle.ended_at is not None:
        yield words.gone
    if bundle.state is LogState.CURATED:
        yield words.copied
    if bundle.state in HELD:
        yield words.yours
