"""deploy/kubernetes runs what docker-compose.yml runs, confined as much, and lets through the calls that exist."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable

import pytest
import yaml

from services.journal.domain.entries import SOURCES as JOURNALED
from tests.architecture import compose, kubernetes
from tests.architecture.kubernetes import container_of, environment, of_kind, pods, secret_files
from tests.architecture.source import ROOT, SERVICES, parsed, python_files
from tests.architecture.test_deployment import SETTINGS

LOADED = compose.compose(dict.fromkeys(compose.required_variables(), "secret"))["services"]
PROCESSES = sorted(SETTINGS)
PODS = pods()
FOR_TRIALS = {"INBOROUGH_TODAY"}
COUNCILS_OWN = re.compile("_DATABASE_URL$|_BROKER_URL$|^INBOROUGH_WEB_(PUBLIC_URL|OIDC_|COUNCIL|CONTACT)")
PORTS = {name: settings().port for name, settings in SETTINGS.items()}
FLOWS = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")


def told_by_compose(name: str) -> dict[str, str]:
    """Variables of a container; an events process has its service's with it, of which it does not listen."""
    given = {key: str(value) for key, value in LOADED[name]["environment"].items() if key not in FOR_TRIALS}
    service = name.removesuffix("-events")
    others = {f"INBOROUGH_{service.upper()}_{word}" for word in ("HOST", "PORT", "METRICS_PORT", "MIGRATE")}
    return {key: value for key, value in given.items() if name == service or key not in others}


def test_kubernetes_runs_every_process_of_compose_and_no_other() -> None:
    assert sorted(of_kind("Deployment")) == PROCESSES
    assert set(PODS) == {name for name, made in LOADED.items() if "build" in made}


@pytest.mark.parametrize("name", PODS)
def test_a_pod_runs_the_image_and_command_of_compose_with_its_memory(name: str) -> None:
    made, container = LOADED[name], container_of(PODS[name])
    assert container["image"] == made["image"]
    assert "command" not in made or container["command"] == made["command"]
    assert container["resources"]["limits"]["memory"].lower().removesuffix("i") == made["mem_limit"]


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_is_told_what_compose_tells_it(name: str) -> None:
    told = {
        key: value for key, value in environment(container_of(PODS[name])).items() if not key.startswith("POSTGRESQL")
    }
    wanted = told_by_compose(name)
    broker = set() if name != "web" else {"INBOROUGH_BROKER_URL", "INBOROUGH_BROKER_TLS"}
    assert told.keys() - broker == wanted.keys() - broker
    assert {key: value for key, value in told.items() if value != wanted[key] and not COUNCILS_OWN.search(key)} == {}


@pytest.mark.parametrize("name", [name for name in PODS if name != "cli"])
def test_a_pod_sees_the_secrets_that_compose_gives_it(name: str) -> None:
    assert secret_files(PODS[name]) == LOADED[name]["secrets"]


@pytest.mark.parametrize("name", [*PROCESSES, "cli"])
def test_a_pod_holds_the_certificate_of_its_own_service_under_the_names_that_are_read(name: str) -> None:
    (volume,) = [volume for volume in PODS[name]["volumes"] if volume["name"] == "certificates"]
    certificate, token, *_ = [source["secret"] for source in volume["projected"]["sources"] if "secret" in source]
    assert certificate["name"] == f"{name.removesuffix('-events')}-certificate"
    assert [item["path"] for item in certificate["items"]] == ["certificate.pem", "key.pem", "authority.pem"]
    assert token["name"] == ("token-key-of-front-doors" if name in ("web", "cli") else "token-key")


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_is_reached_and_probed_on_the_ports_that_it_listens_on(name: str) -> None:
    container = container_of(PODS[name])
    listens = {PORTS[name], SETTINGS[name]().metrics_port} - {0}
    assert {port["containerPort"] for port in container["ports"]} == listens
    assert {port["port"] for port in of_kind("Service")[name]["spec"]["ports"]} == listens
    probes = [container[f"{kind}Probe"] for kind in ("startup", "readiness", "liveness")]
    if name in SERVICES:
        assert {tuple(probe["exec"]["command"]) for probe in probes} == {tuple(LOADED[name]["healthcheck"]["test"][1:])}
    else:
        path = "/health" if name == "web" else "/metrics"
        assert {probe["httpGet"]["path"] for probe in probes} == {path}


@pytest.mark.parametrize("name", PODS)
def test_a_pod_keeps_to_the_restricted_standard(name: str) -> None:
    pod, container = PODS[name], container_of(PODS[name])
    assert (pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == (False, False)
    said = {key: pod["securityContext"][key] for key in ("runAsNonRoot", "runAsUser", "seccompProfile")}
    assert said == {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {kind for volume in pod["volumes"] for kind in volume} == {"name", "emptyDir", "projected"} | (
        {"secret"} if name != "cli" else set()
    )
    (tmp,) = [volume["emptyDir"] for volume in pod["volumes"] if "emptyDir" in volume]
    assert tmp["medium"] == "Memory", "what passes through /tmp is about children, and is to be on no disk"


@pytest.mark.parametrize("name", [name for name in PODS if name != "cli"])
def test_databases_and_broker_are_reached_under_tls(name: str) -> None:
    told = environment(container_of(PODS[name]))
    assert told["INBOROUGH_DATABASE_TLS"] == "on"
    assert told.get("INBOROUGH_BROKER_TLS", "on") == "on"
    (volume,) = [volume for volume in PODS[name]["volumes"] if volume["name"] == "certificates"]
    certificate = next(source["secret"]["name"] for source in volume["projected"]["sources"] if "secret" in source)
    assert certificate == f"{name.removesuffix('-events').removesuffix('-migrate')}-certificate"


def test_the_namespace_enforces_the_restricted_standard() -> None:
    labels = of_kind("Namespace")["inborough"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_may_be_moved_one_at_a_time_and_is_spread(name: str) -> None:
    assert of_kind("PodDisruptionBudget")[name]["spec"]["maxUnavailable"] == 1
    (spread,) = PODS[name]["topologySpreadConstraints"]
    assert spread["labelSelector"]["matchLabels"] == PODS[name]["labels"] == {kubernetes.NAME: name}


def test_workers_and_pages_are_scaled_and_the_rest_is_not() -> None:
    scaled = {made["spec"]["scaleTargetRef"]["name"] for made in of_kind("HorizontalPodAutoscaler").values()}
    fixed = {name for name, made in of_kind("Deployment").items() if "replicas" in made["spec"]}
    assert (scaled, scaled & fixed, scaled | fixed) == ({"web", "placement-events"}, set(), set(PROCESSES))
    assert of_kind("Service")["web"]["spec"]["sessionAffinity"] == "ClientIP", "a page's files wait in one process"


def calls_in_documents() -> set[tuple[str, str]]:
    """Who asks whom by the table of docs/flows.md, and the front doors, which ask every service."""
    rows = re.findall(
        r"^\| `python -m services\.(\w+)\.(main|events)` (?:\|[^|]*){3}\| ([^|]*) \|$", FLOWS, re.MULTILINE
    )
    names = {name if kind == "main" else f"{name}-{kind}": asked.split(",", 9) for name, kind, asked in rows}
    named = {(caller, word) for caller, asked in names.items() for word in re.findall(r"\w+", " ".join(asked))}
    return {pair for pair in named if pair[1] in SERVICES} | {
        (door, name) for door in ("web", "cli") for name in SERVICES
    }


def calls_in_code(service: str) -> set[str]:
    """Services whose addresses the code of a service asks its settings for."""
    files = [path for path in python_files(f"services/{service}") if path.name in ("gather.py", "events.py", "main.py")]
    found: set[str] = set()
    for node in (node for path in files for node in ast.walk(parsed(path))):
        if isinstance(node, ast.Attribute) and node.attr.removesuffix("_address") in SERVICES:
            found.add(node.attr.removesuffix("_address"))
        elif isinstance(node, ast.Tuple | ast.Call):
            found |= {str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant)} & set(SERVICES)
    return found - {service} if service != "journal" else found | set(JOURNALED)


@pytest.mark.parametrize("service", SERVICES)
def test_the_documents_say_whom_the_code_of_a_service_calls(service: str) -> None:
    documented = {called for caller, called in calls_in_documents() if caller.removesuffix("-events") == service}
    assert documented - {service} == calls_in_code(service) - {service}


@pytest.mark.parametrize("direction", ["in", "out"])
def test_the_network_lets_through_the_calls_that_exist_and_no_other(direction: str) -> None:
    allowed = {(caller, called, port) for way, caller, called, port in kubernetes.allowed_calls() if way == direction}
    assert allowed == {(caller, called, PORTS[called]) for caller, called in calls_in_documents()}


def test_nothing_goes_in_or_out_that_no_policy_names() -> None:
    spec = of_kind("NetworkPolicy")["nothing-else"]["spec"]
    assert spec == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_images_carry_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert {container_of(pod)["image"].partition(":")[2] for pod in PODS.values()} == {version}


def test_the_read_me_names_every_secret_and_configuration_that_pods_need_and_no_file_holds() -> None:
    text = (kubernetes.FOLDER / "README.md").read_text(encoding="utf-8")
    sources = re.findall(r"(?:secretName|configMap: \{name|secret: \{name): ?([\w-]+)", yaml_texts())
    assert {name for name in sources if f"`{name}`" not in text} == set()
    assert of_kind("Secret") == {}


def yaml_texts() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(kubernetes.FOLDER.rglob("*.yaml")))


def told(made: Iterable[kubernetes.Made]) -> dict[tuple[str, str], object]:
    """What objects say, by kind and name, without what kustomize adds to their metadata."""
    return {(each["kind"], each["metadata"]["name"]): each.get("spec", each.get("data")) for each in made}


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is missing")
def test_kustomize_makes_the_objects_of_the_files() -> None:
    folders = [kubernetes.FOLDER / part for part in ("", "migrate", "command")]
    commands = [["kubectl", "kustomize", str(folder)] for folder in folders]
    texts = [subprocess.run(command, capture_output=True, check=True).stdout for command in commands]
    assert told(made for text in texts for made in yaml.safe_load_all(text)) == told(kubernetes.all_objects())
