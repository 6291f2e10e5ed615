"""From commands to the framework's key bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from staffdesk.tui.commands import Command, Place, at


def bindings_of(place: Place) -> list[BindingType]:
    """Return the bindings of a place; the key line and the help show them, the framework does not."""
    return [_binding(command) for command in at(place) if command.keys]


def _binding(command: Command) -> Binding:
    return Binding(
        ",".join(command.keys),
        command.action,
        command.title,
        show=False,
        tooltip=command.tooltip,
        id=command.id,
        # What moves the focus acts before the next key is handed out: it would else land in the field one has left.
        priority=command.id.startswith("focus."),
    )
