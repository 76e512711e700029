"""QuoteOptions over the wire: packed columns, and requests that are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2 as pb
from services.cost.api import quotes
from services.cost.settings import Settings
from shared.errors import InvalidInput, TooMuch
from tests.builders.cost import HOME, child, pool, request
from tests.service.cost.conftest import Cost, serving


def test_every_column_has_an_entry_a_pair_and_totals_are_the_sums_of_lines(shared_cost: Cost) -> None:
    cases = [child(metres_away=10_000, wheelchair=True), child(), child(metres_away=0)]
    found = shared_cost.quote(request(cases, [pool(), pool("independent_special"), pool("hn_unit")]))
    assert np.frombuffer(found.distance_metres, "<i4").tolist() == [13_000] * 3 + [-1] * 3 + [0] * 3
    assert np.frombuffer(found.travel_minutes, "<i4").tolist() == [31] * 3 + [-1] * 3 + [5] * 3
    codes = [found.eligibilities[at].code for at in found.eligibility_index]
    assert codes == ["beyond_distance"] * 3 + ["not_known"] * 3 + ["within_distance"] * 3
    totals = {
        pb.LEDGER_BUDGET: found.annual_budget_cost_pence,
        pb.LEDGER_MARGINAL: found.annual_marginal_cost_pence,
    }
    for ledger, total in totals.items():
        lines = [np.frombuffer(line.annual_pence, "<i8") for line in found.lines if line.ledger == ledger]
        assert sum(lines).tolist() == np.frombuffer(total, "<i8").tolist()  # type: ignore[union-attr]
    assert all(len(line.source_index) == 9 for line in found.lines)
    assert max(at for line in found.lines for at in line.source_index if at != 255) == len(found.sources) - 1


def test_the_answer_names_card_revision_and_method(shared_cost: Cost) -> None:
    found = shared_cost.quote(request(include_lines=False))
    assert found.rate_card_id == "card_test_1"
    assert found.revision.startswith("rev_")
    assert found.travel_method == "straight line x 1.30, 30 km/h and 5 minutes"
    assert (len(found.lines), len(found.sources)) == (0, 0)


def test_no_pairs_give_empty_columns(shared_cost: Cost) -> None:
    found = shared_cost.quote(request(pairs=[]))
    assert found.annual_budget_cost_pence == found.distance_metres == found.eligibility_index == b""
    assert not found.lines
    assert not found.eligibilities


def test_a_pair_may_repeat_and_come_in_any_order(shared_cost: Cost) -> None:
    pools = [pool("mainstream"), pool("state_special")]
    found = shared_cost.quote(request(pools=pools, pairs=[(0, 1), (0, 0), (0, 1)]))
    assert np.frombuffer(found.annual_budget_cost_pence, "<i8").tolist() == [1_500_000, 1_100_000, 1_500_000]


def test_the_authority_sets_policy_and_detour(tmp_path: Path) -> None:
    settings = Settings(
        port=0,
        metrics_port=0,
        database_url=f"sqlite:///{tmp_path / 'own.db'}",
        post_16_travel_paid=False,
        detour_percent=200,
        speed_kmh=60,
        fixed_minutes=0,
    )
    with serving(settings) as cost:
        cost.import_card()
        found = cost.quote(request([child(metres_away=10_000, year_group=12, age_years=16)]))
    assert np.frombuffer(found.distance_metres, "<i4").tolist() == [20_000]
    assert np.frombuffer(found.travel_minutes, "<i4").tolist() == [20]
    assert (found.eligibilities[0].code, found.eligibilities[0].travel_paid) == ("post_16_policy", False)
    assert not any(line.label == "Transport" for line in found.lines)


def changed(change: Callable[[pb.QuoteOptionsRequest], object]) -> pb.QuoteOptionsRequest:
    asked = request([child(metres_away=0), child()], [pool(), pool()])
    change(asked)
    return asked


def _set(path: str, value: object) -> Callable[[pb.QuoteOptionsRequest], None]:
    def change(asked: pb.QuoteOptionsRequest) -> None:
        *way, last = path.split(".")
        message: object = asked
        for step in way:
            message = message[int(step)] if step.isdigit() else getattr(message, step)  # type: ignore[index]
        setattr(message, last, value)

    return change


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("first_day", _set("first_day.month", 13)),
        ("case_index", _set("case_index", b"\0" * 15)),
        ("pool_index", _set("pool_index", b"\0" * 13)),
        ("pool_index", _set("pool_index", b"\0" * 12)),
        (r"case_index\[3\]", _set("case_index", np.array([0, 0, 0, 2], "<i4").tobytes())),
        (r"pool_index\[1\]", _set("pool_index", np.array([0, -1, 0, 1], "<i4").tobytes())),
        (r"pools\[1\].kind", _set("pools.1.kind", "special")),
        (r"pools\[0\].kind", _set("pools.0.kind", "")),
        (r"pools\[1\].urn", _set("pools.1.urn", -1)),
        (r"pools\[1\].places_commissioned", _set("pools.1.places_commissioned", -1)),
        (r"pools.location\[0\]", _set("pools.0.location.easting", -1)),
        (r"cases.home\[0\]", _set("cases.0.home.northing", 1_300_001)),
        (r"cases\[1\].primary_need", _set("cases.1.primary_need", "SEHM")),
        (r"cases\[1\].top_up_band", _set("cases.1.top_up_band", "F")),
        (r"cases\[0\].age_years", _set("cases.0.age_years", -1)),
        (r"cases\[0\].year_group", _set("cases.0.year_group", 100)),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_naming_the_field(
    shared_cost: Cost, field: str, change: Callable[[pb.QuoteOptionsRequest], None]
) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}: "):
        shared_cost.quote(changed(change))


@pytest.mark.parametrize(("pairs", "include_lines"), [(5_000_001, False), (1_000_001, True)])
def test_more_pairs_than_one_call_may_carry_are_refused(shared_cost: Cost, pairs: int, include_lines: bool) -> None:
    column = bytes(4 * pairs)
    asked = pb.QuoteOptionsRequest(
        first_day=common_pb2.Date(year=2024, month=9, day=2),
        cases=[child()],
        pools=[pool(location=HOME)],
        case_index=column,
        pool_index=column,
        include_lines=include_lines,
    )
    with pytest.raises(TooMuch, match="Split it"):
        shared_cost.quote(asked)


def test_lines_that_cite_more_rates_than_a_byte_can_count_are_refused_but_totals_are_not(shared_cost: Cost) -> None:
    units = [pool("hn_unit", places_commissioned=places) for places in range(1, 300)]
    with pytest.raises(TooMuch, match="more than 255 rates"):
        shared_cost.quote(request(pools=units))
    found = shared_cost.quote(request(pools=units, include_lines=False))
    assert len(found.annual_budget_cost_pence) == 8 * 299


def test_pairs_priced_are_counted(shared_cost: Cost) -> None:
    before = quotes._value.get()
    shared_cost.quote(request(pools=[pool(), pool()]))
    assert quotes._value.get() == before + 2
