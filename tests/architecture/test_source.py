"""What holds for every file: short, in its room, pure where it must be, and at home on any machine."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SERVICES, imported_modules, name_of, python_files

LONGEST_LINES = 300
TEXT_FOLDERS = ("services", "shared", "tests", "protos", "deploy", "docs", ".ci")
TEXT_FILES = ("README.md", "Makefile", "docker-compose.yml", "pyproject.toml")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home|Users|mnt)/\w")


def test_no_file_is_longer_than_300_lines() -> None:
    lines = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files("services", "shared", "tests")
    }
    assert {name: count for name, count in lines.items() if count > LONGEST_LINES} == {}


def texts() -> list[Path]:
    found = [path for folder in TEXT_FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    skipped = ("__pycache__", "node_modules", "built", "test_source.py")
    return [ROOT / name for name in TEXT_FILES] + [
        path for path in found if not any(part in skipped for part in path.parts)
    ]


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = {name_of(path): MACHINE_PATH.findall(path.read_text(encoding="utf-8", errors="ignore")) for path in texts()}
    assert {name: paths for name, paths in found.items() if paths} == {}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "room",
    [
        "{domain,model}/__init__.py",
        "{operations.py,operations/__init__.py}",
        "storage/tables.py",
        "storage/repository.py",
        "storage/migrations/env.py",
        "storage/migrations/versions/0001_*.py",
        "*wire.py",
        "{api.py,api/__init__.py}",
        "settings.py",
        "main.py",
    ],
)
def test_every_service_has_the_same_rooms(service: str, room: str) -> None:
    folder = ROOT / "services" / service
    assert any(list(folder.glob(name)) for name in alternatives(room)), f"services/{service}/{room} is missing"


def alternatives(pattern: str) -> list[str]:
    """The patterns that "{a,b}/c" stands for."""
    if found := re.match(r"\{(.*)\}(.*)", pattern):
        return [choice + found[2] for choice in found[1].split(",")]
    return [pattern]


@pytest.mark.parametrize("service", SERVICES)
def test_the_domain_imports_the_standard_library_alone(service: str) -> None:
    assert foreign(f"services/{service}/domain", allowed=f"services.{service}.domain") == {}


def test_the_model_imports_numpy_and_in_three_files_a_solver() -> None:
    found = foreign("services/placement/model", allowed="services.placement.model")
    beyond_numpy = {file: names - {"numpy"} for file, names in found.items()}
    assert {file: names for file, names in beyond_numpy.items() if names} == {
        "services/placement/model/solve.py": {"ortools"},
        "services/placement/model/siting_solver.py": {"highspy"},
        "services/placement/model/suppression.py": {"highspy"},
    }


def test_the_forecast_imports_numpy_and_the_model_alone() -> None:
    found = foreign("services/placement/forecast", allowed="services.placement")
    assert {file: names for file, names in found.items() if names - {"numpy"}} == {}


def foreign(folder: str, allowed: str) -> dict[str, set[str]]:
    """What each file of a folder imports beyond the standard library and `allowed`."""
    found = {}
    for path in python_files(folder):
        names = {name for name in imported_modules(path) if not (name + ".").startswith(allowed + ".")}
        found[name_of(path)] = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    return {name: names for name, names in found.items() if names}
