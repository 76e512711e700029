"""A worker's lease on a shard, renewed by a thread beside the work, which dies with it."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.placement.storage import shards
from services.placement.storage.shards import ShardKey
from shared.database import writing
from shared.logs import log

TELL_SECONDS = 2.0
"""How often progress is written at least; also how soon a cancelled scenario's workers know."""


class Lease:
    """Holds a shard for `owner` while it is used in a `with`. `lost` is set when it is no longer its own or wanted."""

    def __init__(self, engine: Engine, key: ShardKey, owner: str, seconds: float) -> None:
        self._engine, self._key, self._owner, self._seconds = engine, key, owner, seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self.lost = threading.Event()
        self.replicates_done = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._ended.wait(min(TELL_SECONDS, self._seconds / 4)):
            try:
                with writing(self._engine) as connection:
                    kept = shards.renew(connection, self._key, self._owner, self._seconds, self.replicates_done)
            except SQLAlchemyError as error:  # a database that is away for a while: try again until the lease runs out
                log("lease_not_renewed", "warning", error_type=type(error).__name__)
                continue
            if not kept:
                self.lost.set()
                return
