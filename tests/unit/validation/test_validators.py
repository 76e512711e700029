"""Each validator of `make validate` refuses what it is there for."""

from __future__ import annotations

import secrets
import string
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from detect_secrets.core import baseline

from tests.architecture.dockerfile import read_stages
from tests.architecture.kubernetes import of_kind
from tests.architecture.source import ROOT
from tests.validation.advisories import Exempt, findings, read_exempt
from tests.validation.committed_secrets import find_secrets, unknown
from tests.validation.sbom import build_bill, text_of

BIN = Path(sys.executable).parent
FOUND: list[dict[str, Any]] = [
    {"name": "sound", "version": "1.0", "vulns": []},
    {"name": "unknown", "skip_reason": "not on PyPI"},
    {
        "name": "leaky",
        "version": "2.0",
        "vulns": [{"id": "PYSEC-2026-9", "aliases": ["CVE-2026-99999"], "fix_versions": ["2.1"]}],
    },
]
TODAY = date(2026, 12, 1)


def test_an_image_of_no_version_is_refused() -> None:
    made = subprocess.run(
        [str(BIN / "hadolint"), "-"], input="FROM python:latest\n", capture_output=True, text=True, check=False
    )
    assert (made.returncode, "DL3007" in made.stdout) == (1, True)


def test_a_field_that_compose_does_not_know_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "docker-compose.yml"
    broken.write_text("services: {cost: {imago: inborough/cost}}\n", encoding="utf-8")
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(broken)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_a_field_that_kubernetes_does_not_know_is_refused(tmp_path: Path) -> None:
    service = of_kind("Service")["web"]
    misspelt = service | {"spec": service["spec"] | {"sessionAfinity": "ClientIP"}}
    (tmp_path / "services.yaml").write_text(yaml.safe_dump_all([service, misspelt]), encoding="utf-8")
    command = [str(BIN / "kubernetes-validate"), "--strict", "-k", "1.35", str(tmp_path / "services.yaml")]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (made.returncode, made.stderr.count("sessionAfinity") + made.stdout.count("sessionAfinity")) == (1, 1)


def test_a_known_vulnerability_is_told_with_the_version_that_mends_it() -> None:
    assert list(findings(FOUND, [], TODAY)) == ["leaky 2.0: PYSEC-2026-9, mended in 2.1"]


def test_an_exception_holds_by_any_name_of_the_finding_until_its_last_day() -> None:
    exempt = [Exempt("CVE-2026-99999", "not reached", until=TODAY)]
    assert list(findings(FOUND, exempt, TODAY)) == []
    (line,) = findings(FOUND, exempt, date(2026, 12, 2))
    assert line.endswith("its exception ran out on 2026-12-01")


def test_an_exception_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "advisories.toml"
    path.write_text('[[exempt]]\nid = "PYSEC-2026-9"\nuntil = 2027-01-31\n', encoding="utf-8")
    with pytest.raises(TypeError, match="reason"):
        read_exempt(path)


def test_the_exceptions_that_are_kept_can_be_read() -> None:
    assert all(each.reason for each in read_exempt())


@pytest.mark.parametrize("written", ["AWS_KEY = {key}", "url: amqp://inborough:{key}@broker:5672/"])
def test_a_committed_secret_is_told_by_its_place_and_never_shown(written: str, tmp_path: Path) -> None:
    key = "AKIA" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(16))
    (tmp_path / "settings.yml").write_text(f"a: 1\n{written.format(key=key)}\n", encoding="utf-8")
    found = find_secrets(["settings.yml"], tmp_path)
    told = list(unknown(found, {"results": {}, "version": "1.5.0"}))
    assert told
    assert all(line.startswith("settings.yml:2: ") and key not in line for line in told)
    assert list(unknown(found, baseline.format_for_output(found))) == []


def test_a_bill_of_materials_names_what_is_locked_and_is_the_same_each_time() -> None:
    stages = read_stages()
    bill = build_bill("journal", stages)
    named = {component["name"]: component for component in bill["components"]}
    assert {"grpcio", "psycopg", "nameko", "python"} <= named.keys()
    assert not {"ortools", "pytest", "starlette"} & named.keys()
    assert text_of(bill) == text_of(build_bill("journal", stages))
    assert [name for name, component in named.items() if not component.get("licenses") and name != "python"] == []


def test_a_bill_of_materials_that_breaks_the_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="CycloneDX"):
        text_of({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"name": "without a type"}]})


def test_the_pipeline_checks_validates_and_tests() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-5:] == [".ci/install", "make setup", "make check", "make validate", "make test"]
