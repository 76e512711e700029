"""What planners' and administrators' pages say of places, scenarios and rates."""

from __future__ import annotations

from markupsafe import Markup

from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import scenarios_pb2
from inborough.provision.v1 import provision_pb2
from services.words import counted
from services.words.scenarios import doing
from shared.pence import pounds

TAG = Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong><br>{}')


def places(found: provision_pb2.PlacesOnDay | None) -> Markup:
    """A cell of the board: what is free as a tag that says it in words, then what is filled and offered of how many."""
    if found is None:
        return Markup("none yet")
    offered = f", {found.places_offered} offered" if found.places_offered else ""
    if not found.HasField("places_commissioned"):
        return Markup("{} filled{}, no fixed number").format(found.places_filled, offered)
    over = found.places_filled + found.places_offered - found.places_commissioned
    colour, said = "green", f"{found.places_free} free"
    if not found.places_free:
        colour, said = ("red", f"{over} over") if over > 0 else ("yellow", "full")
    if not found.places_commissioned and over <= 0:
        colour, said = "grey", "no places"
    return TAG.format(colour, said, f"{found.places_filled} filled{offered} of {found.places_commissioned}")


def state(scenario: scenarios_pb2.Scenario) -> str:
    """How a scenario stands, short enough for a table: "simulating, 40 %"."""
    done = scenario.progress
    if scenario.state != scenarios_pb2.SCENARIO_STATE_RUNNING:
        return doing(scenario).casefold()
    return f"simulating, {100 * done.replicates_done // max(1, done.replicates)} %"


def left(scenario: scenarios_pb2.Scenario) -> str:
    """How long it still takes, from how long it has taken."""
    done = scenario.progress
    if not done.replicates_done or done.seconds < 1:
        first = "the baseline is" if done.replicates_done else "some runs are"
        return f"How long it takes is known once {first} simulated."
    if done.replicates_done == done.replicates:
        return "Nearly there."
    seconds = done.seconds * (done.replicates - done.replicates_done) / done.replicates_done
    return (
        f"About {counted(round(seconds / 60), 'minute')} left."
        if seconds >= 90
        else f"About {seconds:.0f} seconds left."
    )


def item(found: cost_pb2.Rate) -> str:
    """What a rate is for: "top up", "INMSS fee"."""
    return found.item.replace("_", " ").replace("inmss", "INMSS")


def rate(found: cost_pb2.Rate) -> str:
    """An amount of a rate card: "£10,000 a year", "£62.50 a day", "190 days"."""
    if found.unit == "days":
        return counted(found.amount, "day")
    return f"{pounds(found.amount)} {found.unit.removeprefix('pence_').replace('per', 'a').replace('_', ' ')}"
