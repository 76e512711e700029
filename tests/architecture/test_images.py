"""Each image holds what its processes import, of libraries and of our code, and no more."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.architecture.compose import compose, required_variables
from tests.architecture.dockerfile import DOCKERFILE, copied_modules, copied_paths, module_of, read_stages
from tests.architecture.source import ROOT
from tests.architecture.test_dependencies import import_graph

STAGES = read_stages()
TARGETS = ("caseload", "provision", "cost", "placement", "journal", "web", "cli")
NAMED = re.compile(r"""["'](services(?:\.\w+)+)(?::\w+)?["']""")
PYTHON, UV = r"python:3\.11\.\d+-slim-bookworm", r"ghcr\.io/astral-sh/uv:\d+\.\d+\.\d+"
DIGEST = r"(@sha256:[0-9a-f]{64})?"
CONTAINERS = compose(dict.fromkeys(required_variables(), "secret"))["services"]


def started_modules(target: str) -> set[str]:
    """What compose starts in a target's image, and the command's own module."""
    commands = [
        made.get("command", []) for made in CONTAINERS.values() if made.get("build", {}).get("target") == target
    ]
    modules = {command[2] for command in commands if command[:2] == ["python", "-m"]}
    return modules | {STAGES[target].values("CMD" if target != "cli" else "ENTRYPOINT")[0][-1].strip('",]')}


@cache
def modules_named_in(module: str) -> frozenset[str]:
    """Modules that a module names in a string, to start or import them later."""
    spec = find_spec(module)
    text = Path(spec.origin).read_text(encoding="utf-8") if spec and spec.origin else ""
    return frozenset(NAMED.findall(text)) & import_graph().modules


def needed_modules(target: str) -> set[str]:
    """Modules of services/ that the target's processes import, at any remove, or start."""
    graph = import_graph()
    wanted, found = started_modules(target), set[str]()
    while wanted:
        upstream = set[str]().union(*(graph.find_upstream_modules(module) | {module} for module in wanted))
        found |= {module for module in upstream if module.startswith("services.")}
        wanted = set[str]().union(*(modules_named_in(module) for module in found)) - found
    return found


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_holds_every_module_that_its_processes_import(target: str) -> None:
    assert needed_modules(target) - copied_modules(STAGES, target) == set()


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_holds_no_part_of_another_service_that_its_processes_do_not_import(target: str) -> None:
    parts = [path for path in copied_paths(STAGES, target) if path not in ("shared", f"services/{target}")]
    unused = {
        path for path in parts if not any(module_of(ROOT / path) in above(each) for each in needed_modules(target))
    }
    assert unused == set()
    assert {path for path in parts if path.removeprefix("services/") in TARGETS} == set(), (
        "take the parts that are used"
    )


def above(module: str) -> set[str]:
    """A module and the packages that it lies in."""
    parts = module.split(".")
    return {".".join(parts[:depth]) for depth in range(1, len(parts) + 1)}


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_installs_the_extra_of_its_service(target: str) -> None:
    ((*_, options),) = [[" ".join(words)] for words in STAGES[f"{target}-libraries"].values("RUN")]
    given = set(re.findall(r"--extra (\w+)", options))
    assert given == {target} | {"cli": set[str](), "web": {"postgresql"}}.get(target, {"postgresql", "events"})
    assert "--frozen --no-dev --no-install-project" in options


def test_images_run_as_a_user_without_rights() -> None:
    assert STAGES["process"].values("USER") == [("10001",)]
    assert [name for name in TARGETS if STAGES[name].base != "process" or STAGES[name].values("USER")] == []


def test_failpoints_are_compiled_out_of_images() -> None:
    assert "PYTHONOPTIMIZE=1" in STAGES["base"].values("ENV")[0]
    assert {STAGES[name].base for name in ("libraries", "code", "process")} == {"base"}


def test_nothing_but_compiled_code_reaches_an_image() -> None:
    assert {copied.split("/")[0] for name in TARGETS for copied in copied_paths(STAGES, name)} == {"services", "shared"}


def test_images_begin_from_pinned_versions_alone() -> None:
    bases = {stage.base for stage in STAGES.values()} - set(STAGES)
    assert [base for base in bases if not re.fullmatch(f"({PYTHON}|{UV}){DIGEST}", base)] == []


def test_images_use_the_uv_that_make_uses_and_a_python_that_the_project_takes() -> None:
    (version,) = re.findall(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"uv:{version} " in DOCKERFILE.read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"].startswith(">=3.11,")
