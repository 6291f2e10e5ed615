"""Two themes of our own: text at 4.5:1 or more on background, surface and panel alike; words carry the meaning."""

from __future__ import annotations

from typing import Final

from textual.app import App
from textual.theme import Theme


def _theme(
    name: str,
    *,
    dark: bool,
    background: str,
    surface: str,
    panel: str,
    foreground: str,
    muted: str,
    accent: str,
    primary: str,
    success: str,
    error: str,
    border: str,
) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=primary,
        secondary=primary,
        accent=accent,
        warning=accent,
        success=success,
        error=error,
        foreground=foreground,
        background=background,
        surface=surface,
        panel=panel,
        boost=panel,
        variables={
            "text": foreground,
            "text-muted": muted,
            "text-disabled": muted,
            "text-accent": accent,
            "text-primary": primary,
            "text-warning": accent,
            "text-success": success,
            "text-error": error,
            "border": accent,
            "border-blurred": border,
            "block-cursor-background": panel,
            "block-cursor-foreground": foreground,
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": surface,
            "block-cursor-blurred-foreground": foreground,
            "block-hover-background": surface,
            "input-cursor-background": foreground,
            "input-cursor-foreground": background,
            "input-selection-background": f"{primary} 40%",
            "scrollbar": border,
            "scrollbar-hover": muted,
            "scrollbar-active": accent,
            "scrollbar-background": background,
            "scrollbar-background-hover": background,
            "scrollbar-background-active": background,
            "scrollbar-corner-color": background,
        },
    )


DESK_DARK: Final = _theme(
    "desk-dark",
    dark=True,
    background="#15171b",
    surface="#1c1f24",
    panel="#262a31",
    foreground="#e3e6ea",
    muted="#9aa4b1",
    accent="#e0b95c",
    primary="#7aa2d6",
    success="#7fc29b",
    error="#f08a7c",
    border="#39424f",
)

DESK_LIGHT: Final = _theme(
    "desk-light",
    dark=False,
    background="#f7f6f2",
    surface="#fffefb",
    panel="#ecebe7",
    foreground="#1d2126",
    muted="#565e68",
    accent="#8a5a00",
    primary="#1f5fa8",
    success="#1f6b40",
    error="#b3261e",
    border="#b9b6aa",
)

_ALIKE: Final = {
    DESK_DARK.name: (DESK_LIGHT.name, "ansi-dark"),
    DESK_LIGHT.name: (DESK_DARK.name, "ansi-light"),
    "ansi-dark": ("ansi-light", DESK_DARK.name),
    "ansi-light": ("ansi-dark", DESK_LIGHT.name),
}
"""For each theme the other light, and the other owner of its colours: the desk or the terminal."""


def begin_with_own(app: App[None]) -> None:
    """Let an application that is being made have our themes, and begin dark.

    Set as a key sets it, the theme would have all styles read twice before the first frame.
    """
    for theme in (DESK_DARK, DESK_LIGHT):
        app.register_theme(theme)
    app.set_reactive(App.theme, DESK_DARK.name)
    app.stylesheet.set_variables(app.get_css_variables())


def other(theme: str, *, of: int) -> str:
    """Return the theme of the other light (0), or of the other owner (1)."""
    return _ALIKE[theme][of]
