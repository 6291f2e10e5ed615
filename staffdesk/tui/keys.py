"""From commands to the framework's key bindings."""

from __future__ import annotations

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from staffdesk.tui.command import Command, Place
from staffdesk.tui.commands import at


def bindings_of(place: Place) -> list[BindingType]:
    """Return the bindings of a place; the key line and the help show them, the framework does not."""
    return [_binding(command) for command in at(place) if command.keys]


async def act_in_turn(widget: Widget, event: events.Key) -> bool:
    """Do what a key is bound to on the widget that has the focus, and say whether it is bound.

    The framework would run the binding only after the letters typed behind it have been taken: on a slow line, where
    several keys come at once, Backspace would delete the wrong one.
    """
    bound = widget._bindings.key_to_bindings.get(event.key)  # noqa: SLF001 - the framework names no other way
    if not bound:
        return False
    event.stop()
    event.prevent_default()
    await widget.run_action(bound[0].action)
    return True


def _binding(command: Command) -> Binding:
    return Binding(
        ",".join(command.keys),
        command.action,
        command.title,
        show=False,
        tooltip=command.tooltip,
        id=command.id,
        # A command acts before the next key is handed out: that one would else land in the field one has left, or
        # reveal the line one was about to leave. What is typed into a field is none, since it keeps its own keys.
        priority=True,
    )
