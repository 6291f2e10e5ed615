"""Which question a screen asks, and what happens as one of them is asked: found by the line of the code that asks."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any
from unittest import mock

from staffdesk.domain.errors import StaffdeskError
from staffdesk.tui.asking import AskingScreen
from tests.tui.questions import questions


@dataclass
class Watch:
    """Says which question is asked, and lets something happen as the one that is looked for is."""

    known: dict[str, tuple[str, str, int, int]] = field(default_factory=questions)
    wanted: str = ""
    asked: int = 0
    on_asked: Callable[[], None] | None = None
    go: threading.Event | None = None
    error: StaffdeskError | None = None
    said: list[str] = field(default_factory=list)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch every screen that asks."""
        really: tuple[Callable[..., None], ...] = (AskingScreen.ask, AskingScreen.look)

        def watched_ask(screen: AskingScreen[Any], job: Callable[..., Any], *rest: object) -> None:
            really[0](screen, self._careful(job, sys._getframe(1)), *rest)

        def watched_look(screen: AskingScreen[Any], job: Callable[..., Any], *rest: object) -> None:
            really[1](screen, self._careful(job, sys._getframe(1)), *rest)

        say = AskingScreen._say_busy

        def say_busy(screen: AskingScreen[Any], words: str) -> None:
            self.said.append(words)
            say(screen, words)

        with mock.patch.multiple(AskingScreen, ask=watched_ask, look=watched_look, _say_busy=say_busy):
            yield

    def _careful(self, job: Callable[..., Any], frame: FrameType) -> Callable[..., Any]:
        """Return the job, watched where it is the question that is looked for; what was said before is forgotten."""
        if not self._is_wanted(frame):
            return job
        self.said.clear()
        return self._with_care(job)

    def _is_wanted(self, frame: FrameType) -> bool:
        function = frame.f_code.co_qualname.replace(".<locals>", "").removesuffix(".<lambda>")
        return self._name(frame.f_code.co_filename, function, frame.f_lineno) == self.wanted

    def _name(self, file: str, function: str, line: int) -> str:
        for key, (at, name, first, last) in self.known.items():
            if (file, function) == (at, name) and first <= line <= last:
                return key
        return ""

    def _with_care(self, job: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:  # noqa: ANN401 - whatever the service gives
            # Here and not at the key: asked again by r, the same question is met again.
            self.asked += 1
            go, on_asked = self.go, self.on_asked
            if on_asked is not None:
                on_asked()
            if go is not None:
                assert go.wait(30)
            try:
                return job(*given)
            except StaffdeskError as error:
                self.error = error
                raise

        return run
