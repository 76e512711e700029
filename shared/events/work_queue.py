"""Work that any of several processes takes from a durable queue of the broker, acknowledged once it is done.

A message is only ever the wish that a piece of work be looked at: it may come twice, late or never. What is done stands
in a database, and whoever owns the work announces again what was not. So the queue shares work out, and nothing more.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.events.hints import CONFIRM_SECONDS, IMPATIENT, nameko_config
from shared.settings import ServiceSettings

Message = Mapping[str, Any]


@dataclass(frozen=True)
class WorkQueue:
    """A queue, and what to do with its messages.

    Parameters
    ----------
    name
        Of the queue, the same in every process. Example: "inborough.placement.shards".
    work
        Does what a message asks, in a real thread, and does not raise. When it returns the message is acknowledged; a
        broker that delivers again what was not gives it to somebody else.
    most_at_once
        Messages in hand at once, 1 or more. Others wait on the broker, for whoever is free.
    """

    name: str
    work: Callable[[Message], None]
    most_at_once: int

    def __post_init__(self) -> None:
        if self.most_at_once < 1:
            raise ValueError("Expected most_at_once >= 1.")


def publish_work(settings: ServiceSettings, queue: str, messages: Sequence[Message]) -> None:
    """Put messages on a queue that outlives its readers, and wait until the broker has each.

    Raises what the broker's library raises when it is down or does not confirm within 3 seconds.
    """
    from nameko.amqp.publish import Publisher

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # eventlet tells every start that it is in maintenance: see docs/decisions/0002
        from nameko.events import Queue
    config = nameko_config(settings)
    files = config.get("TRANSPORT_OPTIONS")
    patience = {} if files else {"confirm_timeout": CONFIRM_SECONDS}
    secured = config.get("AMQP_SSL")
    publisher = Publisher(config["AMQP_URI"], serializer="json", use_confirms=True, retry=False, ssl=secured)
    for message in messages:
        publisher.publish(
            dict(message),
            routing_key=queue,
            declare=[Queue(queue, durable=True)],
            transport_options=dict(files or IMPATIENT),
            **patience,
        )


def drop_queue(settings: ServiceSettings, queue: str) -> None:
    """Remove a queue and what is on it, for good: who published to it takes it for declared, and is told of no loss.

    Raises what the broker's library raises when it is down.
    """
    from nameko.messaging import Connection

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nameko.events import Queue
    config = nameko_config(settings)
    options = config.get("TRANSPORT_OPTIONS") or IMPATIENT
    with Connection(config["AMQP_URI"], transport_options=dict(options), ssl=config.get("AMQP_SSL")) as connection:
        bound = Queue(queue, durable=True)(connection.channel())
        bound.declare()  # so that one that there is not can be emptied too
        bound.purge()  # files are not removed with their queue
        bound.delete()
