"""How a support service writes its tickets, as its profile says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketWords:
    """The names and words of one support service.

    ``lists`` are the lists that may stand at the top of a document, ``wrapped`` the names under which one record may
    stand alone. A ticket in a state of ``closed`` is closed, one of ``deleted`` is left out. ``product`` and
    ``resolution`` are what a firm's own field may be called that tells it, in letters and digits alone. ``channels``
    turns the service's word for how a ticket came into the desk's, ``message_channels`` that for a message.
    """

    lists: tuple[str, ...]
    wrapped: tuple[str, ...]
    closed: tuple[str, ...]
    deleted: tuple[str, ...] = ()
    product: tuple[str, ...]
    resolution: tuple[str, ...]
    other_channel: str
    channels: Mapping[str, str]
    message_channels: Mapping[str, str] = field(default_factory=dict)
