"""What children need to travel, whether or not a decision is due for them: plausible, invented."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from services.cli.demo.children import Child
from services.cli.demo.due import DecisionDue
from services.cli.demo.needs import needs_passenger_assistant, travels_solo, uses_wheelchair
from services.cli.demo.tables import write_table, yes_no

COLUMNS = ("upn", "wheelchair", "passenger_assistant", "solo", "cannot_share_with")
PAIRED_SHARE = 0.05
"""Of the children of one setting with SEMH or autism first, those who cannot share a vehicle with one of the others."""
PAIRED_NEEDS = ("SEMH", "ASD")


@dataclass(frozen=True, slots=True)
class TravelNeeds:
    """One row of travel-needs.csv. `apart_from` is another child at the same setting."""

    child: Child
    wheelchair: bool
    passenger_assistant: bool
    solo: bool
    apart_from: Child | None

    @property
    def says_nothing(self) -> bool:
        """Whether a row would state no need."""
        return not (self.wheelchair or self.passenger_assistant or self.solo or self.apart_from)


def state_travel_needs(children: Sequence[Child], decisions: Sequence[DecisionDue], draw: Random) -> list[TravelNeeds]:
    """Needs of every child who has any, by serial; a child with a decision due has what is on file for that."""
    stated = {decision.child: decision for decision in decisions}
    everybody = sorted({*children, *stated}, key=lambda child: child.serial)
    apart = _kept_apart(children, draw)
    needs = (_needs(child, stated.get(child), apart.get(child), draw) for child in everybody)
    return [one for one in needs if not one.says_nothing]


def write_travel_needs(path: Path, needs: Sequence[TravelNeeds]) -> int:
    """One row for each child who needs anything."""
    return write_table(path, COLUMNS, map(_row, needs))


def _needs(child: Child, due: DecisionDue | None, apart_from: Child | None, draw: Random) -> TravelNeeds:
    if due:
        return TravelNeeds(child, due.wheelchair, due.passenger_assistant, due.solo_travel, apart_from)
    wheelchair = uses_wheelchair(child.needs, draw)
    assistant, solo = needs_passenger_assistant(child.needs, draw), travels_solo(child.needs, draw)
    return TravelNeeds(child, wheelchair, assistant, solo, apart_from)


def _kept_apart(children: Sequence[Child], draw: Random) -> dict[Child, Child]:
    """For one child of each pair, the other: both at the same setting."""
    at_setting: dict[str, list[Child]] = defaultdict(list)
    for child in children:
        if child.urn and child.needs[0] in PAIRED_NEEDS:
            at_setting[child.urn].append(child)
    return dict(pair for urn in sorted(at_setting) for pair in _pairs(at_setting[urn], draw))


def _pairs(children: Sequence[Child], draw: Random) -> Iterator[tuple[Child, Child]]:
    chosen = draw.sample(children, k=round(len(children) * PAIRED_SHARE / 2) * 2)
    return zip(chosen[::2], chosen[1::2], strict=True)


def _row(needs: TravelNeeds) -> dict[str, object]:
    return {
        "upn": needs.child.upn,
        "wheelchair": yes_no(needs.wheelchair),
        "passenger_assistant": yes_no(needs.passenger_assistant),
        "solo": yes_no(needs.solo),
        "cannot_share_with": needs.apart_from.upn if needs.apart_from else "",
    }
