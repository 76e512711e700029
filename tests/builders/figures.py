"""Figures of a scenario's result as the service sends them, from children counted by need, phase, area and kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from inborough.placement.v1 import scenarios_pb2

NEEDS, PHASES, AREAS = ("SEMH", "ASD", "not recorded"), ("KS1", "KS2", "KS3"), ("Widnes", "Runcorn")
KINDS = ("mainstream", "resource_base", "state_special", "independent_special", "non_maintained_special", "unmet")
POOLS = {"pool_a": "resource_base", "pool_b": "resource_base", "pool_c": "state_special"}
NAMES: Mapping[str, Sequence[str]] = {"need": NEEDS, "phase": PHASES, "area": AREAS, "kind": KINDS}
SHAPE = (len(NEEDS), len(PHASES), len(AREAS), len(KINDS))
Children = npt.NDArray[np.int64]


def result_of(
    now: Children, before: Children | None = None, **scenario: str | int
) -> scenarios_pb2.GetScenarioResultResponse:
    """One year's result: counts by every breakdown, pools, and some money. `now` and `before` are int64[SHAPE]."""
    about = scenarios_pb2.Scenario(scenario_id="scen_0123456789abcdef", name="A name", first_year=2026, years=1)
    for name, value in scenario.items():
        setattr(about, name, value)
    kinds = [money("spend_by_kind", 1_000_000 * (1 + at), kind=kind) for at, kind in enumerate((*KINDS[:-1], "other"))]
    figures = [
        *kinds,
        *_counts(now, before),
        *_parts(now, before),
        *_pools(now, before),
        money("spend", 123_456_789, line="inmss_fee"),
        money("deficit", 99),
    ]
    return scenarios_pb2.GetScenarioResultResponse(scenario=about, figures=figures)


def money(measure: str, pence: float, line: str = "", kind: str = "") -> scenarios_pb2.ScenarioFigure:
    """A figure in pence, without a baseline."""
    return scenarios_pb2.ScenarioFigure(
        measure=measure, academic_year=2026, unit="pence", line=line, kind=kind, value=_band(pence)
    )


def _counts(now: Children, before: Children | None) -> Iterator[scenarios_pb2.ScenarioFigure]:
    inmss = [KINDS.index("independent_special"), KINDS.index("non_maintained_special")]
    tables = {
        "children": ((), ("kind",), ("need",), ("phase",), ("area",), ("need", "kind"), ("phase", "kind")),
        "unmet": ((), ("need",), ("phase",), ("area",), ("need", "phase", "area")),
        "inmss": ((), ("need",), ("phase",), ("area",), ("need", "phase", "area")),
    }
    kinds = {"children": list(range(len(KINDS))), "unmet": [KINDS.index("unmet")], "inmss": inmss}
    for measure, breakdowns in tables.items():
        for words in breakdowns:
            arrays = [None if one is None else _table(one[..., kinds[measure]], words) for one in (now, before)]
            for at in product(*(range(len(NAMES[word])) for word in words)):
                named = {word: NAMES[word][index] for word, index in zip(words, at, strict=True)}
                value, base = (None if array is None else int(array[at]) for array in arrays)
                assert value is not None
                yield _figure(measure, value, base, **named)


def _parts(now: Children, before: Children | None) -> Iterator[scenarios_pb2.ScenarioFigure]:
    """Of all children those out of borough, by need: the ones in INMSS. Of the live requests, all given but two."""
    out = [None if one is None else _table(one[..., 3:5], ("need",)) for one in (now, before)]
    for at, need in enumerate(NEEDS):
        value, base = (None if each is None else int(each[at]) for each in out)
        assert value is not None
        yield _figure("out_of_borough", value, base, need=need)
    live, before_live = (None if one is None else int(one[..., 0].sum()) for one in (now, before))
    assert live is not None
    yield _figure("requests_live", live, before_live)
    yield _figure("requests_given", max(live - 2, 0), None if before_live is None else before_live // 2)


def _table(children: Children, words: Sequence[str]) -> Children:
    gone = tuple(at for at, name in enumerate(NAMES) if name not in words)
    summed: Children = children.sum(axis=gone)
    return summed


def _pools(now: Children, before: Children | None) -> Iterator[scenarios_pb2.ScenarioFigure]:
    """Two bases share the children in bases; the special school has all of those in special schools."""
    for pool, kind in POOLS.items():
        values = [
            None if one is None else _in_pool(pool, int(one[..., KINDS.index(kind)].sum())) for one in (now, before)
        ]
        assert values[0] is not None
        yield _figure("places_used", values[0], values[1], pool_id=pool)
        empty = [None if value is None else 500 - value for value in values]
        assert empty[0] is not None
        yield _figure("places_empty", empty[0], empty[1], unit="places", pool_id=pool)


def _in_pool(pool: str, there: int) -> int:
    return {"pool_a": there // 3, "pool_b": there - there // 3, "pool_c": there}[pool]


def _figure(
    measure: str, value: int, base: int | None, unit: str = "children", **words: str
) -> scenarios_pb2.ScenarioFigure:
    made = scenarios_pb2.ScenarioFigure(measure=measure, academic_year=2026, unit=unit, value=_band(value), **words)  # type: ignore[arg-type]
    if base is not None:
        made.baseline.CopyFrom(_band(base))
        made.difference.CopyFrom(_band(value - base))
    return made


def _band(number: float) -> scenarios_pb2.ScenarioBand:
    return scenarios_pb2.ScenarioBand(mean=number, p10=number, p50=number, p90=number)
