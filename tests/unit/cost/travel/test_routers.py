"""OSRM and Valhalla: what they are asked, what is made of their answers, and what is refused."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from services.cost.transport.travel.calls import ATTEMPTS, RouterAddress, RouterCalls, is_private
from services.cost.transport.travel.grid import to_degrees
from services.cost.transport.travel.known_pairs import codes_of
from services.cost.transport.travel.osrm import Osrm
from services.cost.transport.travel.router import DRIVING, WALKING, Router
from services.cost.transport.travel.valhalla import Valhalla
from shared.errors import NeighbourDown
from tests.builders.routers import Asked, Fault, StandIn, router
from tests.builders.travel import near, points

KINDS: dict[str, Callable[[RouterCalls, str], Router]] = {"OSRM": Osrm, "Valhalla": Valhalla}
VARIABLE = "INBOROUGH_COST_TRAVEL_DRIVING_URL"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with router() as found:
        yield found


def asking(provider: str, url: str, mode: str = DRIVING, seconds: float = 5) -> Router:
    address = RouterAddress(provider, mode, url, VARIABLE, seconds=seconds)
    return KINDS[provider](RouterCalls(address, pause=lambda _: None), mode)


STARTS = to_degrees(codes_of(points(near(0), near(0, 1_000), near(500))))
ENDS = to_degrees(codes_of(points(near(3_000), near(0, -2_000))))


@pytest.mark.parametrize(("mode", "pace"), [(DRIVING, 0.1), (WALKING, 0.75)])
@pytest.mark.parametrize("provider", KINDS)
def test_a_table_is_whole_metres_and_begun_minutes_from_each_start_to_each_end(
    stand_in: StandIn, provider: str, mode: str, pace: float
) -> None:
    found = asking(provider, stand_in.url, mode).fetch(STARTS, ENDS)
    told = np.array(stand_in.table(STARTS, ENDS), float)
    assert found.metres.tolist() == np.floor(told + 0.5).astype(int).tolist()
    assert found.minutes.tolist() == np.ceil(told * pace / 60 - 1e-9).astype(int).tolist()
    profile = {"OSRM": {DRIVING: "car", WALKING: "foot"}, "Valhalla": {DRIVING: "auto", WALKING: "pedestrian"}}
    assert stand_in.asked == [Asked(profile[provider][mode], 3, 2)]


@pytest.mark.parametrize("provider", KINDS)
def test_a_pair_without_a_way_is_not_known(stand_in: StandIn, provider: str) -> None:
    stand_in.lost = True
    found = asking(provider, stand_in.url).fetch(STARTS, ENDS)
    assert found.metres[0].tolist() == found.minutes[0].tolist() == [-1, -1]
    assert (found.metres[1:] > 0).all()


def osrm(distances: object, durations: object = None, code: str = "Ok") -> bytes:
    return json.dumps({"code": code, "distances": distances, "durations": durations or distances}).encode()


def valhalla(cells: object) -> bytes:
    return json.dumps({"sources_to_targets": cells}).encode()


GOOD = {"distance": 1.5, "time": 90}
BAD_ANSWERS = [
    ("OSRM", b"<html>Bad gateway</html>"),
    ("OSRM", b"[]"),
    ("OSRM", b'"Ok"'),
    ("OSRM", osrm([[1, 2]] * 3, code="InvalidQuery")),
    ("OSRM", b'{"code": "Ok"}'),
    ("OSRM", osrm([[1, 2]] * 2)),
    ("OSRM", osrm([[1, 2]] * 4)),
    ("OSRM", osrm([[1, 2], [1, 2, 3], [1, 2]])),
    ("OSRM", osrm([[1, 2]] * 3, [[1, 2]] * 2)),
    ("OSRM", osrm([[1, "2"]] * 3)),
    ("OSRM", osrm([[1, True]] * 3)),
    ("OSRM", osrm([[1, -2]] * 3)),
    ("OSRM", osrm([[1, float("nan")]] * 3)),
    ("OSRM", osrm([[1, 1e300]] * 3)),
    ("OSRM", osrm([1, 2, 3])),
    ("Valhalla", b"not JSON"),
    ("Valhalla", b"{}"),
    ("Valhalla", valhalla([[GOOD, GOOD]] * 2)),
    ("Valhalla", valhalla([[GOOD]] * 3)),
    ("Valhalla", valhalla([[GOOD, 7]] * 3)),
    ("Valhalla", valhalla([[GOOD, {"distance": "far", "time": 1}]] * 3)),
    ("Valhalla", valhalla([[GOOD, {"distance": 1, "time": -1}]] * 3)),
    ("Valhalla", valhalla({"distances": [[1, 2]] * 3})),
]


@pytest.mark.parametrize(("provider", "body"), BAD_ANSWERS)
def test_an_answer_that_is_no_table_is_refused_naming_the_router_and_what_to_do(
    stand_in: StandIn, provider: str, body: bytes
) -> None:
    stand_in.faults.append(Fault(body))
    with pytest.raises(NeighbourDown, match=f"The {provider} driving service does not answer.*{VARIABLE}") as refused:
        asking(provider, stand_in.url).fetch(STARTS, ENDS)
    assert says_no_place(refused.value)
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize("provider", KINDS)
def test_a_router_that_fails_for_a_moment_is_asked_again(stand_in: StandIn, provider: str) -> None:
    stand_in.faults += [Fault(status=500), Fault(status=429)]
    assert (asking(provider, stand_in.url).fetch(STARTS, ENDS).metres > 0).all()
    assert len(stand_in.asked) == ATTEMPTS


@pytest.mark.parametrize("provider", KINDS)
def test_a_router_that_goes_on_failing_is_asked_no_more_than_three_times(stand_in: StandIn, provider: str) -> None:
    stand_in.faults += [Fault(status=503)] * 10
    with pytest.raises(NeighbourDown, match="answered with status 503"):
        asking(provider, stand_in.url).fetch(STARTS, ENDS)
    assert len(stand_in.asked) == ATTEMPTS


@pytest.mark.parametrize("status", [301, 400, 404])
def test_a_refusal_and_a_redirect_are_not_followed_or_repeated(stand_in: StandIn, status: int) -> None:
    stand_in.faults.append(Fault(status=status))
    with pytest.raises(NeighbourDown, match=f"answered with status {status}"):
        asking("OSRM", stand_in.url).fetch(STARTS, ENDS)
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize("provider", KINDS)
def test_a_router_that_takes_too_long_is_given_up(stand_in: StandIn, provider: str) -> None:
    stand_in.faults += [Fault(seconds=0.4)] * ATTEMPTS
    with pytest.raises(NeighbourDown, match=r"took longer than 0.1 seconds") as refused:
        asking(provider, stand_in.url, seconds=0.1).fetch(STARTS, ENDS)
    assert says_no_place(refused.value)


def test_a_router_that_is_not_there_is_named() -> None:
    with pytest.raises(NeighbourDown, match=r"cannot be reached \(ConnectError\).*straight_line") as refused:
        asking("OSRM", "http://127.0.0.1:9").fetch(STARTS, ENDS)
    assert says_no_place(refused.value)


def says_no_place(error: BaseException) -> bool:
    """Whether neither an error nor what it came from holds a coordinate."""
    digits = [f"{part:.3f}" for place in (*STARTS, *ENDS) for part in place]
    alone = error.__cause__ is None and (error.__suppress_context__ or error.__context__ is None)
    return alone and not any(part in str(error) for part in digits)


def test_no_place_is_logged(stand_in: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        asking("OSRM", stand_in.url).fetch(STARTS, ENDS)
    assert not caplog.records


@pytest.mark.parametrize("url", ["http://8.8.8.8:5000", "http://[2001:4860:4860::8888]:5000"])
def test_homes_do_not_leave_for_a_public_address_in_the_clear(url: str) -> None:
    with pytest.raises(NeighbourDown, match="plain HTTP is for this machine and private addresses"):
        asking("OSRM", url).fetch(STARTS, ENDS)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("172.20.0.5", True),
        ("192.168.1.1", True),
        ("fd12:3456::1", True),
        ("8.8.8.8", False),
        ("172.32.0.1", False),
        ("2001:4860:4860::8888", False),
    ],
)
def test_a_private_address_is_known_from_a_public_one(address: str, private: bool) -> None:
    assert is_private(address) is private


def test_the_ordnance_surveys_worked_example_is_met_within_a_few_metres() -> None:
    ((longitude, latitude),) = to_degrees(codes_of(points((651_410, 313_177))))
    assert longitude == pytest.approx(1.716073, abs=0.0001)
    assert latitude == pytest.approx(52.657979, abs=0.0001)
