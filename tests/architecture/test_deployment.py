"""The deployment says the same as the code: the same processes, ports, variables and databases, and no secret in it."""

from __future__ import annotations

import re
import shlex

import pytest
import yaml

from services.caseload.settings import Settings as CaseloadSettings
from services.cost.settings import Settings as CostSettings
from services.journal.settings import EventsSettings as JournalEventsSettings
from services.journal.settings import Settings as JournalSettings
from services.placement.settings import EventsSettings as PlacementEventsSettings
from services.placement.settings import Settings as PlacementSettings
from services.provision.settings import EventsSettings as ProvisionEventsSettings
from services.provision.settings import Settings as ProvisionSettings
from services.web.settings import Settings as WebSettings
from shared.settings import ServiceSettings
from tests.architecture.compose import compose, our_processes, required_variables
from tests.architecture.source import ROOT, SERVICES

SETTINGS: dict[str, type[ServiceSettings]] = {
    "caseload": CaseloadSettings,
    "provision": ProvisionSettings,
    "cost": CostSettings,
    "placement": PlacementSettings,
    "journal": JournalSettings,
    "web": WebSettings,
    "provision-events": ProvisionEventsSettings,
    "journal-events": JournalEventsSettings,
    "placement-events": PlacementEventsSettings,
}
EVENTS = "-events"
LOADED = compose(dict.fromkeys(required_variables(), "secret"))
PROCESSES = our_processes(LOADED)


def test_compose_runs_every_process_and_no_other() -> None:
    assert set(PROCESSES) == set(SETTINGS)


def test_the_embedded_system_runs_the_same_commands() -> None:
    procfile = yaml.safe_load((ROOT / "deploy" / "Procfile").read_text(encoding="utf-8"))
    *embedded, events = [shlex.split(command) for command in procfile.values()]
    assert embedded == [PROCESSES[service]["command"] for service in (*SERVICES, "web")]
    assert events[:3] == ["python", "-m", "shared.events.process"]
    assert {name + EVENTS for name in events[3:]} == {name for name in PROCESSES if name.endswith(EVENTS)}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_variable_is_one_that_a_process_reads(name: str) -> None:
    read = SETTINGS[name], SETTINGS[name.removesuffix(EVENTS)]
    own = {f"{each.model_config['env_prefix']}{field.upper()}" for each in read for field in each.model_fields}
    shared = {str(field.validation_alias) for field in SETTINGS["provision"].model_fields.values()}
    given = set(PROCESSES[name]["environment"])
    assert given - own - shared - {"INBOROUGH_BROKER_URL"} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_neighbours_and_health_check_use_the_port_that_the_service_listens_on(service: str) -> None:
    port = SETTINGS[service]().port
    addresses = {made["environment"][f"INBOROUGH_{service.upper()}_ADDRESS"] for made in PROCESSES.values()}
    assert addresses == {f"{service}:{port}"}
    assert PROCESSES[service]["healthcheck"]["test"][-1] == f"127.0.0.1:{port}"


@pytest.mark.parametrize("name", [*SETTINGS, "cli"])
def test_each_container_has_the_certificates_of_its_own_service_and_no_others(name: str) -> None:
    made = LOADED["services"][name]
    mounted = [volume for volume in made["volumes"] if volume.endswith(f":{made['environment']['INBOROUGH_TLS']}:ro")]
    assert mounted == [f"./certificates/{name.removesuffix(EVENTS)}:/certificates:ro"]
    assert [volume for volume in made["volumes"] if "certificates" in volume] == mounted


def test_nothing_accepts_calls_in_the_clear() -> None:
    assert [name for name, made in PROCESSES.items() if "INBOROUGH_PLAIN_TEXT" in made["environment"]] == []


def test_prometheus_scrapes_every_process_on_its_metrics_port() -> None:
    loaded = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = loaded["scrape_configs"]
    targets = [target for group in job["static_configs"] for target in group["targets"]]
    assert targets == [f"{name}:{settings().metrics_port}" for name, settings in SETTINGS.items()]


def test_every_secret_must_be_given_and_env_example_names_each() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=$", example, re.MULTILINE)) == required_variables()
    values = [str(value) for made in LOADED["services"].values() for value in made.get("environment", {}).items()]
    assert [value for value in values if re.search("PASS|KEY|SECRET|://", value) and "secret" not in value] == []


def test_nothing_is_published_beyond_this_machine() -> None:
    ports = [port for made in LOADED["services"].values() for port in made.get("ports", [])]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
