"""What every process shows of itself at `/metrics` beside its calls: build, certificate, database, own log.

Each is counted when Prometheus asks, by a few look-ups that do not grow with the cases on file.
"""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import REGISTRY
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from shared.settings import ServiceSettings
from shared.watching.build import show_build
from shared.watching.certificate import CertificateGauge
from shared.watching.own_log import OwnLog


def watch(process: str, settings: ServiceSettings, logs: Iterable[Engine] = (), more: Iterable[Collector] = ()) -> None:
    """Show build and certificate of a process, the databases whose event logs it serves, and what `more` counts.

    Once a process: names are registered for its whole life.
    """
    show_build(process, settings.revision)
    if settings.tls:
        REGISTRY.register(CertificateGauge(settings.tls))
    for collector in (*(OwnLog(process, engine) for engine in logs), *more):
        REGISTRY.register(collector)
