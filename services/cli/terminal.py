"""The terminal: answers on standard output, progress and complaints on standard error.

Rich leaves colour out when the output is no terminal or NO_COLOR is set. Markup is off, so that a setting's name is
shown as it is; colour never carries a meaning of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text


def output() -> Console:
    """Where answers go."""
    return Console(markup=False, highlight=False, emoji=False)


def errors() -> Console:
    """Where progress and complaints go."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def show(*parts: RenderableType) -> None:
    """Show an answer, part by part."""
    console = output()
    for part in parts:
        console.print(part)


def show_json(answer: Any) -> None:
    """Show an answer to a machine: keys sorted, so that the same answer is the same text."""
    print(json.dumps(answer, indent=2, sort_keys=True, ensure_ascii=False))


def say(text: str) -> None:
    """Tell the person what is going on, without mixing it into the answer. A long path is kept whole, to be copied."""
    errors().print(Text(text), overflow="ignore", crop=False)


def complain(message: str, advice: str, status: int) -> int:
    """Say what is wrong and what to do next; gives back the exit status."""
    errors().print(Text(message, style="bold red"), overflow="ignore", crop=False)
    if advice:
        say(advice)
    return status


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """Show that work goes on: a spinner on a terminal, one line elsewhere."""
    console = errors()
    if not console.is_terminal:
        console.print(f"{doing} …")
        yield
        return
    with console.status(f"{doing} … (Ctrl-C cancels)"):
        yield


@contextmanager
def steps(doing: str) -> Iterator[Callable[[str], None]]:
    """Show how far work has come: a line that is renewed on a terminal, a line for each step elsewhere."""
    console = errors()
    if not console.is_terminal:
        console.print(f"{doing} …")
        yield lambda step: console.print(f"{doing}: {step} …")
        return
    with console.status(f"{doing} … (Ctrl-C stops)") as status:
        yield lambda step: status.update(f"{doing}: {step} … (Ctrl-C stops)")


def heading(text: str) -> Text:
    """A heading within a page."""
    return Text(f"\n{text}", style="bold")


def facts(rows: Sequence[tuple[str, str]]) -> Table:
    """Labels and values, a line each; a value that is "" is left out with its label."""
    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    for label, value in rows:
        if value:
            made.add_row(label, value)
    return made


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Sequence[str] = (),
    *,
    whole: Sequence[str] = (),
    spaced: bool = False,
) -> Table:
    """A plain table; the columns named in `right` hold numbers. Long cells wrap, so that it fits any width.

    The columns named in `whole` hold ids and days, which never wrap, so that they can be copied.
    `spaced` leaves a line between rows, for rows of several lines.
    """
    made = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        header_style="bold",
        show_edge=False,
        leading=int(spaced),
    )
    for column in columns:
        number = column in right
        made.add_column(
            column, justify="right" if number else "left", no_wrap=number or column in whole, overflow="fold"
        )
    for row in rows:
        made.add_row(*row)
    return made
