"""A walk over every screen of the desk with hostile text in every field that somebody outside could have filled.

The fields are found in the code: every text of every row that a screen knows, but those of closed lists: see
:func:`rows`.
The screens are found in the code too: see :func:`screens`.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import itertools
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest import mock

from rich.segment import Segment
from textual._context import visible_screen_stack
from textual.color import Color
from textual.screen import Screen

import staffdesk.tui
from staffdesk.audit.checkpoint import Checkpoint
from staffdesk.domain.access import Access, Role
from staffdesk.domain.correction import Repair
from staffdesk.domain.entry_filter import EntryFilter
from staffdesk.domain.matters import NewCase
from staffdesk.domain.policy import AccessMatrix
from staffdesk.services.demo import Demo
from staffdesk.services.home import Home
from staffdesk.tui.base import DeskDialog, DeskScreen
from staffdesk.tui.guard import TerminalGuard
from staffdesk.tui.screens.help import HelpScreen
from staffdesk.tui.screens.new_password import NewPasswordScreen
from staffdesk.tui.screens.palette import PaletteDialog
from staffdesk.tui.screens.verify import VerifyScreen
from tests.tui import stage
from tests.tui.payloads import RAW
from tests.tui.scenes import SCENES
from tests.tui.seat import is_asking
from tests.tui.stage import Scene, Stage

OF_CLOSED_LISTS: Final = frozenset({
    "act", "aid", "channel", "found_by", "id", "key", "kind", "kinds", "label", "locked", "number", "purpose", "role",
    "sid", "standing", "state", "table", "truncated", "why", "withheld", "zone",
})  # fmt: skip
"""Fields whose text is the desk's own: its words, its numbers, its ids."""

NOT_SHOWN: Final = (Access, AccessMatrix, Checkpoint, EntryFilter, NewCase, Repair)
"""What goes into a service, and is screened there, or holds nobody's words: law and policy, the log's own format."""

_BENEATH: Final = ("staffdesk.audit.", "staffdesk.domain.", "staffdesk.services.")
_NUMBER_OR_DATE: Final = re.compile(r"[\d.:TZ-]+")


def screens() -> set[type[Screen[Any]]]:
    """Return every screen of the desk that is shown: the classes of ``staffdesk.tui`` that no other one refines."""
    for module in pkgutil.walk_packages(staffdesk.tui.__path__, "staffdesk.tui."):
        importlib.import_module(module.name)
    found: set[type[Screen[Any]]] = set()
    waiting: list[type[Screen[Any]]] = [DeskScreen]
    while waiting:
        each = waiting.pop()
        refined = [one for one in each.__subclasses__() if one.__module__.startswith("staffdesk.")]
        waiting += refined
        if not refined and each is not DeskDialog:
            found.add(each)
    return found


async def _put(at: Stage, screen: Screen[Any]) -> None:
    await at.app.push_screen(screen)
    await _calm(at)


async def _help(at: Stage) -> None:
    await SCENES["cases"](at)
    assert isinstance(at.app.screen, DeskScreen)
    await _put(at, HelpScreen(at.app.screen))


async def _palette(at: Stage) -> None:
    await SCENES["cases"](at)
    assert isinstance(at.app.screen, DeskScreen)
    await _put(at, PaletteDialog(at.app.screen))


async def _new_password(at: Stage) -> None:
    at.sign_in(Role.SUPPORT)
    await _put(at, NewPasswordScreen())


async def _verify(at: Stage) -> None:
    at.sign_in(Role.ADMIN)
    await _put(at, VerifyScreen())


async def _locked(at: Stage) -> None:
    await SCENES["cases"](at)
    at.app.action_lock()
    await _calm(at)


SCENES_WALKED: Final[dict[str, Scene]] = {
    "help": _help, "palette": _palette, "new-password": _new_password, "verify": _verify, **SCENES, "locked": _locked,
}  # fmt: skip
"""The scenes of the pictures, and those that need none; the lock comes last, since it empties the stack."""


@dataclass
class Walked:
    """What a walk met."""

    screens: set[type[Screen[Any]]] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    texts: int = 0
    frames: int = 0
    wrong: list[str] = field(default_factory=list)


@contextmanager
def hostile(payloads: Sequence[str], walked: Walked) -> Iterator[None]:
    """Let each text that a service gives begin with the next of ``payloads``."""
    turn = itertools.cycle(payloads)

    def spoil(name: str, value: object) -> object:
        if isinstance(value, str):
            if isinstance(value, Enum) or _NUMBER_OR_DATE.fullmatch(value):
                return value
            walked.fields.add(name)
            walked.texts += 1
            return next(turn) + value
        if isinstance(value, tuple) and value and all(isinstance(each, str) for each in value):
            return tuple(spoil(name, each) for each in value)
        if isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values()):
            return {key: spoil(name, each) for key, each in value.items()}
        return value

    def spoiling(make: Any, names: frozenset[str], owner: str) -> Any:  # noqa: ANN401 - a constructor
        signature = inspect.signature(make)

        def made(*given: object, **named: object) -> object:
            bound = signature.bind(*given, **named)
            for name in names & bound.arguments.keys():
                bound.arguments[name] = spoil(f"{owner}.{name}", bound.arguments[name])
            return make(*bound.args, **bound.kwargs)

        return made

    with ExitStack() as stack:
        for row in rows():
            names = frozenset(_fields(row)) - OF_CLOSED_LISTS
            maker = "__init__" if dataclasses.is_dataclass(row) else "__new__"
            stack.enter_context(mock.patch.object(row, maker, spoiling(getattr(row, maker), names, row.__name__)))
        yield


@cache
def rows() -> frozenset[type[Any]]:
    """Return every row that a screen knows: what a module of ``staffdesk.tui`` imports, and what that consists of."""
    found: set[type[Any]] = set()
    waiting = [
        _named(node.module, alias.name)
        for file in Path(staffdesk.tui.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith(_BENEATH)
        for alias in node.names
    ]
    while waiting:
        each = waiting.pop()
        if inspect.isclass(each) and _fields(each) and each not in found and each not in NOT_SHOWN:
            found.add(each)
            written = " ".join(map(str, each.__annotations__.values()))
            waiting += [_named(each.__module__, name) for name in re.findall(r"[A-Z]\w+", written)]
    return frozenset(found)


def _named(module: str, name: str) -> object:
    return getattr(importlib.import_module(module), name, None)


def _fields(row: type[Any]) -> Sequence[str]:
    if dataclasses.is_dataclass(row):
        return [each.name for each in dataclasses.fields(row)]
    return getattr(row, "_fields", ())


async def walk(
    home: Home,
    demo: Demo,
    sizes: Sequence[tuple[int, int]],
    payloads: Sequence[str],
    scenes: Mapping[str, Scene] = SCENES_WALKED,
) -> Walked:
    """Show every scene with these texts, and note what acted, what reached the guard, and what broke a line.

    A scene comes in a window of the first size and is gone through in one of the last.
    """
    walked = Walked()
    reached: list[str] = []
    really = TerminalGuard.apply

    def watch(self: TerminalGuard, segments: list[Segment], background: Color) -> list[Segment]:
        kept = really(self, segments, background)
        if kept is not segments:
            reached.extend(ascii(text) for text, *_ in segments if any(char in RAW for char in text))
        return kept

    with mock.patch.object(TerminalGuard, "apply", watch), hostile(payloads, walked):
        async with stage.stage(home, demo, sizes[0]) as at:
            for name, scene in scenes.items():
                await scene(at)
                await _calm(at)
                for way, size in (((), sizes[0]), (("down",), sizes[-1]), (("end",), sizes[-1])):
                    await at.pilot.press(*way)
                    await _resized(at, size)
                    walked.wrong += [f"{name}: {each}" for each in _wrong(at, size)]
                    walked.frames += 1
                walked.screens.update(type(screen) for screen in at.app.screen_stack)
                walked.wrong += [f"{name}: the guard had to drop of {each}" for each in reached]
                reached.clear()
                await _leave(at)
                await _resized(at, sizes[0])
    return walked


async def _resized(at: Stage, size: tuple[int, int]) -> None:
    if at.app.size != size:
        await at.pilot.resize_terminal(*size)
    await _calm(at)


async def _calm(at: Stage) -> None:
    """As ``calm``, but raise what ended the application: nothing would ever be answered."""
    while is_asking(at.app) and at.app._exception is None:
        await at.pilot.pause(0.01)
    if at.app._exception is not None:
        raise at.app._exception
    await at.pilot.pause()


async def _leave(at: Stage) -> None:
    while len(at.app.screen_stack) > 1:
        await at.app.pop_screen()
    at.app.session, at.app.locked = None, False
    await _calm(at)


def _wrong(at: Stage, size: tuple[int, int]) -> Iterator[str]:
    if not at.app.is_running or at.app.stopped:
        yield "it stopped"
    raw = set[str]()
    visible_screen_stack.set(at.app._background_screens)
    for strip in at.app.screen._compositor.render_strips():
        raw.update(char for char in strip.text if char in RAW)
        if strip.cell_length != size[0]:
            yield f"a line of {strip.cell_length} cells"
        for segment in strip:
            if segment.style is not None and (segment.style.link or "@click" in segment.style.meta):
                yield f"a text that acts: {segment.text!r}"
    if raw:
        yield f"raw characters {sorted(map(ascii, raw))}"
