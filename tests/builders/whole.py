"""Every service in this process on one kind of database, with its readers of logs, stopped and started again."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from sqlalchemy import Engine

from inborough.events.v1 import events_pb2_grpc
from services.journal.events import reading_into
from services.journal.settings import Settings
from services.placement.steps.hearing import hear
from shared.database import migrate, open_database
from shared.event_log.consume import Ask, Consumer
from shared.event_log.readers import READERS
from shared.grpc_server import RunningServer, start_server
from tests.builders.databases import empty_database
from tests.builders.deciding import SECONDS, TODAY, Panel, load, sitting
from tests.builders.identity import connect
from tests.builders.ports import free_ports

SERVICES = ("caseload", "provision", "cost", "placement", "journal")
DATABASES = (*SERVICES, "web")


@dataclass
class Whole:
    """The system, from `start` to `stop`. `urls` are its databases by service; the environment names them all."""

    folder: Path
    urls: Mapping[str, str]
    case_ids: dict[int, str] = field(default_factory=dict)
    _running: list[RunningServer] = field(default_factory=list)
    _readers: list[Consumer] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def addresses(self) -> dict[str, str]:
        """host:port by setting name."""
        return {f"{name}_address": os.environ[f"INBOROUGH_{name.upper()}_ADDRESS"] for name in SERVICES}

    def start(self) -> None:
        """Migrate, and serve on the same ports as before."""
        for name in SERVICES:
            module = importlib.import_module(f"services.{name}.main")
            settings = module.Settings()
            self._running.append(start_server(settings, module.build(settings)))
        with self.engine("web") as engine:
            migrate(engine, Path("services/web/storage/migrations").resolve())

    def load(self) -> None:
        """Bring in the small authority of tests/builders/deciding.py."""
        self.case_ids = load(self.addresses, self.folder / "files")

    def stop(self) -> None:
        """End every service."""
        self._readers = []
        self._open.close()
        while self._running:
            self._running.pop().stop(0)

    @contextmanager
    def other_ports(self) -> Iterator[None]:
        """Starts within are on ports of their own, beside another release's on the same databases."""
        with mock.patch.dict(os.environ, _ports()):
            yield

    @contextmanager
    def sitting(self) -> Iterator[Panel]:
        """A chair at work."""
        address = self.addresses["placement_address"]
        with sitting(address, self.addresses, self.case_ids) as panel:
            yield panel

    @contextmanager
    def engine(self, service: str) -> Iterator[Engine]:
        """A service's database."""
        opened = open_database(self.urls[service])
        try:
            yield opened
        finally:
            opened.dispose()

    def read_logs(self) -> int:
        """Let both events processes read all there is; how many events they took. Raises LogWentBack and the like."""
        if not self._readers:
            self._readers = [self._reader("placement"), self._reader("journal")]
        return sum(reader.pull(source) for reader in self._readers for source in READERS[_name_of(reader)])

    def _reader(self, name: str) -> Consumer:
        """As the events process of a service reads."""
        engine = self._open.enter_context(self.engine(name))
        if name == "journal":
            consumer = reading_into(engine, Settings()).consumer
            assert consumer is not None
            return consumer
        return Consumer(engine, {source: self._log_of(source) for source in READERS[name]}, hear)

    def _log_of(self, source: str) -> Ask:
        channel = self._open.enter_context(connect(source, self.addresses[f"{source}_address"]))
        stub = events_pb2_grpc.EventServiceStub(channel)
        return lambda request: stub.ListEvents.future(request, timeout=SECONDS).result()


def _name_of(reader: Consumer) -> str:
    return "journal" if "journal" in reader.sources else "placement"


@contextmanager
def whole_system(kind: str, folder: Path) -> Iterator[Whole]:
    """Not started yet; a database of its own for each service."""
    with ExitStack() as stack:
        urls = {}
        for name in DATABASES:
            (folder / name).mkdir()
            urls[name] = stack.enter_context(empty_database(kind, folder / name))
        told = {"INBOROUGH_TODAY": TODAY, "INBOROUGH_VAR": str(folder / "var")}
        told |= {f"INBOROUGH_{name.upper()}_DATABASE_URL": url for name, url in urls.items()}
        told |= _ports()
        stack.enter_context(mock.patch.dict(os.environ, told))
        whole = Whole(folder, urls)
        stack.callback(whole.stop)
        yield whole


def _ports() -> dict[str, str]:
    """Where each service listens and is found."""
    ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
    listening = {f"INBOROUGH_{name.upper()}_PORT": str(port) for name, port in ports.items()}
    return listening | {f"INBOROUGH_{name.upper()}_ADDRESS": f"127.0.0.1:{port}" for name, port in ports.items()}
