"""When the certificate that a process holds runs out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.identity.certificates import read_held, stamp
from shared.identity.set_up import SetUpWrong


class CertificateGauge(Collector):
    """The last day of the certificate in a folder, read again once its files change.

    A set that does not fit together counts as servers and clients take it: not at all, and the last good one stays.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[tuple[int, int, int], ...] | None = None
        self._runs_out: float | None = None

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """The name alone, so that registering reads no file."""
        yield _family()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The instant; none when there was never a sound certificate."""
        family = _family()
        if (runs_out := self._read()) is not None:
            family.add_metric([], runs_out)
        yield family

    def _read(self) -> float | None:
        now = stamp(self._folder)
        if now != self._seen:
            try:
                self._runs_out = read_held(self._folder).leaf.not_valid_after_utc.timestamp()
                self._seen = now
            except SetUpWrong:  # while files are being exchanged; whoever listens with them logs it
                pass
        return self._runs_out


def _family() -> GaugeMetricFamily:
    return GaugeMetricFamily(
        "inborough_certificate_not_after_timestamp_seconds", "When the certificate of this process runs out."
    )
