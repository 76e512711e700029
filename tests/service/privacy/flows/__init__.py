"""Every flow that meets something personal, each with good input and with bad; in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.service.privacy.flows import bringing_in, deciding, looking, planning
from tests.service.privacy.office import Office

FLOWS: Mapping[str, Callable[[Office], None]] = {
    "imports again": bringing_in.import_again,
    "imports refused": bringing_in.import_what_is_wrong,
    "imports at the pages": bringing_in.import_at_the_pages,
    "recommend": deciding.recommend,
    "consult": deciding.consult,
    "decide": deciding.decide,
    "panel's papers": deciding.read_papers,
    "representation and appeal": deciding.appeal,
    "decide over the wire": deciding.decide_over_the_wire,
    "runs": planning.plan_runs,
    "plans": planning.propose_plans,
    "scenarios": planning.simulate_scenarios,
    "planners' exports": planning.export,
    "siting": planning.choose_bids,
    "pages with wrong input": looking.ask_pages_wrongly,
    "the command": looking.use_the_command,
    "reading": looking.read_everything,
    "erasing": looking.erase,
}
