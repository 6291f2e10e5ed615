"""Shopify's orders: the CSV export of the shop's administration, or the JSON of its API, told apart by content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from staffdesk.domain.errors import BadInput
from staffdesk.domain.imported import ReadItem
from staffdesk.services.importing.parts import refused
from staffdesk.services.importing.reading import is_json, load, place_in
from staffdesk.services.importing.shopify_csv import read_csv
from staffdesk.services.importing.shopify_json import read_json


def read(path: Path) -> Iterator[ReadItem]:
    """Read one file; a record that cannot be taken is refused with its place and stops nothing else."""
    try:
        content = load(path)
    except BadInput as error:
        yield refused(place_in(path), error)
        return
    yield from read_json(content, place_in(path)) if is_json(content) else read_csv(content, place_in(path))
