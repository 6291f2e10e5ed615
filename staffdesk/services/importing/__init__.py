"""Reading the exports of stores: one file in, records of the desk's own words out; nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from staffdesk.domain.imported import ReadItem
from staffdesk.domain.provenance import Source
from staffdesk.services.importing import fastspring, shopify
from staffdesk.services.importing.parts import FASTSPRING, SHOPIFY

Reader: TypeAlias = Callable[[Path], Iterator[ReadItem]]
"""Reads a file lazily and never raises for what stands in it: what cannot be taken comes as ``Refused``."""

SOURCES: Final[Mapping[str, Reader]] = MappingProxyType({FASTSPRING: fastspring.read, SHOPIFY: shopify.read})
"""The readers by the name that ``staffdesk import`` knows them under."""

PROVENANCE: Final = Source.STORE_ACCOUNT
"""Where everything read here came from: an account at the online store (privacy policy, B.a; A11)."""
