"""What somebody of a panel does, round after round: a case, its options, a what-if, a decision and the rest."""

from __future__ import annotations

from collections.abc import Iterable

from tests.builders.html import Form
from tests.load.people.person import Deed, NoWayOn, Person
from tests.load.people.seats import CASEWORKER, CHAIR

ON_AN_AGENDA, URGENT_ONES = 12, 4
NEEDS = ("ASD", "SEMH", "SLCN", "MLD", "SLD", "PD")
LOOKS_AT_PAPERS, KEEPS_PAPERS, ASKS_WHAT_IF, DECIDES, PUTS_OFF, TAKES_BACK, READS_CONSULTATIONS, CONSULTS = (
    0.15,
    0.08,
    0.4,
    0.75,
    0.08,
    0.2,
    0.35,
    0.3,
)
"""Shares of rounds in which somebody does so."""
WORDS = "Invented words of a person who is played."
LONG_WORDS = " ".join([WORDS] * 12)
GROUND = "incompatible_with_resources"


class PanelUser:
    """A chair, caseworker or member at work. Their pages offer what they may do."""

    def __init__(self, person: Person, role: str) -> None:
        self.person, self._role = person, role
        self._panel = ""

    def round(self) -> None:
        """Once through everything. Raises NoWayOn where others came first."""
        self.person.open("/")
        self._come_to_a_panel()
        self._read_papers()
        self._take_a_case()
        self._consult()
        self._weigh_options()
        if self._panel and self._role != CASEWORKER and self.person.does(DECIDES):
            self._decide()
        self._read_consultations()

    def _come_to_a_panel(self) -> None:
        """A chair leads their own; others join any that is open, and prepare other cases while none is."""
        if self._role == CHAIR:
            self._lead()
            return
        self.person.open("/panels?open=yes")
        found = self.person.leading("/panels/panel_")
        self._panel = self.person.chance.choice(found) if found else ""
        if self._panel:
            self.person.open(self._panel)

    def _lead(self) -> None:
        if self._panel:
            self.person.open(self._panel)
            if self.person.ways("Options for the next case"):
                return
            closed = self._close()
            self._open()
            self._name_places(closed)
        else:
            self._open()

    def _open(self) -> None:
        """A panel about some of the most urgent cases, and some of one need: no two panels have all the same ones."""
        self.person.open("/cases")
        self.person.send(need=self.person.chance.choice(NEEDS))
        alike = self._some(href.rpartition("/")[2] for href in self.person.leading("/cases/case_"))
        self.person.open("/panels")
        self.person.follow("Open a panel")
        self.person.send()
        urgent = self._some(self.person.form().offered.get("on", []))[: URGENT_ONES if alike else ON_AN_AGENDA]
        if not urgent:
            raise NoWayOn("a case that is due")
        self.person.send(on=urgent, more=" ".join(alike[: ON_AN_AGENDA - len(urgent)]))
        self._panel = self.person.path
        self.person.counts["panels opened"] += 1

    def _some(self, case_ids: Iterable[str]) -> list[str]:
        return self.person.chance.sample(found := list(case_ids), min(ON_AN_AGENDA, len(found)))

    def _close(self) -> str:
        """Sign for the panel; its address."""
        panel, self._panel = self._panel, ""
        self.person.follow("Close and sign")
        left = self.person.form().offered.get("carried_over", [])
        self.person.send(sat__2="user_invented", capacity__2="educational psychologist", carried_over=left)
        self.person.counts["panels closed"] += 1
        return panel

    def _name_places(self, closed: str) -> None:
        """What a panel decided, in the plans; then on with the panel that is open."""
        self.person.open(f"/decisions?panel={closed.rpartition('/')[2]}")
        for decision in self.person.leading("/decisions/dec_"):
            self._name(decision)
        self.person.open(self._panel)

    def _name(self, decision: str) -> None:
        self.person.open(decision)
        if self.person.ways("Name it in the plan"):
            self.person.follow("Name it in the plan")
            self.person.send()
            self.person.deeds.append(Deed("named", decision.rpartition("/")[2]))

    def _read_papers(self) -> None:
        if self.person.ways("Papers to print") and self.person.does(LOOKS_AT_PAPERS):
            self.person.follow("Papers to print")
            if self.person.does(KEEPS_PAPERS / LOOKS_AT_PAPERS):
                self.person.follow("keep them as PDF")
            self.person.open(self._panel)

    def _take_a_case(self) -> None:
        """One that the panel has still to decide, else any that is due. Its page says all of it."""
        waiting = [href.removesuffix("/options") for href in self.person.ways("Options for case_")]
        if not waiting:
            self._panel = "" if self._role != CHAIR else self._panel
            self.person.open("/cases")
            waiting = self.person.leading("/cases/case_")
        if not waiting:
            raise NoWayOn("a case that is due")
        self.person.open(self.person.chance.choice(waiting))

    def _consult(self) -> None:
        if not (self.person.ways("Record a consultation") and self.person.does(CONSULTS)):
            return
        case = self.person.path
        self.person.follow("Record a consultation")
        self.person.send(urn=self.person.chance.choice([urn for urn in self.person.form().offered["urn"] if urn]))
        self.person.counts["settings consulted"] += 1
        self.person.open(case)

    def _weigh_options(self) -> None:
        self.person.follow("See options")
        urns = self.person.answer.page.beside.get("without", [])
        if urns and self.person.does(ASKS_WHAT_IF):
            self.person.send("/options", without=[self.person.chance.choice(urns)])
            self.person.follow("Rank again with everything")

    def _decide(self) -> None:
        """The first option, seldom another or none yet; looked at once more before it is recorded."""
        if self.person.does(PUTS_OFF):
            self.person.follow("Put the decision off")
        else:
            self.person.follow("Choose", anywhere=self.person.does(0.2))
        if self.person.path.startswith("/decisions/"):
            raise NoWayOn("a case that nobody has decided meanwhile")
        self.person.fill_in(form := self.person.form("/decide"), self._filled_in(form))
        self.person.send()
        if not self.person.path.startswith("/decisions/dec_"):
            raise NoWayOn("the decision recorded")
        decision_id = self.person.path.rpartition("/")[2]
        self.person.deeds.append(Deed("recorded", decision_id))
        if self._role == CHAIR and self.person.does(TAKES_BACK):
            self.person.follow("Take it back")
            self.person.send(reason=WORDS)
            self.person.deeds.append(Deed("withdrawn", decision_id))

    def _filled_in(self, form: Form) -> dict[str, list[str]]:
        """All texts of a record, and a ground against each request: it counts where that is not given."""
        texts = ("reason", "section_33_steps", "views_of_child", "views_of_parents")
        filled = {name: [LONG_WORDS] for name in texts} | self._who_decides(form)
        for name in form.offered:
            if name.startswith("ground-"):
                urn = name.removeprefix("ground-")
                filled |= {name: [GROUND], f"evidence-{urn}": [LONG_WORDS]}
                filled |= {f"not_consulted-{urn}": [WORDS]} if f"not_consulted-{urn}" in form.fields else {}
        return filled

    def _who_decides(self, form: Form) -> dict[str, list[str]]:
        """This person's panel where it has the case, else another, else the chair alone. Raises NoWayOn."""
        offered = form.offered.get("panel_id", [])
        own, panels = self._panel.rpartition("/")[2], [each for each in offered if each != "none"]
        if panels:
            return {"panel_id": [own if own in panels else panels[0]]}
        if not offered:
            raise NoWayOn("a panel that may decide")
        return {"panel_id": ["none"], "urgency": [WORDS]}

    def _read_consultations(self) -> None:
        if not self.person.does(READS_CONSULTATIONS):
            return
        self.person.open("/consultations")
        if self.person.ways("Record the reply") and self.person.does(0.5):
            self.person.follow("Record the reply", anywhere=True)
            self.person.send(reply=self.person.chance.choice(["can_meet", "full"]), text=WORDS)
            self.person.counts["replies recorded"] += 1
