"""What a compose file says of its containers, as far as running their commands needs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from services.cli.failures import CannotGoOn

VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?:(?P<how>:?[-?])(?P<word>[^}]*))?\})")
SECRETS = "/run/secrets"


@dataclass(frozen=True)
class Container:
    """One container of the file.

    Fields
    ------
    ours
        Whether it is built from this project, so that its command can be run here.
    optional
        Whether it starts only when asked for (it has a profile).
    once
        Whether it ends by itself and is not started again.
    environment
        Its variables, with those of the compose file filled in.
    mounts
        Folder or file in the container -> the one that is mounted there.
    scratch
        Folders in the container that are its own and empty at each start.
    secrets
        File name under /run/secrets -> the file here.
    check
        Command of the health check; () when there is none.
    needs
        Container -> condition under which this one starts.
    """

    name: str
    ours: bool
    optional: bool
    once: bool
    replicas: int
    command: tuple[str, ...]
    environment: Mapping[str, str]
    mounts: Mapping[str, Path]
    scratch: tuple[str, ...]
    secrets: Mapping[str, Path]
    check: tuple[str, ...]
    needs: Mapping[str, str]


def read_compose(path: Path, values: Mapping[str, str]) -> dict[str, Container]:
    """The containers of a file by name, its variables taken from `values`.

    Raises CannotGoOn when there is no such file, or a variable that it needs has no value.
    """
    if not path.is_file():
        raise CannotGoOn(f"{path} is not there.", "Name the file with --file, or change to the folder that has it.")
    loaded = fill_in(yaml.safe_load(path.read_text(encoding="utf-8")), values)
    files = {name: path.parent / made["file"] for name, made in loaded.get("secrets", {}).items()}
    return {name: _container(name, made, path.parent, files) for name, made in loaded["services"].items()}


def fill_in(part: Any, values: Mapping[str, str]) -> Any:
    """The same part with every ${VARIABLE} replaced. Raises CannotGoOn for one that has to be given and is not."""
    if isinstance(part, str):
        return VARIABLE.sub(lambda found: _value(found, values), part)
    if isinstance(part, dict):
        return {key: fill_in(value, values) for key, value in part.items()}
    return [fill_in(each, values) for each in part] if isinstance(part, list) else part


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    if found["dollar"]:
        return "$"
    value, how = values.get(found["name"]), found["how"] or "-"
    if value or (value is not None and ":" not in how):
        return value
    if "?" in how:
        raise CannotGoOn(f"{found['name']} has no value: {found['word']}.", "Every variable is in .env.example.")
    return found["word"] or ""


def _container(name: str, made: Mapping[str, Any], folder: Path, files: Mapping[str, Path]) -> Container:
    pairs = [volume.split(":")[:2] for volume in made.get("volumes", [])]
    return Container(
        name=name,
        ours="build" in made,
        optional="profiles" in made,
        once=made.get("restart") == "no",
        replicas=int(made.get("deploy", {}).get("replicas", 1)),
        command=tuple(made.get("command", ())),
        environment={key: str(value) for key, value in made.get("environment", {}).items()},
        mounts={there: folder / here for here, there in pairs if here.startswith((".", "/"))},
        scratch=tuple(each.split(":")[0] for each in made.get("tmpfs", [])),
        secrets={each: files[each] for each in made.get("secrets", [])},
        check=tuple(made.get("healthcheck", {}).get("test", ["CMD"])[1:]),
        needs={each: how["condition"] for each, how in made.get("depends_on", {}).items()},
    )
