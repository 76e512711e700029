"""The demonstration card gives what is published: written answers 50389 and 100030, and the NAO's figure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from inborough.cost.v1 import cost_pb2 as pb
from services.cli.demo import write_demonstration
from services.cost.settings import Settings
from tests.builders.cost import child, pool, request
from tests.service.cost.conftest import Cost, serving


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cost]:
    folder = tmp_path_factory.mktemp("demonstration")
    write_demonstration(folder)
    url = f"sqlite:///{folder / 'cost.db'}"
    with serving(Settings(port=0, metrics_port=0, database_url=url)) as service:
        imported = service.import_card((folder / "rates.csv").read_bytes())
        assert imported.rate_card_id == "card_demonstration-2024_1"
        assert not imported.report.warnings
        yield service


def pounds(cost: Cost, one_child: pb.QuoteCase, one_pool: pb.QuotePool) -> float:
    found = cost.quote(request([one_child], [one_pool]))
    return float(np.frombuffer(found.annual_budget_cost_pence, "<i8")[0]) / 100


def test_the_card_is_read_whole_and_imported_once(demonstration: Cost, tmp_path: Path) -> None:
    assert demonstration.list_ids() == ["card_demonstration-2024_1"]
    assert all(rate.basis == "illustrative" for rate in demonstration.get("card_demonstration-2024_1").rates)


def test_a_state_special_place_at_the_door_costs_about_26_000_pounds(demonstration: Cost) -> None:
    near = child(metres_away=0, primary_need="MLD")
    assert pounds(demonstration, near, pool("state_special")) == pytest.approx(26_000)


def test_an_independent_place_costs_about_63_000_pounds(demonstration: Cost) -> None:
    near = child(metres_away=0, primary_need="MLD")
    assert pounds(demonstration, near, pool("independent_special", urn=0)) == pytest.approx(63_500)


def test_transport_from_some_18_kilometres_costs_about_8_100_pounds_on_average(demonstration: Cost) -> None:
    routes = [8_500, 12_000, 15_500, 17_000, 24_000]
    costs = [
        pounds(demonstration, child(metres_away=int(route / 1.3)), pool("state_special"))
        - pounds(demonstration, child(metres_away=0), pool("state_special"))
        for route in routes
    ]
    assert sum(costs) / len(costs) == pytest.approx(8_116, rel=0.1)
