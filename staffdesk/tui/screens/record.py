"""A record, masked as its reader may see it; values are revealed one by one, each an entry, each for a short while."""

from __future__ import annotations

from typing import ClassVar

from staffdesk.tui.command import Place
from staffdesk.tui.keys import bindings_of
from staffdesk.tui.record.merging import MergingRecord


class RecordScreen(MergingRecord, inherit_bindings=False):
    """The record of a person, an order, a licence, an activation or a case, with all that can be done from it."""

    PLACE: ClassVar[Place] = Place.RECORD
    BINDINGS = bindings_of(Place.RECORD)
    CSS_PATH = "../styles/record.tcss"
