"""What a form sent, read no further than it may be."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request

from shared.errors import TooMuch
from shared.imports.bounds import Bounds
from shared.imports.report import SourceFile

MOST_FIELDS = 400
FORM_BYTES = 1024 * 1024
LONGEST_NAME = 200

Sent = Mapping[str, list[str]]
Files = Mapping[str, list[SourceFile]]


async def read_form(request: Request) -> Sent:
    """What a form sent, by field name. Files are not taken here. Raises TooMuch before it reads more than 1 MiB."""
    _need_length(request, FORM_BYTES, "A form may hold 1 MiB. Shorten what is filled in.")
    form: FormData = await request.form(max_files=0, max_fields=MOST_FIELDS)
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        found.setdefault(name, []).append(str(value))
    return found


async def read_form_with_files(request: Request, most: int) -> tuple[Sent, Files]:
    """What a form sent, and its files, both by field. Raises TooMuch before it reads more than an import may be."""
    bounds = Bounds()
    advice = f"The files of one form may hold {bounds.mib} MiB together. Split them and send each part."
    _need_length(request, bounds.content + FORM_BYTES, advice)
    form: FormData = await request.form(max_files=most, max_fields=MOST_FIELDS)
    sent: dict[str, list[str]] = {}
    files: dict[str, list[SourceFile]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            sent.setdefault(name, []).append(value)
        elif value.filename:
            files.setdefault(name, []).append(SourceFile(base_name(value.filename), await value.read()))
    await form.close()
    return sent, files


def _need_length(request: Request, most: int, advice: str) -> None:
    """The server reads no further than the length that a request states, so one that states none is not read."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or len(length) > len(str(most)) or int(length) > most:
        raise TooMuch(advice)


def base_name(name: str) -> str:
    """A file's name without the folders that some browsers send with it, and without what no file's name has."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable())[:LONGEST_NAME]
