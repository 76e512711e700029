"""What a sufficiency planner does, round after round: places, a small scenario from form to file, money, measures."""

from __future__ import annotations

from tests.load.people.person import NoWayOn, Person

MAKES_A_SCENARIO, TAKES_IT_AWAY, COMPARES, LOOKS_ELSEWHERE = 0.6, 0.6, 0.3, 0.6
LOOK_SECONDS, MOST_LOOKS = 3.0, 100
ELSEWHERE = (
    "/measures",
    "/runs",
    "/rate-cards",
    "/policies",
    "/forecast",
    "/money",
    "/money/high-needs-unit?cost=160000&places=6",
    "/money/trajectories",
    "/money/opportunities",
)
OPENS = {
    "open-0-name": "Invented base",
    "open-0-kind": "state_special",
    "open-0-needs": "ASD",
    "open-0-years": "7 to 11",
    "open-0-opens-day": "1",
    "open-0-opens-month": "9",
    "open-0-opens-year": "2025",
}
SMALL = {"years": "2", "replicates": "8", "seed": "1"}


class Planner:
    """A planner at work."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def round(self) -> None:
        """Once through everything. Raises NoWayOn where there is nothing to go on with."""
        self.person.open("/")
        self._look_at_places()
        self.person.open("/scenarios")
        if self.person.does(COMPARES):
            self._compare()
        if self.person.does(MAKES_A_SCENARIO):
            self._make_a_scenario()
        if self.person.does(LOOKS_ELSEWHERE):
            self.person.open(self.person.chance.choice(ELSEWHERE))

    def _look_at_places(self) -> None:
        self.person.open("/places")
        kinds = [each for each in self.person.form().offered.get("kind", []) if each]
        if kinds:
            self.person.send(kind=self.person.chance.choice(kinds))

    def _compare(self) -> None:
        finished = self.person.form().offered.get("of", []) if self.person.answer.page.forms[1:] else []
        if len(finished) > 1:
            self.person.send(of=finished[:2])
            self.person.open("/scenarios")

    def _make_a_scenario(self) -> None:
        """Places opened by a unit, watched until it is simulated, with what it says and a file of it."""
        self.person.follow("New scenario" if self.person.ways("New scenario") else "Make the first")
        form = self.person.form()
        sites = [urn for urn in form.offered.get("open-0-urn", []) if urn]
        places = str(self.person.chance.randint(4, 20))
        opens = OPENS | {"open-0-places": places, "open-0-urn": self.person.chance.choice(sites or [""])}
        fields = SMALL | opens | {"name": f"Base of {places}"}
        self.person.fill_in(form, {name: [value] for name, value in fields.items()})
        if "/being-made/" in self.person.path:
            self._watch("a scenario made in time")
            self.person.open(self.person.path)
            self.person.follow("See how")
        self.person.counts["scenarios made"] += 1
        made = self.person.path
        self._watch("a scenario simulated in time")
        self.person.counts["scenarios watched to their end"] += 1
        self.person.open(made)
        self.person.follow("Where the next place is worth most")
        if self.person.does(TAKES_IT_AWAY):
            self._take_away(made)

    def _take_away(self, made: str) -> None:
        self.person.open(made)
        self.person.send("/export", form="xlsx")
        self._watch("a file made in time")
        self.person.open(self.person.path)
        self.person.follow("Save the file")
        self.person.counts["files taken away"] += 1

    def _watch(self, what: str) -> None:
        """Look until it is at its end, as the page's own script does. Raises NoWayOn when patience ends."""
        for _ in range(MOST_LOOKS):
            if 'data-live="on"' not in self.person.answer.text:
                return
            self.person.look_again(LOOK_SECONDS)
        raise NoWayOn(what)
