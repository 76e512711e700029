"""The run's queue on the broker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from services.cli.exits import SERVICE_DOWN
from services.cli.failures import CannotGoOn
from shared.events.work_queue import drop_queue, publish_work
from shared.settings import ServiceSettings


def announce(settings: ServiceSettings, queue: str, messages: Sequence[Mapping[str, Any]]) -> None:
    """Put messages on the queue. Raises CannotGoOn when the broker does not take them."""
    try:
        publish_work(settings, queue, messages)
    except Exception as error:  # a broker can fail in any way
        raise CannotGoOn(
            f"The broker does not take messages ({type(error).__name__}).",
            "See INBOROUGH_BROKER_URL; without it, files in the run's folder are the broker.",
            SERVICE_DOWN,
        ) from None


def remove(settings: ServiceSettings, queue: str) -> None:
    """Remove the queue with what is on it, so that nothing of a run that is over is left. A broker that is away has it
    still: a few small messages, which no worker takes for its own.
    """
    with suppress(Exception):
        drop_queue(settings, queue)
