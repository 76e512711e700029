"""The machine and the servers of a run, in words."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version

import psutil
from sqlalchemy import create_engine, text

from tests.architecture.source import ROOT
from tests.builders.databases import POSTGRESQL


def machine() -> str:
    """What the processes run on."""
    return f"{os.cpu_count()} cores ({platform.machine()}), {psutil.virtual_memory().total / 2**30:.0f} GB"


def versions() -> str:
    """What the processes run with; the servers are asked."""
    engine = create_engine(POSTGRESQL)
    with engine.connect() as connection:
        postgresql = str(connection.execute(text("SHOW server_version")).scalar_one()).split()[0]
    engine.dispose()
    rabbitmq = _said("rabbitmqctl", "-q", "version")
    python = f"{platform.system()}, Python {platform.python_version()}"
    return f"{python}, PostgreSQL {postgresql}, RabbitMQ {rabbitmq}, locust {version('locust')}"


def commit() -> str:
    """What was measured."""
    return _said("git", "rev-parse", "--short", "HEAD") or "unknown"


def _said(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
