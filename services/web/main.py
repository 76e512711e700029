"""The pages' process: `python -m services.web.main`."""

from __future__ import annotations

import signal

import uvicorn

from services.web.app import build
from services.web.listening import server_options
from services.web.settings import Settings
from shared import logs, metrics, others_logs, tracing
from shared.identity import spiffe
from shared.identity.set_up import SetUpWrong
from shared.identity.transport import Tls, transport_of
from shared.watching import watch


def main() -> None:
    """Serve until told to stop."""
    logs.configure("web")
    settings = Settings()
    logs.configure("web", settings.log_level)
    others_logs.take_over_threads()
    try:
        transport = transport_of(settings)
        if isinstance(transport, Tls):
            transport.need_name(spiffe.FRONT_DOOR, "web")
        tracing.begin("web")
        app = build(settings)
    except SetUpWrong as error:
        logs.log("service_not_started", "error", reason=str(error))
        raise SystemExit(f"web does not start. {error}") from None
    metrics_server = metrics.serve_metrics(settings.host, settings.metrics_port)
    watch("web", settings)
    address = f"{settings.host}:{settings.port}"
    logs.log("service_started", address=address, metrics_port=metrics_server.server_port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # which uvicorn raises again when it has stopped
    uvicorn.run(app, **server_options(settings))
    tracing.end()
    logs.log("service_stopped")


if __name__ == "__main__":
    main()
