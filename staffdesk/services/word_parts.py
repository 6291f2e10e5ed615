"""How a part of a word is looked for: reading all words through, or by trigrams where there are many."""

from __future__ import annotations

from staffdesk.data import maintenance, trigrams
from staffdesk.data.trigrams import WordParts
from staffdesk.parameters.shapes import TrigramSizes, search
from staffdesk.services.home import Home
from staffdesk.services.settings import read_settings


def fit(home: Home, sizes: TrigramSizes | None = None) -> WordParts:
    """Build or empty the trigrams where the number of words asks for it, in steps beside which desks go on.

    What lies apart in a word index of the encrypted file is put together before.

    Called where words came or went in numbers: after an upgrade, an import, an erasure; ``staffdesk db index`` calls it
    too. Without ``sizes`` the shipped ones hold. Raises :class:`StorageUnavailable`.
    """
    url, wanted = read_settings(home).postgres_url, sizes or search().trigrams
    if url is None:
        maintenance.join_segments(home.database_file, home.read_key())
        return maintenance.fit_trigrams_sqlite(home.database_file, home.read_key(), wanted)
    return maintenance.fit_trigrams_postgres(url, wanted)


def look(home: Home) -> WordParts:
    """Say how many words there are and which way is in force; raises :class:`StorageUnavailable`."""
    found: list[WordParts] = []
    url = read_settings(home).postgres_url
    if url is None:
        maintenance.examine_sqlite(
            home.database_file, home.read_key(), lambda connection: found.append(trigrams.word_parts(connection))
        )
    else:
        maintenance.examine_postgres(url, lambda connection: found.append(trigrams.word_parts(connection)))
    return found[0]


def told(parts: WordParts) -> str:
    """Return the sentence for it."""
    way = "by trigrams" if parts.by_trigrams else "by reading them all"
    return f"{parts.words:,} words; a part of one is looked for {way}"


def is_fitting(parts: WordParts, sizes: TrigramSizes | None = None) -> bool:
    """Say whether :func:`fit` would leave it as it is."""
    wanted = sizes or search().trigrams
    return parts.words >= wanted.emptied_below if parts.by_trigrams else parts.words < wanted.built_from
