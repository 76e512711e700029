"""Elements of SVG as markup: names and numbers in, everything escaped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from markupsafe import Markup, escape

INK, GRID = "#0b0c0c", "#b1b4b6"
COLOURS = ("#1d70b8", "#d4351c", "#00703c", "#4c2c92", "#0b0c0c", "#912b88")
"""Each at least 4.5 to 1 against white."""
DASHES = ("none", "10 5", "3 4", "12 4 3 4", "6 6", "1 5")
TEXT_SIZE = 14


def element(name: str, inside: Iterable[Markup] | str = (), **attributes: str | float) -> Markup:
    """One element; "_" in an attribute's name stands for "-", one at its end is dropped."""
    told = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _shown(value)) for key, value in attributes.items()
    )
    content = escape(inside) if isinstance(inside, str) else Markup("").join(inside)
    return Markup("<{0}{1}>{2}</{0}>").format(name, told, content)


def text(x: float, y: float, said: str, anchor: str = "start", font_weight: str = "normal") -> Markup:
    """Words at a point."""
    return element("text", said, x=x, y=y, text_anchor=anchor, fill=INK, font_size=TEXT_SIZE, font_weight=font_weight)


def line(
    x1: float, y1: float, x2: float, y2: float, stroke: str = GRID, stroke_width: float = 1, dashes: str = "none"
) -> Markup:
    """A straight line."""
    return element(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=stroke_width, stroke_dasharray=dashes
    )


def picture(
    title: str, description: str, width: float, height: float, parts: Iterable[Markup], kind: str = "app-chart"
) -> Markup:
    """A whole picture that says what it is, as wide as there is room for; `kind` is its class in the style sheet."""
    stem = f"chart-{hashlib.sha256(f'{title}{description}'.encode()).hexdigest()[:8]}"
    named = [element("title", title, id=f"{stem}-title"), element("desc", description, id=f"{stem}-desc")]
    return element(
        "svg",
        [*named, *parts],
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_shown(width)} {_shown(height)}",
        class_=kind,
        role="img",
        aria_labelledby=f"{stem}-title {stem}-desc",
    )


def hatch(name: str, at: int, colour: str) -> Markup:
    """A pattern told from the others by its slope and spacing; fill with `url(#name)`."""
    slope = (45, -45, 0, 90, 20, -20)[at % 6]
    stripe = line(0, 0, 0, 6 + 2 * (at % 3), colour, stroke_width=2)
    return element(
        "pattern",
        [stripe],
        id=name,
        width=6 + 2 * (at % 3),
        height=6 + 2 * (at % 3),
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({slope})",
    )


def _shown(value: str | float) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
