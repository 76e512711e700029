"""The deployment says the same as the code: the same processes, ports, variables and databases, and no secret in it."""

from __future__ import annotations

import re
import shlex
import tomllib

import pytest
import yaml

from services.caseload.settings import Settings as CaseloadSettings
from services.cli.system import secret_set
from services.cli.system.compose.machine import IMAGE
from services.cost.settings import Settings as CostSettings
from services.journal.settings import EventsSettings as JournalEventsSettings
from services.journal.settings import Settings as JournalSettings
from services.placement.settings import EventsSettings as PlacementEventsSettings
from services.placement.settings import Settings as PlacementSettings
from services.provision.settings import EventsSettings as ProvisionEventsSettings
from services.provision.settings import Settings as ProvisionSettings
from services.web.settings import Settings as WebSettings
from shared.settings import ServiceSettings
from tests.architecture.compose import all_variables, compose, migrations, our_processes, required_variables
from tests.architecture.dockerfile import read_stages
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
CONTAINERS = LOADED["services"]
PROCESSES = our_processes(LOADED)
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


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
    own = {
        str(field.validation_alias or f"{each.model_config['env_prefix']}{key.upper()}")
        for each in read
        for key, field in each.model_fields.items()
    }
    shared = {str(field.validation_alias) for field in SETTINGS["provision"].model_fields.values()}
    given = set(PROCESSES[name]["environment"])
    others = {"INBOROUGH_TODAY", "MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_"}  # read by shared.clock and the C library
    assert given - own - shared - others == set()


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


@pytest.mark.parametrize("name", [*SETTINGS, *migrations(LOADED), "postgres", "rabbitmq"])
def test_who_reaches_a_server_and_the_server_have_a_certificate(name: str) -> None:
    service = name.removesuffix(EVENTS).removesuffix("-migrate")
    assert f"./certificates/{service}:/certificates:ro" in CONTAINERS[name]["volumes"]


@pytest.mark.parametrize("name", [*SETTINGS, *migrations(LOADED)])
def test_databases_and_broker_are_reached_under_tls(name: str) -> None:
    told = CONTAINERS[name]["environment"]
    assert (told["INBOROUGH_TLS"], told["INBOROUGH_DATABASE_TLS"]) == ("/certificates", "on")
    broker = {key: value for key, value in told.items() if key.startswith("INBOROUGH_BROKER_")}
    wanted = {"INBOROUGH_BROKER_TLS": "on", "INBOROUGH_BROKER_URL": "amqps://inborough@rabbitmq:5671/inborough"}
    assert broker == (wanted if "inborough_broker_password" in CONTAINERS[name]["secrets"] else {})


def test_no_server_answers_in_the_clear() -> None:
    broker = (ROOT / "deploy" / "rabbitmq" / "20-inborough.conf").read_text(encoding="utf-8")
    assert re.findall(r"^listeners\.(\S+) = (\S+)$", broker, re.MULTILINE) == [("tcp", "none"), ("ssl.default", "5671")]
    rules = (ROOT / "deploy" / "postgres" / "pg_hba.conf").read_text(encoding="utf-8")
    assert {line.split()[0] for line in rules.splitlines() if not line.startswith("#")} == {"local", "hostssl"}


def test_nothing_accepts_calls_in_the_clear() -> None:
    assert [name for name, made in PROCESSES.items() if "INBOROUGH_PLAIN_TEXT" in made["environment"]] == []


def test_prometheus_scrapes_every_process_on_its_metrics_port_and_each_of_its_replicas() -> None:
    loaded = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = loaded["scrape_configs"]
    targets = [target for group in job["static_configs"] for target in group["targets"]]
    found = {f"{name}:{each['port']}" for each in job["dns_sd_configs"] for name in each["names"]}
    assert {*targets, *found} == {f"{name}:{settings().metrics_port}" for name, settings in SETTINGS.items()}
    assert found == {f"{name}:9109" for name, made in PROCESSES.items() if "deploy" in made}
    assert [group["labels"]["process"] for group in job["static_configs"]] == [each.split(":")[0] for each in targets]


def test_prometheus_tells_alertmanager_who_pages_and_who_does_not() -> None:
    loaded = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    ((named,),) = [each["static_configs"] for each in loaded["alerting"]["alertmanagers"]]
    port = CONTAINERS["alertmanager"]["ports"][0].split(":")[-1]
    assert named["targets"] == [f"alertmanager:{port}"]
    told = yaml.safe_load((ROOT / "deploy" / "alertmanager" / "alertmanager.yml").read_text(encoding="utf-8"))
    routes = {tuple(each["matchers"]): each["receiver"] for each in told["route"]["routes"]}
    assert routes == {('severity="page"',): "on-call"}
    assert {told["route"]["receiver"], *routes.values()} == {each["name"] for each in told["receivers"]}


def test_env_example_names_every_variable_and_nothing_secret() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=$", example, re.MULTILINE)) == required_variables()
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) == all_variables()
    assert [name for name in all_variables() if re.search("PASSWORD|KEY|SECRET$", name)] == []


def test_no_secret_is_in_an_environment() -> None:
    told = [(name, *pair) for name, made in CONTAINERS.items() for pair in made.get("environment", {}).items()]
    secret = [
        (name, variable)
        for name, variable, value in told
        if re.search(r"PASSWORD|KEY|CLIENT_SECRET|_PASS\b", variable) and not str(value).startswith("/run/secrets/")
    ]
    assert secret == []
    assert [row for row in told if re.search(r"://[^/@]*:[^/@]*@", str(row[2]))] == [], "a URL with a password in it"


def test_the_command_makes_every_secret_that_is_mounted_and_no_other() -> None:
    files = {each: made["file"] for each, made in LOADED["secrets"].items()}
    assert files == {name: f"./secrets/{name}" for name in secret_set.names()}
    assert {each for made in CONTAINERS.values() for each in made.get("secrets", [])} == set(files)


@pytest.mark.parametrize("name", [*SETTINGS, *migrations(LOADED)])
def test_a_process_has_its_own_secrets_and_reads_each(name: str) -> None:
    service = name.removesuffix(EVENTS).removesuffix("-migrate")
    settings = SETTINGS[service]
    fields = settings.model_fields.items()
    read = {
        str(field.validation_alias or f"{settings.model_config['env_prefix']}{key}").lower() for key, field in fields
    }
    given = set(CONTAINERS[name]["secrets"])
    assert given - read == set()
    assert f"inborough_{service}_database_password" in given
    assert CONTAINERS[name]["environment"]["INBOROUGH_SECRETS"] == "/run/secrets"


def test_the_files_that_two_readers_need_differ() -> None:
    readers: dict[str, set[str]] = {}
    for made in CONTAINERS.values():
        for secret in made.get("secrets", []):
            readers.setdefault(secret, set()).add(made["user"].partition(":")[0])
    expected = {each.name: {str(each.reader)} for each in secret_set.SECRETS}
    expected |= {secret_set.CLIENT_SECRET: {str(secret_set.OURS)}}
    assert readers == expected | {each: {str(secret_set.SERVERS)} for each in secret_set.DERIVED}


@pytest.mark.parametrize("service", [*SERVICES, "web"])
def test_a_database_is_brought_up_to_date_before_its_service_starts(service: str) -> None:
    once, made = CONTAINERS[f"{service}-migrate"], PROCESSES[service]
    assert once["command"] == ["python", "-m", "shared.migrate", service]
    url = f"INBOROUGH_{service.upper()}_DATABASE_URL"
    assert once["environment"][url] == made["environment"][url]
    assert made["depends_on"][f"{service}-migrate"] == {"condition": "service_completed_successfully"}
    assert made["environment"][f"INBOROUGH_{service.upper()}_MIGRATE"] == "false"
    assert (once["restart"], once["image"]) == ("no", made["image"])


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_can_change_nothing_but_what_is_its_own(name: str) -> None:
    made = CONTAINERS[name]
    assert made["read_only"] is True
    assert "/tmp" in {each.split(":")[0] for each in made["tmpfs"]}
    assert not made["user"].startswith(("0", "root"))
    assert (made["cap_drop"], made["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert "privileged" not in made
    assert "cap_add" not in made
    written = [volume for volume in made.get("volumes", []) if volume.startswith(("/", ".")) and volume[-3:] != ":ro"]
    assert written == []


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_has_limits_and_one_that_stays_up_a_health_check(name: str) -> None:
    made = CONTAINERS[name]
    assert re.fullmatch(r"\d+[mg]", made["mem_limit"])
    assert made["pids_limit"] > 0
    assert made["logging"]["options"].keys() >= {"max-size", "max-file"}
    assert made["restart"] == "no" or made["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_image_is_pinned_and_ours_have_the_version_of_the_project(name: str) -> None:
    image, tag = CONTAINERS[name]["image"].split(":")
    if "build" in CONTAINERS[name]:
        assert (image, tag) == (f"inborough/{CONTAINERS[name]['build']['target']}", VERSION)
    else:
        assert re.fullmatch(r"v?\d+(\.\d+)+", tag)


def test_databases_and_broker_have_no_way_out_and_only_who_asks_others_does() -> None:
    assert {name: bool(made) for name, made in LOADED["networks"].items()} == {
        "data": True,
        "inside": True,
        "outside": False,
    }
    assert LOADED["networks"]["data"] == LOADED["networks"]["inside"] == {"internal": True}
    out = {name for name, made in CONTAINERS.items() if "outside" in made["networks"]}
    assert out == {"cost", "web", "prometheus", "alertmanager", "grafana"}
    assert CONTAINERS["postgres"]["networks"] == ["data"]


def test_what_is_mounted_is_there() -> None:
    mounted = {volume.split(":")[0] for made in CONTAINERS.values() for volume in made.get("volumes", [])}
    ours = sorted(each for each in mounted if each.startswith("./deploy/"))
    assert [each for each in ours if not (ROOT / each).exists()] == []


def test_processes_here_are_told_what_the_images_environment_says() -> None:
    said = dict(pair.split("=", 1) for words in read_stages()["base"].values("ENV") for pair in words)
    assert said == IMAGE


def test_nothing_is_published_beyond_this_machine() -> None:
    ports = [port for made in LOADED["services"].values() for port in made.get("ports", [])]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
