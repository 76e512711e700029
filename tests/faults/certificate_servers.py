"""Servers with certificates of every kind, in one process: `python -m tests.faults.certificate_servers DIR`.

Each folder below DIR becomes a server of one RPC that a service may call (`Ask` of the echo service), or a planner
where the folder's name ends in "people". Prints the addresses as one line of JSON, then logs as our services do, and
ends when standard input does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import grpc

from inborough.common.v1.common_pb2 import Date
from shared import logs
from shared.grpc_server import RunningServer, start_server
from shared.identity.certificates import CERTIFICATE
from shared.settings import ServiceSettings
from tests.builders.certificates import under_tls
from tests.service.shared.echo import handled


def serve(folder: Path) -> RunningServer:
    """A server with the certificate in a folder; in the clear where there is none."""
    roles = "planner" if folder.name.endswith("people") else "service"
    sound = (folder / CERTIFICATE).exists()
    settings = under_tls(folder) if sound else ServiceSettings(identity=folder)
    return start_server(settings, [handled(answer, roles=roles)])


def answer(request: Date, context: grpc.ServicerContext) -> Date:
    return request


def main(folder: Path) -> None:
    logs.configure("caseload")
    running = {each.name: serve(each) for each in sorted(folder.iterdir()) if each.is_dir()}
    print(json.dumps({name: server.address for name, server in running.items()}), flush=True)
    sys.stdin.read()
    for server in running.values():
        server.stop(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
