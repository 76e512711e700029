"""Publish hints with Nameko: "the log of this service is at 4711". It never raises and never makes an RPC wait."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress
from typing import Any, NamedTuple

from shared import tracing
from shared.failpoints import failpoint
from shared.logs import log
from shared.server_tls import why_refused
from shared.settings import ServiceSettings

EVENTS_RECORDED = "events_recorded"
POLL_SECONDS = 0.5
CONFIRM_SECONDS = 3.0
HEARTBEAT_SECONDS = 10
REST_SECONDS = 0.1
"""Between two hints of one process: of a burst of changes the first is told at once and then the newest, so that
telling costs a busy service little."""
IMPATIENT = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "read_timeout": CONFIRM_SECONDS,
    "write_timeout": CONFIRM_SECONDS,
}
"""A hint that cannot be published is dropped at once: the next one, or the readers' own clock, makes up for it."""


def nameko_config(settings: ServiceSettings) -> dict[str, Any]:
    """Nameko's configuration for a broker; the folders of the embedded one are made when missing.

    Raises OSError when they cannot be made.
    """
    if settings.broker_url:
        told = {"AMQP_URI": settings.broker, "serializer": "json", "HEARTBEAT": HEARTBEAT_SECONDS}
        return {**told, "AMQP_SSL": options} if (options := settings.broker_options) else told
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


def forget_bindings() -> None:
    """Have queues of the embedded broker bound anew: its library takes those of a folder that is gone for bound."""
    from nameko.messaging import Connection

    Connection("filesystem://").get_transport_cls().global_state.clear()


def failure(error: BaseException, settings: ServiceSettings) -> dict[str, str]:
    """What a log says of a broker that was not reached: the error, and the reason where certificates are it."""
    reason = why_refused(error, settings.tls) if settings.broker_options else ""
    return {"error_type": type(error).__name__, **({"reason": reason} if reason else {})}


class Hint(NamedTuple):
    """A log has events up to `sequence`; the newest was recorded in the span that `traceparent` names, "" for none."""

    sequence: int
    traceparent: str = ""


class Hints:
    """Publishes from a thread of its own, the newest of those that wait. `events_recorded` returns at once."""

    def __init__(self, service: str, settings: ServiceSettings) -> None:
        self._service = service
        self._settings = settings
        self._waiting: queue.SimpleQueue[Hint | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._publish_all, name="hints", daemon=True)
        self._thread.start()

    def events_recorded(self, sequence: int) -> None:
        """Say that this service's log has events up to `sequence`."""
        self._waiting.put(Hint(sequence, tracing.current()))

    def close(self, seconds: float = 2) -> None:
        """Publish what is waiting and stop."""
        self._waiting.put(None)
        self._thread.join(seconds)

    def _publish_all(self) -> None:
        """Until closed. Of a broker that is away the log tells once, and once that it is back."""
        away = ""
        while (hint := self._newest()) is not None:
            try:
                publish(self._service, self._settings, hint)
            except Exception as error:  # a broker can fail in any way; the hint is only a hint
                said = failure(error, self._settings)
                if away != str(said):
                    log("hint_not_published", "warning", sequence=hint.sequence, **said)
                away = str(said)
            else:
                if away:
                    log("hints_published_again", sequence=hint.sequence)
                away = ""
            time.sleep(REST_SECONDS)

    def _newest(self) -> Hint | None:
        """The newest of the hints that wait; None once closed and none is left."""
        newest = self._waiting.get()
        with suppress(queue.Empty):
            while newest is not None:
                following = self._waiting.get_nowait()
                if following is None:
                    self._waiting.put(None)
                    return newest
                newest = max(newest, following)
        return newest


def publish(service: str, settings: ServiceSettings, hint: Hint) -> None:
    """Publish one hint and wait until the broker has confirmed it.

    Raises what the broker's library raises when it is down or does not confirm within 3 seconds.
    """
    from nameko.amqp.publish import Publisher
    from nameko.standalone.events import get_event_exchange

    if __debug__:
        failpoint("hint.before_publish")
    config = nameko_config(settings)
    files = config.get("TRANSPORT_OPTIONS")
    patience = {} if files else {"confirm_timeout": CONFIRM_SECONDS}
    secured = config.get("AMQP_SSL")
    publisher = Publisher(config["AMQP_URI"], serializer="json", use_confirms=True, retry=False, ssl=secured)
    exchange = get_event_exchange(service, config)
    publisher.publish(
        {name: value for name, value in hint._asdict().items() if value},
        exchange=exchange,
        declare=[exchange],  # who publishes before anybody listened is told of no fault
        routing_key=EVENTS_RECORDED,
        transport_options=dict(files or IMPATIENT),
        **patience,
    )
    if __debug__:
        failpoint("hint.after_publish")
