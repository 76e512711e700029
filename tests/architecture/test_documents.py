"""What documents must name: every variable that a process reads, and every library that is declared."""

from __future__ import annotations

import re
import tomllib

import pytest

from shared.settings import ServiceSettings
from tests.architecture.source import ROOT
from tests.architecture.test_deployment import SETTINGS

OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
DEPENDENCIES = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")


def variables_of(settings: type[ServiceSettings]) -> set[str]:
    """As docs/operating.md writes them: what every service has is written once, with SERVICE for its name."""
    prefix = str(settings.model_config["env_prefix"])
    return {
        str(
            field.validation_alias
            or (f"INBOROUGH_SERVICE_{name.upper()}" if name in ServiceSettings.model_fields else prefix + name.upper())
        )
        for name, field in settings.model_fields.items()
    }


@pytest.mark.parametrize("name", SETTINGS)
def test_operating_names_every_variable_of_a_process(name: str) -> None:
    assert {variable for variable in variables_of(SETTINGS[name]) if f"`{variable}`" not in OPERATING} == set()


@pytest.mark.parametrize("name", SETTINGS)
def test_operating_gives_each_process_its_ports(name: str) -> None:
    settings = SETTINGS[name]()
    assert f"| {settings.port or 'none'} | {settings.metrics_port} |" in OPERATING


def test_each_library_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    names = {re.split(r"[\[=<>~ ]", line)[0] for group in groups for line in group}
    words = set(re.findall(r"[\w-]+", DEPENDENCIES))
    assert {name for name in names if name not in words and not name.startswith("types-")} == set()
