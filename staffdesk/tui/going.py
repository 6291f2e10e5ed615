"""How a screen goes: it takes no other with it, and what reaches it on its way out finds nothing there."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import Screen

R = TypeVar("R")


class GoingScreen(Screen[R], inherit_bindings=False):
    """A screen that is left, locked or answered at any moment, also before all that was sent to it has come."""

    def dismiss(self, result: R | None = None) -> AwaitComplete:
        """Answer, and go with what lies over this screen; one that is gone already takes no other with it."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

    async def _dispatch_message(self, message: Message) -> None:
        """Drop what still reaches a screen on its way out, such as that it was mounted: its widgets went before it."""
        try:
            await super()._dispatch_message(message)
        except NoMatches:
            if self in self.app.screen_stack:
                raise
