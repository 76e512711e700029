"""What it adds to a call that its caller is proved and that the log tells of it."""

from __future__ import annotations

from collections.abc import Callable

from services.placement.operations.context import Context
from shared.database import writing
from shared.event_log import record_event
from shared.identity import PANEL_CHAIR, access, acting_as
from shared.identity.callers import by_token, person, verifier
from shared.ids import new_id
from shared.settings import ServiceSettings
from tests.benchmarks.figures import Figure, percentile, timed

SAMPLES = 300
METHOD = "RecommendOptions"


def identity_and_record(context: Context) -> list[Figure]:
    """Milliseconds: proving a caller whose token is new and one seen before, and the event in a transaction."""
    settings = ServiceSettings()
    chair, tokens = person(settings, "user_chair", [PANEL_CHAIR]), verifier(settings)
    allowed = access.access_of("inborough.placement.v1.PlacementService")[METHOD]

    def prove(proving: Callable[[], None]) -> list[float]:
        return [1000 * timed(proving)[0] for _ in range(SAMPLES)]

    def seen() -> None:
        access.check(by_token(chair.metadata(), tokens), METHOD, allowed)

    def new() -> None:
        access.check(by_token(chair.metadata(), verifier(settings)), METHOD, allowed)

    with acting_as(by_token(chair.metadata(), tokens)):
        bare = [1000 * timed(lambda: _write(context, told=False))[0] for _ in range(SAMPLES)]
        told = [1000 * timed(lambda: _write(context, told=True))[0] for _ in range(SAMPLES)]
    return [
        Figure("", "Proving a caller seen before, in each service asked, p50", [percentile(prove(seen), 50)], "ms"),
        Figure(
            "", "Proving a caller whose token is new, its key read as well, p50", [percentile(prove(new), 50)], "ms"
        ),
        Figure("", "A transaction that writes one row, SQLite, p50", [percentile(bare, 50)], "ms"),
        Figure("", "The same with its event, p50", [percentile(told, 50)], "ms"),
    ]


def _write(context: Context, *, told: bool) -> None:
    """One row of the size of a claim, then its event when told to."""
    with writing(context.engine) as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS bench_rows (id VARCHAR(40) PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO bench_rows VALUES (?)", (new_id("row"),))
        if told:
            case_id, recommendation_id = new_id("case"), new_id("rec")
            record_event(connection, "options_ranked", case_ids=[case_id], recommendation_id=recommendation_id)
