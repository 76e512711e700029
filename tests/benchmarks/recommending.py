"""RecommendOptions against a bare gRPC echo, each call beside an echo so that both meet the same machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event

import grpc

from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from services.placement.operations.case_options import options_of_due_case
from services.placement.operations.context import StandingPlan
from services.placement.refused_wire import refused_options
from shared.grpc_terms import MESSAGE_SIZES
from tests.benchmarks.echo import METHOD
from tests.benchmarks.figures import Figure, percentile, timed
from tests.benchmarks.loaded import PLAN_SECONDS, Loaded
from tests.benchmarks.processes import Started, processor_seconds

WARMING = 100
COLD = "An echo called again and again finds every cache warm: it takes half the time of one between other work."
REPEATS, REPEATS_ALONE = (
    (3, 4, 5),
    (10, 11, 12),
)  # each asks for another number of options, so that each answer is new and really saved
SAMPLES_WHILE_PLANNING = 250


def whole_call(loaded: Loaded, echo: Started, name: str) -> list[Figure]:
    """p50 and p99 of the whole RPC, its neighbours and its save with it, in echoes."""
    cases = loaded.cases_due(loaded.propose())
    ask = _echoing(echo)
    for case_id in cases[:WARMING]:
        loaded.recommend(case_id, 9)
        ask()
    runs = [_side_by_side([lambda c=c, t=top: loaded.recommend(c, t) for c in cases], ask) for top in REPEATS]  # type: ignore[misc]
    echoes = [percentile(beside, 50) for beside, _ in runs]
    alone = [_back_to_back([lambda c=c, t=top: loaded.recommend(c, t) for c in cases], ask) for top in REPEATS_ALONE]  # type: ignore[misc]
    why = (
        "An answer is four calls, each to another Python process: client to placement, to provision, to caseload, and "
        "to cost. Three bare echoes one within the other are the least that it can take, and then comes the save."
    )
    new = [percentile(samples[WARMING:], 50) for samples in runs[0]]
    return [
        _processor_time(loaded, cases, name),
        Figure("", "Bare gRPC echo, back to back, p50", [1000 * percentile(_times(ask), 50) for _ in REPEATS], "ms"),
        Figure("", "Bare gRPC echo, in turn with recommendations, p50", [1000 * each for each in echoes], "ms"),
        Figure(
            "",
            f"RecommendOptions, {name}, p50",
            [1000 * percentile(ours, 50) for _, ours in runs],
            "ms",
            headline="A panel's question, a child's options ranked with all knock-ons and saved, is answered in {}.",
        ),
        Figure("", f"RecommendOptions, {name}, p99", [1000 * percentile(ours, 99) for _, ours in runs], "ms"),
        Figure(
            "4",
            f"RecommendOptions whole, {name}, p50",
            [percentile(ours, 50) / beside for (_, ours), beside in zip(runs, echoes, strict=True)],
            "x echo",
            8,
            why,
        ),
        Figure("4", f"The same, cases asked about for the first time, {name}", [new[1] / new[0]], "x echo", 8),
        Figure("4", f"The same, both back to back: recommendations, {name}, against echoes", alone, "x echo", 8, COLD),
    ]


def _processor_time(loaded: Loaded, cases: Sequence[str], name: str) -> Figure:
    """What the kernel charges all processes for a recommendation, the client left out."""
    pids = [server.pid for server in loaded.servers.values()]
    before = processor_seconds(pids)
    for case_id in cases:
        loaded.recommend(case_id, 8)
    each = 1000 * (processor_seconds(pids) - before) / len(cases)
    return Figure("", f"Processor time of one recommendation, all services, {name}", [each], "ms")


def _times(call: Callable[[], object]) -> list[float]:
    return [timed(call)[0] for _ in range(300)]


def ranking_alone(standing: StandingPlan, echo: Started, name: str) -> list[Figure]:
    """Knock-on costs, order, and the verdicts on every refused pool as messages; no neighbour, no save."""

    def rank(case_id: str) -> None:
        options = options_of_due_case(standing, case_id)
        options.best_first()
        refused_options(options, ())

    cases = list(standing.gathered.facts.case_rows)[:300]
    ask = _echoing(echo)
    for case_id in cases[:WARMING]:
        rank(case_id)
        ask()
    runs = [_side_by_side([lambda c=c: rank(c) for c in cases], ask) for _ in REPEATS]  # type: ignore[misc]
    ratios = [(percentile(ours, 50) + percentile(alone, 50)) / percentile(alone, 50) for alone, ours in runs]
    alone = [1 + _back_to_back([lambda c=c: rank(c) for c in cases], ask) for _ in REPEATS]  # type: ignore[misc]
    return [
        Figure("4", f"Ranking itself with the one call that asks for it, {name}, p50", ratios, "x echo", 2.5),
        Figure("4", "The same, both back to back", alone, "x echo", 2.5),
    ]


def while_planning(loaded: Loaded) -> list[Figure]:
    """p99 of recommendations while plans of all cases are being made one after another, against idle p99, in turn."""
    cases = loaded.cases_due(loaded.propose())
    _latencies(loaded, cases, 5)
    idle, busy = [], []
    for top in (6, 8, 10):
        idle.append(_latencies(loaded, cases, top))
        with _planning_all_the_time(loaded):
            busy.append(_latencies(loaded, cases, top + 1))
    slowest = [(percentile(alone, 99), percentile(beside, 99)) for alone, beside in zip(idle, busy, strict=True)]
    name = "RecommendOptions, county"
    return [
        Figure("", f"{name}, idle, p99", [1000 * alone for alone, _ in slowest], "ms"),
        Figure("", f"{name}, while county plans are made, p50", [1000 * percentile(each, 50) for each in busy], "ms"),
        Figure("", f"{name}, while county plans are made, p99", [1000 * beside for _, beside in slowest], "ms"),
        Figure(
            "4",
            "p99 while county plans are made, against idle p99",
            [beside / alone for alone, beside in slowest],
            "x idle",
            6,
            "The solver has its own process; judging, packing and sending a plan share the answering one.",
        ),
    ]


def _latencies(loaded: Loaded, cases: Sequence[str], top: int) -> list[float]:
    return [timed(lambda c=case_id: loaded.recommend(c, top))[0] for case_id in cases[:SAMPLES_WHILE_PLANNING]]  # type: ignore[misc]


@contextmanager
def _planning_all_the_time(loaded: Loaded) -> Iterator[None]:
    """Plans are asked for by a process of its own: whoever waits for an answer does not read plans meanwhile."""
    spawned = get_context("spawn")
    begun, enough = spawned.Event(), spawned.Event()
    asking = (loaded.servers["placement"].address, loaded.chair.metadata(), begun, enough)
    process = spawned.Process(target=_plan_again_and_again, args=asking)
    process.start()
    begun.wait(60)
    try:
        yield
    finally:
        enough.set()
        process.join()


def _plan_again_and_again(address: str, token: list[tuple[str, str]], begun: Event, enough: Event) -> None:
    with grpc.insecure_channel(address, options=MESSAGE_SIZES) as channel:
        placement = placement_pb2_grpc.PlacementServiceStub(channel)
        begun.set()
        while not enough.is_set():
            placement.ProposePlan(placement_pb2.ProposePlanRequest(), timeout=PLAN_SECONDS, metadata=tuple(token))


def _back_to_back(ours: Sequence[Callable[[], object]], echo: Callable[[], object]) -> float:
    """p50 of ours over p50 of an echo, each called again and again with nothing between."""
    return percentile([timed(call)[0] for call in ours], 50) / percentile(_times(echo), 50)


def _side_by_side(ours: Sequence[Callable[[], object]], echo: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Seconds of an echo and of ours, in turn."""
    alone, together = [], []
    for call in ours:
        alone.append(timed(echo)[0])
        together.append(timed(call)[0])
    return alone, together


def _echoing(echo: Started) -> Callable[[], object]:
    call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = grpc.insecure_channel(echo.address).unary_unary(METHOD)
    return lambda: call(b"x" * 100)
