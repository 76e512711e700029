"""A whole authority at work: every service, the pages and the command, each of whose words are recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf import descriptor_pool, message_factory
from prometheus_client import generate_latest
from sqlalchemy import Engine

from services.cli.main import run
from shared import logs
from shared.database import open_database
from shared.errors import InboroughError
from shared.events.hints import Hint, publish
from shared.ids import new_id
from shared.settings import ServiceSettings
from tests.builders.deciding import TODAY, list_children
from tests.builders.identity import TESTER, connect
from tests.builders.pages import Authority, Somebody, authority, somebody
from tests.service.privacy.canaries import children
from tests.service.privacy.recording import Recording, record_broker, record_calls

SECONDS = 60.0
LOGS = ("caseload", "provision", "cost", "placement", "journal")


@dataclass
class Office:
    """The authority of tests/builders/deciding.py, its children with canaries for facts, and who works there."""

    recording: Recording
    authority: Authority
    engine: Engine
    visitor: Somebody
    channels: dict[tuple[str, tuple[str, ...]], grpc.Channel]
    stack: ExitStack
    folder: Path

    @property
    def case_ids(self) -> Mapping[int, str]:
        """By the serial numbers of tests/builders/deciding.py."""
        return self.authority.case_ids

    def ask(self, rpc: str, *roles: str, process: str = "", **fields: Any) -> Any:
        """Call such as "caseload.v1.CaseloadService/GetCase" with these roles, else with all; of a stream the last."""
        service, _, name = rpc.partition("/")
        pool: Any = descriptor_pool.Default()  # type: ignore[no-untyped-call]
        method = pool.FindServiceByName(f"inborough.{service}").methods_by_name[name]
        request, answer = map(message_factory.GetMessageClass, (method.input_type, method.output_type))
        channel: Any = self.channel(process or service.partition(".")[0], roles)
        kind = channel.unary_stream if method.server_streaming else channel.unary_unary
        call = kind(f"/inborough.{rpc}", request.SerializeToString, answer.FromString)
        if "request_id" in method.input_type.fields_by_name:
            fields.setdefault("request_id", new_id("req"))
        found = call(request(**fields), timeout=SECONDS)
        return list(found)[-1] if method.server_streaming else found

    def refuse(self, rpc: str, *roles: str, process: str = "", **fields: Any) -> None:
        """The same of a call that must be refused; what the caller is told is kept."""
        with pytest.raises(InboroughError) as refused:
            self.ask(rpc, *roles, process=process, **fields)
        self.recording.note("errors", refused.value, refused.value.message, refused.value.facts)

    def channel(self, process: str, roles: tuple[str, ...]) -> grpc.Channel:
        """A channel to a service as somebody of these roles; without any, of all."""
        if (process, roles) not in self.channels:
            address = self.authority.addresses[f"{process}_address"]
            who = TESTER if "service" in roles else ""
            self.channels[process, roles] = self.stack.enter_context(connect(process, address, *roles, user_id=who))
        return self.channels[process, roles]

    def at_pages(self, role: str) -> Somebody:
        """The demo user of a role, signed in."""
        self.visitor.client.cookies.clear()
        return self.visitor.sign_in(role)

    def command(self, *words: str) -> int:
        """Run the command; its exit status. What it told the terminal is kept apart from what services logged."""
        return run(words)

    def finish(self) -> None:
        """What the flow left behind: events of every log, their hints, metrics."""
        for service in LOGS:
            log = self.ask("events.v1.EventService/ListEvents", process=service, most=500)
            self.recording.note("events", *log.events)
            publish(service, ServiceSettings(), Hint(log.last_sequence))
        self.recording.note("metrics", generate_latest().decode())


def _record_addresses(visitor: Somebody, recording: Recording) -> None:
    """Every address that is asked for, led to or named as where somebody came from."""

    def asked(request: httpx.Request) -> None:
        recording.note("addresses", request.url, request.headers.get("referer", ""))

    def answered(response: httpx.Response) -> None:
        recording.note("addresses", response.headers.get("location", ""))
        recording.note("headers", *(one for one in response.headers.multi_items() if one[0] != "location"))

    visitor.client.event_hooks = {"request": [asked], "response": [answered]}


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """Everything running and loaded; what happens from now on is recorded."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("INBOROUGH_TODAY", TODAY)
        patch.setenv("COLUMNS", "200")
        recording = Recording()
        record_calls(recording, patch)
        record_broker(recording, patch)
        patch.setattr("tests.builders.deciding.list_children", lambda: children(list_children()))
        logs.configure("canary", "DEBUG")
        with recording.during("first import"):
            found = stack.enter_context(authority(folder))
        for name, address in found.addresses.items():
            patch.setenv(f"INBOROUGH_{name.upper()}", address)
        engine = open_database(f"sqlite:///{folder / 'placement.db'}")
        stack.callback(engine.dispose)
        visitor = stack.enter_context(somebody(found, folder, INBOROUGH_DATA=None))
        _record_addresses(visitor, recording)
        yield Office(recording, found, engine, visitor, {}, stack, folder)
