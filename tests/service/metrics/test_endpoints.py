"""Every process's `/metrics`, as Prometheus and its linter meet it. All processes are started once for this file."""

from __future__ import annotations

import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from urllib.error import URLError

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.builders.embedded import SERVICES, own_environment, staying_up
from tests.builders.metrics import declared_metrics
from tests.builders.ports import free_ports
from tests.builders.running import wait_until
from tests.conftest import need_server

PROCESSES = (*SERVICES, "WEB", "PLACEMENT_EVENTS")
SHOWN_WITHIN_SECONDS = 60
NEVER_A_LABEL = {"case", "case_id", "pool", "pool_id", "setting", "urn", "user", "actor", "name", "postcode"}
pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """What each process shows once logs were read and a page was served, by process."""
    ports = dict(zip(PROCESSES, free_ports(len(PROCESSES)), strict=True))
    own = {f"INBOROUGH_{process}_METRICS_PORT": str(port) for process, port in ports.items()}
    environment = os.environ | own_environment(tmp_path_factory.mktemp("up")) | own
    with staying_up("--no-demo", environment=environment):
        _get(f"http://127.0.0.1:{environment['INBOROUGH_WEB_PORT']}/health")
        _await(ports["PLACEMENT_EVENTS"], "inborough_event_log_read_timestamp_seconds{")
        yield {process: _get(f"http://127.0.0.1:{port}/metrics") for process, port in ports.items()}


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def _await(port: int, shown: str) -> None:
    """Until the process shows it; one that nobody waits for may only be starting."""

    def is_shown() -> bool:
        with suppress(URLError):
            return shown in _get(f"http://127.0.0.1:{port}/metrics")
        return False

    wait_until(is_shown, shown, SHOWN_WITHIN_SECONDS)


@pytest.mark.parametrize("process", PROCESSES)
def test_promtool_finds_nothing_wrong(exposed: Mapping[str, str], process: str) -> None:
    if not shutil.which("promtool"):
        need_server("promtool", "PATH")
    checked = subprocess.run(["promtool", "check", "metrics"], input=exposed[process], capture_output=True, text=True)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_says_what_build_it_is(exposed: Mapping[str, str], process: str) -> None:
    assert exposed[process].count("inborough_build_info{") == 1


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_shows_its_database_and_its_log(exposed: Mapping[str, str], service: str) -> None:
    assert f'inborough_database_up{{service="{service.lower()}"}} 1.0' in exposed[service]
    assert f'inborough_event_log_last_sequence{{source="{service.lower()}"}}' in exposed[service]


def test_no_label_could_name_a_child_a_place_or_a_person(exposed: Mapping[str, str]) -> None:
    families = [family for text in exposed.values() for family in text_string_to_metric_families(text)]
    labels = {label for family in families for sample in family.samples for label in sample.labels}
    declared = {label for labels in declared_metrics().values() for label in labels}
    assert (labels | declared) & NEVER_A_LABEL == set()


def test_what_is_shown_is_what_is_declared(exposed: Mapping[str, str]) -> None:
    """So that rules and dashboards, which are checked against what is declared, find it."""
    declared = declared_metrics()
    for text in exposed.values():
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                assert set(sample.labels) - {"le"} == declared[sample.name] - {"le"}, sample.name
