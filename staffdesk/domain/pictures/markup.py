"""A small writer of SVG and of a page around it: deterministic, every text escaped, nothing fetched and nothing run."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from staffdesk.domain.text import visible

SVG: Final = "http://www.w3.org/2000/svg"

INK: Final = "#1d2126"
PALE: Final = "#565e68"
LINE: Final = "#b9b6aa"
GROUND: Final = "#ffffff"
FILL: Final = "#7aa2d6"
"""Light enough for ink on it at any opacity: numbers stand on what is filled."""

_SIZE: Final = 11

Number = int | float


def element(tag: str, *within: ET.Element | str, **attributes: str | Number) -> ET.Element:
    """Return an element; ``_`` in an attribute's name is a dash there, one at its end is left out."""
    made = ET.Element(tag, {_name(key): _value(value) for key, value in attributes.items()})
    for each in within:
        if not isinstance(each, str):
            made.append(each)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + visible(each, lines=True)
        else:
            made.text = (made.text or "") + visible(each, lines=True)
    return made


def written(root: ET.Element, before: str = "") -> bytes:
    """Return an element and all in it as UTF-8, ``before`` in front of it."""
    return (before + ET.tostring(root, encoding="unicode") + "\n").encode()


def picture(name: str, title: str, description: str, size: tuple[int, int], *within: ET.Element) -> ET.Element:
    """Return a picture that says in words what it is, for whoever does not see it; ``name`` is its id on a page."""
    width, height = size
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        element("rect", width=width, height=height, fill=GROUND),
        *within,
        xmlns=SVG,
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        font_family="sans-serif",
        font_size=_SIZE,
        aria_labelledby=f"{name}-title {name}-desc",
    )


def text(x: Number, y: Number, words: str, *, anchor: str = "start", fill: str = INK, weight: str = "") -> ET.Element:
    """Return a line of words."""
    more = {"font_weight": weight} if weight else {}
    return element("text", words, x=x, y=y, text_anchor=anchor, fill=fill, **more)


def box(
    x: Number, y: Number, width: Number, height: Number, opacity: float = 1.0, *, hollow: bool = False
) -> ET.Element:
    """Return a filled rectangle, or with ``hollow`` its outline."""
    paint: dict[str, str | Number] = (
        {"fill": "none", "stroke": INK, "stroke_dasharray": "3 2"}
        if hollow
        else {"fill": FILL, "fill_opacity": opacity}
    )
    return element("rect", x=x, y=y, width=width, height=height, **paint)


def named(title: str, *within: ET.Element) -> ET.Element:
    """Return a group that says what it is."""
    return element("g", element("title", title), *within)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | Number) -> str:
    return visible(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
