"""deploy/kubernetes as the tests read it: its objects, and what a process is told in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from tests.architecture.source import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
PARTS = ("configuration", "base", "migrate", "command")
NAME = "app.kubernetes.io/name"
EXPANDED = re.compile(r"\$\((\w+)\)")
Made = dict[str, Any]


@cache
def objects(part: str) -> tuple[Made, ...]:
    """Every object of a part's own files, as its kustomization names them, in order."""
    named = yaml.safe_load((FOLDER / part / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    texts = ((FOLDER / part / name).read_text(encoding="utf-8") for name in named if name.endswith(".yaml"))
    return tuple(made for text in texts for made in yaml.safe_load_all(text))


def all_objects() -> Iterator[Made]:
    """Those of all parts."""
    return (made for part in PARTS for made in objects(part))


def of_kind(kind: str) -> dict[str, Made]:
    """Objects of a kind by name."""
    return {made["metadata"]["name"]: made for made in all_objects() if made["kind"] == kind}


def pods() -> dict[str, Made]:
    """What each Deployment, Job and Pod runs: its pod's spec, with the pod's labels, by name."""
    found: dict[str, Made] = {}
    for made in all_objects():
        if made["kind"] in ("Deployment", "Job"):
            template = made["spec"]["template"]
            found[made["metadata"]["name"]] = {**template["spec"], "labels": template["metadata"]["labels"]}
        elif made["kind"] == "Pod":
            found[made["metadata"]["name"]] = {**made["spec"], "labels": made["metadata"]["labels"]}
    return found


def container_of(pod: Made) -> Made:
    """The one container of a pod."""
    (container,) = pod["containers"]
    return dict(container)


def environment(container: Made) -> dict[str, str]:
    """What the container is told, with ConfigMaps read and $(NAME) put in."""
    maps = {name: made["data"] for name, made in of_kind("ConfigMap").items()}
    told = {
        key: value for source in container["envFrom"] for key, value in maps[source["configMapRef"]["name"]].items()
    }
    for entry in container.get("env", []):
        value = entry["value"] if "value" in entry else _read(entry["valueFrom"]["configMapKeyRef"], maps)
        told[entry["name"]] = EXPANDED.sub(lambda found: told[found[1]], value)
    return told


def _read(reference: Made, maps: dict[str, dict[str, str]]) -> str:
    return maps[reference["name"]][reference["key"]]


def secret_files(pod: Made) -> list[str]:
    """Files of the Secret `inborough` that a pod sees under /run/secrets."""
    mounted = [volume["secret"] for volume in pod["volumes"] if volume["name"] == "secrets"]
    return [item["path"] for secret in mounted for item in secret["items"]]


def allowed_calls() -> Iterator[tuple[str, str, str, int]]:
    """(direction, caller, called, port) for each call between our pods that a NetworkPolicy lets through."""
    for policy in of_kind("NetworkPolicy").values():
        own = policy["spec"]["podSelector"].get("matchLabels", {}).get(NAME, "")
        for rule in policy["spec"].get("ingress", []):
            yield from (("in", caller, own, port) for caller in _named(rule["from"]) for port in _ports(rule))
        for rule in policy["spec"].get("egress", []):
            yield from (("out", own, called, port) for called in _named(rule["to"]) for port in _ports(rule))


def _named(peers: list[Made]) -> Iterator[str]:
    """Our pods among a rule's peers."""
    for peer in peers:
        selector = {} if "namespaceSelector" in peer else peer.get("podSelector", {})
        yield from selector.get("matchLabels", {}).values()
        for expression in selector.get("matchExpressions", []):
            assert expression["operator"] == "In", "a rule that leaves some out is not read here"
            yield from expression["values"]


def _ports(rule: Made) -> list[int]:
    return [port["port"] for port in rule["ports"]]
