"""Rules and dashboards ask only for what a process shows, and every alert is tested and explained.

`make check` has promtool try the rules; here it is looked at what they, the dashboards and docs/alerts.md name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from deploy.grafana.build import FOLDER, build_files
from tests.architecture.source import ROOT
from tests.builders.metrics import declared_metrics

PROMETHEUS = ROOT / "deploy" / "prometheus"
OF_PROMETHEUS = {"up": (), "ALERTS": ("alertname", "alertstate", "severity")}
OF_OTHERS = {"inborough_backup_last_success_timestamp_seconds": ()}
"""What node_exporter reads from the file that `inborough backup` writes."""
OF_TARGETS = {"job", "instance", "process"}
OF_LEVELS = {"grpc_service": {"grpc_service"}, "service_source": {"service", "source"}}
"""Labels of a recorded series by the first part of its name; others have none."""


def _groups(folder: str, key: str) -> list[Any]:
    paths = sorted((PROMETHEUS / folder).glob("*.yml"))
    return [each for path in paths for each in yaml.safe_load(path.read_text(encoding="utf-8"))[key]]


RULES = [rule for group in _groups("rules", "groups") for rule in group["rules"]]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}
CHECKS = [check for test in _groups("tests", "tests") for check in test["promql_expr_test"]]
SECTIONS = re.split(r"^### ", (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


@cache
def _known() -> Mapping[str, frozenset[str]]:
    """Labels by metric: shown by a process, by Prometheus itself, or recorded by a rule."""
    recorded = {rule["record"]: OF_LEVELS.get(rule["record"].split(":")[0], ()) for rule in RULES if "record" in rule}
    others = {**OF_PROMETHEUS, **OF_OTHERS, **recorded}
    return {**declared_metrics(), **{name: frozenset(labels) for name, labels in others.items()}}


def _selectors(expression: Any) -> list[Any]:
    found: list[Any] = []
    promql_parser.walk(expression, lambda part: found.append(part) if type(part).__name__ == "VectorSelector" else None)
    return found


def _unknown(query: str) -> list[str]:
    """What nothing shows: metrics, labels that they are chosen by, labels that they are summed by."""
    expression, wrong = promql_parser.parse(query), []
    selectors = _selectors(expression)
    assert selectors, f"{query} asks for nothing"
    for each in selectors:
        if each.name not in _known():
            wrong.append(each.name)
            continue
        chosen_by = {matcher.name for matcher in each.matchers.matchers}
        wrong += [f"{each.name}{{{label}}}" for label in chosen_by - _known()[each.name] - OF_TARGETS]

    def look(part: Any) -> None:
        if isinstance(part, promql_parser.AggregateExpr) and part.modifier and part.modifier.type == BY:
            there = OF_TARGETS.union(*(_known().get(each.name, frozenset()) for each in _selectors(part.expr)))
            wrong.extend(f"by ({label})" for label in part.modifier.labels if label not in there)

    promql_parser.walk(expression, look)
    return wrong


BY = promql_parser.AggModifierType.By


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.get("alert") or rule["record"]))
def test_a_rule_asks_only_for_what_is_shown(rule: Mapping[str, Any]) -> None:
    assert _unknown(rule["expr"]) == []


def test_what_nothing_shows_is_noticed() -> None:
    assert _unknown('sum by (clock) (inborough_deadlines{state="overdue"})') == []
    assert _unknown('max by (case_id) (inborough_deadlines{pool="x"}) / inborough_nothing') == [
        "inborough_deadlines{pool}",
        "inborough_nothing",
        "by (case_id)",
    ]


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_is_shown_to_fire_and_to_be_silent(name: str) -> None:
    fires = [check for check in CHECKS if any(f'"{name}"' in each["labels"] for each in check.get("exp_samples", ()))]
    silent = [check for check in CHECKS if f'alertname="{name}"' in check["expr"] and "exp_samples" not in check]
    assert fires
    assert silent


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_urgent_it_is_and_where_to_read_on(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"] == {"severity": rule["labels"]["severity"]}
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["runbook_url"] == f"docs/alerts.md#{name.lower()}"


def test_every_alert_is_explained_in_the_order_of_the_rules_and_nothing_else_is() -> None:
    assert [section.split("\n")[0] for section in SECTIONS] == list(ALERTS)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: str(section.split("\n")[0]))
def test_an_alert_is_explained_in_five_lines_that_begin_alike(section: str) -> None:
    name, _, explained = section.partition("\n## ")[0].partition("\n")
    lines = dict(re.findall(r"^- \*\*([^:]+):\*\* (.+)$", explained, re.MULTILINE))
    assert list(lines) == ["Means", "Urgency", "Look at", "Do", "Ends"]
    assert lines["Urgency"].lower().startswith(ALERTS[name]["labels"]["severity"])


def _queries(panels: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for panel in panels:
        yield from (target["expr"] for target in panel.get("targets", ()))
        yield from _queries(panel.get("panels", ()))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: str(path.stem))
def test_a_dashboard_asks_only_for_what_is_shown(path: Path) -> None:
    queries = list(_queries(json.loads(path.read_text(encoding="utf-8"))["panels"]))
    assert queries
    assert [wrong for query in queries for wrong in _unknown(query.replace("$__rate_interval", "5m"))] == []


def test_the_dashboards_are_those_that_the_code_makes() -> None:
    """`python -m deploy.grafana.build` makes them anew."""
    assert build_files() == {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
