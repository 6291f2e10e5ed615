"""From commands to the framework's key bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from staffdesk.tui.commands import Command, Place, at


def bindings_of(place: Place) -> list[BindingType]:
    """Return the bindings of a place; the key line and the help show them, the framework does not."""
    return [_binding(command, place) for command in at(place) if command.keys]


def _binding(command: Command, place: Place) -> Binding:
    return Binding(
        ",".join(command.keys),
        command.action,
        command.title,
        show=False,
        tooltip=command.tooltip,
        id=command.id,
        # A screen's command acts before the next key is handed out, which would else land in the field one has left;
        # what is typed into a field is none, since the field keeps its own keys.
        priority=place is not Place.LIST,
    )
