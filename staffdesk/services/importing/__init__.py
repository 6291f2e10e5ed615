"""Reading what sources export: one file in, records of the desk's own words out; nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from staffdesk.domain.errors import BadInput
from staffdesk.domain.manifest import Manifest
from staffdesk.domain.read_items import Columns, ReadItem
from staffdesk.services.importing import fastspring, paddle, shopify, woocommerce
from staffdesk.services.importing.files import Form, form_of
from staffdesk.services.importing.freshdesk import FRESHDESK, Freshdesk
from staffdesk.services.importing.paddle import PADDLE
from staffdesk.services.importing.parts import FASTSPRING, SHOPIFY, refused
from staffdesk.services.importing.profiles import Profile, profile
from staffdesk.services.importing.reading import place_in
from staffdesk.services.importing.tables import columns_of, read_table
from staffdesk.services.importing.ticket_reading import Format, TicketReader
from staffdesk.services.importing.ticket_words import TicketWords
from staffdesk.services.importing.woocommerce import WOOCOMMERCE
from staffdesk.services.importing.zendesk import ZENDESK, Zendesk

Reader: TypeAlias = Callable[[Path], Iterator[ReadItem]]
"""Reads a file lazily and never raises for what stands in it: what cannot be taken comes as ``Refused``."""

SOURCES: Final[Mapping[str, Reader]] = MappingProxyType(
    {FASTSPRING: fastspring.read, PADDLE: paddle.read, SHOPIFY: shopify.read, WOOCOMMERCE: woocommerce.read}
)
"""The readers of formats that a table of columns cannot describe, by the name a profile gives them."""


DESKS: Final[Mapping[str, Callable[[TicketWords], Format]]] = MappingProxyType({FRESHDESK: Freshdesk, ZENDESK: Zendesk})
"""How each support service writes, by the name a profile gives it."""


def reader_of(source: str, manifest: Manifest | None, files: Sequence[Path] = ()) -> Reader:
    """Return what reads the files of a source; raises :class:`BadInput` for one that is not known.

    ``files`` are all that are read with it: those of a support service tell each other's names.
    """
    known = profile(source)
    if known.reader is not None and known.tickets is not None:
        return TicketReader(known.tickets, DESKS[known.reader](known.tickets), files)
    return partial(_read, known, manifest)


def columns_in(source: str, manifest: Manifest | None, path: Path) -> Columns | None:
    """Return what the columns of a file become; None where it is no table, or cannot be read as one of this source."""
    known = profile(source)
    try:
        form = form_of(path)
    except BadInput:
        return None  # it is said with its reason where the file itself is read
    return columns_of(known, manifest, path, form) if known.tables and form is not Form.JSON else None


def _read(known: Profile, manifest: Manifest | None, path: Path) -> Iterator[ReadItem]:
    """Read a file by what it holds: a table by the profile's columns, anything else by the profile's reader."""
    try:
        form = form_of(path)
    except BadInput as error:
        yield refused(place_in(path), error)
        return
    if known.reader is not None and (form is Form.JSON or not known.tables):
        yield from SOURCES[known.reader](path)
    else:
        yield from read_table(known, manifest, path, form)
