"""docker-compose.yml and what belongs to it, as the tests read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from services.cli.system.compose.file import fill_in
from tests.architecture.source import ROOT

FILE = ROOT / "docker-compose.yml"
TEXT = FILE.read_text(encoding="utf-8")
REQUIRED = re.compile(r"\$\{(\w+):\?[^}]*\}")
VARIABLES = re.compile(r"\$\{(\w+)")


def compose(values: Mapping[str, str]) -> dict[str, Any]:
    """The file with its variables replaced by `values` or their defaults."""
    loaded: dict[str, Any] = fill_in(yaml.safe_load(TEXT), values)
    return loaded


def required_variables() -> set[str]:
    """Variables without which compose does not start."""
    return set(REQUIRED.findall(TEXT))


def all_variables() -> set[str]:
    """Every variable that the file takes."""
    return set(VARIABLES.findall(TEXT))


def our_processes(loaded: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The containers that run our code for as long as the system is up."""
    return {name: made for name, made in loaded["services"].items() if "build" in made and made["restart"] != "no"}


def migrations(loaded: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The containers that bring databases up to date, and end."""
    return {name: made for name, made in loaded["services"].items() if name.endswith("-migrate")}
