"""The events process of provision: `python -m services.provision.events`.

It hears nobody's events. Every half minute it ends the offers whose last day has passed, each with an event, and counts
confirmed places by caseload's record once they are there; it checks that no more places are promised than there are.
"""

from __future__ import annotations

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

from services.provision.gather import CaseloadReader
from services.provision.operations import by_itself
from services.provision.settings import EventsSettings, Settings
from shared import logs
from shared.clock import today
from shared.database import open_database
from shared.events.process import Part, run
from shared.grpc_client import connect
from shared.identity import callers

EVERY_SECONDS = 30.0


def build() -> Part:
    """Provision's part, on its own database."""
    settings = Settings()
    engine = open_database(settings.database("provision"))
    channel = connect("caseload", settings.caseload_address, callers.service(settings, "provision"))
    caseload = CaseloadReader(channel, settings.caseload_seconds)

    def expire() -> None:
        """End what has run out, then show what stands."""
        if ended := by_itself.expire_offers(engine, today()):
            logs.log("offers_expired", rows=ended)
        by_itself.show_offers(engine, today())

    def hand_over() -> None:
        """Count confirmed places by caseload's record."""
        if handed_over := by_itself.hand_over_confirmed(engine, caseload):
            logs.log("confirmed_places_handed_over", rows=handed_over)

    oversold = by_itself.OversoldWatch(engine, caseload)
    timers = {
        "expire_offers": (EVERY_SECONDS, expire),
        "hand_over_confirmed": (EVERY_SECONDS, hand_over),
        "count_oversold": (EVERY_SECONDS, lambda: oversold.count(today())),
    }
    return Part("provision", EventsSettings(), timers=timers)


if __name__ == "__main__":
    logs.configure("provision-events")
    part = build()
    run([part], part.settings.metrics_port)
