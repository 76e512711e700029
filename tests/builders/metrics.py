"""Every metric that any process can show, with its labels, whether or not it was ever counted."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, Info
from prometheus_client.registry import Collector
from sqlalchemy import create_engine

from services.journal.gauges import VerifiedGauges
from shared.watching.certificate import CertificateGauge
from shared.watching.own_log import OwnLog
from tests.architecture.source import SERVICES

SUFFIXES = {Counter: ("_total",), Gauge: ("",), Histogram: ("_bucket", "_sum", "_count"), Info: ("_info",)}
WITH_EVENTS = ("provision", "placement", "journal")


@cache
def declared_metrics() -> Mapping[str, frozenset[str]]:
    """Names of its labels by name of what is counted, as rules write it: with _total, _bucket and so on."""
    for module in (*(f"{service}.main" for service in (*SERVICES, "web")), *(f"{name}.events" for name in WITH_EVENTS)):
        importlib.import_module(f"services.{module}")
    importlib.import_module("services.web.middleware")
    return {name: labels for collector in _collectors() for name, labels in _declared(collector)}


def _collectors() -> Iterable[Collector]:
    """Those that modules make, and those that only a running process registers."""
    engine = create_engine("sqlite://")
    on_start = (OwnLog("any", engine), VerifiedGauges(engine), CertificateGauge(Path("nowhere")))
    made = {id(each): each for each in REGISTRY._names_to_collectors.values()}  # no public way lists them
    return (*made.values(), *on_start)


def _declared(collector: Any) -> Iterator[tuple[str, frozenset[str]]]:
    for kind, suffixes in SUFFIXES.items():
        if isinstance(collector, kind):
            labels = frozenset(collector._labelnames) | ({"le"} if kind is Histogram else set())
            yield from ((collector._name + suffix, labels) for suffix in suffixes)
            return
    yield from _of_families(getattr(collector, "describe", collector.collect)())


def _of_families(families: Iterable[Any]) -> Iterator[tuple[str, frozenset[str]]]:
    """Families made at a scrape keep their label names; Python's own have samples to read them from."""
    for family in families:
        labels = frozenset(getattr(family, "_labelnames", ()))
        if family.samples:
            yield from ((sample.name, frozenset(sample.labels)) for sample in family.samples)
        else:
            yield family.name + ("_total" if family.type == "counter" else ""), labels
