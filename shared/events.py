"""Hints between services: "caseload's facts changed". Nameko events, over RabbitMQ or files under the var folder.

A hint is never needed for a right answer: whoever asks a service reads it as it stands. A lost hint costs a moment of
warmth, no more; so publishing never raises and never makes an RPC wait.
"""

from __future__ import annotations

import queue
import threading
from typing import Any

from shared.logs import log
from shared.settings import ServiceSettings

FACTS_CHANGED = "facts_changed"
POLL_SECONDS = 0.5


def nameko_config(settings: ServiceSettings) -> dict[str, Any]:
    """Nameko's configuration for a broker; the folders of the embedded one are made when missing."""
    if settings.broker_url:
        return {"AMQP_URI": settings.broker_url, "serializer": "json"}
    folder = settings.var.resolve() / "broker"
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "polling_interval": POLL_SECONDS,
    }
    return {"AMQP_URI": "filesystem://", "TRANSPORT_OPTIONS": options, "serializer": "json"}


class Hints:
    """Publishes hints from a thread of its own. `facts_changed` returns at once, whatever the broker does."""

    def __init__(self, service: str, settings: ServiceSettings) -> None:
        self._service = service
        self._settings = settings
        self._waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._publish_all, name="hints", daemon=True)
        self._thread.start()

    def facts_changed(self, revision: str) -> None:
        """Say that this service's facts are now at `revision`."""
        self._waiting.put(revision)

    def close(self, seconds: float = 2) -> None:
        """Publish what is waiting and stop."""
        self._waiting.put(None)
        self._thread.join(seconds)

    def _publish_all(self) -> None:
        while (revision := self._waiting.get()) is not None:
            try:
                self._publish(revision)
            except Exception as error:  # a broker can fail in any way; the hint is only a hint
                log("hint_not_published", "warning", error_type=type(error).__name__, revision=revision)

    def _publish(self, revision: str) -> None:
        from nameko.amqp.publish import Publisher
        from nameko.standalone.events import get_event_exchange

        config = nameko_config(self._settings)
        publisher = Publisher(config["AMQP_URI"], serializer="json", retry=False)
        if options := config.get("TRANSPORT_OPTIONS"):
            publisher.transport_options = dict(options)
        exchange = get_event_exchange(self._service, config)
        publisher.publish({"revision": revision}, exchange=exchange, routing_key=FACTS_CHANGED)
