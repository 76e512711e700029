"""Which build of the code a process runs."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from prometheus_client import Gauge

build_info = Gauge("inborough_build_info", "1 for the build that a process runs.", ["service", "version", "revision"])


def show_build(process: str, revision: str) -> None:
    """Show it. `revision` is the commit that was built, where whoever built it said so."""
    build_info.labels(process, _version(), revision).set(1)


def _version() -> str:
    """Of the installed project; an image has its code without an installation."""
    try:
        return version("inborough")
    except PackageNotFoundError:
        return "image"
