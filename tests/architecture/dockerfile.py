"""deploy/docker/Dockerfile as the tests read it: its stages, and which of our files each image holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source import ROOT

DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"
CODE = "--from=code"


@dataclass(frozen=True)
class Stage:
    """A stage: the image or stage that it begins from, and its instructions as words."""

    base: str
    instructions: tuple[tuple[str, ...], ...]

    def values(self, instruction: str) -> list[tuple[str, ...]]:
        """What follows each instruction of this name."""
        return [words[1:] for words in self.instructions if words[0] == instruction]


def read_stages() -> dict[str, Stage]:
    """Every stage by its name, in order."""
    found: dict[str, Stage] = {}
    name, base, held = "", "", list[tuple[str, ...]]()
    for words in _instructions():
        if words[0] == "FROM":
            _, base, _, name = words
            held = []
        else:
            held.append(words)
        if name:
            found[name] = Stage(base, tuple(held))
    return found


def _instructions() -> Iterator[tuple[str, ...]]:
    lines = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return (tuple(line.split()) for line in lines if line and not line.startswith("#"))


def copied_paths(stages: dict[str, Stage], target: str) -> list[str]:
    """Our code in a target's image, itself and by the stages that it begins from, as paths of the project."""
    stage = stages[target]
    before = copied_paths(stages, stage.base) if stage.base in stages else []
    copies = (words for words in stage.values("COPY") if words[0] == CODE)
    return [*before, *(words[1].removeprefix("/app/") for words in copies)]


def module_of(path: Path) -> str:
    """services/cost/api.py as services.cost.api; a package's __init__.py as the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def copied_modules(stages: dict[str, Stage], target: str) -> set[str]:
    """Modules of services/ that a target's image holds."""
    found: set[str] = set()
    for copied in copied_paths(stages, target):
        path = ROOT / copied
        files = path.rglob("*.py") if path.is_dir() else [path]
        found |= {module_of(file) for file in files if copied.startswith("services/")}
    return found
